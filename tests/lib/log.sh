# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The kernel's log of one test: the runner marks where the test began.

log_mark() { echo "lab: begin $1" >/dev/kmsg; }

# log_since ID: without the mark itself.  Where the mark has been pushed out of
# the kernel's buffer, all there is: rather too much than a splat unseen.
log_since() {
	local log
	log=$(dmesg)
	# Names hold slashes, so the expression is not between slashes.
	if grep -q "lab: begin $1\$" <<<"$log"; then
		sed -e "1,\|lab: begin $1\$|d" <<<"$log"
	else
		printf '%s\n' "$log"
	fi
}
