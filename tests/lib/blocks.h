/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests' own programs write on a disk: blocks that say which block
 * they are and which operation wrote them, so that one found in the wrong place
 * or time tells where it came from; and how they are written and read.
 */
#ifndef LAB_BLOCKS_H
#define LAB_BLOCKS_H

#include "tool.h"

#include <linux/fs.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define BLOCK 4096u
#define WORDS (BLOCK / 8)
#define BLOCKS_MAGIC 0x6c65646f6d6b7364ull
/* The largest request that the target takes in one piece. */
#define PIECE 64u

static inline uint64_t draw(uint64_t *state, uint64_t below)
{
	*state += 0x9e3779b97f4a7c15ull;
	return mix(*state) % below;
}

static inline void fill(unsigned char *to, uint64_t lba, uint32_t writer)
{
	uint64_t *word = (uint64_t *)to;

	if (!writer) {
		memset(to, 0, BLOCK);
		return;
	}
	word[0] = BLOCKS_MAGIC;
	word[1] = lba;
	word[2] = writer;
	fill_words(word + 3, WORDS - 3, mix(lba * 0x100000001b3ull + writer));
}

/* What a block says of itself; false if it is neither zero nor whole. */
static inline bool tell(const unsigned char *from, uint64_t lba, uint32_t *writer)
{
	static uint64_t expected[WORDS];
	const uint64_t *word = (const uint64_t *)from;

	*writer = word[0] ? word[2] : 0;
	fill((unsigned char *)expected, lba, *writer);
	return !memcmp(expected, from, BLOCK);
}

static inline void describe(const unsigned char *from, char *text, size_t size)
{
	const uint64_t *word = (const uint64_t *)from;
	unsigned int i;

	for (i = 0; i < WORDS && !word[i]; i++)
		;
	if (i == WORDS)
		snprintf(text, size, "zeroes");
	else if (word[0] == BLOCKS_MAGIC)
		snprintf(text, size, "block %llu as operation %llu wrote it, or a part of that",
			 (unsigned long long)word[1], (unsigned long long)word[2]);
	else
		snprintf(text, size, "no block of ours: %016llx %016llx",
			 (unsigned long long)word[0], (unsigned long long)word[1]);
}

/* Write blocks of @writer, made in @from.  Returns 0 or an errno. */
static inline int put_blocks(int fd, unsigned char *from, uint64_t lba, uint64_t count,
			     uint32_t writer, bool fua)
{
	struct iovec vec = { .iov_base = from, .iov_len = count * BLOCK };
	ssize_t done;
	uint64_t i;

	for (i = 0; i < count; i++)
		fill(from + i * BLOCK, lba + i, writer);
	done = pwritev2(fd, &vec, 1, (off_t)(lba * BLOCK), fua ? RWF_DSYNC : 0);
	if (done == (ssize_t)vec.iov_len)
		return 0;
	return done < 0 ? errno : EIO;
}

/* Returns 0, an errno, or -1 when less than that was read. */
static inline int get_blocks(int fd, unsigned char *to, uint64_t lba, uint64_t count)
{
	ssize_t done;

	/* What is not read must not pass for what was there before. */
	memset(to, 0xa5, count * BLOCK);
	done = pread(fd, to, count * BLOCK, (off_t)(lba * BLOCK));
	if (done == (ssize_t)(count * BLOCK))
		return 0;
	return done < 0 ? errno : -1;
}

/* Discard blocks, or zero them.  Returns 0 or an errno. */
static inline int drop_blocks(int fd, uint64_t lba, uint64_t count, bool zero)
{
	uint64_t range[2] = { lba * BLOCK, count * BLOCK };

	return ioctl(fd, zero ? BLKZEROOUT : BLKDISCARD, range) ? errno : 0;
}

#endif /* LAB_BLOCKS_H */
