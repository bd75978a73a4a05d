/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests' own programs write on a disk: blocks that say which block
 * they are and which operation wrote them, so that one found in the wrong place
 * or time tells where it came from.  TOOL is the program's name.
 */
#ifndef LAB_BLOCKS_H
#define LAB_BLOCKS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 4096u
#define WORDS (BLOCK / 8)
#define BLOCKS_MAGIC 0x6c65646f6d6b7364ull
/* The largest request that the target takes in one piece. */
#define PIECE 64u

static inline void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, TOOL ": ");
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static inline uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

static inline uint64_t draw(uint64_t *state, uint64_t below)
{
	*state += 0x9e3779b97f4a7c15ull;
	return mix(*state) % below;
}

static inline void fill(unsigned char *to, uint64_t lba, uint32_t writer)
{
	uint64_t *word = (uint64_t *)to, x;
	unsigned int i;

	if (!writer) {
		memset(to, 0, BLOCK);
		return;
	}
	word[0] = BLOCKS_MAGIC;
	word[1] = lba;
	word[2] = writer;
	x = mix(lba * 0x100000001b3ull + writer);
	for (i = 3; i < WORDS; i++)
		word[i] = x = x * 6364136223846793005ull + 1442695040888963407ull;
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

#endif /* LAB_BLOCKS_H */
