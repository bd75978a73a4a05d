// SPDX-License-Identifier: GPL-2.0-only
/* The table line; see table.h. */
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "include/uapi/sworndisk_target.h"

#define DM_UUID_PREFIX	"SWORNDISK-"

/* Options of a table line and their number, which stands before them. */
struct words {
	char text[1024];
	size_t used;
	int nr;
};

__attribute__((format(printf, 2, 3)))
static void add(struct words *w, const char *fmt, ...)
{
	size_t room = sizeof(w->text) - w->used;
	va_list ap;
	int n;

	w->text[w->used] = ' ';
	va_start(ap, fmt);
	n = vsnprintf(w->text + w->used + 1, room - 1, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room - 1) {
		w->nr = -1;
		return;
	}
	w->used += (size_t)n + 1;
	if (w->nr >= 0)
		w->nr++;
}

static void add_format_options(struct words *w, const struct table_request *r)
{
	if (r->cipher)
		add(w, SWORN_OPT_CIPHER ":%s", r->cipher);
	if (r->segment_bytes)
		add(w, SWORN_OPT_SEGMENT ":%" PRIu64, r->segment_bytes / 512);
	if (r->uuid)
		add(w, SWORN_OPT_UUID ":%s", r->uuid);
	if (r->overcommit)
		add(w, SWORN_OPT_OVERCOMMIT);
}

int table_text(const struct table_request *r, char *text, size_t bytes)
{
	struct words w = { .used = 0 };
	int n;

	add(&w, SWORN_OPT_KEY ":%s", r->key);
	add_format_options(&w, r);
	if (r->cache_bytes)
		add(&w, SWORN_OPT_CACHE ":%" PRIu64, r->cache_bytes);
	if (r->heads)
		add(&w, SWORN_OPT_HEADS ":%" PRIu64, r->heads);
	if (r->min_commit_given)
		add(&w, SWORN_OPT_MIN_COMMIT ":%" PRIu64, r->min_commit);
	if (r->read_only)
		add(&w, SWORN_OPT_READ_ONLY);
	if (w.nr < 0)
		return -E2BIG;
	n = snprintf(text, bytes, "%s %s 0 %s %d%s", r->data, r->meta,
		     r->format, w.nr, w.text);
	return n < 0 || (size_t)n >= bytes ? -E2BIG : 0;
}

int table_devices(const char *params, struct table_devices *devices)
{
	return sscanf(params, "%4095s %4095s", devices->data, devices->meta) == 2 ?
		0 : -EINVAL;
}

static void plain_uuid(char digits[33], const uint8_t uuid[UUID_BYTES])
{
	for (int i = 0; i < UUID_BYTES; i++)
		sprintf(digits + 2 * i, "%02x", uuid[i]);
}

const char *table_dm_uuid(char text[TABLE_DM_UUID_MAX],
			  const uint8_t uuid[UUID_BYTES], const char *name)
{
	char digits[33];

	plain_uuid(digits, uuid);
	snprintf(text, TABLE_DM_UUID_MAX, DM_UUID_PREFIX "%s-%s", digits, name);
	return text;
}

bool table_dm_uuid_ours(const char *text)
{
	return !strncmp(text, DM_UUID_PREFIX, strlen(DM_UUID_PREFIX));
}

bool table_dm_uuid_is(const char *text, const uint8_t uuid[UUID_BYTES])
{
	char digits[33];

	plain_uuid(digits, uuid);
	return table_dm_uuid_ours(text) &&
	       !strncmp(text + strlen(DM_UUID_PREFIX), digits, 32);
}
