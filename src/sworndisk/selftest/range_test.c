// SPDX-License-Identifier: GPL-2.0-only
/* Range tombstones against a plain array that does the same. */
#include <linux/prandom.h>
#include <linux/slab.h>

#include "../index/range.h"
#include "selftest.h"

#define BLOCKS	512U
#define POOL	256U
#define STEPS	2000U

static struct sworn_memtable *make_table(void)
{
	struct sworn_memtable *mt = kzalloc(sizeof(*mt), GFP_KERNEL);
	u32 i;

	if (!mt)
		return NULL;
	mt->ranges = RB_ROOT;
	mt->range_pool = kcalloc(POOL, sizeof(*mt->range_pool), GFP_KERNEL);
	for (i = 0; mt->range_pool && i < POOL; i++) {
		mt->range_pool[i].next_free = mt->free_ranges;
		mt->free_ranges = &mt->range_pool[i];
	}
	return mt;
}

/* The ranges say what the array says, in order and without overlap. */
static bool agree(struct sworn_memtable *mt, const u64 *model)
{
	struct rb_node *n;
	u64 at = 0;
	u32 count = 0;

	for (n = rb_first(&mt->ranges); n; n = rb_next(n)) {
		struct sworn_mt_range *r = rb_entry(n, struct sworn_mt_range, node);

		if (r->start < at || r->end <= r->start || r->end > BLOCKS)
			return false;
		for (; at < r->start; at++)
			if (model[at])
				return false;
		for (; at < r->end; at++)
			if (model[at] != r->seq)
				return false;
		count++;
	}
	for (; at < BLOCKS; at++)
		if (model[at])
			return false;
	return count == mt->nr_ranges;
}

bool sworn_selftest_range(void)
{
	struct sworn_memtable *mt = make_table();
	u64 *model = kcalloc(BLOCKS, sizeof(*model), GFP_KERNEL);
	struct rnd_state rnd;
	bool ok = true;
	u64 seq, at;

	SELFTEST_CHECK(mt && mt->range_pool && model);
	prandom_seed_state(&rnd, 42);
	for (seq = 1; ok && seq <= STEPS; seq++) {
		u64 start = prandom_u32_state(&rnd) % BLOCKS;
		u64 end = start + 1 + prandom_u32_state(&rnd) %
			  min_t(u64, BLOCKS - start, 40);

		if (sworn_ranges_insert(mt, start, end, seq))
			continue;
		for (at = start; at < end; at++)
			model[at] = seq;
		SELFTEST_CHECK(agree(mt, model));
	}
	if (mt)
		kfree(mt->range_pool);
	kfree(mt);
	kfree(model);
	return ok;
}
