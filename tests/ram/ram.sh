# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# RAM disks for tests in a guest, on top of lib/disk.sh.  The module goes when
# the test ends, and all disks with it; by then it must not hold a page.
#
#   ram_load
#   ram_create NAME [OPTION...]     its device in REPLY
#   ram_value NAME FIELD            of its status, as JSON has it
#   ram_total FIELD                 of all disks together
#   ram_holds NAME BYTES            so much memory, and no more
#   ram_settled                     nothing is on its way back any more
#   ram_watch FILE [OPTION...]      events go there from now on

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

ram_load() {
	[[ ! -d /sys/module/sworn_ram ]] || return 0
	modprobe sworn_ram
	on_exit ram_unload
}

ram_unload() {
	local name
	for name in $(swornadm ram list | awk 'NR > 1 { print $1 }'); do
		swornadm ram remove "$name" >/dev/null || return 1
	done
	wait_until 30 ram_settled
	[[ $(ram_total memory_bytes) == 0 ]] || {
		swornadm ram status
		return 1
	}
	rmmod sworn_ram
}

# ram_field FIELD: of the JSON that is read
ram_field() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p"; }

ram_create() {
	ram_load
	REPLY=$(swornadm ram create "$@" --json | ram_field device)
	[[ -b $REPLY ]] || fail "no device: \"$REPLY\""
}

ram_value() { swornadm ram status "$1" --json | ram_field "$2"; }

ram_total() { swornadm ram status --json | sed -n '/^  "all"/,$p' | ram_field "$1"; }

ram_holds() { assert_eq "$(ram_value "$1" memory_bytes)" "$2" "memory of $1"; }

ram_settled() { [[ $(ram_total freeing_bytes) == 0 ]]; }

# Nobody says when it has begun to listen, so try until it has heard something.
ram_watch() {
	local file=$1
	shift
	ram_load
	swornadm ram monitor "$@" >"$file" &
	on_exit kill $!
	wait_until 30 ram_heard "$file"
}

ram_heard() {
	swornadm ram create heard >/dev/null
	swornadm ram remove heard >/dev/null
	grep -q heard "$1"
}
