# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For tests that alter a disk's devices behind its back.  A victim is a small
# disk in files, with contents known to a model; each try alters a copy of it.
#
#   victim_make [OPTION...]      make and open it as "victim"; the model is "model"
#   victim_keep NAME             close it and keep files and model under NAME;
#                                leaves it closed
#   victim_take NAME             the devices are as they were kept
#   victim_open [FORMAT]         the status says whether it came up
#   victim_judge WHAT            after an alteration: it is refused with a sentence,
#                                or each block is right or fails to read; leaves
#                                "refused", or the number of unreadable blocks, in
#                                JUDGED
#   victim_close
#   where FIELD                  a region's first block or size, from the superblock:
#                                pack packs journal journals index indices data
#   superblock_sum FILE BLOCK    put the checksum right after a change
#   flip_bit FILE BYTE           zero_block FILE BLOCK
#   copy_block FROM-FILE FROM-BLOCK TO-FILE TO-BLOCK

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

VICTIM_BLOCKS=${VICTIM_BLOCKS:-2048}
# Places in the superblock's first copy, in block 4096 of the metadata.
SUPERBLOCK=4096
# shellcheck disable=SC2034 # for who calls this
SUPERBLOCK_TWIN=4224

victim_make() {
	truncate -s 64M data.img
	truncate -s 64M meta.img
	make_loop data.img
	victim_data=$REPLY
	make_loop meta.img
	victim_meta=$REPLY
	disk_model new model "$VICTIM_BLOCKS"
	victim_open force segment_sectors:512 "$@"
}

victim_open() {
	local format=${1:-false} failed
	shift $(($# ? 1 : 0))
	sworn_load
	if [[ $format == force ]]; then
		sworn_open victim "$victim_data" "$victim_meta" $((VICTIM_BLOCKS * 8)) force "$@"
		return
	fi
	failed=$(dmsetup create victim --table "$(sworn_table "$victim_data" "$victim_meta" \
		$((VICTIM_BLOCKS * 8)) "$format" "$@")" 2>&1) && {
		on_exit dm_remove victim
		return
	}
	# What fails at resume must be taken away by dmsetup, too.
	! dmsetup info victim >/dev/null 2>&1 || fail "a disk that did not come up is there: $failed"
	return 1
}

victim_close() { dm_remove victim; }

victim_keep() {
	victim_close
	mkdir "$1"
	cp --sparse=always data.img meta.img model "$1"
}

victim_take() {
	cp --sparse=always "$1/data.img" "$1/meta.img" "$1/model" .
}

victim_judge() {
	local before said output
	before=$(dmesg | wc -l)
	if ! victim_open; then
		said=$(dmesg | tail -n "+$((before + 1))")
		grep -qE 'sworndisk: .*[a-z]{4}' <<<"$said" || fail "$1: refused without a reason: $said"
		JUDGED=refused
		return
	fi
	output=$(disk_model check model /dev/mapper/victim errors=1 2>&1) || fail "$1: $output"
	JUDGED=$(sed -n 's/ blocks unreadable$//p' <<<"$output")
	[[ -n $JUDGED ]] || fail "$1: no verdict: $output"
	victim_close
}

# le FILE BYTE BYTES: a number
le() { od -A n -t "u$3" -j "$2" -N "$3" "$1" | sed 's/ //g'; }

where() {
	local start=$((SUPERBLOCK * 4096))
	case $1 in
	pack) le meta.img $((start + 112)) 8 ;;
	packs) le meta.img $((start + 120)) 8 ;;
	journal) le meta.img $((start + 128)) 8 ;;
	journals) le meta.img $((start + 136)) 8 ;;
	index) le meta.img $((start + 160)) 8 ;;
	indices) echo $(($(le meta.img $((start + 168)) 8) * $(le meta.img $((start + 176)) 4))) ;;
	data) le meta.img $((start + 96)) 8 ;;
	*) fail "no region $1" ;;
	esac
}

# used FILE FIRST COUNT: the blocks of a region that hold anything
used() {
	scan_image used "$1" | awk -v first="$2" -v count="$3" '$1 >= first && $1 < first + count'
}

flip_bit() {
	local old
	old=$(le "$1" "$2" 1)
	# shellcheck disable=SC2059 # the byte is the format
	printf "\\x$(printf '%02x' $((old ^ 1 << ($2 % 8))))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

superblock_sum() {
	local sum
	sum=$(dd if="$1" bs=4096 skip="$2" count=1 status=none | head -c 4064 | sha256sum)
	printf '%s' "${sum%% *}" | xxd -r -p |
		dd of="$1" bs=1 seek=$(($2 * 4096 + 4064)) conv=notrunc status=none
}

# put_number FILE BYTE BYTES NUMBER: little-endian
put_number() {
	local i digits=''
	for ((i = 0; i < $3; i++)); do
		digits+=$(printf '%02x' $(($4 >> (8 * i) & 255)))
	done
	printf '%s' "$digits" | xxd -r -p | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

zero_block() { dd if=/dev/zero of="$1" bs=4096 seek="$2" count=1 conv=notrunc status=none; }

copy_block() { dd if="$1" of="$3" bs=4096 skip="$2" seek="$4" count=1 conv=notrunc status=none; }
