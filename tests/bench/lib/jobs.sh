# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The jobs, in the order they run in: each finds the disk as those before it left it.
# All work on the same 64 MiB, the first of which fills them.
#
#   jobs_of_model MODEL                     names, in order
#   jobs_of_variant MODEL VARIANT JOB...    those of them that want this variant
#   job_warm_up DEVICE
#   job_fill_unless JOB SYSTEM         fill, which every job relies on, unless it is JOB
#   job_run JOB SYSTEM      leaves lines for the host in REPLY, or why there are none

# Random reads have a seed other than the writes'.  With the writes' own order a
# log-structured disk would read one block after the other.
job_read_seed=8899

job_fill=write-256k-q8

# name, devices it wants, what is done first (or -), arguments for fio (or, with
# an @, what else does it; see files.sh).  With these amounts the other systems'
# figures are those the targets were set from.  After randwrite-4k-q32 half of
# the blocks lie scattered, after randwrite-4k-q32-all all.
job_table() {
	cat <<-END
		write-256k-q8              plain  -        --rw=write --bs=256k --iodepth=8
		read-256k-q8               plain  -        --rw=read --bs=256k --iodepth=8
		randwrite-4k-q32           plain  -        --rw=randwrite --bs=4k --iodepth=32 --io_size=32M
		randread-4k-q32            plain  -        --rw=randread --bs=4k --iodepth=32 --io_size=32M
		read-256k-q8-aged          plain  -        --rw=read --bs=256k --iodepth=8
		randwrite-4k-sync          plain  -        --rw=randwrite --bs=4k --ioengine=sync --io_size=16M
		randread-4k-sync           plain  -        --rw=randread --bs=4k --ioengine=sync --io_size=16M
		randread-4k-q32-cold       plain  reopen   --rw=randread --bs=4k --iodepth=32 --io_size=32M
		randwrite-4k-fsync1        cached -        --rw=randwrite --bs=4k --ioengine=sync --io_size=8M --fsync=1
		randwrite-4k-fsync32       cached -        --rw=randwrite --bs=4k --ioengine=sync --io_size=16M --fsync=32
		randwrite-4k-q32-fsync256  cached -        --rw=randwrite --bs=4k --iodepth=32 --io_size=32M --fsync=256
		randwrite-4k-q32-all       plain  -        --rw=randwrite --bs=4k --iodepth=32
		read-256k-q8-scattered     plain  -        --rw=read --bs=256k --iodepth=8
		read-256k-q8-compacted     plain  compact  --rw=read --bs=256k --iodepth=8
	END
	# A disk of so many percent of the data region, all of it written and then
	# overwritten three times at random; what is measured is the fourth.
	local share
	for share in 50 60 70 75 80 90; do
		echo "randwrite-4k-q32-live$share live$share overwrite $job_uniform --iodepth=32 --randseed=44"
	done
	echo "randwrite-4k-sync-busy live75 busy $job_uniform --ioengine=sync --io_size=32M --randseed=55"
	local job
	for job in untar-ext4 sqlite-delete sqlite-wal; do
		echo "$job files - @$job"
	done
}

job_uniform='--rw=randwrite --bs=4k --size=100% --norandommap --randrepeat=0'

jobs_of_model() {
	case $1 in
	# Nothing to wait for below: one row about flushes says it all.
	ram) job_table | awk '$2 ~ /plain|cached/ && $1 !~ /fsync(32|256)$|cold|compacted/ { print $1 }' ;;
	ssd) job_table | awk '$2 ~ /plain|cached/ || $1 ~ /q32-live75/ { print $1 }' ;;
	*) job_table | awk '{ print $1 }' ;;
	esac
}

# A model with one kind of device has all plain jobs on it.
jobs_of_variant() {
	local model=$1 variant=$2
	shift 2
	job_table | awk -v variant="$variant" -v wanted=" $* " -v all="$(model_variants "$model")" '
		BEGIN { if (all !~ /cached/) merged = "cached" }
		{ mine = $2 == merged ? "plain" : $2 }
		mine == variant && index(wanted, " " $1 " ") { print $1 }'
}

job_arguments() {
	job_table | awk -v job="$1" '$1 == job { $1 = $2 = $3 = ""; print }'
}

job_fio() {
	fio --name=bench --filename="$1" --direct=1 --size=64M --ioengine=libaio \
		--output-format=terse --terse-version=3 "${@:2}"
}

# Memory that is taken once and kept, code that is patched once.
job_warm_up() {
	local device=$1
	sleep 12
	job_fio "$device" --rw=write --bs=256k --iodepth=8 --size=4M --end_fsync=1 >/dev/null
	job_fio "$device" --rw=randrw --bs=4k --iodepth=32 --size=4M --end_fsync=1 >/dev/null
	sleep 12
}

# Steady state: what is there is at least three generations of overwriting old.
# The others keep no state that this could change.
job_overwrite() {
	[[ $2 == sworndisk ]] || return 0
	job_fio "$1" --rw=write --bs=256k --iodepth=8 --size=100% >/dev/null
	# shellcheck disable=SC2086 # words
	job_fio "$1" $job_uniform --iodepth=32 --loops=3 --randseed=33 >/dev/null
}

# As much compaction and cleaning as there can be, while a job runs.
job_busy() {
	touch /run/busy
	while [[ -e /run/busy ]]; do
		system_compact "$1"
		system_clean "$1"
		sleep 0.1
	done &
}

job_fill_unless() {
	[[ $1 == "$job_fill" ]] || profile=no job_run "$job_fill" "$2"
}

# The pause after a job is part of its accounts: work put off is its work.
job_run() {
	local job=$1 device=/dev/mapper/bench-$2 before after line busy='' first
	local -a arguments
	first=$(job_table | awk -v job="$job" '$1 == job { print $3 }')
	case $first in
	reopen) system_reopen "$2" "$DATA" "$META" ;;
	compact) system_compact "$2" ;;
	overwrite) job_overwrite "$device" "$2" ;;
	esac
	read -ra arguments <<<"$(job_arguments "$job")"
	if [[ ${arguments[0]} == @* ]]; then
		"files_${arguments[0]#@}" "$2"
		return
	fi
	case $job in
	*write*) arguments+=(--end_fsync=1) ;;
	randread*) arguments+=(--randrepeat=0 --randseed="$job_read_seed") ;;
	esac
	# Only a profile looks for these; nothing else in the guest writes there.
	[[ ${profile:-no} == no ]] || arguments+=(
		--exec_prerun="sh -c 'echo bench >/proc/self/comm'"
		--exec_postrun="sh -c 'echo 0 >/proc/self/coredump_filter'"
	)
	if [[ $first == busy && $2 == sworndisk ]]; then
		job_busy "$2"
		busy=$!
	fi
	system_accounts "$2" >/run/accounts
	read -ra before <<<"$(model_sectors)"
	if ! line=$(job_fio "$device" "${arguments[@]}" 2>/run/fio-said); then
		REPLY="fio: $(tail -n 1 /run/fio-said)"
		return 1
	fi
	if [[ -n $busy ]]; then
		rm /run/busy
		wait "$busy" || return 1
	fi
	sleep 12
	read -ra after <<<"$(model_sectors)"
	REPLY="row $job $2 $(job_figures <<<"$line") $(job_difference "${after[0]}" "${before[0]}") $(
		job_difference "${after[1]}" "${before[1]}")"
	job_accounts "$2"
}

# Adds what the disk's own counters say.
job_accounts() {
	local text
	text=$(system_accounts "$1" | awk 'NR == FNR { before[$1] = $2; next }
		{ printf " %s:%d", $1, $2 - before[$1] }' /run/accounts -)
	[[ -z $text ]] || REPLY+=$'\n'"account $job $1$text"
}

job_difference() {
	if [[ $1 == - || $2 == - ]]; then echo -; else echo $(($1 - $2)); fi
}

# Terse format 3: reads in fields 6 to 46, writes in the 41 after them; of these
# 41 the first are KiB, KiB/s, IOPS, ms; the percentiles begin at the 13th, the
# 99th being the 13th of them; mean and most of the whole latency are the 35th
# and the 34th.
job_figures() {
	awk -F ';' '$1 == 3 {
		at = $6 > 0 ? 6 : 47
		split($(at + 12 + 12), p99, "=")
		print $at, $(at + 3), $(at + 1), $(at + 2), $(at + 34), p99[2], $(at + 33)
	}'
}
