// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: mbox_secret put NODE SEED      write the secret of SEED to a mailbox
 *        mbox_secret get NODE SEED      read it, and compare
 *        mbox_secret crash NODE SEED    map a buffer, put the secret there, and dump core
 *        mbox_secret search FILE SEED   of a machine's memory: print how often a part of it is there
 *
 * All but the last leave no copy in their own memory.  The secret follows from the
 * seed, so it is in no command line, shell or pipe.
 */
#include "tool.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS	8

/* Word by word: two of them are never beside each other but where they are put. */
static uint64_t word_of(uint64_t seed, int i)
{
	return mix(mix(seed * 1000003 + 17) ^ mix(i + 1));
}

static int put(const char *node, uint64_t seed)
{
	uint64_t secret[WORDS];
	int fd = open(node, O_WRONLY), i;
	ssize_t n;

	for (i = 0; i < WORDS; i++)
		((volatile uint64_t *)secret)[i] = word_of(seed, i);
	n = write(fd, secret, sizeof(secret));
	explicit_bzero(secret, sizeof(secret));
	if (n != sizeof(secret))
		die("%s: %s", node, strerror(errno));
	return 0;
}

static int get(const char *node, uint64_t seed)
{
	uint64_t secret[WORDS];
	int fd = open(node, O_RDONLY), i, bad = 0;
	ssize_t n = read(fd, secret, sizeof(secret));

	if (n != sizeof(secret))
		die("%s: %zd bytes: %s", node, n, strerror(errno));
	for (i = 0; i < WORDS; i++)
		bad |= ((volatile uint64_t *)secret)[i] != word_of(seed, i);
	explicit_bzero(secret, sizeof(secret));
	return bad;
}

static int crash(const char *node, uint64_t seed)
{
	int fd = open(node, O_RDWR), i;
	volatile uint64_t *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		die("%s: %s", node, strerror(errno));
	/* The buffer's length, so that a read shows what is mapped. */
	if (pwrite(fd, "", 1, 4095) != 1)
		die("%s: %s", node, strerror(errno));
	for (i = 0; i < WORDS; i++)
		memory[i] = word_of(seed, i);
	abort();
}

/* Any two words of it, one behind the other, anywhere. */
static int search(const char *path, uint64_t seed)
{
	uint64_t word[WORDS], here, next;
	int fd = open(path, O_RDONLY), i;
	unsigned long found = 0;
	const char *memory;
	struct stat st;
	off_t at;

	if (fd < 0 || fstat(fd, &st) || st.st_size < 16)
		die("%s: %s", path, strerror(errno));
	memory = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	for (i = 0; i < WORDS; i++)
		word[i] = word_of(seed, i);
	for (at = 0; at < st.st_size - 16; at++) {
		memcpy(&here, memory + at, 8);
		for (i = 0; i < WORDS - 1; i++) {
			if (here != word[i])
				continue;
			memcpy(&next, memory + at + 8, 8);
			if (next == word[i + 1]) {
				found++;
				fprintf(stderr, "words %d and %d at %#llx\n", i, i + 1,
					(unsigned long long)at);
			}
		}
	}
	printf("%lu\n", found);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "put"))
		return put(argv[2], parse_number(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "get"))
		return get(argv[2], parse_number(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "crash"))
		return crash(argv[2], parse_number(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "search"))
		return search(argv[2], parse_number(argv[3]));
	die("see the comment at the top of mbox_secret.c");
}
