# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# RAM disks beside each other: instructions for one request, at queue depth 1.
# Not made for disks on something: each system is the device.
#
#   brd        the kernel's own, which has no queues
#   null_blk   memory_backed, in blocks of 4096 bytes, without a scheduler
#   zram       with its default compression; the contents do not compress
#   sworn_ram
#
#   blockram_jobs       names, in order
#   blockram_run JOB... measures; calls tell() with lines for the host
#
# Each system's jobs run in this order on a fresh device: the first write of a
# page takes memory for it.

blockram_systems=(brd null_blk zram sworn_ram)
blockram_mib=512

blockram_jobs() { printf '%s\n' write-128k-first write-128k-second read-128k randread-4k randwrite-4k; }

blockram_make() {
	local node=/sys/kernel/config/nullb/bench attribute
	case $1 in
	brd)
		modprobe brd rd_nr=1 max_part=0 "rd_size=$((blockram_mib << 10))" || return
		REPLY=/dev/ram0
		;;
	null_blk)
		modprobe null_blk nr_devices=0 && mkdir $node || return
		for attribute in "size=$blockram_mib" memory_backed=1 queue_mode=2 submit_queues=1 \
			blocksize=4096 irqmode=0 no_sched=1 power=1; do
			echo "${attribute#*=}" >"$node/${attribute%%=*}" || return
		done
		REPLY=/dev/bench
		[[ -e $REPLY ]] || REPLY=/dev/nullb$(<"$node/index")
		;;
	zram)
		modprobe zram num_devices=1 && echo "${blockram_mib}M" >/sys/block/zram0/disksize || return
		REPLY=/dev/zram0
		;;
	sworn_ram)
		modprobe sworn_ram disks=1 "disk_mib=$blockram_mib" || return
		REPLY=/dev/swornram0
		;;
	esac
}

blockram_break() {
	case $1 in
	null_blk) rmdir /sys/kernel/config/nullb/bench && modprobe -r null_blk ;;
	zram) echo 1 >/sys/block/zram0/reset && modprobe -r zram ;;
	*) modprobe -r "$1" ;;
	esac
}

# blockram_fio DEVICE REQUESTS ARGUMENT...: instructions for each request
blockram_fio() {
	fio --name=bench --thread --filename="$1" --direct=1 --ioengine=libaio --gtod_reduce=1 \
		--norandommap --randrepeat=1 --invalidate=0 --number_ios="$2" --size=480M \
		--output-format=terse --terse-version=3 "${@:3}" |
		awk -F ';' '$1 == 3 { at = $6 > 0 ? 6 : 47; printf "%d\n", $(at + 3) * 1e6 / '"$2"' + 0.5 }'
}

blockram_measure() {
	case $1 in
	write-128k-*) blockram_fio "$2" 3840 --rw=write --bs=128k ;;
	read-128k) blockram_fio "$2" 3840 --rw=read --bs=128k ;;
	*-4k) blockram_fio "$2" 60000 --rw="${1%-4k}" --bs=4k ;;
	esac
}

blockram_run() {
	local system job value
	for system in "${blockram_systems[@]}"; do
		if ! blockram_make "$system"; then
			tell missing blockram "$system" "cannot be made"
			continue
		fi
		# Code that is patched once, memory that is taken once and kept.
		blockram_fio "$REPLY" 64 --rw=randread --bs=4k >/dev/null
		for job in "$@"; do
			value=$(blockram_measure "$job" "$REPLY")
			if [[ $value =~ ^[0-9]+$ ]]; then
				tell figure blockram "$job" "$system" instructions "$value"
			else
				tell missing blockram "$system" "$job"
			fi
		done
		blockram_break "$system" || tell missing blockram "$system" "cannot be taken away"
	done
}
