# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# files_cut FILESYSTEM POINTS SEED: record a run that writes files and fsyncs
# them, cut it at so many of its writes, and look whether each file whose fsync
# had returned is whole, and the file system sound.

# shellcheck source=tests/crash/replay.sh
. "$LAB_TESTS/crash/replay.sh"

files_written=60

files_failed() {
	cat fsck.log
	fail "entry $1, acknowledged file $ACKED: $2"
}

files_check() {
	local filesystem=$1 entry=$2 fsck='e2fsck -f -n'
	[[ $filesystem != xfs ]] || fsck='xfs_repair -n'
	: >fsck.log
	mount -t "$filesystem" /dev/mapper/replayed mnt || files_failed "$entry" "cannot be mounted"
	fsync_files check mnt "$files_seed" "$ACKED" || files_failed "$entry" "files"
	umount mnt
	$fsck /dev/mapper/replayed >fsck.log 2>&1 || files_failed "$entry" "file system"
	assert_eq "$(sworn_status replayed integrity_failures)" 0 "integrity failures at entry $entry"
	assert_eq "$(sworn_status replayed mode)" rw "mode at entry $entry"
}

files_cut() {
	local filesystem=$1 points=$2 entry end count=0
	files_seed=$3
	echo "seed $files_seed"
	modprobe "$filesystem"
	record_begin one
	"mkfs.$filesystem" -q /dev/mapper/disk
	mkdir mnt
	mount -t "$filesystem" /dev/mapper/disk mnt
	# From the first on there is something to look at.
	fsync_files write mnt "$files_seed" 1 "$files_written" recorded
	umount mnt
	record_end
	end=$(wc -l <entries)
	echo "$end entries"

	for entry in $(replay_points "$points" "$files_seed" 1); do
		# Every other time with a part only of what was not flushed.
		if (((count++) % 2 && entry < end)); then
			replay_to "$entry" "$entry"
		else
			replay_to "$entry"
		fi
		files_check "$filesystem" "$entry"
		echo "entry $entry: the $ACKED files that were acknowledged are whole"
		replay_close
	done
	assert_eq "$entry" "$end" "the last point"
	assert_eq "$ACKED" "$files_written" "files acknowledged at the end"
}
