// SPDX-License-Identifier: GPL-2.0-only
/*
 * fsync_files: files that must be there after a power cut.
 *
 *   fsync_files write FOLDER SEED FIRST [LAST [NAME]]
 *       from FIRST to LAST, or for ever: write file N, fsync it and its folder,
 *       and say "kept N;", with NAME as a mark to that dm-log-writes device,
 *       too.  Each is renamed into its place over an older one, as editors do
 *   fsync_files check FOLDER SEED LAST
 *       files up to LAST were said to be kept: each must be there and whole
 *
 * Size and contents follow from SEED and number, and so does which older file
 * it replaces, so that nobody need keep what was written.
 */
#include "dmctl.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MOST_BYTES (256u << 10)
#define SLOTS 64u

static unsigned char expected[MOST_BYTES], found[MOST_BYTES + 1];

/* File N lies in slot N mod SLOTS: it replaces what was there. */
static void name_of(char *name, size_t size, uint64_t number)
{
	snprintf(name, size, "file-%02u", (unsigned int)(number % SLOTS));
}

/* Its number, then bytes that no other file has; returns how many. */
static size_t contents_of(uint64_t seed, uint64_t number)
{
	uint64_t x = mix(seed ^ mix(number)), *word = (uint64_t *)expected;
	size_t bytes = 8 + x % (x & 0x700 ? 9000 : MOST_BYTES - 8);

	fill_words(word, MOST_BYTES / 8, x);
	word[0] = number;
	return bytes;
}

static void mark(const char *name, uint64_t number)
{
	char text[32];
	int err;

	snprintf(text, sizeof(text), "mark %llu", (unsigned long long)number);
	err = dmctl_message(name, text);
	if (err)
		die("%s: %s: %s", name, text, strerror(err));
}

static void write_one(int folder, uint64_t seed, uint64_t number, const char *marked)
{
	size_t bytes = contents_of(seed, number);
	char name[32];
	int fd;

	fd = openat(folder, "new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, expected, bytes) != (ssize_t)bytes || fsync(fd) || close(fd))
		die("writing file %llu: %s", (unsigned long long)number, strerror(errno));
	name_of(name, sizeof(name), number);
	if (renameat(folder, "new", folder, name) || fsync(folder))
		die("renaming file %llu: %s", (unsigned long long)number, strerror(errno));
	printf("kept %llu;\n", (unsigned long long)number);
	fflush(stdout);
	if (marked)
		mark(marked, number);
}

/* The file that was said to be kept there, or the one whose turn it was. */
static void check_slot(int folder, uint64_t seed, uint64_t least, uint64_t last)
{
	uint64_t number;
	char name[32];
	ssize_t got;
	size_t bytes;
	int fd;

	name_of(name, sizeof(name), least);
	fd = openat(folder, name, O_RDONLY);
	if (fd < 0)
		die("%s: %s, but file %llu was kept", name, strerror(errno),
		    (unsigned long long)least);
	got = read(fd, found, sizeof(found));
	if (got < 8)
		die("%s: %zd bytes, but file %llu was kept", name, got, (unsigned long long)least);
	memcpy(&number, found, sizeof(number));
	if (number != least && (number != last + 1 || number != least + SLOTS))
		die("%s: holds file %llu, but file %llu was kept", name,
		    (unsigned long long)number, (unsigned long long)least);
	bytes = contents_of(seed, number);
	if ((size_t)got != bytes || memcmp(found, expected, bytes))
		die("%s: file %llu is not whole", name, (unsigned long long)number);
	close(fd);
}

int main(int argc, char **argv)
{
	uint64_t seed, number, slot, last;
	int folder;

	if (argc < 5 || argc > 7 || (argc > 5 && strcmp(argv[1], "write")))
		die("what to do? see the top of fsync_files.c");
	folder = open(argv[2], O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		die("%s: %s", argv[2], strerror(errno));
	seed = parse_number(argv[3]);
	number = parse_number(argv[4]);
	last = argc > 5 ? parse_number(argv[5]) : UINT64_MAX;
	if (!strcmp(argv[1], "write")) {
		for (; number <= last; number++)
			write_one(folder, seed, number, argc > 6 ? argv[6] : NULL);
		return 0;
	}
	/* Numbers begin at 1. */
	for (slot = 0; slot < SLOTS && slot < number; slot++)
		check_slot(folder, seed, number - slot, number);
	printf("%llu files are whole\n", (unsigned long long)(slot));
	return 0;
}
