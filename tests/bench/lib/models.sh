# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The device models.  A model is a pair of equal devices, DATA and META.
#
#   ram      brd: no time passes below, so what is seen is the software's cost
#   ssd      null_blk: 88 us, queue of 8, 500 MB/s
#   cloud    null_blk: 3,000 requests of up to 256 KiB a second, 125 MB/s
#
#   model_variants MODEL          its variants, in the order they are measured
#   model_make MODEL VARIANT      leaves the devices in DATA and META
#   model_table_sectors VARIANT   how large the systems are made on it
#   model_break MODEL
#   model_sectors                 sectors written and read below so far, or - -

model_bytes=$((512 << 20))

# The SSD's write cache costs time of its own to emulate: only jobs that are
# about flushes have it.  liveN: the disk is N percent of the data device.
model_variants() {
	case $1 in
	ssd) echo plain cached live75 ;;
	cloud) echo plain live50 live60 live70 live75 live80 live90 files ;;
	*) echo plain ;;
	esac
}

model_table_sectors() {
	case $1 in
	live*) echo $((model_bytes * ${1#live} / 100 >> 12 << 3)) ;;
	*) echo $((448 << 11)) ;;
	esac
}

model_make() {
	local device
	case $1 in
	ram)
		modprobe brd rd_nr=2 max_part=0 "rd_size=$((model_bytes >> 10))"
		DATA=/dev/ram0 META=/dev/ram1
		;;
	ssd)
		model_null_blk completion_nsec=88000 hw_queue_depth=8 mbps=500 \
			"cache_size=$([[ $2 == cached ]] && echo 64 || echo 0)"
		;;
	cloud) model_null_blk completion_nsec=1000000 hw_queue_depth=3 mbps=125 ;;
	*) return 1 ;;
	esac
	# The first write of a page allocates it, which is not the disk's work.
	for device in "$DATA" "$META"; do
		dd if=/dev/zero of="$device" bs=1M "count=$((model_bytes >> 20))" \
			oflag=direct status=none
	done
}

model_null_blk() {
	local root=/sys/kernel/config/nullb name attribute
	[[ -d $root ]] || modprobe null_blk nr_devices=0
	for name in data meta; do
		mkdir "$root/$name"
		for attribute in "size=$((model_bytes >> 20))" memory_backed=1 queue_mode=2 \
			submit_queues=1 blocksize=512 no_sched=1 max_sectors=512 irqmode=2 "$@"; do
			echo "${attribute#*=}" >"$root/$name/${attribute%%=*}"
		done
		echo 1 >"$root/$name/power"
	done
	DATA=/dev/data META=/dev/meta
	if [[ ! -e $DATA ]]; then
		DATA=/dev/nullb$(<"$root/data/index")
		META=/dev/nullb$(<"$root/meta/index")
	fi
}

model_break() {
	case $1 in
	ram) modprobe -r brd ;;
	*)
		rmdir /sys/kernel/config/nullb/{data,meta}
		modprobe -r null_blk
		;;
	esac
}

# brd keeps no accounts: a device without any request cannot have been used.
model_sectors() {
	awk '{ written += $7; read += $3; requests += $1 + $5 }
		END { if (requests) print written, read; else print "-", "-" }' \
		"/sys/block/${DATA##*/}/stat" "/sys/block/${META##*/}/stat"
}
