# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Mailboxes for tests in a guest, on top of lib/test.sh.  They, and the module,
# go when the test ends.
#
#   mbox_load
#   mbox_create NAME [OPTION...]    its node in REPLY
#   mbox_value NAME FIELD           of the list, as JSON has it
#   mbox_is NAME STATE              is that its state?
#   mbox_waits NAME [COUNT]         do so many (1) readers wait?
#   mbox_watch FILE [OPTION...]     events go there from now on

# shellcheck source=tests/lib/test.sh
. "$LAB_TESTS/lib/test.sh"

mbox_load() {
	[[ ! -d /sys/module/sworn_mbox ]] || return 0
	modprobe sworn_mbox
	on_exit mbox_unload
}

mbox_unload() {
	local job
	for job in $(jobs -p); do
		kill -9 "$job" 2>/dev/null || true
	done
	wait
	rmmod sworn_mbox || return
	[[ -z $(compgen -G "/dev/sworn/mbox-*") ]]
}

mbox_create() {
	mbox_load
	swornadm mbox create "$@" >/dev/null
	REPLY=/dev/sworn/mbox-$1
	[[ -c $REPLY ]] || fail "no node $REPLY"
}

mbox_value() {
	swornadm mbox list --json | awk -v name="\"$1\"," -v field="\"$2\":" '
		$1 == "\"name\":" { mine = $2 == name }
		mine && $1 == field { $1 = ""; gsub(/^ *"?|"?,?$/, ""); print }'
}

mbox_is() { [[ $(mbox_value "$1" state) == "$2" ]]; }

mbox_waits() { [[ $(mbox_value "$1" waiting) == "${2:-1}" ]]; }

# Nobody says when it has begun to listen, so try until it has heard something.
mbox_watch() {
	local file=$1
	shift
	mbox_load
	swornadm mbox monitor "$@" >"$file" &
	wait_until 30 mbox_heard "$file"
}

mbox_heard() {
	swornadm mbox create heard >/dev/null
	swornadm mbox remove heard >/dev/null
	grep -q heard "$1"
}
