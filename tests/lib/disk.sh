# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Devices for tests in a guest.  A function that makes a device leaves its path
# in REPLY (a subshell's on_exit would run too early to print it) and takes the
# device away when the test ends.
#
#   make_file SIZE                    a sparse file
#   make_loop SIZE|FILE               a loop device, on a sparse file unless given one
#   make_brd SIZE                     a RAM disk; one at a time
#   make_null_blk ATTRIBUTE=VALUE...  a modelled device
#   dm_create NAME TABLE              any device-mapper device
#   dm_remove NAME
#   sworn_open NAME DATA META SECTORS [FORMAT [OPTION...]]
#   sworn_close NAME [check]          with a check of what it leaves behind
#   sworn_check DATA META             of a closed disk: "swornadm check" finds nothing
#   sworn_refused EXPRESSION TABLE    it must not come up, and a line of the log say why
#   sworn_status NAME FIELD           a field of the status, by its name
#   io_of DEVICE reads|writes|sectors-read|sectors-written
#   drop_caches
#   sworn_table DATA META SECTORS [FORMAT [OPTION...]]
#   pattern SEED FIRST COUNT          COUNT blocks of 4 KiB that name seed and place
#   pattern_write DEVICE SEED FIRST COUNT     pattern_check DEVICE SEED FIRST COUNT

# shellcheck source=tests/lib/test.sh
. "$LAB_TESTS/lib/test.sh"

# The disk's root key in the tests, and where on the data device it begins.
SWORN_KEY=${SWORN_KEY:-000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f}
SWORN_DATA_START=${SWORN_DATA_START:-0}

make_file() {
	REPLY=$(mktemp "$LAB_TMP/file.XXXXXX")
	truncate -s "$1" "$REPLY"
}

make_loop() {
	local file=$1
	if [[ ! -f $file ]]; then
		make_file "$1"
		file=$REPLY
	fi
	REPLY=$(losetup -f --show "$file")
	on_exit losetup -d "$REPLY"
}

# bytes_of SIZE: K, M and G are binary
bytes_of() {
	case $1 in
	*K) echo $((${1%K} << 10)) ;;
	*M) echo $((${1%M} << 20)) ;;
	*G) echo $((${1%G} << 30)) ;;
	*) echo "$1" ;;
	esac
}

make_brd() {
	modprobe brd rd_nr=1 max_part=0 "rd_size=$(($(bytes_of "$1") >> 10))"
	on_exit modprobe -r brd
	REPLY=/dev/ram0
}

make_null_blk() {
	local root=/sys/kernel/config/nullb node attribute
	if [[ ! -d $root ]]; then
		modprobe null_blk nr_devices=0
		on_exit modprobe -r null_blk
	fi
	node=$root/lab$RANDOM
	mkdir "$node"
	on_exit rmdir "$node"
	for attribute in "$@"; do
		echo "${attribute#*=}" >"$node/${attribute%%=*}"
	done
	echo 1 >"$node/power"
	# Named after its folder; before 6.0, by number.
	REPLY=/dev/${node##*/}
	[[ -e $REPLY ]] || REPLY=/dev/nullb$(<"$node/index")
}

dm_create() {
	dmsetup create "$1" --table "$2"
	on_exit dm_remove "$1"
}

# Gone already is fine: a test may remove what it made.  Busy for a moment is,
# too: blkid and the like look at every new device.
dm_remove() {
	local i
	for ((i = 0; i < 20; i++)); do
		# Not a bare return: in a trap that is the status before the trap.
		if ! dmsetup info "$1" >/dev/null 2>&1 || dmsetup remove "$1" 2>/dev/null; then
			# A test that opens disks a thousand times has one to close.
			not_on_exit dm_remove "$1"
			return 0
		fi
		sleep 0.1
	done
	dmsetup remove "$1"
}

sworn_load() {
	[[ ! -d /sys/module/dm_sworndisk ]] || return 0
	modprobe dm-sworndisk
	on_exit rmmod dm_sworndisk
}

# sworn_table: the target's line; the key is an option as any other
sworn_table() {
	local data=$1 meta=$2 sectors=$3 format=${4:-true}
	shift $(($# < 4 ? $# : 4))
	printf '0 %s sworndisk %s %s %s %s %s key:%s%s\n' "$sectors" "$data" "$meta" \
		"$SWORN_DATA_START" "$format" $(($# + 1)) "$SWORN_KEY" "${*:+ $*}"
}

declare -A sworn_devices

sworn_open() {
	local name=$1
	shift
	sworn_devices[$name]="$1 $2"
	sworn_load
	dm_create "$name" "$(sworn_table "$@")"
	REPLY=/dev/mapper/$name
}

sworn_close() {
	dm_remove "$1"
	# shellcheck disable=SC2086 # two words
	[[ ${2:-} != check ]] || sworn_check ${sworn_devices[$1]}
}

# sworn_check: everything in use verifies, and the tables account for all of it
sworn_check() {
	local -a lower=("$1")
	[[ $1 == "$2" ]] || lower+=("$2")
	((SWORN_DATA_START == 0)) || return 0
	# shellcheck disable=SC2001,SC2059 # escapes are meant
	printf "$(sed 's/../\\x&/g' <<<"$SWORN_KEY")" >"$LAB_TMP/check.key"
	chmod 400 "$LAB_TMP/check.key"
	# The disk does not write through their page cache.
	[[ ! -b $1 ]] || blockdev --flushbufs "${lower[@]}"
	swornadm check "${lower[@]}" --key-file "$LAB_TMP/check.key" --data --json >"$LAB_TMP/checked" || {
		cat "$LAB_TMP/checked" >&2
		fail "check of $1 $2"
	}
	assert_match "$(cat "$LAB_TMP/checked")" '"unreferenced_blocks": 0,' "blocks that nothing points at"
}

# sworn_refused: nothing may be left of the try
sworn_refused() {
	local before said
	sworn_load
	before=$(dmesg | wc -l)
	if dmsetup create refused --table "$2" 2>/dev/null; then
		dmsetup remove refused
		fail "accepted, instead of saying \"$1\": $2"
	fi
	said=$(dmesg | tail -n "+$((before + 1))")
	if dmsetup info refused >/dev/null 2>&1; then
		dmsetup remove refused
		fail "a refused device is still there: $2"
	fi
	grep -qE -e "sworndisk: .*$1" <<<"$said" && return
	printf '%s\n' "$said" >&2
	fail "refused, without a line that says \"$1\": $2"
}

# The mode is the first word behind the target's name, the commit id the fourth.
sworn_status() {
	local words word
	read -ra words < <(dmsetup status "$1")
	case $2 in
	mode) printf '%s\n' "${words[3]}" ;;
	free_segments) printf '%s\n' "${words[4]%/*}" ;;
	segments) printf '%s\n' "${words[4]#*/}" ;;
	journal_used) printf '%s\n' "${words[5]%/*}" ;;
	commit_id) printf '%s\n' "${words[6]}" ;;
	*)
		for word in "${words[@]:7}"; do
			if [[ $word == "$2:"* ]]; then
				printf '%s\n' "${word#*:}"
				return
			fi
		done
		fail "the status has no field $2: ${words[*]}"
		;;
	esac
}

# io_of: what the kernel has counted on a device since it came to be
io_of() {
	local counters
	read -ra counters <"/sys/block/${1##*/}/stat"
	case $2 in
	reads) printf '%s\n' "${counters[0]}" ;;
	sectors-read) printf '%s\n' "${counters[2]}" ;;
	writes) printf '%s\n' "${counters[4]}" ;;
	sectors-written) printf '%s\n' "${counters[6]}" ;;
	esac
}

drop_caches() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

# Every block differs from every other and tells, when found in the wrong place
# or after its time, where and when it was written.
pattern() { pattern_blocks "$@"; }

pattern_write() {
	pattern "$2" "$3" "$4" | dd of="$1" bs=64K iflag=fullblock seek=$(($3 * 4096)) \
		oflag=seek_bytes conv=notrunc,fsync status=none
}

pattern_check() {
	local where
	where=$(cmp <(pattern "$2" "$3" "$4") <(dd if="$1" bs=64K iflag=skip_bytes,count_bytes \
		skip=$(($3 * 4096)) count=$(($4 * 4096)) status=none) 2>&1) ||
		fail "pattern $2 from block $3 on $1: $where"
}
