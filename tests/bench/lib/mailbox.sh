# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Handing bytes over: instructions for writing and reading them once, by one
# process.  Not made for disks on something: each system is a file.
#
#   pipe
#   tmpfs              pwrite and pread, for want of messages
#   sworn_mbox         a rendezvous, written and read through one open file
#   sworn_mbox_whole   the same, read to its end through another open file
#   sworn_mbox_buffer  a buffer: pwrite and pread
#
#   mailbox_jobs       names, in order
#   mailbox_run JOB... measures; calls tell() with lines for the host

mailbox_systems=(pipe tmpfs sworn_mbox sworn_mbox_whole sworn_mbox_buffer)

mailbox_jobs() { printf '%s\n' pass-64 pass-4k; }

# The file in REPLY.
mailbox_make() {
	case $1 in
	pipe) REPLY=- ;;
	tmpfs)
		mkdir -p /run/bench-tmpfs && mount -t tmpfs bench /run/bench-tmpfs || return
		REPLY=/run/bench-tmpfs/file
		;;
	sworn_mbox*)
		modprobe sworn_mbox || return
		REPLY=/dev/sworn/mbox-bench
		;;
	esac
}

mailbox_break() {
	case $1 in
	tmpfs) umount /run/bench-tmpfs ;;
	sworn_mbox*) rmmod sworn_mbox ;;
	esac
}

mailbox_run() {
	local system job value bytes
	for system in "${mailbox_systems[@]}"; do
		for job in "$@"; do
			if ! mailbox_make "$system"; then
				tell missing mailbox "$system" "cannot be made"
				continue
			fi
			bytes=4096
			[[ $job != pass-64 ]] || bytes=64
			value=$(/lab/files/mbox_bench "$system" "$REPLY" "$bytes") || value=
			if [[ $value =~ ^[0-9]+$ ]]; then
				tell figure mailbox "$job" "$system" instructions "$value"
			else
				tell missing mailbox "$system" "$job"
			fi
			mailbox_break "$system" || tell missing mailbox "$system" "cannot be taken away"
		done
	done
}
