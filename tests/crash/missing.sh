# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# data_missing one|two: the journal has a commit whose data, or some of it, did
# not arrive.  It never was, then, and the disk goes on from the one before.

# shellcheck disable=SC2119 # options are for those who have some
# shellcheck source=tests/crash/beside.sh
. "$LAB_TESTS/crash/beside.sh"

# The commit: block 3 twice, so that the first of its data blocks is of no
# account, and a range that is discarded.
missing_places=(3 9 17 40 63 3)

missing_new() {
	local place
	drop_caches
	for place in 3 9 17 40 63; do
		pattern_check "$LATE_DISK" new "$place" 1
	done
	dd if="$LATE_DISK" bs=4096 skip=20 count=4 iflag=direct status=none | cmp -n 16384 - /dev/zero
	assert_eq "$(sworn_status disk commit_id)" "$after" "commit id"
}

missing_old() {
	drop_caches
	pattern_check "$LATE_DISK" old 0 64
	assert_eq "$(sworn_status disk commit_id)" "$before" "commit id"
}

# It is a disk like any other.
missing_goes_on() {
	assert_eq "$(sworn_status disk mode)" rw "mode"
	pattern_write "$LATE_DISK" next 30 20
	dmsetup message disk 0 compact
	pattern_check "$LATE_DISK" next 30 20
	late_cut
	late_open
	drop_caches
	pattern_check "$LATE_DISK" next 30 20
	pattern_check "$LATE_DISK" old 24 6
	assert_eq "$(sworn_status disk integrity_failures)" 0 "integrity failures"
	late_cut
}

# missing_check NUMBER: by what "swornadm check" sees, too, the disk is as this
# commit left it, and whole
missing_check() {
	sworn_check "${late_data:?}" "${late_meta:?}"
	assert_match "$(cat "$LAB_TMP/checked")" "\"commit_id\": $1," "commit id, by check"
}

# missing_try BLOCK...: these did not arrive
missing_try() {
	late_take after
	late_restore "before/$LATE_DATA" "$@"
	missing_check "$before"
	assert_match "$(cat "$LAB_TMP/checked")" "commit $after was cut off" "note of the check"
	late_open
	missing_old
	assert_log "sworndisk: .*commit $after was cut off"
	# Opened again it is the same, for nothing was written.
	late_cut
	late_open
	missing_old
	missing_goes_on
}

data_missing() {
	local -a data journal
	local before after place i

	late_make "$1"
	before=$(sworn_status disk commit_id)
	late_keep before
	for place in "${missing_places[@]}"; do
		late_write new "$place"
	done
	blkdiscard -o $((20 << 12)) -l $((4 << 12)) "$LATE_DISK"
	sync "$LATE_DISK"
	after=$(sworn_status disk commit_id)
	late_keep after
	late_cut
	assert_eq "$after" $((before + 1)) "commits"
	mapfile -t data < <(late_blocks before after)
	mapfile -t journal < <(late_journal before after)
	assert_eq "${#data[@]}" ${#missing_places[@]} "data blocks of the commit"
	assert_eq "${#journal[@]}" 1 "journal blocks of the commit"

	late_take after
	missing_check "$after"
	late_open
	missing_new
	missing_goes_on

	# Nobody looks at what was replaced in the same commit.
	late_take after
	late_restore "before/$LATE_DATA" "${data[0]}"
	missing_check "$after"
	late_open
	missing_new
	missing_goes_on

	for ((i = 1; i < ${#data[@]}; i += 2)); do
		missing_try "${data[i]}"
	done
	missing_try "${data[1]}" "${data[5]}"
	missing_try "${data[@]:2}"
	missing_try "${data[@]}"

	# The other way round.
	late_take after
	late_restore "before/$LATE_META" "${journal[@]}"
	missing_check "$before"
	late_open
	missing_old
	missing_goes_on
}
