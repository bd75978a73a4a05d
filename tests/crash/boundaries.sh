# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# boundaries one|two POINTS SEED [KEY=VALUE...]: record a run, cut it at so many
# of its writes, and say of each disk which commit it holds.  The keys are for
# disk_model, beyond those below.  With CRASH_LATE data comes late: see replay.sh.

boundaries_failed() {
	echo "the log up to this entry (number, sector, sectors, flags):"
	awk -v entry="$1" '$1 > entry - 25 && $1 <= entry' entries
	fail "entry $1, acknowledged $ACKED"
}

boundaries() {
	local form=$1 points=$2 seed=$3 entry number end count=0
	local -a run=("seed=$seed" ops=160 max=128 write=10 read=1 discard=1 zero=1
		flush=3 fua=3 message=1 "${@:4}")
	echo "seed $seed"
	record_begin "$form" "${CRASH_LATE:-}"
	disk_model new model "$CRASH_BLOCKS"
	cp model begin
	disk_model run model /dev/mapper/disk "${run[@]}" dm=disk mark=recorded
	record_end
	end=$(wc -l <entries)
	echo "$end entries"

	for entry in $(replay_points "$points" "$seed"); do
		# Every other time with a part only of what was not flushed.
		if (((count++) % 2 && entry < end)); then
			replay_to "$entry" "$entry"
		else
			replay_to "$entry"
		fi
		number=$(disk_model which begin /dev/mapper/replayed "acked=$ACKED" "${run[@]}") ||
			boundaries_failed "$entry"
		echo "entry $entry: acknowledged $ACKED, holds $number"
		assert_eq "$(sworn_status replayed integrity_failures)" 0 "integrity failures at entry $entry"
		# Behind the last write is the clean close: all must be there.
		((entry < end)) || disk_model check model /dev/mapper/replayed
		# It is a disk like any other: written, closed and opened again.
		cp begin now
		disk_model which now /dev/mapper/replayed "acked=$ACKED" save=1 "${run[@]}" >/dev/null
		disk_model run now /dev/mapper/replayed "seed=$entry" ops=10
		replay_close
		crash_open replayed "${crash_loop:?}" false
		disk_model check now /dev/mapper/replayed
		replay_close
	done
	assert_eq "$entry" "$end" "the last point"
}
