// SPDX-License-Identifier: GPL-2.0-only
/* MemTables: insertion, lookup, cuts, rotation, sorting. */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../index/memtable.h"
#include "selftest.h"

#define CAPACITY 4096U

static void make(struct sworn_disk_record *d, u64 lba, u64 hba)
{
	struct sworn_record r = { .lba = lba, .hba = hba };

	sworn_record_encode(d, &r);
}

static u32 put(struct sworn_tables *t, u64 lba, u64 hba)
{
	struct sworn_disk_record d;
	bool nomem;

	make(&d, lba, hba);
	return sworn_tables_insert(t, &d, 1, true, NULL, &nomem);
}

/* HBA of a block, SWORN_HBA_NONE for a tombstone, 0 if there is none. */
static u64 look(struct sworn_tables *t, u64 lba)
{
	struct sworn_disk_record d;
	struct sworn_record r;
	u64 todo = 1;

	rcu_read_lock();
	sworn_tables_lookup(t, lba, &d, &todo);
	rcu_read_unlock();
	if (todo)
		return 0;
	sworn_record_decode(&r, &d);
	return sworn_record_is_tombstone(&r) ? SWORN_HBA_NONE : r.hba;
}

static bool newest_wins(struct sworn_tables *t)
{
	bool ok = true;

	SELFTEST_CHECK(look(t, 5) == 0);
	SELFTEST_CHECK(put(t, 5, 100) == 1);
	SELFTEST_CHECK(look(t, 5) == 100);
	SELFTEST_CHECK(put(t, 5, 101) == 1);
	SELFTEST_CHECK(look(t, 5) == 101);
	SELFTEST_CHECK(!sworn_tables_insert_range(t, 0, 1000, true));
	SELFTEST_CHECK(look(t, 5) == SWORN_HBA_NONE);
	SELFTEST_CHECK(look(t, 999) == SWORN_HBA_NONE);
	SELFTEST_CHECK(look(t, 1000) == 0);
	SELFTEST_CHECK(put(t, 5, 102) == 1);
	SELFTEST_CHECK(look(t, 5) == 102);
	SELFTEST_CHECK(look(t, 6) == SWORN_HBA_NONE);
	SELFTEST_CHECK(atomic_read(&t->nr_staged) == 4);
	return ok;
}

static bool cuts_and_rotation(struct sworn_tables *t)
{
	struct sworn_cut cut;
	bool ok = true;

	sworn_tables_cut(t, &cut, true);
	SELFTEST_CHECK(look(t, 5) == 102);
	SELFTEST_CHECK(put(t, 5, 103) == 1);
	SELFTEST_CHECK(look(t, 5) == 103);
	SELFTEST_CHECK(look(t, 6) == SWORN_HBA_NONE);
	SELFTEST_CHECK(!sworn_tables_active_empty(t));
	sworn_tables_uncut(t, &cut);
	SELFTEST_CHECK(atomic_read(&t->nr_staged) == 1);
	sworn_tables_retire(t);
	SELFTEST_CHECK(look(t, 5) == 103);
	SELFTEST_CHECK(look(t, 6) == 0);
	return ok;
}

static bool fills_up(struct sworn_tables *t)
{
	bool ok = true;
	u32 n = 0;

	while (put(t, 10000 + 7 * n, n + 1) == 1)
		n++;
	/* one entry was there before */
	SELFTEST_CHECK(n == CAPACITY - 1);
	SELFTEST_CHECK(sworn_tables_full(t));
	SELFTEST_CHECK(look(t, 10000 + 7 * (n - 1)) == n);
	return ok;
}

static bool sorts(struct sworn_tables *t)
{
	struct sworn_mt_sorted s = {};
	struct sworn_cut cut;
	bool ok = true;
	u64 last = 0;
	u32 i;

	sworn_tables_cut(t, &cut, true);
	sworn_tables_uncut(t, &cut);
	SELFTEST_CHECK(!sworn_mt_sorted_init(&s, CAPACITY));
	if (!ok)
		return false;
	sworn_mt_sort(&s, rcu_dereference_protected(t->frozen, true), 1ULL << 20);
	SELFTEST_CHECK(s.nr == CAPACITY);
	for (i = 0; i < s.nr; i++) {
		u64 lba = sworn_disk_record_lba(&s.mt->entries[s.order[i]].rec);

		SELFTEST_CHECK(!i || lba > last);
		last = lba;
	}
	sworn_mt_sorted_exit(&s);
	return ok;
}

bool sworn_selftest_memtable(void)
{
	struct sworn_tables *t = kzalloc(sizeof(*t), GFP_KERNEL);
	bool ok = true;

	SELFTEST_CHECK(t && !sworn_tables_init(t, CAPACITY));
	if (ok)
		ok = newest_wins(t) && cuts_and_rotation(t) && fills_up(t) &&
		     sorts(t);
	if (t)
		sworn_tables_exit(t);
	kfree(t);
	return ok;
}
