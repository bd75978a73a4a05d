# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What large disks cost: time to format and to open, memory, metadata; and what
# more writers bring.  Only sworndisk is measured, but for these.  Devices keep nothing but what
# is written, so that a disk of 16 TiB fits into a guest.
#
#   sizes_jobs WHAT       names, in order, of what "size" or "writers" stands for
#   sizes_run JOB         leaves lines for the host in REPLY
#
# They are called where the shell takes no notice of failures: each step passes
# its own on.

sizes_jobs() {
	case $1 in
	size) printf '%s\n' open-1g open-1t open-4t open-16t reopen-clean reopen-crashed scattered-1t ;;
	writers) echo writers ;;
	esac
}

# 10 million take an hour: the time to open hangs on them as little as on the data.
sizes_live_blocks=${sizes_live_blocks:-1000000}

sizes_run() {
	case $1 in
	open-*) sizes_open "$1" "${1#open-}" ;;
	reopen-clean) sizes_reopen_clean ;;
	reopen-crashed) sizes_reopen_crashed ;;
	scattered-1t) sizes_scattered ;;
	writers) sizes_writers ;;
	*) return 1 ;;
	esac
}

sizes_mib() {
	case $1 in
	*g) echo $((${1%g} << 10)) ;;
	*t) echo $((${1%t} << 20)) ;;
	esac
}

# sizes_make SIZE: null_blk devices like the SSD model's, DATA which keeps nothing
# and META of 2.5 percent and 64 MiB, which does
sizes_make() {
	local root=/sys/kernel/config/nullb name attribute mib
	mib=$(sizes_mib "$1")
	[[ -d $root ]] || modprobe null_blk nr_devices=0 || return
	for name in data meta; do
		mkdir "$root/$name" || return
		for attribute in "size=$([[ $name == data ]] && echo "$mib" || echo $((mib / 40 + 64)))" \
			"memory_backed=$([[ $name == meta ]] && echo 1 || echo 0)" queue_mode=2 \
			submit_queues=1 blocksize=512 no_sched=1 max_sectors=512 irqmode=2 \
			completion_nsec=88000 hw_queue_depth=8 mbps=500; do
			echo "${attribute#*=}" >"$root/$name/${attribute%%=*}" || return
		done
		echo 1 >"$root/$name/power" || return
	done
	DATA=/dev/data META=/dev/meta
	if [[ ! -e $DATA ]]; then
		DATA=/dev/nullb$(<"$root/data/index")
		META=/dev/nullb$(<"$root/meta/index")
	fi
	modprobe dm-sworndisk || return
	# The size that leaves an eighth of the data free.
	system_sectors=$((mib * 7 << 8))
	sleep 1
}

sizes_break() {
	modprobe -r dm-sworndisk && rmdir /sys/kernel/config/nullb/{data,meta} && modprobe -r null_blk
}

# sizes_map FORMAT DATA META: how long it took is left in sizes_took
# shellcheck disable=SC2154 # system_key is from lib/systems.sh
sizes_map() {
	local begin=${EPOCHREALTIME/./}
	system_map sworndisk sworndisk "$2" "$3" 0 "$1" 1 "key:$system_key" || return
	sizes_took=$(sizes_seconds $((${EPOCHREALTIME/./} - begin)))
}

sizes_seconds() { awk -v us="$1" 'BEGIN { printf "%.4f", us / 1e6 }'; }
sizes_in_mib() { awk -v bytes="$1" 'BEGIN { printf "%.2f", bytes / 1048576 }'; }

sizes_status() {
	dmsetup status bench-sworndisk | tr ' ' '\n' | awk -F : -v name="$1" '$1 == name { print $2 }'
}

sizes_free_kib() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 2
	awk '$1 == "MemFree:" { print $2 }' /proc/meminfo
}

sizes_figure() { printf 'figure %s %s sworndisk %s %s\n' "$@"; }

sizes_superblock() {
	od -A n -t u8 -j $(((16 << 20) + $1)) -N 8 "$META" | tr -d ' '
}

sizes_random_io() {
	job_fio /dev/mapper/bench-sworndisk --size=100% --rw=randwrite --bs=4k --iodepth=32 \
		--io_size=64M --norandommap --end_fsync=1 >/dev/null
}

sizes_open() {
	local job=$1 before after format idle used free
	sizes_make "$2" || return
	before=$(model_sectors)
	sizes_map force "$DATA" "$META" || return
	format=$sizes_took
	after=$(model_sectors)
	dmsetup remove bench-sworndisk && sizes_map false "$DATA" "$META" || return
	sleep 12
	idle=$(sizes_status memory_bytes)
	# Both packs are written before the memory is looked at: what is written
	# anew takes memory of the devices.
	sizes_random_io && dmsetup message bench-sworndisk 0 checkpoint &&
		dmsetup message bench-sworndisk 0 checkpoint || return
	used=$(sizes_status memory_bytes)
	free=$(sizes_free_kib)
	dmsetup remove bench-sworndisk || return
	free=$(($(sizes_free_kib) - free))
	REPLY=$(
		sizes_figure ssd "$job" format_s "$format"
		sizes_figure ssd "$job" format_written_mib "$(sizes_in_mib $(((${after% *} - ${before% *}) * 512)))"
		sizes_figure ssd "$job" open_s "$sizes_took"
		sizes_figure ssd "$job" idle_memory_mib "$(sizes_in_mib "$idle")"
		sizes_figure ssd "$job" memory_mib "$(sizes_in_mib "$used")"
		sizes_figure ssd "$job" memory_given_back_mib "$(sizes_in_mib $((free << 10)))"
		sizes_figure ssd "$job" metadata_percent "$(awk -v meta="$(sizes_superblock 80)" \
			-v data="$(sizes_superblock 72)" 'BEGIN { printf "%.2f", 100 * meta / data }')"
	)
	sizes_break
}

sizes_reopen_clean() {
	local live
	sizes_make 1t && sizes_map force "$DATA" "$META" || return
	job_fio /dev/mapper/bench-sworndisk --size=$((sizes_live_blocks * 4))K --rw=write --bs=256k \
		--iodepth=8 --end_fsync=1 >/dev/null || return
	live=$(sizes_status live_blocks)
	dmsetup remove bench-sworndisk && sizes_map false "$DATA" "$META" || return
	REPLY=$(
		sizes_figure ssd reopen-clean live_blocks "$live"
		sizes_figure ssd reopen-clean open_s "$sizes_took"
	)
	dmsetup remove bench-sworndisk && sizes_break
}

# The devices below go away under the open disk: nothing that it says at its
# closing reaches them.
sizes_lower() {
	local name target
	for name in data meta; do
		target=$1
		[[ $target == error ]] || target="linear $([[ $name == data ]] && echo "$DATA" || echo "$META") 0"
		dmsetup "${2:-reload}" "bench-$name" --table "0 $(blockdev --getsz \
			"$([[ $name == data ]] && echo "$DATA" || echo "$META")") $target" || return
		[[ ${2:-} == create ]] || dmsetup resume --noflush "bench-$name" || return
	done
}

sizes_used() {
	local -a word
	read -ra word < <(dmsetup status bench-sworndisk)
	echo "${word[5]%/*}"
}

# As much journal as there ever is: up to where it once fell, and again.
sizes_reopen_crashed() {
	local used=0 top=0 seed=1 fell=no
	sizes_make 1t && sizes_lower linear create &&
		sizes_map force /dev/mapper/bench-data /dev/mapper/bench-meta || return
	while ((seed < 50)); do
		job_fio /dev/mapper/bench-sworndisk --size=100% --rw=randwrite --bs=4k --ioengine=sync \
			--io_size=4M --norandommap --randrepeat=0 --randseed=$((seed++)) --fsync=1 >/dev/null || return
		used=$(sizes_used)
		((used > top)) && top=$used
		((used < top - 1024)) && fell=yes
		[[ $fell == yes ]] && ((used > top - 1536)) && break
	done
	sizes_lower error || return
	dmsetup remove bench-sworndisk && sizes_lower linear &&
		sizes_map false /dev/mapper/bench-data /dev/mapper/bench-meta || return
	REPLY=$(
		sizes_figure ssd reopen-crashed journal_blocks "$used"
		sizes_figure ssd reopen-crashed most_journal_blocks "$top"
		sizes_figure ssd reopen-crashed open_s "$sizes_took"
	)
	dmsetup remove bench-sworndisk && dmsetup remove bench-data && dmsetup remove bench-meta &&
		sizes_break
}

# The same blocks for all: written in one order, read in another.
sizes_log() {
	awk -v what="$1" -v blocks="$2" -v device=/dev/mapper/bench-sworndisk 'BEGIN {
		srand(7)
		for (i = 0; i < 32768; i++)
			at[i] = int(rand() * blocks)
		for (i = 32767; what == "read" && i > 0; i--) {
			j = int(rand() * (i + 1)); t = at[i]; at[i] = at[j]; at[j] = t
		}
		# Not %d, which mawk keeps below 2^31.
		print "fio version 2 iolog\n" device " add\n" device " open"
		for (i = 0; i < 32768; i++)
			printf "%s %s %.0f 4096\n", device, what, at[i] * 4096
		print device " close"
	}' >/run/log
	fio --name=bench --filename=/dev/mapper/bench-sworndisk --direct=1 --ioengine=libaio --iodepth=32 \
		--read_iolog=/run/log --output-format=terse --terse-version=3 | job_figures | cut -d ' ' -f 3
}

sizes_scattered() {
	local size
	local -A rate
	for size in 1g 1t; do
		modprobe brd rd_nr=2 max_part=0 "rd_size=$(($(sizes_mib $size) << 10))" || return
		DATA=/dev/ram0 META=/dev/ram1
		system_sectors=$(($(sizes_mib $size) * 7 << 8))
		modprobe dm-sworndisk && sizes_map force "$DATA" "$META" || return
		job_warm_up /dev/mapper/bench-sworndisk
		rate[write-$size]=$(sizes_log write $((system_sectors / 8)))
		dmsetup message bench-sworndisk 0 checkpoint || return
		sleep 12
		sizes_log read $((system_sectors / 8)) >/dev/null
		rate[read-$size]=$(sizes_log read $((system_sectors / 8)))
		((rate[write-$size] && rate[read-$size])) || return
		dmsetup remove bench-sworndisk && modprobe -r dm-sworndisk && modprobe -r brd || return
	done
	REPLY=$(
		for size in 1g 1t; do
			for what in write read; do
				sizes_figure ram scattered-1t "${what}_mibps_$size" \
					"$(awk -v r="${rate[$what-$size]}" 'BEGIN { printf "%.1f", r / 1024 }')"
			done
		done
		for what in write read; do
			sizes_figure ram scattered-1t "${what}_cost" \
				"$(awk -v a="${rate[$what-1g]}" -v b="${rate[$what-1t]}" 'BEGIN { printf "%.3f", a / b }')"
		done
	)
}

# Each writer has a part of the disk to itself.  The clock is the host's here, and
# dm-crypt without queues, of which writers share nothing, says what the host has.
sizes_writers() {
	local system count
	modprobe brd rd_nr=2 max_part=0 rd_size=$((512 << 10)) || return
	# shellcheck disable=SC2034 # system_sectors is for lib/systems.sh
	DATA=/dev/ram0 META=/dev/ram1 system_sectors=$((448 << 11))
	REPLY=
	for system in xts-nowq sworndisk; do
		local -A rate=()
		system_make "$system" "$DATA" "$META" || return
		job_fio "/dev/mapper/bench-$system" --size=448M --rw=write --bs=256k --iodepth=8 \
			--end_fsync=1 >/dev/null || return
		for count in 1 2 4; do
			rate[$count]=$(sizes_writers_rate "$system" "$count")
		done
		for count in 2 4; do
			REPLY+="figure ram writers $system scaling_$count $(awk -v a="${rate[1]}" \
				-v b="${rate[$count]}" 'BEGIN { printf "%.2f", b / a }')"$'\n'
		done
		system_break "$system" || return
	done
	REPLY=${REPLY%$'\n'}
	modprobe -r brd
}

sizes_writers_rate() {
	job_fio "/dev/mapper/bench-$1" --rw=randwrite --bs=4k --iodepth=16 --numjobs="$2" --group_reporting \
		--size=$((256 / $2))M --offset_increment=$((256 / $2))M --io_size=$((96 / $2))M |
		job_figures | cut -d ' ' -f 3
}
