// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction: BITs that need not be written anew.
 *
 * One of the oldest run stays when no newer run has a record in its range.  One
 * of a newer run that is alone in its range, and has a record for every LBA
 * there, becomes one of the oldest run as it is.  So what is written in order
 * is merged without being written again, and a merge of all runs writes no more
 * than what they have in common.  When blocks are to be moved all is written.
 */
#include "compact.h"
#include "keep.h"
#include "run_reader.h"

static bool moving(const struct sworn_compact *c)
{
	return c->moves && c->moves(c->mover_data);
}

/*
 * BITs that are not rather full are worth joining with others, and all are
 * that have room when index segments are short.
 */
static bool large(const struct sworn_compact *c, const struct sworn_bit *bit)
{
	const struct sworn_geometry *geo = c->ix->geo;
	u32 leaves = sworn_bit_max_leaves(geo->index_segment_blocks);
	bool tight = READ_ONCE(c->ix->catalog.nr_free) < geo->index_segments / 8;

	return bit->nr_records >= leaves * SWORN_NODE_LEAF_MAX / 16 *
				  (tight ? 15 : 10);
}

u64 sworn_compact_skip(struct sworn_compact *c, u32 run, u64 cursor, u64 newer)
{
	const struct sworn_catalog *cat = &c->ix->catalog;
	const struct sworn_version *v = rcu_dereference_protected(cat->version,
								  true);
	u32 i;

	for (i = v->first[run]; !moving(c) && i < v->first[run + 1]; i++) {
		const struct sworn_bit *bit = &cat->bit[v->order[i]];

		if (bit->last_lba < cursor)
			continue;
		if (bit->last_lba >= newer || v->from[i] < cursor ||
		    !large(c, bit))
			break;
		cursor = bit->last_lba + 1;
		/* nobody looked under which keys its records are */
		c->whole = false;
	}
	return cursor;
}

/* Do all other runs go on behind the BIT that a reader is at? */
static bool alone(const struct sworn_compact *c, const struct sworn_run_reader *r)
{
	u32 i;

	for (i = 0; i < c->nr_runs; i++)
		if (&c->reader[i] != r && !c->reader[i].done &&
		    c->reader[i].rec.lba <= r->bit_last)
			return false;
	return true;
}

bool sworn_compact_stays(const struct sworn_compact *c,
			 const struct sworn_run_reader *r)
{
	const struct sworn_bit *bit = &c->ix->catalog.bit[r->bit_segment];

	if (!r->at_start || r->rec.lba != r->bit_from || moving(c) ||
	    !large(c, bit) || !alone(c, r))
		return false;
	return r == &c->reader[c->nr_runs - 1] ||
	       bit->nr_records == r->bit_last - r->bit_from + 1;
}

bool sworn_compact_pass_on(struct sworn_compact *c, struct sworn_round *round,
			   const struct sworn_run_reader *r)
{
	if (!r || r == &c->reader[c->nr_runs - 1] || !sworn_compact_stays(c, r))
		return false;
	c->bits[0] = c->ix->catalog.bit[r->bit_segment];
	c->bits[0].first_lba = r->bit_from;
	c->bits[0].run = round->oldest;
	c->edit.nr = 1;
	c->edit.hi = r->bit_last + 1;
	c->whole = false;
	return true;
}
