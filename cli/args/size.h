/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes as people write and read them. */
#ifndef SWORNADM_ARGS_SIZE_H
#define SWORNADM_ARGS_SIZE_H

#include <stddef.h>
#include <stdint.h>

/**
 * size_parse() - bytes from text
 * @text: a number, with a fraction if need be, and a unit: none or B for
 *	bytes; s for 512-byte sectors; K, M, G, T, P and KiB, MiB, ... for powers of
 *	1024; KB, MB, ... for powers of 1000.  Letters of either case.
 * @bytes: filled in
 *
 * Return: 0, -EINVAL (not a size, or not a whole number of bytes), -ERANGE.
 */
int size_parse(const char *text, uint64_t *bytes);

#define SIZE_TEXT_MAX 32

/* Bytes to text for people ("1.5 GiB"); returns @buf. */
const char *size_text(char buf[SIZE_TEXT_MAX], uint64_t bytes);

/*
 * Bytes to text that size_parse() reads back as the same number, in the
 * largest unit that leaves no fraction ("96M"); returns @buf.
 */
const char *size_exact(char buf[SIZE_TEXT_MAX], uint64_t bytes);

#endif /* SWORNADM_ARGS_SIZE_H */
