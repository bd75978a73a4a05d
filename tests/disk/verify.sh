# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For tests of verifying a disk that is open.
#
#   verify_wait NAME PHASE [SECONDS]   until the status says so
#   verify_bad NAME             the bad places: KIND FIRST LAST BLOCK, a line each
#   verify_bad_lbas NAME        bad data blocks, one a line
#   verify_counts DATA META     of a closed disk: leaves in LIVE and NODES what
#                               "swornadm check" counts
#   verify_use DATA META        of a closed disk: leaves in the file "data" the LBA
#                               and block of each live block, in "nodes" the block
#                               and level of each node that is in use

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

verify_is() { [[ $(sworn_status "$1" verify) == "$2" ]]; }
verify_wait() { wait_until "${3:-100}" verify_is "$1" "$2"; }

verify_bad() {
	local at=0 n all
	while :; do
		dmsetup message "$1" 0 verify report "$at" >"$LAB_TMP/report"
		all=$(sed -n '1s/.* places:\([0-9]*\).*/\1/p' "$LAB_TMP/report")
		sed '1d;/^$/d' "$LAB_TMP/report"
		n=$(sed '1d;/^$/d' "$LAB_TMP/report" | wc -l)
		at=$((at + n))
		((n && at < all)) || break
	done
}

verify_bad_lbas() {
	verify_bad "$1" | awk '$1 ~ /^data/ { for (i = $2; i <= $3; i++) print i }'
}

verify_key() {
	# shellcheck disable=SC2001,SC2059 # escapes are meant
	printf "$(sed 's/../\\x&/g' <<<"$SWORN_KEY")" >"$LAB_TMP/verify.key"
	chmod 400 "$LAB_TMP/verify.key"
	blockdev --flushbufs "$1" "$2"
}

verify_counts() {
	verify_key "$@"
	swornadm check "$1" "$2" --key-file "$LAB_TMP/verify.key" --data --json >checked
	LIVE=$(sed -n 's/.*"live_blocks": \([0-9]*\).*/\1/p' checked)
	NODES=$(sed -n 's/.*"nodes": \([0-9]*\).*/\1/p' checked)
	[[ $LIVE && $NODES ]] || fail "no counts: $(cat checked)"
}

verify_use() {
	verify_key "$@"
	swornadm dump records "$1" "$2" --key-file "$LAB_TMP/verify.key" |
		sed -n 's/^ *LBA \([0-9]*\): block \([0-9]*\),.*/\1 \2/p' >data
	swornadm dump bits "$1" "$2" --key-file "$LAB_TMP/verify.key" --json |
		tr -d '\n' | grep -o '{ *"block": [0-9]*, *"level": [0-9]*' |
		sed 's/[^0-9]*\([0-9]*\)[^0-9]*/\1 /;s/ \([0-9]*\).*/ \1/' >nodes
	[[ -s data && -s nodes ]] || fail "nothing is in use"
}
