// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction: a step.
 *
 * Each run is a sequence of records that do not overlap.  Of the records that
 * come next, the one that begins first, and of those that begin together the
 * one of the newest run, is the next to write.  What it covers of older runs is
 * dead.  A tombstone is cut where a record of a newer run begins.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "bit_writer.h"
#include "compact.h"
#include "keep.h"
#include "run_reader.h"

#define LBA_END		(~0ULL)
/* What a step must be able to do whatever the geometry. */
#define EXTENTS_MIN	1024U
/* Records between two looks whether somebody waits. */
#define STEPS_PER_LOOK	256U
/* Moving takes time: so many blocks in a step are enough when somebody waits. */
#define MOVED_MAX	1024U

int sworn_compact_init(struct sworn_compact *c, struct sworn_index *ix,
		       size_t cryptor_bytes)
{
	u32 i;

	c->ix = ix;
	c->front.on = false;
	c->deep.on = false;
	c->max_extents = max(ix->geo->memtable_records, EXTENTS_MIN);
	c->epochs = kvcalloc(BITS_TO_LONGS(ix->geo->max_epochs), sizeof(long),
			     GFP_KERNEL);
	c->dead = kvmalloc_array(c->max_extents, sizeof(*c->dead), GFP_KERNEL);
	c->live = kvmalloc_array(c->max_extents, sizeof(*c->live), GFP_KERNEL);
	c->reader = kcalloc(SWORN_COMPACT_RUNS_MAX, sizeof(*c->reader),
			    GFP_KERNEL);
	c->writer = sworn_bit_writer_create(ix, cryptor_bytes);
	if (!c->dead || !c->live || !c->epochs || !c->reader || !c->writer)
		goto err;
	for (i = 0; i < SWORN_COMPACT_RUNS_MAX; i++)
		if (sworn_run_reader_init(&c->reader[i]))
			goto err;
	return 0;
err:
	sworn_compact_exit(c);
	return -ENOMEM;
}

void sworn_compact_exit(struct sworn_compact *c)
{
	u32 i;

	for (i = 0; c->reader && i < SWORN_COMPACT_RUNS_MAX; i++)
		sworn_run_reader_exit(&c->reader[i]);
	kfree(c->reader);
	kvfree(c->dead);
	kvfree(c->live);
	kvfree(c->epochs);
	sworn_bit_writer_destroy(c->writer);
	c->reader = NULL;
	c->dead = NULL;
	c->live = NULL;
	c->epochs = NULL;
	c->writer = NULL;
}

u64 sworn_compact_bytes(const struct sworn_compact *c)
{
	return 2ULL * c->max_extents * sizeof(struct sworn_extent) +
	       (u64)SWORN_COMPACT_RUNS_MAX * (1 + SWORN_AHEAD_BLOCKS) *
	       SWORN_BLOCK_SIZE;
}

u64 sworn_compact_blocks(const struct sworn_compact *c)
{
	return c->writer ? atomic64_read(&c->writer->blocks_written) : 0;
}

/* @r goes, for @newer has the say. */
static void mark_dead(struct sworn_compact *c, const struct sworn_record *r,
		      const struct sworn_record *newer)
{
	if (sworn_record_is_tombstone(r) ||
	    (newer->settled && newer->lba == r->lba))
		return;
	sworn_extent_note(c->dead, &c->nr_dead, r->hba);
	c->dead_blocks++;
}

/* The reader whose record is next: first by LBA, then the newest. */
static struct sworn_run_reader *first_reader(struct sworn_compact *c)
{
	struct sworn_run_reader *best = NULL;
	u32 i;

	for (i = 0; i < c->nr_runs; i++) {
		struct sworn_run_reader *r = &c->reader[i];

		if (!r->done && (!best || r->rec.lba < best->rec.lba))
			best = r;
	}
	return best;
}

/* Where a record of @best must end, for newer runs have the say behind. */
static u64 end_of(struct sworn_compact *c, struct sworn_run_reader *best)
{
	u64 end = best->rec.lba + sworn_record_blocks(&best->rec);
	struct sworn_run_reader *r;

	for (r = c->reader; r < best; r++)
		if (!r->done && r->rec.lba < end)
			end = r->rec.lba;
	return end;
}

static bool hurry(const struct sworn_compact *c)
{
	return c->hurry && c->hurry(c->hurry_data);
}

/*
 * Which records of the window are what a lookup finds?  The block of one that is
 * replaced may be another's by now.
 */
static u64 newest(struct sworn_compact *c)
{
	u64 first = c->window[0].lba & ~(u64)(SWORN_RUN_BLOCKS - 1);
	u64 found, mask = 0;
	struct sworn_record r;
	u32 i, at;

	if (sworn_index_lookup(c->ix, first, SWORN_RUN_BLOCKS, c->seen, &found,
			       SWORN_LOOKUP_UPKEEP))
		return 0;
	for (i = 0; i < c->nr_window; i++) {
		at = c->window[i].lba - first;
		if (!(found & (1ULL << at)))
			continue;
		sworn_record_decode(&r, &c->seen[at]);
		if (sworn_record_same_place(&r, &c->window[i]))
			mask |= 1ULL << i;
	}
	return mask;
}

static bool may_move(const struct sworn_compact *c)
{
	return c->nr_window && c->mover && c->moves(c->mover_data) &&
	       !(c->moved >= MOVED_MAX && hurry(c));
}

/* Write the records that were collected, moving their blocks if that pays. */
static int flush_window(struct sworn_compact *c)
{
	struct sworn_disk_record d;
	u64 moved = 0, was[SWORN_RUN_BLOCKS];
	u32 i, n = c->nr_window;
	int err = 0;

	for (i = 0; i < n; i++)
		was[i] = c->window[i].hba;
	if (may_move(c))
		moved = c->wanted(c->mover_data, c->window, n);
	if (moved)
		moved &= newest(c);
	if (moved)
		moved = c->mover(c->mover_data, c->window, n, moved);
	c->nr_window = 0;
	for (i = 0; i < n; i++) {
		if (!(moved & (1ULL << i)))
			continue;
		c->moved++;
		sworn_extent_note(c->dead, &c->nr_dead, was[i]);
		c->dead_blocks++;
		sworn_extent_note(c->live, &c->nr_live, c->window[i].hba);
	}
	for (i = 0; !err && i < n; i++) {
		__set_bit(c->window[i].epoch, c->epochs);
		sworn_record_encode(&d, &c->window[i]);
		err = sworn_bit_writer_add(c->writer, &d);
	}
	return err;
}

static bool same_window(const struct sworn_compact *c, u64 lba)
{
	return !c->nr_window ||
	       c->window[0].lba / SWORN_RUN_BLOCKS == lba / SWORN_RUN_BLOCKS;
}

static int write_record(struct sworn_compact *c, const struct sworn_record *r,
			u64 end)
{
	bool tombstone = sworn_record_is_tombstone(r);
	struct sworn_record out = *r;
	struct sworn_disk_record d;
	int err = 0;

	if (tombstone || !same_window(c, r->lba))
		err = flush_window(c);
	if (err)
		return err;
	if (!tombstone) {
		c->window[c->nr_window++] = out;
		return 0;
	}
	/* it has nothing to hide where there is nothing older */
	if (c->bottom)
		return 0;
	out.hba = end - r->lba;
	sworn_record_encode(&d, &out);
	return sworn_bit_writer_add(c->writer, &d);
}

/* Of the readers of runs older than @best, the one that is behind the others. */
static struct sworn_run_reader *first_older(struct sworn_compact *c,
					    struct sworn_run_reader *best)
{
	struct sworn_run_reader *first = NULL, *r;

	for (r = best + 1; r < c->reader + c->nr_runs; r++)
		if (!r->done && (!first || r->rec.lba < first->rec.lba))
			first = r;
	return first;
}

/*
 * What is left must do for the blocks that the mover takes out of a window, and
 * for what else goes at an LBA where one record is gone already.
 */
static bool dead_full(const struct sworn_compact *c)
{
	return c->dead_blocks + SWORN_RUN_BLOCKS + c->nr_runs >= c->max_extents;
}

/* Does any of the older runs come to a record of @lba that is settled? */
static bool settled_at(const struct sworn_compact *c,
		       const struct sworn_run_reader *best, u64 lba)
{
	const struct sworn_run_reader *r;

	for (r = best + 1; r < c->reader + c->nr_runs; r++)
		if (!r->done && r->rec.lba == lba && r->rec.settled)
			return true;
	return false;
}

/*
 * Take what lies before *@end away from the older runs, in the order of LBAs.
 * If enough are dead before, *@end becomes what was reached, which is never
 * within an LBA: what has gone there must not be come to again.
 *
 * @best inherits from the last record of its LBA that goes whether older runs,
 * which are not part of this, are settled there.  A tombstone can say so of one
 * block only, so it ends in front of such a block, and behind it.
 */
static int drop_older(struct sworn_compact *c, struct sworn_run_reader *best,
		      u64 *end)
{
	struct sworn_record newer = best->rec;
	struct sworn_run_reader *r;
	int err = 0;

	while (!err && (r = first_older(c, best)) && r->rec.lba < *end) {
		u64 stop = r->rec.lba + sworn_record_blocks(&r->rec);

		if (!c->bottom && settled_at(c, best, r->rec.lba)) {
			if (r->rec.lba != newer.lba) {
				*end = r->rec.lba;
				break;
			}
			*end = min(*end, r->rec.lba + 1);
		}
		if (stop > *end) {
			/* a tombstone that goes on behind */
			sworn_record_tombstone(&r->rec, *end, stop - *end);
			continue;
		}
		if (dead_full(c) && r->rec.lba != newer.lba) {
			*end = r->rec.lba;
			break;
		}
		mark_dead(c, &r->rec, &newer);
		newer = r->rec;
		err = sworn_run_reader_next(r);
	}
	if (newer.lba == best->rec.lba)
		best->rec.settled = newer.settled;
	return err;
}

static int merge_one(struct sworn_compact *c, struct sworn_run_reader *best)
{
	u64 stop = best->rec.lba + sworn_record_blocks(&best->rec);
	u64 end = end_of(c, best);
	int err = drop_older(c, best, &end);

	if (!err)
		err = write_record(c, &best->rec, end);
	if (err)
		return err;
	if (end == stop)
		return sworn_run_reader_next(best);
	sworn_record_tombstone(&best->rec, end, stop - end);
	return 0;
}

/* Is what the writer has at hand a BIT worth having, or nothing? */
static bool may_end(const struct sworn_compact *c)
{
	const struct sworn_bit_writer *w = c->writer;

	return (!w->open && !c->nr_window) ||
	       w->emitted[0] >= w->max_leaves / 4 * 3;
}

/* Somebody waits: the rest is another step's. */
static bool should_stop(const struct sworn_compact *c)
{
	const struct sworn_catalog *cat = &c->ix->catalog;

	/* BITs in part would use index segments up */
	return may_end(c) && READ_ONCE(cat->nr_free) > cat->geo->index_segments / 4 &&
	       hurry(c);
}

/* Is there room for what one more record, and the window, can come to? */
static bool has_room(const struct sworn_compact *c)
{
	return sworn_bit_writer_room(c->writer) > SWORN_RUN_BLOCKS + 1 &&
	       c->max_extents - c->dead_blocks > 2 * SWORN_RUN_BLOCKS + c->nr_runs &&
	       c->max_extents - c->nr_live > SWORN_RUN_BLOCKS;
}

/*
 * Find the round's runs in the version in force.  The oldest may have come to
 * nothing.
 */
static u32 find_runs(struct sworn_compact *c, struct sworn_round *round)
{
	const struct sworn_catalog *cat = &c->ix->catalog;
	const struct sworn_version *v = rcu_dereference_protected(cat->version,
								  true);
	u32 run, first = 0;

	c->nr_runs = 0;
	for (run = 0; run < v->nr_runs; run++) {
		u64 number = sworn_catalog_run(cat, v, run);

		if (number > round->newest || number < round->oldest)
			continue;
		if (!c->nr_runs++)
			first = run;
	}
	if (c->nr_runs)
		round->oldest = sworn_catalog_run(cat, v,
						  first + c->nr_runs - 1);
	c->bottom = first + c->nr_runs == v->nr_runs;
	return first;
}

/* Start the readers but that of the oldest run; where does the first begin? */
static int start_newer(struct sworn_compact *c, u32 first, u64 cursor, u64 *lba)
{
	struct sworn_run_reader *best;
	u32 i;
	int err = 0;

	c->reader[c->nr_runs - 1].done = true;
	for (i = 0; !err && i + 1 < c->nr_runs; i++)
		err = sworn_run_reader_start(&c->reader[i], c->ix, first + i,
					     cursor);
	best = err ? NULL : first_reader(c);
	*lba = best ? best->rec.lba : LBA_END;
	return err;
}

static int merge(struct sworn_compact *c, struct sworn_round *round, u32 first)
{
	u32 steps = 0;
	struct sworn_run_reader *best = NULL;
	u64 newer;
	int err = 0;

	if (c->nr_runs)
		err = start_newer(c, first, round->cursor, &newer);
	if (!err && c->nr_runs) {
		c->edit.lo = sworn_compact_skip(c, first + c->nr_runs - 1,
						round->cursor, newer);
		err = sworn_run_reader_start(&c->reader[c->nr_runs - 1], c->ix,
					     first + c->nr_runs - 1, c->edit.lo);
	}
	if (!err && sworn_compact_pass_on(c, round, first_reader(c)))
		return 0;
	while (!err) {
		best = first_reader(c);
		if (!best || !has_room(c))
			break;
		if (steps && may_end(c) && sworn_compact_stays(c, best))
			break;
		if (!(++steps % STEPS_PER_LOOK) && should_stop(c))
			break;
		err = merge_one(c, best);
		cond_resched();
	}
	c->edit.hi = best ? best->rec.lba : LBA_END;
	if (!err)
		err = flush_window(c);
	if (!err)
		err = sworn_bit_writer_finish(c->writer);
	c->edit.nr = c->writer->nr_bits;
	return err;
}

/* A few BITs, but not so many that none is left for the next MemTable. */
static u32 bits_to_write(const struct sworn_compact *c)
{
	u32 nr_free = READ_ONCE(c->ix->catalog.nr_free);

	return clamp(nr_free / 4, 1U, SWORN_COMPACT_BITS_MAX);
}

int sworn_compact_step(struct sworn_compact *c, struct sworn_round *round)
{
	u32 first = find_runs(c, round);
	int err;

	c->nr_dead = 0;
	c->dead_blocks = 0;
	c->moved = 0;
	c->nr_live = 0;
	c->nr_window = 0;
	c->ended = false;
	c->edit.oldest = round->oldest;
	c->edit.newest = round->newest;
	c->edit.lo = round->cursor;
	c->edit.bits = c->bits;
	sworn_bit_writer_begin(c->writer, round->oldest, 1, c->bits,
			       bits_to_write(c));
	err = merge(c, round, first);
	if (err)
		sworn_bit_writer_abort(c->writer);
	return err;
}

void sworn_compact_advance(struct sworn_compact *c, struct sworn_round *round)
{
	u64 most = sworn_catalog_upper(&c->ix->catalog);

	round->cursor = c->edit.hi;
	if (c->edit.hi == LBA_END && round == &c->deep && !c->partial)
		most = min(most, c->unsettled_since);
	WRITE_ONCE(c->unsettled, min(c->unsettled, most));
	if (c->edit.hi != LBA_END)
		return;
	round->on = false;
	if (round == &c->deep) {
		c->rounds++;
		WRITE_ONCE(c->fresh, 0);
	}
	c->ended = round == &c->deep && c->whole;
}
