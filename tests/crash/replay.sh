# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Power cuts without a power cut: all writes of a run are recorded by
# dm-log-writes below the disk, and played back up to any of them.
#
#   record_begin one|two [MS] a recorded disk "disk", formatted, for one device
#                             or for two (both in one log, so that the order
#                             between them is kept).  With MS data is written so
#                             many milliseconds late, hence behind what was sent
#                             at the same time
#   record_end                closed; the log's entries are in the file "entries"
#   replay_points COUNT SEED [MARK]
#                             so many of the entries, in ascending order
#   replay_to ENTRY [SEED]    the disk "replayed", as it was before this entry,
#                             open; with a SEED also some of the writes behind
#                             the last flush, which a power cut may have kept.
#                             Leaves the last acknowledged operation in ACKED.
#   replay_close

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

CRASH_BLOCKS=${CRASH_BLOCKS:-2048}
CRASH_SIZE=${CRASH_SIZE:-104M}
crash_sectors=$((CRASH_BLOCKS * 8))
# In the two-device form, where the data device begins on the recorded one.
crash_meta_sectors=$((40 << 11))

# crash_open NAME DEVICE FORMAT: the disk NAME on a recorded or replayed device
crash_open() {
	local data=$2 meta=$2
	if [[ $crash_form == two ]]; then
		dm_create "$1-meta" "0 $crash_meta_sectors linear $2 0"
		dm_create "$1-data" "0 $(($(blockdev --getsz "$2") - crash_meta_sectors)) linear $2 $crash_meta_sectors"
		meta=/dev/mapper/$1-meta
		data=/dev/mapper/$1-data
	fi
	# Nothing is wrong with it before the driver has looked at it.
	[[ $3 == force ]] || sworn_check "$data" "$meta"
	if [[ $3 == force ]]; then
		sworn_open "$1" "$data" "$meta" $crash_sectors force segment_sectors:512
	else
		sworn_open "$1" "$data" "$meta" $crash_sectors "$3"
	fi
}

crash_close() {
	sworn_close "$1"
	dm_remove "$1-data"
	dm_remove "$1-meta"
}

# crash_late DEVICE MS: from where data begins on, it is slow
crash_late() {
	local start=$crash_meta_sectors
	[[ $crash_form == two ]] ||
		start=$(od -A n -t u8 -j $((4096 * 4096 + 96)) -N 8 "$1" | awk '{ print $1 * 8 }')
	modprobe dm-delay
	dm_create late "0 $start linear $1 0
$start $(($(blockdev --getsz "$1") - start)) delay $1 $start 0 $1 $start $2"
}

record_begin() {
	crash_form=$1
	modprobe dm-log-writes
	make_file "$CRASH_SIZE"
	crash_base=$REPLY
	make_loop "$crash_base"
	recorded=$REPLY
	make_file 1G
	crash_log=$REPLY
	make_loop "$crash_log"
	dm_create recorded "0 $(blockdev --getsz "$recorded") log-writes $recorded $REPLY"
	crash_open disk /dev/mapper/recorded force
	if [[ -n ${2:-} ]]; then
		crash_close disk
		crash_late /dev/mapper/recorded "$2"
		crash_open disk /dev/mapper/late false
	fi
	dmsetup message recorded 0 mark 0
}

record_end() {
	crash_close disk
	dm_remove late
	dm_remove recorded
	replay_log list "$crash_log" >entries
	# Played from the beginning on an empty device.
	make_file "$CRASH_SIZE"
	crash_base=$REPLY
	crash_played=0
}

# The entries behind the mark 0, which says that formatting is complete, or
# behind another one.
replay_points() {
	awk -v count="$1" -v seed="$2" -v from="${3:-0}" '
		$4 ~ /mark/ && $5 == from { begun = 1; next }
		begun { entry[++n] = $1 }
		END {
			srand(seed)
			if (count > n)
				count = n
			for (picked = 0; picked < count; ) {
				i = 1 + int(rand() * n)
				if (!(i in taken)) {
					taken[i] = 1
					picked++
				}
			}
			for (i = 1; i <= n; i++)
				if (i in taken)
					print entry[i]
			print entry[n] + 1
		}' entries
}

# What the log says of an entry's past: its last acknowledgement and the place
# behind its last flush.
entry_past() {
	awk -v entry="$1" '
		$1 >= entry { exit }
		$4 ~ /mark/ && $5 ~ /^[0-9]+$/ { acked = $5 }
		$4 ~ /flush/ { flushed = $1 + 1 }
		END { print acked + 0, flushed + 0 }' entries
}

# The device as it was with all up to the last flush, and of what came behind
# it everything, or with a SEED some: no flush has ordered it.
replay_to() {
	local entry=$1 seed=${2:-} flushed
	# shellcheck disable=SC2034 # for who calls this
	read -r ACKED flushed < <(entry_past "$entry")
	[[ -n $seed ]] || flushed=$entry
	((flushed > crash_played)) || flushed=$crash_played
	replay_log replay "$crash_log" "$crash_base" "$crash_played" "$flushed"
	crash_played=$flushed
	# Its loop device stays: only the contents change.
	cp --sparse=always "$crash_base" work
	[[ -z $seed ]] || replay_log replay "$crash_log" work "$flushed" "$entry" "$seed"
	if [[ -z ${crash_loop:-} ]]; then
		make_loop work
		crash_loop=$REPLY
	fi
	crash_open replayed "$crash_loop" false
}

replay_close() { crash_close replayed; }
