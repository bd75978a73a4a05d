// SPDX-License-Identifier: GPL-2.0-only
/* MemTables as the journal left them; see state.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "state.h"

static u64 hash(u64 lba)
{
	return (lba * 0x9e3779b97f4a7c15ULL) >> 24;
}

static u32 *slot_of(struct memtable *t, u64 lba)
{
	u64 i = hash(lba) & (t->slots - 1);

	while (t->slot[i] && t->record[t->slot[i] - 1].rec.lba != lba)
		i = (i + 1) & (t->slots - 1);
	return &t->slot[i];
}

/* Twice as many slots as records, at the least. */
static int grow(struct memtable *t)
{
	size_t room = t->room ? 2 * t->room : 1024;
	struct table_record *more;
	u32 *slot;

	more = reallocarray(t->record, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	t->record = more;
	slot = calloc(2 * room, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	free(t->slot);
	t->slot = slot;
	t->slots = 2 * room;
	t->room = room;
	for (size_t i = 0; i < t->nr; i++)
		*slot_of(t, t->record[i].rec.lba) = (u32)i + 1;
	return 0;
}

int memtable_insert(struct memtable *t, const struct sworn_record *rec, u64 seq,
		    u64 *old_hba, bool *replaced)
{
	struct table_record *r;
	u32 *slot;
	int err;

	if (t->nr == t->room) {
		err = grow(t);
		if (err)
			return err;
	}
	slot = slot_of(t, rec->lba);
	*replaced = *slot;
	if (*slot) {
		r = &t->record[*slot - 1];
		*old_hba = r->rec.hba;
	} else {
		r = &t->record[t->nr++];
		*slot = (u32)t->nr;
	}
	r->rec = *rec;
	r->seq = seq;
	return 0;
}

int memtable_insert_range(struct memtable *t, const struct sworn_record *rec,
			  u64 seq)
{
	struct table_record *more = array_room(t->range, t->nr_ranges, &t->range_room,
					       sizeof(*more));

	if (!more)
		return -ENOMEM;
	t->range = more;
	t->range[t->nr_ranges++] = (struct table_record){ *rec, seq };
	return 0;
}

static int by_lba(const void *a, const void *b)
{
	const struct table_record *x = a, *y = b;

	return (x->rec.lba > y->rec.lba) - (x->rec.lba < y->rec.lba);
}

static size_t first_from(const struct memtable *t, u64 lba)
{
	size_t lo = 0, hi = t->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->record[mid].rec.lba < lba)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A record that a later tombstone covers gets the number 0. */
static void mark_covered(struct memtable *t)
{
	for (size_t i = 0; i < t->nr_ranges; i++) {
		const struct table_record *r = &t->range[i];
		u64 end = r->rec.lba + r->rec.hba;

		for (size_t k = first_from(t, r->rec.lba);
		     k < t->nr && t->record[k].rec.lba < end; k++)
			if (t->record[k].seq < r->seq)
				t->record[k].seq = 0;
	}
}

static int split_covered(struct memtable *t)
{
	size_t kept = 0;

	t->hidden = calloc(t->nr ? t->nr : 1, sizeof(*t->hidden));
	if (!t->hidden)
		return -ENOMEM;
	for (size_t i = 0; i < t->nr; i++) {
		if (t->record[i].seq)
			t->record[kept++] = t->record[i];
		else
			t->hidden[t->nr_hidden++] = t->record[i];
	}
	t->nr = kept;
	return 0;
}

/* What is left of the records is newer than any range over it. */
static void unite_ranges(struct memtable *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->nr_ranges; i++) {
		const struct sworn_record *r = &t->range[i].rec;
		struct sworn_record *before = n ? &t->range[n - 1].rec : NULL;

		if (before && r->lba <= before->lba + before->hba) {
			if (r->lba + r->hba > before->lba + before->hba)
				before->hba = r->lba + r->hba - before->lba;
		} else {
			t->range[n++] = t->range[i];
		}
	}
	t->nr_ranges = n;
}

int memtable_sort(struct memtable *t)
{
	if (t->nr)
		qsort(t->record, t->nr, sizeof(*t->record), by_lba);
	mark_covered(t);
	if (split_covered(t))
		return -ENOMEM;
	if (t->nr_ranges)
		qsort(t->range, t->nr_ranges, sizeof(*t->range), by_lba);
	unite_ranges(t);
	return 0;
}

void memtable_free(struct memtable *t)
{
	free(t->record);
	free(t->slot);
	free(t->range);
	free(t->hidden);
	memset(t, 0, sizeof(*t));
}
