# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# life_devices DATA-MIB META-MIB     devices that forget what was not flushed to
#                                    them when they lose power; without META-MIB
#                                    one for both
# live BLOCKS KEY=VALUE...           a disk's life on them: see disk_life.c

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

life_device() {
	make_null_blk memory_backed=1 cache_size=64 "size=$1" queue_mode=2 irqmode=0 \
		submit_queues=2 blocksize=4096
	life_paths+=("$REPLY")
	life_power+=("/sys/kernel/config/nullb/${REPLY##*/}/power")
}

life_devices() {
	local size
	life_paths=() life_power=()
	for size in "$@"; do
		life_device "$size"
	done
	if (($# == 1)); then
		life_paths+=("${life_paths[0]}")
		life_power+=("${life_power[0]}")
	fi
}

life_undo() {
	local name
	for name in life life-data life-meta; do
		dm_remove $name
	done
}

live() {
	local blocks=$1
	shift
	modprobe dm-mod
	sworn_load
	on_exit life_undo
	# Each crash makes the kernel complain; the log keeps it, the console need not.
	disk_life "${life_paths[@]}" "$blocks" "power=${life_power[0]},${life_power[1]}" "$@" ||
		fail "seed and operations are above"
}
