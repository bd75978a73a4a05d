/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests' programs have in common: how they give up, and contents that
 * follow from numbers.  Included once, as the first header.
 */
#ifndef LAB_TOOL_H
#define LAB_TOOL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef TOOL_FAILED
#define TOOL_FAILED 1	/* the status of a program that gave up */
#endif

static inline void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(TOOL_FAILED);
}

static inline uint64_t parse_number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || end == text)
		die("\"%s\" is no number", text);
	return value;
}

/* A number that looks like none of its neighbours'. */
static inline uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

/* COUNT words that follow from X, each from the one before. */
static inline void fill_words(uint64_t *word, size_t count, uint64_t x)
{
	size_t i;

	for (i = 0; i < count; i++)
		word[i] = x = x * 6364136223846793005ull + 1442695040888963407ull;
}

#endif /* LAB_TOOL_H */
