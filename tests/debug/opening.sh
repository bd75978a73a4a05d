# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# opening_with_faults STEP STEP-OF-PAGES
#
# A disk is formatted, and then opened, while the first allocation or request
# fails, then the one STEP after it, and so on until nothing is left to fail; the
# same with pages, which are many and most of them one loop's.

# shellcheck source=tests/debug/inject.sh
. "$LAB_TESTS/debug/inject.sh"

# opening_each FORMAT STEP FAULT...: the disk is up afterwards
opening_each() {
	local format=$1 step=$2 last
	shift 2
	echo "--- $format: $*"
	on_exit dm_remove disk
	inject_nth "$@"
	table_nth disk "$step" "$(sworn_table "$data" "$meta" "$sectors" "$format")" >said 2>&1 ||
		fail "$format: $(cat said)"
	cat said
	# Made by ioctls alone.
	dmsetup mknodes disk
	last=$(sed -n 's/^up with //p' said)
	((last > 20)) || fail "$format: hardly anything was made to fail"
	# Who wants a page has mostly some in reserve.
	[[ $1 == fail_page_alloc || $(cat said) == *' Cannot allocate memory'* ]] ||
		fail "$format: no want of memory was noticed"
}

opening_with_faults() {
	local data meta sectors=$((32 << 11))
	make_loop 128M
	data=$REPLY
	make_loop 64M
	meta=$REPLY
	sworn_load
	inject_on "$data"
	inject_on "$meta"

	opening_each force "$1" failslab fail_make_request
	sworn_close disk
	opening_each force "$2" fail_page_alloc
	pattern_write /dev/mapper/disk kept 0 700
	dmsetup message disk 0 checkpoint
	pattern_write /dev/mapper/disk later 100 50
	sworn_close disk

	# The journal and both packs are there to be read.
	opening_each false "$1" failslab fail_make_request
	sworn_close disk
	opening_each false "$2" fail_page_alloc
	pattern_check /dev/mapper/disk kept 0 100
	pattern_check /dev/mapper/disk later 100 50
	pattern_check /dev/mapper/disk kept 150 550
	pattern_write /dev/mapper/disk again 0 10
	sworn_close disk
	sworn_open disk "$data" "$meta" $sectors false
	pattern_check "$REPLY" again 0 10
	assert_eq "$(sworn_status disk integrity_failures)" 0 "integrity failures"
}
