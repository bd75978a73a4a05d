// SPDX-License-Identifier: GPL-2.0-only
/* Compaction: which runs to merge. */
#include <linux/bitmap.h>

#include "compact.h"

/* The version in force; maint_mutex is held, so it stays. */
static const struct sworn_version *version(const struct sworn_compact *c)
{
	return rcu_dereference_protected(c->ix->catalog.version, true);
}

static void begin(struct sworn_compact *c, struct sworn_round *round, u32 first,
		  u32 nr)
{
	const struct sworn_catalog *cat = &c->ix->catalog;
	const struct sworn_version *v = version(c);

	round->on = true;
	round->newest = sworn_catalog_run(cat, v, first);
	round->oldest = sworn_catalog_run(cat, v, first + nr - 1);
	round->cursor = 0;
}

bool sworn_compact_plan_front(struct sworn_compact *c)
{
	const struct sworn_catalog *cat = &c->ix->catalog;
	const struct sworn_version *v = version(c);
	u32 first, nr, most = v->nr_runs;

	if (c->front.on)
		return true;
	/* those of the deep round are spoken for */
	while (c->deep.on && most &&
	       sworn_catalog_run(cat, v, most - 1) <= c->deep.newest)
		most--;
	/* the newest of a group of equals may have smaller ones before it */
	for (first = 0; first + SWORN_COMPACT_RUNS_MIN <= most; first++) {
		u64 newest = sworn_catalog_records(cat, v, first);

		for (nr = 1; first + nr < most && nr < SWORN_COMPACT_RUNS_MAX; nr++)
			if (sworn_catalog_records(cat, v, first + nr) > 2 * newest)
				break;
		if (nr >= SWORN_COMPACT_RUNS_MIN) {
			begin(c, &c->front, first, nr);
			return true;
		}
	}
	return false;
}

bool sworn_compact_plan_deep(struct sworn_compact *c, bool single)
{
	u32 nr = version(c)->nr_runs;

	if (c->deep.on)
		return true;
	if (nr < (single ? 1 : 2))
		return false;
	/* what the other round was about is part of it */
	c->front.on = false;
	/* the oldest ones, if there are too many for one round */
	begin(c, &c->deep, nr - min(nr, SWORN_COMPACT_RUNS_MAX),
	      min(nr, SWORN_COMPACT_RUNS_MAX));
	c->unsettled_since = 0;
	c->partial = nr > SWORN_COMPACT_RUNS_MAX;
	c->whole = nr <= SWORN_COMPACT_RUNS_MAX && !c->old_tables;
	bitmap_zero(c->epochs, c->ix->geo->max_epochs);
	return true;
}
