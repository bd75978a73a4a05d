# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How the demo shows what it does: each command as a person would type it, with
# a prompt that says where, and how long it took when that was long.

: "${demo:?}" # the folder of images and logs

demo_passed=no

heading() { printf '\n== %s ==\n' "$*"; }
explain() { printf '%s\n' "$@"; }
step_done() { printf '   %s\n' "$*"; }
summary() { printf ' * %s\n' "$*"; }

give_up() {
	printf '\ndemo: FAILED: %s\n' "$*" >&2
	exit 1
}

demo_end() {
	local status=$1
	trap - EXIT
	vm_kill_all
	if [[ $demo_passed != yes ]]; then
		printf 'demo: did not go as it should; logs are in build/demo/\n' >&2
		exit $((status ? status : 1))
	fi
	exit 0
}

# quietly WHAT COMMAND...: output goes to a log, shown if it fails
quietly() {
	local what=$1 log status=0 started=$SECONDS
	log=$demo/$(tr -cs 'a-z0-9\n' - <<<"${1,,}").log
	shift
	"$@" >"$log" 2>&1 || status=$?
	if ((status)); then
		tail -n 40 "$log" >&2
		give_up "$what: status $status"
	fi
	step_done "$what ($((SECONDS - started)) s)"
}

# meanwhile WHAT COMMAND...: as quietly, beside what comes next, until
# meanwhile_ends
meanwhile() {
	quietly "$@" &
	meanwhile_pid=$!
}

meanwhile_ends() { wait "$meanwhile_pid" || give_up "see above"; }

took() {
	((SECONDS - $1 < 2)) || step_done "($((SECONDS - $1)) s)"
}

# guest COMMAND...: in the virtual machine; it must succeed
guest() {
	local started=$SECONDS
	printf 'guest# %s\n' "$*"
	vm_run demo --timeout 900 "$*" | shown || give_up "in the guest: $*"
	took "$started"
}

# guest_fails EXPRESSION COMMAND: it must fail, and say so
guest_fails() {
	local output
	printf 'guest# %s\n' "$2"
	if output=$(vm_run demo "$2" 2>&1); then
		printf '%s\n' "$output" | shown
		give_up "in the guest, succeeded but must not: $2"
	fi
	printf '%s\n' "$output" | shown
	[[ $output =~ $1 ]] || give_up "in the guest, failed without \"$1\": $2"
}

# guest_shows EXPRESSION COMMAND: it must succeed and print this
guest_shows() {
	local output
	printf 'guest# %s\n' "$2"
	output=$(vm_run demo "$2" 2>&1) || give_up "in the guest: $2"
	printf '%s\n' "$output" | shown
	[[ $output =~ $1 ]] || give_up "in the guest, without \"$1\" in the answer: $2"
}

# host, host_fails STATUS: the same here, in the folder of the images
host() {
	printf 'host$ %s\n' "$*"
	(cd "$demo" && bash -c "$*") 2>&1 | shown || give_up "on the host: $*"
}

host_fails() {
	local expected=$1 status=0 started=$SECONDS
	printf 'host$ %s\n' "$2"
	(cd "$demo" && bash -c "$2") 2>&1 | shown || status=$?
	((status == expected)) || give_up "on the host, status $status and not $expected: $2"
	took "$started"
}

# Indented, without the empty lines; the status is that of the command before.
shown() { sed -e '/^$/d' -e 's/^/   /'; }

# flip_bit FILE BYTE
flip_bit() {
	local old new
	old=$(xxd -p -s "$2" -l 1 "$1")
	new=$(printf '%02x' $((0x$old ^ 1)))
	printf 'host$ # byte %s of %s: 0x%s becomes 0x%s\n' "$2" "${1##*/}" "$old" "$new"
	xxd -r -p <<<"$new" | dd of="$1" bs=1 seek="$2" conv=notrunc,fsync status=none
	[[ $(xxd -p -s "$2" -l 1 "$1") == "$new" ]] || give_up "$1 did not change"
}
