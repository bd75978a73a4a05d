# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Counting and telling, for the runner.

report_passed=0
report_failed=()
report_skipped=()

# report LABEL RESULT SECONDS LOG: RESULT is "pass", "skip why" or "fail why"
report() {
	local label=$1 result=$2 seconds=$3 log=$4
	case $result in
	pass)
		report_passed=$((report_passed + 1))
		printf 'ok    %s (%s s)\n' "$label" "$seconds"
		[[ ${REPORT_VERBOSE:-no} == no ]] || report_log "$log" 1000
		;;
	skip*)
		report_skipped+=("$label: ${result#skip }")
		printf 'skip  %s: %s\n' "$label" "${result#skip }"
		;;
	*)
		report_failed+=("$label: ${result#fail }")
		printf 'FAIL  %s (%s s): %s\n' "$label" "$seconds" "${result#fail }"
		report_log "$log" 100
		;;
	esac
}

report_log() {
	[[ -s $1 ]] && tail -n "$2" "$1" | sed 's/^/      | /'
	return 0
}

# report_summary: the last line is the one that others read
report_summary() {
	echo
	((${#report_failed[@]} == 0)) || printf 'failed: %s\n' "${report_failed[@]}"
	((${#report_skipped[@]} == 0)) || printf 'skipped: %s\n' "${report_skipped[@]}"
	printf '%s passed, %s failed, %s skipped\n' "$report_passed" \
		"${#report_failed[@]}" "${#report_skipped[@]}"
	((${#report_failed[@]} == 0))
}
