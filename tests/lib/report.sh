# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Counting and telling, for the runner.  Verdicts gather in a file, a line each,
# for they come from several lanes at once.

report_file=/dev/null

# report_to FILE
report_to() {
	report_file=$1
	: >"$report_file"
}

# report LABEL RESULT SECONDS LOG: RESULT is "pass", "skip why" or "fail why"
report() {
	local label=$1 result=${2//[$'\n\t']/ } seconds=$3 log=$4
	{
		flock 9
		printf '%s\t%s\t%s\n' "$label" "$result" "$seconds" >>"$report_file"
		case $result in
		pass)
			printf 'ok    %s (%s s)\n' "$label" "$seconds"
			[[ ${REPORT_VERBOSE:-no} == no ]] || report_log "$log" 1000
			;;
		skip*)
			printf 'skip  %s: %s\n' "$label" "${result#skip }"
			;;
		*)
			printf 'FAIL  %s (%s s): %s\n' "$label" "$seconds" "${result#fail }"
			report_log "$log" 100
			;;
		esac
	} 9>>"$report_file.lock"
}

# report_say LINE: not in the midst of another's
report_say() {
	{
		flock 9
		printf '%s\n' "$1"
	} 9>>"$report_file.lock"
}

report_log() {
	[[ -s $1 ]] && tail -n "$2" "$1" | awk '{ print "      | " $0 }'
	return 0
}

# report_count VERDICT: how many there are of pass, skip or fail
report_count() { awk -F '\t' -v verdict="$1" '$2 ~ "^" verdict { n++ } END { print n + 0 }' "$report_file"; }

# report_expect COUNT: fewer verdicts are a failure
report_expect() {
	local got
	got=$(wc -l <"$report_file")
	((got >= $1)) || report "the runner" "fail $(($1 - got)) tests have no verdict" 0 /dev/null
}

# report_summary: the last line is the one that others read
report_summary() {
	echo
	awk -F '\t' '$2 ~ /^fail/ { print "failed: " $1 ": " substr($2, 6) }
		$2 ~ /^skip/ { print "skipped: " $1 ": " substr($2, 6) }' "$report_file" | sort
	printf '%s passed, %s failed, %s skipped\n' "$(report_count pass)" \
		"$(report_count fail)" "$(report_count skip)"
	[[ $(report_count fail) == 0 ]]
}
