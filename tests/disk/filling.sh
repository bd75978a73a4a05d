# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# filling DATA-MIB DISK-MIB FILE-MIB MKFS...     a file system on a disk as large
# as nearly all of its device: filled until it says ENOSPC, half of its files
# removed and trimmed, three times; then all that was kept must be there.

# shellcheck source=tests/lib/disk.sh
. "$LAB_TESTS/lib/disk.sh"

# Every file begins with a block of its own; the rest is the same in all.
filling_file() {
	pattern "$1" "$2" 1
	cat body
}

# Files until there is no room; leaves in REPLY how many.
fill_up() {
	local n=0
	while filling_file "$1" $n | dd of="mnt/$1-$n" bs=1M iflag=fullblock conv=fsync status=none 2>dd.log; do
		n=$((n + 1))
		((n < 2000)) || fail "it is never full"
	done
	grep -q 'No space left on device' dd.log || fail "the error is $(cat dd.log)"
	rm "mnt/$1-$n"
	REPLY=$n
}

check_file() {
	filling_file "$1" "$2" | cmp - "mnt/$1-$2" || fail "file $2 of round $1"
}

filling() {
	local data meta sectors=$(($2 << 11)) file_mib=$3 least round n i
	make_loop "$1M"
	data=$REPLY
	make_loop 64M
	meta=$REPLY
	shift 3
	mkdir mnt
	on_exit sh -c 'umount mnt 2>/dev/null; true'
	pattern rest 0 $((file_mib * 256 - 1)) >body

	sworn_open disk "$data" "$meta" $sectors force segment_sectors:512
	"$@" /dev/mapper/disk
	mount /dev/mapper/disk mnt
	# of what the file system offers, without its own structures
	least=$(($(stat -f -c '%a * %S' mnt) * 7 / 8 >> 20))
	((least > sectors >> 12)) || fail "the file system offers $least MiB"
	for round in one two three; do
		fill_up $round
		n=$REPLY
		echo "round $round: $n files of $file_mib MiB"
		[[ $round != one ]] || ((n * file_mib > least)) || fail "full too early"
		# Every other one goes; of the others three stay for the next rounds.
		for ((i = 0; i < n; i += 2)); do
			rm "mnt/$round-$i"
		done
		sync
		fstrim mnt
		for ((i = 1; i < n; i += 2)); do
			check_file $round $i
			((i < 6)) || rm "mnt/$round-$i"
		done
		sync
		fstrim mnt
		assert_eq "$(sworn_status disk mode)" rw "mode in round $round"
	done
	umount mnt
	sworn_close disk
	sworn_open disk "$data" "$meta" $sectors false
	mount /dev/mapper/disk mnt
	for round in one two three; do
		for i in 1 3 5; do
			check_file $round $i
		done
	done
	umount mnt
	assert_eq "$(sworn_status disk integrity_failures)" 0 "integrity failures"
}
