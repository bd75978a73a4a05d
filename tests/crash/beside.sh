# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Disks of which the last commit has arrived in part only.  A commit is what the
# devices' files have gained since they were copied before it.
#
#   late_make one|two        a disk "disk" with the pattern "old" in 64 blocks, in
#                            the files of one device or of two
#   late_keep NAME           copy the files; the disk goes on
#   late_cut                 the disk is gone as after a power cut
#   late_open [OPTION...]    open it; the status says whether it came up
#   late_take NAME           the devices are as they were kept
#   late_blocks BEFORE AFTER list the blocks of the data region that differ
#   late_journal BEFORE AFTER  those of the journal
#   late_restore FILE BLOCK... these blocks are as in FILE's kept copy
#
# LATE_DATA and LATE_META are the files' names, LATE_DISK is the disk.

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

LATE_SECTORS=$((2048 * 8))

late_make() {
	LATE_DATA=data.img LATE_META=meta.img
	[[ $1 == two ]] || LATE_META=data.img
	truncate -s 80M data.img
	make_loop data.img
	late_data=$REPLY late_meta=$REPLY
	if [[ $1 == two ]]; then
		truncate -s 40M meta.img
		make_loop meta.img
		late_meta=$REPLY
	fi
	# One head: blocks are given out in the order of the writes.
	sworn_open disk "$late_data" "$late_meta" $LATE_SECTORS force segment_sectors:512 heads:1
	LATE_DISK=$REPLY
	pattern_write "$LATE_DISK" old 0 64
	late_start=$(late_number 96)
	late_ring=$(late_number 128)
	late_ring_end=$((late_ring + $(late_number 136)))
}

# late_number OFFSET: a field of the superblock
late_number() {
	od -A n -t u8 -j $((4096 * 4096 + $1)) -N 8 "$LATE_META" | tr -d ' '
}

late_keep() {
	local file
	mkdir "$1"
	for file in data.img meta.img; do
		[[ ! -e $file ]] || cp --sparse=always "$file" "$1"
	done
}

late_cut() { sworn_close disk; }

late_take() {
	local file
	for file in data.img meta.img; do
		[[ ! -e $file ]] || cp --sparse=always "$1/$file" "$file"
	done
	blockdev --flushbufs "$late_data"
	blockdev --flushbufs "$late_meta"
}

late_open() {
	dmsetup create disk --table "$(sworn_table "$late_data" "$late_meta" $LATE_SECTORS false "$@")" || return
	on_exit dm_remove disk
}

# late_differ A B: blocks
late_differ() {
	cmp -l "$1" "$2" | awk '{ b = int(($1 - 1) / 4096) } b != last { print last = b }'
}

late_blocks() {
	late_differ "$1/$LATE_DATA" "$2/$LATE_DATA" | awk -v first="$late_start" '$1 >= first'
}

late_journal() {
	late_differ "$1/$LATE_META" "$2/$LATE_META" |
		awk -v first="$late_ring" -v end="$late_ring_end" '$1 >= first && $1 < end'
}

late_restore() {
	local from=$1 block
	for block in "${@:2}"; do
		dd if="$from" of="${from##*/}" bs=4096 skip="$block" seek="$block" count=1 conv=notrunc status=none
	done
	blockdev --flushbufs "$late_data"
	blockdev --flushbufs "$late_meta"
}

# late_write SEED BLOCK: not flushed
late_write() {
	pattern "$1" "$2" 1 | dd of="$LATE_DISK" bs=4096 seek="$2" iflag=fullblock oflag=direct conv=notrunc status=none
}
