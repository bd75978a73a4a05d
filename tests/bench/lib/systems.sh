# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The systems compared.  Each is made on the devices of a model and is then
# /dev/mapper/bench-SYSTEM, system_sectors large.  AES-256 and 4 KiB sectors everywhere.
#
#   raw        dm-linear, which costs next to nothing, or the device itself
#   xts        dm-crypt aes-xts-plain64
#   xts-nowq   the same without its work queues
#   aead-j     dm-crypt gcm(aes) on dm-integrity with a journal
#   aead-d     the same without: an interrupted write may leave a block unreadable
#   sworndisk
#
#   system_make SYSTEM DATA META      system_break SYSTEM
#   system_reopen SYSTEM DATA META    what it holds in memory is forgotten
#   system_compact SYSTEM             what has grown untidy is put in order
#   system_clean SYSTEM               what is overwritten is made free
#   system_accounts SYSTEM            lines of its counters: name value

# shellcheck disable=SC2034 # for those who source this
system_names=(raw xts xts-nowq aead-j aead-d sworndisk)

system_sectors=$((448 << 11))
system_key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
system_other_key=f0e0d0c0b0a09080706050403020100f0f1e2d3c4b5a69788796a5b4c3d2e1f0

system_make() {
	local system=$1 data=$2 meta=$3
	case $system in
	raw)
		# The device itself under the name the others have.
		ln -s "$data" /dev/mapper/bench-raw
		;;
	xts) system_crypt "$system" "$data" 1 sector_size:4096 ;;
	xts-nowq)
		system_crypt "$system" "$data" 3 sector_size:4096 \
			no_read_workqueue no_write_workqueue
		;;
	aead-j) system_aead "$system" "$data" J ;;
	aead-d) system_aead "$system" "$data" D ;;
	sworndisk)
		modprobe dm-sworndisk
		system_map "$system" sworndisk "$data" "$meta" 0 force 1 "key:$system_key"
		;;
	*) return 1 ;;
	esac
}

system_break() {
	case $1 in
	raw) rm /dev/mapper/bench-raw ;;
	aead-*)
		dmsetup remove "bench-$1"
		dmsetup remove "bench-$1-below"
		;;
	sworndisk)
		dmsetup remove bench-sworndisk
		modprobe -r dm-sworndisk
		;;
	*) dmsetup remove "bench-$1" ;;
	esac
}

# The others keep nothing that an opening would have to read again.
system_reopen() {
	[[ $1 == sworndisk ]] || return 0
	dmsetup remove bench-sworndisk
	system_map sworndisk sworndisk "$2" "$3" 0 false 1 "key:$system_key"
}

system_compact() {
	[[ $1 == sworndisk ]] || return 0
	dmsetup message bench-sworndisk 0 compact
}

system_clean() {
	[[ $1 == sworndisk ]] || return 0
	dmsetup message bench-sworndisk 0 clean
}

system_accounts() {
	[[ $1 == sworndisk ]] || return 0
	dmsetup status bench-sworndisk | tr ' ' '\n' | awk -F : '
		/^((user|data|index|journal|checkpoint)_(read|written)|moved)_blocks:|^cache_(hits|misses):/ { print $1, $2 }'
}

# system_map NAME TARGET ARGUMENT...
system_map() {
	local name=$1
	shift
	dmsetup create "bench-$name" --table "0 $system_sectors $*"
}

# system_crypt NAME DEVICE COUNT OPTION...
system_crypt() {
	local name=$1 device=$2
	shift 2
	system_map "$name" crypt aes-xts-plain64 "$system_key$system_other_key" 0 "$device" 0 "$@"
}

# system_aead NAME DEVICE MODE: dm-integrity keeps a nonce of 12 bytes and a tag
# of 16 for each sector.  It formats a device whose first sectors are zero.
system_aead() {
	dd if=/dev/zero of="$2" bs=1M count=1 oflag=direct status=none
	system_map "$1-below" integrity "$2" 0 28 "$3" 1 block_size:4096
	system_map "$1" crypt 'capi:gcm(aes)-random' "$system_key" 0 \
		"/dev/mapper/bench-$1-below" 0 2 integrity:28:aead sector_size:4096
}
