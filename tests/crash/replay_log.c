// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay_log: read what dm-log-writes recorded.
 *
 *   replay_log list LOG                   an entry a line: number, sector,
 *                                         sectors, flags, text of a mark
 *   replay_log replay LOG TARGET FROM TO [SEED]
 *       write entries FROM up to, but not including, TO to TARGET.  With a SEED
 *       each write is done or left out as a coin falls, which is what a disk
 *       may do with writes behind its last flush; those with FUA are done.
 *
 * The log is a superblock and then, for each entry, one sector that describes it
 * and the data it wrote.  All numbers are little-endian; so is every machine
 * that this runs on.
 */
#include "tool.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define LOG_MAGIC 0x6a736677736872ull
#define MOST_BYTES (64u << 20)

enum { FLUSH_FLAG = 1, FUA_FLAG = 2, DISCARD_FLAG = 4, MARK_FLAG = 8 };

struct log_super {
	uint64_t magic;
	uint64_t version;
	uint64_t entries;
	uint32_t sector_bytes;
};

struct log_entry {
	uint64_t sector;
	uint64_t sectors;
	uint64_t flags;
	uint64_t mark_bytes;
};

struct log {
	const char *name;
	int fd;
	uint64_t entries;
	uint64_t sector_bytes;
	/* of the next entry */
	uint64_t number;
	off_t where;
	/* the current one */
	struct log_entry entry;
	off_t data;
	char mark[256];
};

static void read_all(int fd, const char *name, void *to, size_t bytes, off_t where)
{
	ssize_t got = pread(fd, to, bytes, where);

	if (got != (ssize_t)bytes)
		die("%s: reading at %lld: %s", name, (long long)where,
		    got < 0 ? strerror(errno) : "ends too early");
}

static void open_log(struct log *log, const char *name)
{
	struct log_super super;

	memset(log, 0, sizeof(*log));
	log->name = name;
	log->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (log->fd < 0)
		die("%s: %s", name, strerror(errno));
	read_all(log->fd, name, &super, sizeof(super), 0);
	if (super.magic != LOG_MAGIC || super.version != 1 || super.sector_bytes < 512)
		die("%s is no log of writes", name);
	log->entries = super.entries;
	log->sector_bytes = super.sector_bytes;
	log->where = log->sector_bytes;
}

static bool next_entry(struct log *log)
{
	struct log_entry *entry = &log->entry;
	size_t text;

	if (log->number == log->entries)
		return false;
	read_all(log->fd, log->name, entry, sizeof(*entry), log->where);
	if (entry->sectors * log->sector_bytes > MOST_BYTES && !(entry->flags & DISCARD_FLAG))
		die("%s: entry %llu has %llu sectors", log->name,
		    (unsigned long long)log->number, (unsigned long long)entry->sectors);
	text = 0;
	if (entry->flags & MARK_FLAG) {
		text = entry->mark_bytes < sizeof(log->mark) ? entry->mark_bytes
							     : sizeof(log->mark) - 1;
		read_all(log->fd, log->name, log->mark, text, log->where + sizeof(*entry));
	}
	log->mark[text] = 0;
	log->number++;
	log->data = log->where + log->sector_bytes;
	log->where = log->data;
	if (!(entry->flags & DISCARD_FLAG))
		log->where += entry->sectors * log->sector_bytes;
	return true;
}

static void list(struct log *log)
{
	while (next_entry(log)) {
		const struct log_entry *entry = &log->entry;

		printf("%llu %llu %llu %s%s%s%s%s%s\n", (unsigned long long)log->number - 1,
		       (unsigned long long)entry->sector, (unsigned long long)entry->sectors,
		       entry->flags & FLUSH_FLAG ? "flush," : "", entry->flags & FUA_FLAG ? "fua," : "",
		       entry->flags & DISCARD_FLAG ? "discard," : "",
		       entry->flags & MARK_FLAG ? "mark," : "",
		       entry->flags & MARK_FLAG ? " " : "", log->mark);
	}
}

static void write_zeroes(int fd, const char *name, off_t where, uint64_t bytes)
{
	static const char zeroes[1 << 16];

	while (bytes) {
		size_t piece = bytes < sizeof(zeroes) ? bytes : sizeof(zeroes);

		if (pwrite(fd, zeroes, piece, where) != (ssize_t)piece)
			die("%s: %s", name, strerror(errno));
		where += piece;
		bytes -= piece;
	}
}

static bool coin(uint64_t *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return *state >> 63;
}

static void replay(struct log *log, const char *target, uint64_t from, uint64_t to,
		   uint64_t seed)
{
	static char data[MOST_BYTES];
	uint64_t state = seed;
	int fd = open(target, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", target, strerror(errno));
	if (to > log->entries)
		die("%s has %llu entries only", log->name, (unsigned long long)log->entries);
	while (log->number < to && next_entry(log)) {
		const struct log_entry *entry = &log->entry;
		off_t where = (off_t)(entry->sector * log->sector_bytes);
		size_t bytes = entry->sectors * log->sector_bytes;

		if (log->number - 1 < from || entry->flags & MARK_FLAG)
			continue;
		if (seed && coin(&state) && !(entry->flags & FUA_FLAG))
			continue;
		if (entry->flags & DISCARD_FLAG) {
			write_zeroes(fd, target, where, bytes);
			continue;
		}
		read_all(log->fd, log->name, data, bytes, log->data);
		if (pwrite(fd, data, bytes, where) != (ssize_t)bytes)
			die("%s: %s", target, strerror(errno));
	}
	if (fsync(fd) || close(fd))
		die("%s: %s", target, strerror(errno));
}

int main(int argc, char **argv)
{
	struct log log;

	if (argc == 3 && !strcmp(argv[1], "list")) {
		open_log(&log, argv[2]);
		list(&log);
	} else if ((argc == 6 || argc == 7) && !strcmp(argv[1], "replay")) {
		open_log(&log, argv[2]);
		replay(&log, argv[3], parse_number(argv[4]), parse_number(argv[5]),
		       argc == 7 ? parse_number(argv[6]) * 2 + 1 : 0);
	} else {
		die("what to do? see the top of replay_log.c");
	}
	return 0;
}
