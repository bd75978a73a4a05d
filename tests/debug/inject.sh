# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Faults on demand, for tests in a guest with the debug kernel.  A FAULT is
# failslab, fail_page_alloc or fail_make_request.
#
#   inject_nth FAULT...       which a process may ask for by its fail-nth
#   inject FAULT PERCENT      in the kernel's workers, or in requests; until inject_end
#   inject_on DEVICE          this is the device whose requests fail
#   inject_end                none from here on; how many there were is in REPLY

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

inject_root=/sys/kernel/debug
inject_at_most=1000000
inject_now=

# inject_set FAULT: also those that may sleep, which are most, and one page as
# well as many
inject_set() {
	local folder=$inject_root/$1
	[[ -d $folder ]] || fail "this kernel knows no $1"
	echo 0 >"$folder/verbose"
	echo 0 >"$folder/probability"
	case $1 in
	failslab)
		echo N >"$folder/ignore-gfp-wait"
		echo N >"$folder/cache-filter"
		;;
	fail_page_alloc)
		echo N >"$folder/ignore-gfp-wait"
		echo 0 >"$folder/min-order"
		;;
	esac
}

# A count is of all faults that there are, so the others must have no occasion:
# no cache is chosen, no allocation that large; requests have none without inject_on.
inject_nth() {
	local fault
	echo Y >$inject_root/failslab/cache-filter
	echo 20 >$inject_root/fail_page_alloc/min-order
	for fault in "$@"; do
		inject_set "$fault"
	done
}

# All but kthreadd: who cannot be started is not what this is about.
inject_workers() {
	local folder
	for folder in /proc/[0-9]*; do
		if [[ -z $(tr -d '\0' <"$folder/cmdline") && ${folder##*/} != 2 ]]; then
			echo "$1" >"$folder/make-it-fail"
		fi 2>/dev/null || true
	done
}

inject_on() {
	echo 1 >"/sys/block/${1##*/}/make-it-fail"
	on_exit sh -c "echo 0 >/sys/block/${1##*/}/make-it-fail"
}

inject() {
	local folder=$inject_root/$1
	inject_set "$1"
	inject_now=$1
	on_exit inject_end
	echo "$inject_at_most" >"$folder/times"
	if [[ $1 == fail_make_request ]]; then
		echo N >"$folder/task-filter"
	else
		echo Y >"$folder/task-filter"
		inject_workers 1
	fi
	echo "$2" >"$folder/probability"
}

inject_end() {
	local folder=$inject_root/$inject_now
	REPLY=0
	[[ -n $inject_now ]] || return 0
	echo 0 >"$folder/probability"
	REPLY=$((inject_at_most - $(<"$folder/times")))
	[[ $inject_now == fail_make_request ]] || inject_workers 0
	inject_now=
}
