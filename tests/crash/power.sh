# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# power_cuts COUNT SEED FILESYSTEM: a guest writes to a disk and says what was
# acknowledged; QEMU is killed at a random moment; the next guest opens the disk
# and must find all of it.  So many times, with the same images.
#
# One half of the disk has a file system, the other half is written to directly;
# both at once, so that the flushes of one commit what the other has written.

# shellcheck source=tests/lib/test.sh
. "$LAB_TESTS/lib/test.sh"
# shellcheck source=tests/lib/vm.sh
. "$LAB_TESTS/lib/vm.sh"

power_blocks=4096
power_sectors=$((128 << 11))
power_key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
power_run=(max=64 inside=1 write=10 read=1 discard=1 zero=1 flush=1 fua=2 message=0 ops=200000)

power_boot() {
	vm_start guest --release "$LAB_RELEASE" --initrd initrd --disk data.img --disk meta.img
	vm_put guest model /tmp/model
}

# power_open FORMAT
power_open() {
	vm_run guest "modprobe dm-sworndisk && mkdir -p /tmp/mnt &&
		dmsetup create disk --table '0 $power_sectors sworndisk /dev/vda /dev/vdb 0 $1 1 key:$power_key' &&
		dmsetup create raw --table '0 $((power_blocks * 8)) linear /dev/mapper/disk 0' &&
		dmsetup create files --table '0 $((power_sectors - power_blocks * 8)) linear /dev/mapper/disk $((power_blocks * 8))'"
}

# Until it is cut.  What each of the two has said is in "said".
power_write() {
	vm_run guest --timeout 300 "mount -t $1 /dev/mapper/files /tmp/mnt || exit
		fsync_files write /tmp/mnt $power_seed $((power_kept + 1)) &
		disk_model run /tmp/model /dev/mapper/raw seed=$power_run_seed ${power_run[*]} ack=1 &
		wait -n; echo ended" >said
}

# power_said WORD BEFORE: the last number in a line that is whole
power_said() {
	local number
	number=$(sed -n "s/^$1 \([0-9]*\);\$/\1/p" said | tail -n 1)
	printf '%s\n' "${number:-$2}"
}

power_check() {
	local fsck='e2fsck -f -n' number
	[[ $1 != xfs ]] || fsck='xfs_repair -n'
	number=$(vm_run guest "disk_model which /tmp/model /dev/mapper/raw any=1 save=1 \
		seed=$power_run_seed ${power_run[*]} acked=$power_acked 2>&1") ||
		fail "after cut $cut: $number"
	echo "cut $cut: acknowledged $power_acked, holds $number; files kept: $power_kept"
	vm_get guest /tmp/model model
	vm_run guest "mount -t $1 /dev/mapper/files /tmp/mnt &&
		fsync_files check /tmp/mnt $power_seed $power_kept && umount /tmp/mnt" ||
		fail "after cut $cut: files"
	vm_run guest "$fsck /dev/mapper/files >/tmp/fsck 2>&1 || { cat /tmp/fsck; false; }" ||
		fail "after cut $cut: file system"
	[[ $(vm_run guest "dmsetup status disk") == *' rw '*' integrity_failures:0 '* ]] ||
		fail "after cut $cut: status"
}

power_cuts() {
	local count=$1 filesystem=$3 cut writer
	power_seed=$2 power_kept=0 power_acked=0
	echo "seed $power_seed"
	RANDOM=$power_seed
	truncate -s 3G data.img
	truncate -s 256M meta.img
	"$LAB_TESTS/vm/pack" --release "$LAB_RELEASE" --output initrd \
		--programs "mkfs.ext4 mkfs.xfs e2fsck xfs_repair mount" --modules "ext4 xfs"
	on_exit vm_kill_all
	"$LAB_TOP/build/tools/disk_model" new model $power_blocks

	power_boot
	power_open force
	vm_run guest "mkfs.$filesystem -q /dev/mapper/files"
	for ((cut = 1; cut <= count; cut++)); do
		power_run_seed=$RANDOM
		: >said
		power_write "$filesystem" &
		writer=$!
		wait_until 60 grep -qE '^(kept|acked) [0-9]+;' said
		sleep $((RANDOM % 4)).$((RANDOM % 10))
		vm_kill guest
		wait $writer || true
		! grep -q '^ended' said || fail "the writers ended by themselves: $(cat said)"
		power_kept=$(power_said kept "$power_kept")
		power_acked=$(power_said acked 0)
		((power_kept + power_acked > 0)) || fail "nothing was written before the cut"

		power_boot
		power_open false
		power_check "$filesystem"
	done
	vm_stop guest
}
