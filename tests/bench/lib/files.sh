# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Jobs that are about files on a file system, ext4 with its defaults.  Each makes
# its own and leaves lines for the host in REPLY.  They are called where the shell
# takes no notice of failures, so each step passes its own on.
#
#   files_untar-ext4 SYSTEM      unpack a tree of sources, sync
#   files_sqlite-delete SYSTEM   small durable transactions, with a rollback journal
#   files_sqlite-wal SYSTEM      the same with a write-ahead log

files_transactions=400

# shellcheck disable=SC2154 # system_sectors is from lib/systems.sh
files_mount() {
	modprobe ext4
	# There, reading what was never written is an error, which mkfs trips over.
	case $1 in
	aead-*) dd if=/dev/zero of="/dev/mapper/bench-$1" bs=1M count=$((system_sectors >> 11)) \
		oflag=direct status=none || return ;;
	esac
	# Nothing put off: it would go on under the job.
	mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "/dev/mapper/bench-$1" &&
		mount -t ext4 "/dev/mapper/bench-$1" /mnt && sync || return
	sleep 12
}

# files_time COMMAND...: how long it takes and what is written below, in files_took
# (microseconds) and files_below (sectors written, and read).
files_time() {
	local begin
	local -a before after
	read -ra before <<<"$(model_sectors)"
	begin=${EPOCHREALTIME/./}
	"$@" || return
	files_took=$((${EPOCHREALTIME/./} - begin))
	sleep 12
	read -ra after <<<"$(model_sectors)"
	files_below="$((after[0] - before[0])) $((after[1] - before[1]))"
}

files_unpack() {
	tar -x -C /mnt -f /lab/files/tree.tar && sync
}

files_untar-ext4() {
	local kib
	files_mount "$1" || return
	kib=$(($(stat -c %s /lab/files/tree.tar) >> 10))
	files_time files_unpack && umount /mnt || return
	REPLY="row untar-ext4 $1 $kib $((files_took / 1000)) $((kib * 1000000 / files_took)) 0 0 0 0 $files_below"
}

# Pseudo-random, and the same each time.
files_sql() {
	awk -v n="$files_transactions" 'BEGIN {
		for (i = 0; i < n; i++) {
			at = (at * 1103515245 + 12345) % 2147483648
			printf "BEGIN; UPDATE account SET balance = balance + %d WHERE id = %d;", i, at % 20000
			printf " INSERT INTO history VALUES (%d, %d, \047a payment like any other\047); COMMIT;\n", i, at
		}
	}'
}

# Of the settings only what the journal is called for differs from the defaults.
files_sqlite() {
	files_mount "$1" || return
	sqlite3 -bail /mnt/bank.db <<-END >/dev/null || return
		PRAGMA journal_mode = $2;
		CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, balance INTEGER);
		CREATE TABLE history (number INTEGER, account INTEGER, text TEXT);
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
			INSERT INTO account SELECT i, 'account number ' || i || hex(zeroblob(100)), 1000 FROM n;
	END
	files_sql >/run/transactions
	sync
	sleep 12
	files_time files_transact && umount /mnt || return
	REPLY="figure sqlite-$2 $1 tps $(awk -v n="$files_transactions" -v us="$files_took" \
		'BEGIN { printf "%.1f", n * 1e6 / us }')"
}

files_transact() {
	sqlite3 -bail /mnt/bank.db <<-'END' >/dev/null
		PRAGMA synchronous = FULL;
		.read /run/transactions
	END
}

files_sqlite-delete() { files_sqlite "$1" delete; }
files_sqlite-wal() { files_sqlite "$1" wal; }
