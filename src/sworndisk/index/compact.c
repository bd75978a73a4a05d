// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction.
 *
 * Each run is a sequence of records that do not overlap.  At every step the
 * record that begins first, and of those that begin together the one of the
 * newest run, is the next to write.  What it covers of older runs is dead.  A
 * tombstone is cut where a record of a newer run begins.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "bit_writer.h"
#include "compact.h"
#include "run_reader.h"

int sworn_compact_init(struct sworn_compact *c, struct sworn_index *ix,
		       size_t cryptor_bytes)
{
	u32 i;

	c->ix = ix;
	c->nr_runs = 0;
	c->dead = kvcalloc(ix->geo->data_segments, sizeof(u16), GFP_KERNEL);
	c->reader = kcalloc(SWORN_COMPACT_RUNS_MAX, sizeof(*c->reader),
			    GFP_KERNEL);
	c->writer = sworn_bit_writer_create(ix, cryptor_bytes);
	if (!c->dead || !c->reader || !c->writer)
		goto err;
	for (i = 0; i < SWORN_COMPACT_RUNS_MAX; i++) {
		c->reader[i].leaf = kmalloc(SWORN_BLOCK_SIZE, GFP_KERNEL);
		if (!c->reader[i].leaf)
			goto err;
	}
	return 0;
err:
	sworn_compact_exit(c);
	return -ENOMEM;
}

void sworn_compact_exit(struct sworn_compact *c)
{
	u32 i;

	for (i = 0; c->reader && i < SWORN_COMPACT_RUNS_MAX; i++)
		kfree_sensitive(c->reader[i].leaf);
	kfree(c->reader);
	kvfree(c->dead);
	sworn_bit_writer_destroy(c->writer);
	c->reader = NULL;
	c->dead = NULL;
	c->writer = NULL;
}

u64 sworn_compact_blocks(const struct sworn_compact *c)
{
	return c->writer ? atomic64_read(&c->writer->blocks_written) : 0;
}

static u64 run_records(const struct sworn_catalog *c,
		       const struct sworn_version *v, u32 run)
{
	u64 n = 0;
	u32 i;

	for (i = v->first[run]; i < v->first[run + 1]; i++)
		n += c->bit[v->order[i]].nr_records;
	return n;
}

bool sworn_compact_choose(struct sworn_compact *c, bool all)
{
	const struct sworn_catalog *cat = &c->ix->catalog;
	const struct sworn_version *v = rcu_dereference_protected(cat->version,
								  true);
	u64 most = (u64)SWORN_COMPACT_TABLES * c->ix->geo->memtable_records;
	u64 sum = 0, newest = 0;
	u32 run;

	for (run = 0; run < v->nr_runs && run < SWORN_COMPACT_RUNS_MAX; run++) {
		u64 n = run_records(cat, v, run);

		if (!run)
			newest = n;
		if (sum + n > most || (!all && n > 2 * newest))
			break;
		sum += n;
	}
	c->nr_runs = run;
	return run >= (all ? 2 : SWORN_COMPACT_RUNS_MIN);
}

static void mark_dead(struct sworn_compact *c, const struct sworn_record *r)
{
	if (!sworn_record_is_tombstone(r))
		c->dead[div_u64(r->hba, c->ix->geo->segment_blocks)]++;
}

/* Take what lies before @end away from a reader of an older run. */
static int drop_before(struct sworn_compact *c, struct sworn_run_reader *r,
		       u64 end)
{
	int err = 0;

	while (!err && !r->done && r->rec.lba < end) {
		u64 stop = r->rec.lba + sworn_record_blocks(&r->rec);

		if (stop > end) {
			/* a tombstone that goes on behind */
			sworn_record_tombstone(&r->rec, end, stop - end);
			return 0;
		}
		mark_dead(c, &r->rec);
		err = sworn_run_reader_next(r);
	}
	return err;
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

static int write_record(struct sworn_compact *c, const struct sworn_record *r,
			u64 end, bool bottom)
{
	struct sworn_record out = *r;
	struct sworn_disk_record d;

	if (sworn_record_is_tombstone(r)) {
		/* it has nothing to hide where there is nothing older */
		if (bottom)
			return 0;
		out.hba = end - r->lba;
	}
	sworn_record_encode(&d, &out);
	return sworn_bit_writer_add(c->writer, &d);
}

static int merge_step(struct sworn_compact *c, struct sworn_run_reader *best,
		      bool bottom)
{
	u64 end = end_of(c, best);
	u64 stop = best->rec.lba + sworn_record_blocks(&best->rec);
	struct sworn_run_reader *r;
	int err = write_record(c, &best->rec, end, bottom);

	for (r = best + 1; !err && r < c->reader + c->nr_runs; r++)
		err = drop_before(c, r, end);
	if (err)
		return err;
	if (end == stop)
		return sworn_run_reader_next(best);
	sworn_record_tombstone(&best->rec, end, stop - end);
	return 0;
}

static int merge(struct sworn_compact *c, bool bottom)
{
	struct sworn_run_reader *best;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < c->nr_runs; i++)
		err = sworn_run_reader_start(&c->reader[i], c->ix, i);
	while (!err) {
		best = first_reader(c);
		if (!best)
			return sworn_bit_writer_finish(c->writer);
		err = merge_step(c, best, bottom);
	}
	return err;
}

int sworn_compact_run(struct sworn_compact *c)
{
	struct sworn_catalog *cat = &c->ix->catalog;
	bool bottom = c->nr_runs ==
		rcu_dereference_protected(cat->version, true)->nr_runs;
	int err;

	memset(c->dead, 0, c->ix->geo->data_segments * sizeof(u16));
	sworn_bit_writer_begin(c->writer, cat->next_run++, 1, c->bits,
			       SWORN_COMPACT_BITS_MAX);
	err = merge(c, bottom);
	if (err)
		sworn_bit_writer_abort(c->writer);
	c->nr_bits = c->writer->nr_bits;
	return err;
}
