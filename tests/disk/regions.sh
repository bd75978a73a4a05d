# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Where things lie in a metadata device, for tests that put them back or cut
# them off.  See docs/format.md.
#
#   le64 DEVICE BYTE          the number there
#   journal_start DEVICE      block of the metadata device
#   journal_last DEVICE       number of the last block written, while the ring
#                             has not come round
#   pack_start DEVICE         block of checkpoint pack 0
#   pack_blocks DEVICE        pack 1 follows so many blocks behind
#   pack_generation DEVICE PACK

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

# After what others have written by way of another device.
le64() {
	blockdev --flushbufs "$1"
	od -An -tu8 -j "$2" -N8 "$1" | tr -d ' '
}

superblock_number() { le64 "$1" $((4096 * 4096 + $2)); }
pack_start() { superblock_number "$1" 112; }
pack_blocks() { superblock_number "$1" 120; }
journal_start() { superblock_number "$1" 128; }
pack_generation() {
	le64 "$1" $((($(pack_start "$1") + $2 * $(pack_blocks "$1")) * 4096 + 8))
}

journal_last() {
	local start seq=1
	start=$(journal_start "$1")
	while [[ $(le64 "$1" $(((start + seq) * 4096 + 8))) == "$seq" ]]; do
		((++seq))
	done
	printf '%s\n' $((seq - 1))
}
