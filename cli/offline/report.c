// SPDX-License-Identifier: GPL-2.0-only
/* What a check finds; see report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

/* Those that there is no room for are written here. */
static struct finding surplus;

struct finding *report_add(struct report *r, enum finding_level level,
			   const char *structure, const char *fmt, ...)
{
	struct finding *f = &surplus;
	va_list ap;

	*(level == FINDING_ERROR ? &r->errors : &r->notes) += 1;
	if (r->nr < REPORT_FINDINGS_MAX) {
		struct finding *more = array_room(r->finding, r->nr, &r->room, sizeof(*f));

		if (more) {
			r->finding = more;
			f = &more[r->nr++];
		} else {
			r->out_of_memory = true;
		}
	}
	memset(f, 0, sizeof(*f));
	f->level = level;
	f->structure = structure;
	va_start(ap, fmt);
	vsnprintf(f->what, sizeof(f->what), fmt, ap);
	va_end(ap);
	return f;
}

void finding_at(struct finding *f, const char *device, uint64_t block,
		uint64_t blocks)
{
	f->device = device;
	f->block = block;
	f->blocks = blocks;
}

void finding_texts(struct finding *f, const char *field, const char *found,
		   const char *expected)
{
	snprintf(f->field, sizeof(f->field), "%s", field);
	snprintf(f->found, sizeof(f->found), "%s", found);
	snprintf(f->expected, sizeof(f->expected), "%s", expected);
}

void finding_value(struct finding *f, const char *field, uint64_t found,
		   uint64_t expected)
{
	char a[24], b[24];

	snprintf(a, sizeof(a), "%" PRIu64, found);
	snprintf(b, sizeof(b), "%" PRIu64, expected);
	finding_texts(f, field, a, b);
}

void finding_lbas(struct finding *f, uint64_t first, uint64_t last)
{
	f->has_lbas = true;
	f->first_lba = first;
	f->last_lba = last;
}

void finding_lost(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->lost, sizeof(f->lost), fmt, ap);
	va_end(ap);
}

void report_bad_lbas(struct report *r, uint64_t first, uint64_t last)
{
	struct lba_ranges *l = &r->bad;
	struct lba_range *before = l->nr ? &l->range[l->nr - 1] : NULL, *more;

	if (before && first > before->first && first <= before->last + 1) {
		if (last > before->last)
			before->last = last;
		return;
	}
	more = array_room(l->range, l->nr, &l->room, sizeof(*more));
	if (!more) {
		r->out_of_memory = true;
		return;
	}
	l->range = more;
	l->range[l->nr++] = (struct lba_range){ first, last };
}

static int by_first(const void *a, const void *b)
{
	const struct lba_range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

void report_sort_bad(struct report *r)
{
	struct lba_ranges *l = &r->bad;
	size_t i, n = 0;

	if (l->nr)
		qsort(l->range, l->nr, sizeof(*l->range), by_first);
	l->blocks = 0;
	for (i = 0; i < l->nr; i++) {
		struct lba_range now = l->range[i];

		if (n && now.first <= l->range[n - 1].last + 1) {
			if (now.last > l->range[n - 1].last)
				l->range[n - 1].last = now.last;
		} else {
			l->range[n++] = now;
		}
	}
	l->nr = n;
	for (i = 0; i < n; i++)
		l->blocks += l->range[i].last - l->range[i].first + 1;
}

void report_free(struct report *r)
{
	free(r->finding);
	free(r->bad.range);
	memset(r, 0, sizeof(*r));
}
