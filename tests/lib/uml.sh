# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The debug kernel as a guest, for lib/vm.sh: a process of its own group, since
# its processes are processes of the host and would outlive it.
#
#   uml_start DIRECTORY INITRD MEM APPEND DISK...
#   uml_refuses DIRECTORY
#
# The first starts it and leaves its number in REPLY.  Disks are /dev/ubda, /dev/ubdb...

# Its memory is a file that it runs code from: not one on a disk, where there is
# a choice.
uml_memory_folder() {
	local free options
	free=$(df --output=avail -B1M /dev/shm 2>/dev/null | tail -n 1)
	options=$(findmnt -n -o OPTIONS -T /dev/shm 2>/dev/null)
	if ((${free:-0} > 4096)) && [[ ,$options, != *,noexec,* ]]; then
		echo /dev/shm
	else
		printf '%s\n' "$1"
	fi
}

uml_start() {
	local dir=$1 initrd=$2 mem=$3 append=$4 letter=a disk
	local -a words
	shift 4
	# A debug kernel keeps books on all that it hands out.
	words=("mem=$(uml_memory "$mem")" "initrd=$initrd" console=tty0 con=null "con0=null,fd:1"
		ssl=null "ssl0=fd:3,fd:4" lab.port=/dev/ttyS0 "lab.host=$dir" quiet panic=-1 page_poison=1)
	for disk in "$@"; do
		words+=("ubd$letter=$disk")
		letter=$(tr a-y b-z <<<"$letter")
	done
	# shellcheck disable=SC2206 # words
	words+=($append)
	: >"$dir/uml"
	TMPDIR=$(uml_memory_folder "$dir") setsid "$(kernel_folder)/linux" "${words[@]}" \
		</dev/null >>"$dir/console.log" 2>&1 3<>"$dir/port.in" 4<>"$dir/port.out" &
	REPLY=$!
}

# uml_refuses DIRECTORY: print why it does not start on this machine, which may
# allow no ptrace.  Without a root file system the kernel ends itself.
uml_refuses() {
	local said
	said=$(TMPDIR=$(uml_memory_folder "$1") timeout -k 5 60 "$(kernel_folder)/linux" mem=256M \
		console=tty0 con=null con0=null,fd:1 panic=-1 2>&1 </dev/null)
	[[ $said == *'Unable to mount root fs'* ]] || printf 'user-mode Linux does not start here: %s\n' \
		"$(grep . <<<"$said" | tail -n 1)"
}

# uml_memory SIZE: what a guest gets that would have SIZE on another kernel
uml_memory() {
	case $1 in
	*G) echo $((${1%G} * 2))G ;;
	*M) echo $((${1%M} * 2))M ;;
	*) echo "$1" ;;
	esac
}
