// SPDX-License-Identifier: GPL-2.0-only
/*
 * All records of a volume; see walk.h.
 *
 * Sources from newest to oldest: of each MemTable the records that no later
 * tombstone covers, then its tombstones; then the runs.  Whoever speaks of an
 * LBA first is right.
 */
#include "walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "run.h"

/**
 * struct source - records in the order of LBAs
 * @list: of a MemTable: what is left; else @run
 * @hidden: they count as references only
 * @head: the next record, if @there
 * @zero_end: a tombstone of it reaches up to here
 */
struct source {
	const struct table_record *list;
	size_t nr;
	bool hidden;
	bool is_run;
	struct run run;
	bool there;
	struct sworn_record head;
	u64 zero_end;
};

static int advance(struct source *s)
{
	int there;

	if (s->is_run) {
		there = run_next(&s->run, &s->head);
	} else {
		there = s->nr > 0;
		if (there) {
			s->head = s->list->rec;
			s->list++;
			s->nr--;
		}
	}
	s->there = there > 0;
	return there < 0 ? there : 0;
}

static void list_source(struct source *s, const struct table_record *list,
			size_t nr, bool hidden)
{
	s->list = list;
	s->nr = nr;
	s->hidden = hidden;
}

static size_t add_memtable(struct source *s, const struct memtable *t)
{
	list_source(&s[0], t->record, t->nr, false);
	list_source(&s[1], t->range, t->nr_ranges, false);
	list_source(&s[2], t->hidden, t->nr_hidden, true);
	return 3;
}

#define MEMTABLE_SOURCES 6

static size_t count_runs(const struct state *st)
{
	size_t n = 0;

	for (size_t i = 0; i < st->nr_bits; i++)
		n += !i || st->bit[i].run != st->bit[i - 1].run;
	return n;
}

/* BITs of one run do not overlap. */
static void check_run(const struct sworn_bit *bit, size_t nr,
		      struct report *report)
{
	for (size_t i = 1; i < nr; i++) {
		struct finding *f;

		if (bit[i].first_lba > bit[i - 1].last_lba)
			continue;
		f = report_add(report, FINDING_ERROR, "tables",
			       "catalog: BITs %" PRIu64 " and %" PRIu64 " of run %" PRIu64 " overlap",
			       bit[i - 1].id, bit[i].id, bit[i].run);
		finding_lbas(f, bit[i].first_lba, bit[i - 1].last_lba);
	}
}

static int add_runs(struct source *s, struct walk *w)
{
	const struct state *st = w->state;
	size_t first = 0;
	int err = 0;

	for (size_t i = 1; !err && i <= st->nr_bits; i++) {
		if (i < st->nr_bits && st->bit[i].run == st->bit[first].run)
			continue;
		check_run(&st->bit[first], i - first, w->report);
		s->is_run = true;
		err = run_init(&s->run, w, &st->bit[first], i - first);
		s++;
		first = i;
		w->counts->runs++;
	}
	return err;
}

/* Is there anything newer than source @n that speaks of @lba? */
static bool is_hidden(const struct source *s, size_t n, u64 lba, bool answered)
{
	if (answered || s[n].hidden)
		return true;
	for (size_t i = 0; i < n; i++)
		if (s[i].zero_end > lba)
			return true;
	return false;
}

/* Take all that begins at @lba. */
static int take(struct walk *w, struct source *s, size_t nr, u64 lba)
{
	/* settled: the block of the next older record may be another's by now */
	bool answered = false, settled = false, gone;
	int err = 0;

	for (size_t i = 0; !err && i < nr; i++) {
		struct sworn_record *r = &s[i].head;

		if (!s[i].there || r->lba != lba)
			continue;
		w->counts->records++;
		gone = settled;
		settled = r->settled;
		if (sworn_record_is_tombstone(r)) {
			w->counts->tombstones++;
			s[i].zero_end = lba + r->hba;
		} else if (w->ops->record && !gone) {
			err = w->ops->record(w->data, r,
					     !is_hidden(s, i, lba, answered));
		}
		if (!sworn_record_is_tombstone(r) && !s[i].hidden)
			answered = true;
		if (!err)
			err = advance(&s[i]);
	}
	return err;
}

static int merge(struct walk *w, struct source *s, size_t nr)
{
	int err = 0;

	for (size_t i = 0; !err && i < nr; i++)
		err = advance(&s[i]);
	while (!err) {
		u64 lba = ~0ULL;

		if (image_cancelled())
			return -ECANCELED;
		for (size_t i = 0; i < nr; i++)
			if (s[i].there && s[i].head.lba < lba)
				lba = s[i].head.lba;
		if (lba == ~0ULL)
			return 0;
		err = take(w, s, nr, lba);
	}
	return err;
}

int walk_records(const struct image *img, struct state *state,
		 const struct walk_ops *ops, void *data,
		 struct walk_counts *counts, struct report *report)
{
	struct report nobody = { 0 };
	struct walk w = {
		.img = img,
		.state = state,
		.ops = ops,
		.data = data,
		.counts = counts,
		.report = report ? report : &nobody,
	};
	size_t nr = MEMTABLE_SOURCES + count_runs(state), n;
	struct source *s = calloc(nr, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	*counts = (struct walk_counts){ 0 };
	n = add_memtable(s, &state->active);
	n += add_memtable(s + n, &state->frozen_table);
	err = add_runs(s + n, &w);
	if (!err)
		err = merge(&w, s, nr);
	for (size_t i = 0; i < nr; i++)
		if (s[i].is_run)
			run_free(&s[i].run);
	free(s);
	report_free(&nobody);
	return err;
}
