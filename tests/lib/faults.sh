# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Devices that fail on demand, for tests in a guest.
#
#   make_breakable NAME DEVICE      DEVICE, as /dev/mapper/NAME
#   break_all NAME                  every request fails
#   break_writes NAME               writes and flushes fail, reads go on
#   break_behind NAME SECTOR        every request from there on fails, no flush does
#   mend NAME

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

declare -A breakable

make_breakable() {
	modprobe dm-flakey
	breakable[$1]="$(blockdev --getsz "$2") $2"
	dm_create "$1" "0 ${breakable[$1]% *} linear ${breakable[$1]#* } 0"
	REPLY=/dev/mapper/$1
}

# Without flushing what is above: it might wait for what is about to fail.
breakable_load() {
	dmsetup reload "$1" --table "$2"
	dmsetup suspend --noflush --nolockfs "$1"
	dmsetup resume "$1"
}

break_all() { breakable_load "$1" "0 ${breakable[$1]% *} error"; }

break_writes() {
	breakable_load "$1" "0 ${breakable[$1]% *} flakey ${breakable[$1]#* } 0 0 3600 1 error_writes"
}

# The error target is sent no flushes.
break_behind() {
	local size=${breakable[$1]% *} device=${breakable[$1]#* }
	breakable_load "$1" "0 $2 linear $device 0
$2 $((size - $2)) error"
}

mend() { breakable_load "$1" "0 ${breakable[$1]% *} linear ${breakable[$1]#* } 0"; }
