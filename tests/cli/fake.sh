# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For tests of the built swornadm on its fake back end: no kernel is asked, and
# nobody needs be root.  cli/back/fake/fake.c says which files the fake reads.
#
#   run ARGUMENT...           swornadm; $status, out and err are what came of it
#   assert_run STATUS ARGUMENT...
#   assert_golden NAME        out is what cli/golden/NAME says
#   assert_said EXPRESSION    err has it
#   json EXPRESSION           value in out: json '{disks}[0]{name}'
#   assert_schema NAME        out is JSON as docs/schema/NAME.json has it; with
#                             --lines each of its lines is
#   watched_disk NAME         a disk with statistics, settings and segments
#
# The test runs in its own folder, with a key of 32 bytes in "key" and devices
# below dev/.  SWORNADM_GOLDEN=write rewrites the goldens: read the difference.

# shellcheck source=tests/lib/test.sh
. "$LAB_TESTS/lib/test.sh"

uuid=3f2b8c1e-0000-4000-8000-000000000001
fake=$LAB_TMP/fake
export SWORNADM_FAKE=$fake

mkdir -p "$fake"/{dev,busy,fail}
cd "$LAB_TMP"
ln -s fake/dev dev
printf '0123456789abcdef0123456789ABCDE\xff' >key
chmod 400 key
cat >"$fake/status" <<END
rw 200/256 12/2048 42 needs_check:0 uuid:$uuid cipher:aes-256-gcm devices:1 logical_blocks:262144 segment_blocks:1024 live_blocks:3100 memtable_records:12 bits:3 epochs:1 checkpoint:2 integrity_failures:0 read_errors:0 write_errors:0 cache_bytes:1048576 cache_limit:67108864 cache_hits:90 cache_misses:10 memory_bytes:3500000 user_read_blocks:10 user_written_blocks:100 data_read_blocks:0 data_written_blocks:100 index_written_blocks:5 journal_written_blocks:7 checkpoint_written_blocks:3 discarded_blocks:0 free_blocks:258000 runs:2 moved_blocks:256
END

run() {
	status=0
	swornadm "$@" >out 2>err </dev/null || status=$?
}

assert_run() {
	local expected=$1
	shift
	run "$@"
	((status == expected)) && return
	cat out err >&2
	fail "swornadm $* ended with $status, expected $expected"
}

assert_golden() {
	local golden=$LAB_TESTS/cli/golden/$1
	if [[ ${SWORNADM_GOLDEN:-} == write ]]; then
		cp out "$golden"
	fi
	diff -u "$golden" out >&2 || fail "the answer is not that of golden/$1"
}

assert_said() {
	grep -qE -e "$1" err && return
	cat err >&2
	fail "no \"$1\" on standard error"
}

json() {
	# shellcheck disable=SC2016 # perl's variables
	perl -MJSON::PP -e '
		local $/;
		my $value = decode_json(<STDIN>);
		my $found = eval("\$value->$ARGV[0]") // "undefined";
		print "$found\n"' "$1" <out
}

assert_schema() {
	python3 "$LAB_TESTS/cli/validate.py" "$LAB_TOP/docs/schema/$1.json" "${@:2}" <out >&2 && return
	cat out >&2
	fail "the answer is not as docs/schema/$1.json has it"
}

watched_disk() {
	assert_run 0 create "$1" "$1.img" --size 64M --key-file key --uuid "$uuid"
	sed -i 's/$/ heads:2 stats:1 low_space:0 low_space_percent:5/' "$fake/dm/$1/status"
	cat >"$fake/reply.stats" <<-'END'
		stats on:1 since_ms:73250
		bytes user_read:40960 user_written:409600 discarded:0 data_read:0 data_written:409600 index_written:20480 journal_written:28672 checkpoint_written:12288 moved:1048576
		stage read count:10 blocks:10 ns:1000000 max_ns:200000 log2_ns:16=8,17=2
		stage write count:100 blocks:100 ns:4100000 max_ns:900000 log2_ns:14=20,15=70,16=9,19=1
		stage flush count:3 blocks:0 ns:24000000 max_ns:12000000 log2_ns:22=2,23=1
		stage discard count:0 blocks:0 ns:0 max_ns:0 log2_ns:-
	END
	cat >"$fake/reply.get" <<-'END'
		cache_bytes 67108864 262144 1099511627776 limit of the cache of index nodes
		low_space_percent 5 1 99 raise an event when less of the data region can be given out
	END
	echo "segments 256 from:0 segment_blocks:1024 live 1024*16 1000 900 700*2 512o 256*7 1*4 0f*24" \
		>"$fake/reply.segments_0"
	echo "segments 256 from:56 segment_blocks:1024 live 0f*200" >"$fake/reply.segments_56"
}

# make_device NAME SIZE: a device of the fake's
make_device() {
	truncate -s "$2" "$fake/dev/$1"
	REPLY=$fake/dev/$1
}

# make_disk NAME: a disk that was created and closed; its image is NAME.img
make_disk() {
	assert_run 0 create "$1" "$1.img" --size 64M --key-file key --uuid "$uuid"
	assert_run 0 close "$1"
	rm -f "$fake/log"
}

# superblock_at COPY: where that copy begins, in bytes
superblock_at() { echo $(((4096 + $1 * 128) * 4096)); }

# poke FILE OFFSET BYTES: overwrite, with BYTES as printf writes them
poke() {
	# shellcheck disable=SC2059 # escapes are meant
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
