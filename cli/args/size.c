// SPDX-License-Identifier: GPL-2.0-only
/* Sizes as people write and read them; see size.h. */
#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char prefixes[] = "kmgtpe";

/* Bytes of a unit; 0 if there is no such unit. */
static uint64_t unit_bytes(const char *unit)
{
	const char *prefix;
	uint64_t base = 1024, bytes = 1;

	if (!*unit || !strcasecmp(unit, "b"))
		return 1;
	if (!strcmp(unit, "s"))
		return 512;
	prefix = strchr(prefixes, tolower((unsigned char)unit[0]));
	if (!prefix)
		return 0;
	if (!strcasecmp(unit + 1, "b"))
		base = 1000;
	else if (unit[1] && strcasecmp(unit + 1, "ib"))
		return 0;
	for (long n = prefix - prefixes + 1; n > 0; n--)
		bytes *= base;
	return bytes;
}

/*
 * The number in @text as a fraction of whole numbers, so that 1.1T comes out
 * exact or is refused, never rounded behind the caller's back.
 */
static int parse_decimal(const char **text, uint64_t *digits, uint64_t *scale)
{
	const char *p = *text;
	int seen = 0, point = 0;

	*digits = 0;
	*scale = 1;
	for (;; p++) {
		if (*p == '.' && !point) {
			point = 1;
			continue;
		}
		if (!isdigit((unsigned char)*p))
			break;
		seen = 1;
		if (__builtin_mul_overflow(*digits, 10, digits) ||
		    __builtin_add_overflow(*digits, (uint64_t)(*p - '0'), digits) ||
		    (point && __builtin_mul_overflow(*scale, 10, scale)))
			return -ERANGE;
	}
	if (!seen || (point && p[-1] == '.'))
		return -EINVAL;
	*text = p;
	return 0;
}

int size_parse(const char *text, uint64_t *bytes)
{
	uint64_t digits, scale, unit;
	unsigned __int128 product;
	int err;

	err = parse_decimal(&text, &digits, &scale);
	if (err)
		return err;
	while (*text == ' ')
		text++;
	unit = unit_bytes(text);
	if (!unit)
		return -EINVAL;
	product = (unsigned __int128)digits * unit;
	if (product % scale)
		return -EINVAL;
	product /= scale;
	if (product > UINT64_MAX)
		return -ERANGE;
	*bytes = (uint64_t)product;
	return 0;
}

const char *size_text(char buf[SIZE_TEXT_MAX], uint64_t bytes)
{
	double value = (double)bytes;
	int n = 0;

	while (value >= 1024 && prefixes[n]) {
		value /= 1024;
		n++;
	}
	if (!n)
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 " B", bytes);
	else
		snprintf(buf, SIZE_TEXT_MAX, "%.*f %ciB", value < 10 ? 2 : 1,
			 value, toupper((unsigned char)prefixes[n - 1]));
	return buf;
}

const char *size_exact(char buf[SIZE_TEXT_MAX], uint64_t bytes)
{
	int n = 0;

	while (bytes && !(bytes % 1024) && prefixes[n]) {
		bytes /= 1024;
		n++;
	}
	if (!n)
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64, bytes);
	else
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 "%c", bytes,
			 toupper((unsigned char)prefixes[n - 1]));
	return buf;
}
