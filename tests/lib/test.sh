# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every shell test begins with:  . "$LAB_TESTS/lib/test.sh"
#
# A test passes only by calling `pass`; reaching its end, or any command that
# fails, is a failure.  `skip REASON` ends it without a verdict.
#
#   on_exit COMMAND ARGUMENT...       undone in reverse order, whatever happens
#   not_on_exit COMMAND ARGUMENT...   the last such has been done already
#   assert_eq ACTUAL EXPECTED [WHAT]
#   assert_match TEXT EXPRESSION [WHAT]
#   assert_same_file A B
#   assert_fails EXPRESSION COMMAND...   it must fail and say so
#   assert_log EXPRESSION   refute_log EXPRESSION   the kernel's log of this test
#   wait_until SECONDS COMMAND...
#
# $LAB_TMP is a folder of the test's own, removed afterwards.

set -eEuo pipefail

: "${LAB_RESULT:?run a test with tests/check}" "${LAB_TMP:?}" "${LAB_TESTS:?}"

lab_outcome='fail ended without calling pass'
lab_undo=()

lab_error() {
	local status=$1 line=$2 command=$3
	# A failing command in a subshell reports there and again in its parent.
	printf '%s:%s: "%s" ended with status %s\n' "${BASH_SOURCE[1]##*/}" "$line" "$command" "$status" >&2
	lab_outcome="fail line $line: $command"
}

lab_exit() {
	local status=$1 i
	trap - ERR
	set +e
	if ((status != 0)) && [[ $lab_outcome == pass* || $lab_outcome == skip* ||
		$lab_outcome == 'fail ended without calling pass' ]]; then
		lab_outcome="fail status $status"
	fi
	for ((i = ${#lab_undo[@]} - 1; i >= 0; i--)); do
		# shellcheck disable=SC2086 # quoted by on_exit
		if ! eval ${lab_undo[i]}; then
			printf 'cleaning up failed: %s\n' "${lab_undo[i]}" >&2
			[[ $lab_outcome == fail* ]] || lab_outcome="fail cleaning up: ${lab_undo[i]}"
		fi
	done
	printf '%s\n' "$lab_outcome" >"$LAB_RESULT"
}

trap 'lab_error $? $LINENO "$BASH_COMMAND"' ERR
trap 'lab_exit $?' EXIT
trap 'exit 130' INT TERM

pass() {
	lab_outcome=pass
	exit 0
}

skip() {
	printf 'skipped: %s\n' "$*"
	lab_outcome="skip $*"
	exit 0
}

fail() {
	printf 'FAILED: %s\n' "$*" >&2
	lab_outcome="fail $*"
	exit 1
}

on_exit() { lab_undo+=("$(printf '%q ' "$@")"); }

not_on_exit() {
	local what i
	printf -v what '%q ' "$@"
	for ((i = ${#lab_undo[@]} - 1; i >= 0; i--)); do
		if [[ ${lab_undo[i]} == "$what" ]]; then
			lab_undo=("${lab_undo[@]:0:i}" "${lab_undo[@]:i + 1}")
			return
		fi
	done
}

assert_eq() {
	[[ $1 == "$2" ]] && return
	printf 'got:      %s\nexpected: %s\n' "$1" "$2" >&2
	fail "${3:-values} differ"
}

assert_match() {
	[[ $1 =~ $2 ]] && return
	printf 'got:      %s\nexpected to match: %s\n' "$1" "$2" >&2
	fail "${3:-text} does not match"
}

assert_same_file() {
	local where
	where=$(cmp "$1" "$2" 2>&1) && return
	fail "contents differ: $where"
}

assert_fails() {
	local expression=$1 output
	shift
	if output=$("$@" 2>&1); then
		printf '%s\n' "$output" >&2
		fail "should have failed: $*"
	fi
	grep -qE -e "$expression" <<<"$output" && return
	printf '%s\n' "$output" >&2
	fail "failed, but without saying \"$expression\": $*"
}

wait_until() {
	local seconds=$1 end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || fail "after $seconds s still not: $*"
		sleep 0.1
	done
}

# In a guest only: what the kernel has said since this test began.
# shellcheck source=tests/lib/log.sh
. "$LAB_TESTS/lib/log.sh"
test_log() { log_since "$LAB_ID"; }

# Not in a pipe: a grep that ends early would make the pipe fail.
assert_log() {
	grep -qE -e "$1" <<<"$(test_log)" || fail "the kernel's log has no \"$1\""
}

refute_log() {
	local found
	found=$(grep -m 1 -E -e "$1" <<<"$(test_log)") || return 0
	fail "the kernel's log has \"$found\""
}
