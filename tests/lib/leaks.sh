# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What kmemleak finds, in a guest with the debug kernel.
#
#   leaks_watched      is there anything to ask?  Fails loudly where there must be
#   leaks_forget       what is lost already is nobody's who comes later
#   leaks_found EXPRESSION   print what was lost since, but for what has a line that
#                      matches; status 1 if nothing was

leaks_file=/sys/kernel/debug/kmemleak

leaks_watched() {
	[[ ! -e $leaks_file ]] || return 0
	[[ $(uname -r) == *-debug ]] || return 1
	echo "the debug kernel has no $leaks_file"
	return 0
}

# Twice: an object that is new to a scan is only looked at by the next one, and
# none is as long as it is younger than a tenth of a second.
leaks_scan() {
	sleep 0.2
	echo scan >"$leaks_file" && echo scan >"$leaks_file"
}

leaks_forget() { leaks_scan && echo clear >"$leaks_file"; }

leaks_found() {
	if ! leaks_scan; then
		echo "kmemleak does not scan"
		return
	fi
	awk -v expected="$1" '
		function tell() { if (object != "" && object !~ expected) { printf "%s", object; found = 1 } }
		/^unreferenced object/ { tell(); object = "" }
		{ object = object $0 "\n" }
		END { tell(); exit !found }' "$leaks_file"
}
