// SPDX-License-Identifier: GPL-2.0-only
/* UUIDs; see uuid.h. */
#include "uuid.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* Dashes stand before these bytes. */
static bool dash_before(int byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	if (isxdigit((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return -1;
}

int uuid_parse(const char *text, uint8_t uuid[UUID_BYTES])
{
	int i, hi, lo;

	for (i = 0; i < UUID_BYTES; i++) {
		if (dash_before(i) && *text++ != '-')
			return -EINVAL;
		hi = hex_value(text[0]);
		lo = hi < 0 ? -1 : hex_value(text[1]);
		if (lo < 0)
			return -EINVAL;
		uuid[i] = (uint8_t)(hi << 4 | lo);
		text += 2;
	}
	return *text ? -EINVAL : 0;
}

const char *uuid_text(char buf[UUID_TEXT_MAX], const uint8_t uuid[UUID_BYTES])
{
	char *p = buf;
	int i;

	for (i = 0; i < UUID_BYTES; i++) {
		if (dash_before(i))
			*p++ = '-';
		p += sprintf(p, "%02x", uuid[i]);
	}
	return buf;
}

int uuid_random(uint8_t uuid[UUID_BYTES])
{
	if (getrandom(uuid, UUID_BYTES, 0) != UUID_BYTES)
		return -errno;
	uuid[6] = (uuid[6] & 0x0f) | 0x40;
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
	return 0;
}
