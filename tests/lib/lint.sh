# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the lints: which files there are, and how to complain.  A lint calls
# `complain` for each finding and ends with `verdict`, so one run tells all.

# shellcheck source=tests/lib/test.sh
. "$LAB_TESTS/lib/test.sh"

cd "$LAB_TOP"
complaints=0

complain() {
	printf '%s\n' "$*"
	complaints=$((complaints + 1))
}

# complain_each: a complaint a line of the input
complain_each() {
	local line
	while IFS= read -r line; do
		complain "$line"
	done
}

verdict() {
	((complaints == 0)) || fail "$complaints complaints"
	pass
}

# files PATTERN...: the project's files, committed or about to be
files() {
	local file
	git ls-files -co --exclude-standard -- "$@" | sort -u | while IFS= read -r file; do
		[[ ! -f $file ]] || printf '%s\n' "$file"
	done
}

# grep_files EXPRESSION PATTERN...: matches with file and line
grep_files() {
	local expression=$1
	shift
	files "$@" | xargs -r -d '\n' grep -HnE -e "$expression" || true
}

scripts() {
	files | while IFS= read -r file; do
		if [[ $file == *.sh ]] || head -n 1 "$file" | grep -qaE '^#!.*\b(bash|sh)\b'; then
			printf '%s\n' "$file"
		fi
	done
}
