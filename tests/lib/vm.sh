# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Guests, for the runner and for tests on the host that need boots of their own.
# A guest is known by a name; its files are in $LAB_TMP/NAME: console.log has
# what its kernel said.
#
#   vm_start NAME --release KVER --initrd FILE [--mem SIZE] [--disk IMAGE]...
#            [--mode functional|counting] [--append "kernel words"] [--cache MODE]
#            [--script PATH-IN-GUEST] [-- QEMU-ARG...]
#   vm_run NAME [--timeout SECONDS] COMMAND     prints and returns what it did
#   vm_put NAME FILE PATH-IN-GUEST
#   vm_get NAME PATH-IN-GUEST FILE
#   vm_alive NAME
#   vm_kill NAME      pull the plug
#   vm_stop NAME      power off in an orderly way
#   vm_wait NAME SECONDS   until a guest with a script has ended
#
# With --script nobody talks to the guest: it runs the script and powers off.
# What the script writes to /dev/ttyS1 is in $LAB_TMP/NAME/output.  In counting
# mode such a guest does the same, to the instruction, each time.
#
# A debug kernel's release starts user-mode Linux (lib/uml.sh).  It knows no modes
# and no scripts, and a power cut shows little there: what was written to a disk
# is in the host's page cache.
#
# Disks appear in order as /dev/vda, /dev/vdb...  They bypass the host's page
# cache, or write through it where the host's file system knows no O_DIRECT, so
# what the guest has flushed survives vm_kill, and nothing else does.  Who pulls
# no plug may ask for another of QEMU's cache modes.

# shellcheck source=tests/lib/kernels.sh
. "${BASH_SOURCE[0]%/*}/kernels.sh"
# shellcheck source=tests/lib/uml.sh
. "${BASH_SOURCE[0]%/*}/uml.sh"

declare -A vm_pid vm_in vm_out
vm_tag=0

# A guest that has no word from itself for this long after start is dead.
VM_BOOT_SECONDS=${VM_BOOT_SECONDS:-90}

vm_start() {
	local name=$1 release='' initrd='' mem=1G mode=functional append='' script='' disk attempt
	local dir=$LAB_TMP/$1 cache asked=''
	local -a disks=() extra=() qemu
	shift
	while (($#)); do
		case $1 in
		--release) release=$2 ;;
		--initrd) initrd=$2 ;;
		--mem) mem=$2 ;;
		--disk) disks+=("$2") ;;
		--mode) mode=$2 ;;
		--append) append=$2 ;;
		--cache) asked=$2 ;;
		--script) script=$2 ;;
		--)
			shift
			extra=("$@")
			break
			;;
		*)
			printf 'vm_start: unknown option %s\n' "$1" >&2
			return 2
			;;
		esac
		shift 2
	done

	mkdir -p "$dir"
	rm -f "$dir"/port.{in,out}
	mkfifo "$dir"/port.{in,out}

	if kernel_is_debug "$release"; then
		[[ -z $script && $mode == functional ]] || {
			printf 'vm_start: the debug kernel knows no scripts and no modes\n' >&2
			return 2
		}
		uml_start "$dir" "$initrd" "$mem" "$append" "${disks[@]}"
		vm_pid[$name]=$REPLY
		vm_answer "$name"
		return
	fi

	# KVM is left alone on purpose: where nested, it may open and yet hang.
	qemu=(qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot -m "$mem")
	case $mode in
	functional) qemu+=(-accel "tcg,thread=multi" -cpu max -smp 2) ;;
	# One guest instruction is one nanosecond of guest time: figures repeat to
	# the digit.  Without erms, or a rep movsb would count each byte.  Clock and
	# random numbers are the same each time, too.
	counting) qemu+=(-accel "tcg,thread=single" -icount "shift=0,sleep=off"
		-cpu "max,-erms,-fsrm" -smp 1 -seed 1 -rtc "base=2026-01-01,clock=vm") ;;
	*)
		printf 'vm_start: unknown mode %s\n' "$mode" >&2
		return 2
		;;
	esac
	[[ -z $script ]] || append+=" lab.run=$script"
	qemu+=(
		-kernel "/boot/vmlinuz-$release" -initrd "$initrd"
		-append "console=ttyS0 quiet panic=-1 mitigations=off log_buf_len=8M rcupdate.rcu_cpu_stall_timeout=120 $append"
		-chardev "file,id=console,path=$dir/console.log,append=on" -serial chardev:console
	)
	# Random numbers of the host would make each run another.
	if [[ -n $script ]]; then
		qemu+=(-chardev "file,id=output,path=$dir/output" -serial chardev:output)
	else
		qemu+=(-device virtio-serial-pci -chardev "pipe,id=lab,path=$dir/port"
			-device "virtserialport,chardev=lab,name=lab" -device virtio-rng-pci)
	fi
	for disk in "${disks[@]}"; do
		cache=none
		dd if="$disk" of=/dev/null iflag=direct bs=4096 count=1 2>/dev/null ||
			cache=writethrough
		cache=${asked:-$cache}
		qemu+=(-drive "file=$disk,if=virtio,format=raw,cache=$cache,discard=unmap")
	done

	for attempt in 1 2 3; do
		"${qemu[@]}" "${extra[@]}" </dev/null >"$dir/qemu.log" 2>&1 &
		vm_pid[$name]=$!
		[[ -z $script ]] || return 0
		! vm_answer "$name" || return 0
		# Nothing has run in it yet, so nothing is lost by another try.
		((attempt < 3)) && vm_emulator_failed "$dir" || return 1
		printf 'vm_start: the emulator failed, guest %s is started again\n' "$name" >&2
		mkfifo "$dir"/port.{in,out}
	done
}

# vm_emulator_failed FOLDER...: print what QEMU said when an assertion of its own
# ended it; fails when none did.  That is no guest's doing: seen while memory
# regions change under several virtual processors (iotlb_to_section).
vm_emulator_failed() {
	local dir
	for dir in "$@"; do
		grep -hsE '^qemu-system-[^ ]+: .*Assertion .* failed' "$dir/qemu.log" && return
	done
	return 1
}

# vm_answer NAME: until it has said that it is ready
vm_answer() {
	local name=$1 dir=$LAB_TMP/$1 in out
	# Both ends read-write, or opening would wait for the guest.
	exec {in}<>"$dir/port.in" {out}<>"$dir/port.out"
	vm_in[$name]=$in
	vm_out[$name]=$out

	vm_expect "$name" "$VM_BOOT_SECONDS" ready >/dev/null || {
		printf 'vm_start: guest %s did not come up; its console ends:\n' "$name" >&2
		tail -n 20 "$dir"/*.log >&2
		vm_kill "$name"
		rm -f "$dir"/port.{in,out}
		return 1
	}
}

vm_alive() { [[ -n ${vm_pid[$1]:-} ]] && kill -0 "${vm_pid[$1]}" 2>/dev/null; }

# vm_expect NAME SECONDS WORD: print lines up to the one that begins with WORD,
# which is left in vm_line.  Fails when the guest ends or time is up: status
# 125 and 124, which no vm_run has of itself.
vm_expect() {
	local name=$1 deadline=$((SECONDS + $2)) word=$3 line piece='' first=yes status
	local fd=${vm_out[$name]}
	vm_line=
	while true; do
		line=
		IFS= read -r -t 1 -u "$fd" line && status=0 || status=$?
		piece+=$line
		if ((status != 0)); then
			# A time-out may have cut a line in two: the rest follows.
			if ! vm_alive "$name" && [[ -z $line ]]; then
				[[ -z $piece ]] || printf '%s\n' "$piece"
				return 125
			fi
			((SECONDS < deadline)) || return 124
			continue
		fi
		if [[ $piece == "$word" || $piece == "$word "* ]]; then
			vm_line=$piece
			return 0
		fi
		# The line's end is printed with the next line: the last one is not
		# the command's but the protocol's.
		[[ $first == yes ]] || printf '\n'
		first=no
		printf '%s' "$piece"
		piece=
	done
}

vm_run() {
	local name=$1 seconds=60 tag status
	shift
	if [[ $1 == --timeout ]]; then
		seconds=$2
		shift 2
	fi
	vm_alive "$name" || {
		printf 'vm_run: guest %s is not running\n' "$name" >&2
		return 125
	}
	# Not a counter alone: in a subshell it would be used twice.
	vm_tag=$((vm_tag + 1))
	tag=end-$vm_tag-$RANDOM$RANDOM
	local command=$*
	# A serial line of user-mode Linux stops for good when more than a page waits
	# in it; such a guest sees its folder here as /host.
	if ((${#command} > 2000)) && [[ -e $LAB_TMP/$name/uml ]]; then
		printf '%s\n' "$command" >"$LAB_TMP/$name/command"
		command='exec bash /host/command'
	fi
	printf '%s %s %s\n' "$tag" "$seconds" "$(printf '%s\n' "$command" | base64 -w 0)" >&"${vm_in[$name]}"
	vm_expect "$name" $((seconds + 30)) "$tag" || {
		status=$?
		printf 'vm_run: guest %s %s\n' "$name" \
			"$( ((status == 125)) && echo died || echo 'does not answer')" >&2
		return "$status"
	}
	return "${vm_line##* }"
}

vm_put() { vm_run "$1" "base64 -d >'$3' <<'END'
$(base64 <"$2")
END"; }

vm_get() { vm_run "$1" "base64 <'$2'" | base64 -d >"$3"; }

vm_forget() {
	local in=${vm_in[$1]:-} out=${vm_out[$1]:-}
	wait "${vm_pid[$1]}" 2>/dev/null || true
	[[ -z $in ]] || exec {in}>&- {out}>&-
	unset "vm_pid[$1]" "vm_in[$1]" "vm_out[$1]"
}

vm_kill() {
	[[ -n ${vm_pid[$1]:-} ]] || return 0
	# User-mode Linux is a group of processes.
	kill -KILL -- "-${vm_pid[$1]}" 2>/dev/null || kill -KILL "${vm_pid[$1]}" 2>/dev/null || true
	vm_forget "$1"
}

vm_stop() {
	local name=$1 i
	[[ -n ${vm_pid[$name]:-} ]] || return 0
	if vm_alive "$name"; then
		printf 'bye 20 %s\n' "$(base64 -w 0 <<<'sync; poweroff -f')" >&"${vm_in[$name]}"
		for ((i = 0; i < 100; i++)); do
			vm_alive "$name" || break
			sleep 0.1
		done
	fi
	vm_kill "$name"
}

vm_wait() {
	local name=$1 deadline=$((SECONDS + $2))
	while vm_alive "$name"; do
		((SECONDS < deadline)) || return 124
		sleep 0.1
	done
	vm_forget "$name"
}

vm_kill_all() {
	local name
	for name in "${!vm_pid[@]}"; do
		vm_kill "$name"
	done
}
