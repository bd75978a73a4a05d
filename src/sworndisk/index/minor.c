// SPDX-License-Identifier: GPL-2.0-only
/*
 * Minor compaction: a frozen MemTable becomes a sorted run of BITs.
 *
 * Records and ranges of the table are merged: where both cover a block the
 * newer one stays.  What comes out does not overlap.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "bit_writer.h"

int sworn_minor_init(struct sworn_minor *m, struct sworn_index *ix,
		     size_t cryptor_bytes)
{
	m->ix = ix;
	m->nr_bits = 0;
	m->nr_dead = 0;
	if (sworn_mt_sorted_init(&m->sorted, ix->geo->memtable_records))
		return -ENOMEM;
	m->dead = kvmalloc_array(ix->geo->memtable_records, sizeof(*m->dead),
				 GFP_KERNEL);
	m->writer = sworn_bit_writer_create(ix, cryptor_bytes);
	if (m->dead && m->writer)
		return 0;
	sworn_minor_exit(m);
	return -ENOMEM;
}

void sworn_minor_exit(struct sworn_minor *m)
{
	sworn_bit_writer_destroy(m->writer);
	sworn_mt_sorted_exit(&m->sorted);
	kvfree(m->dead);
	m->writer = NULL;
	m->dead = NULL;
}

u64 sworn_minor_blocks(const struct sworn_minor *m)
{
	return m->writer ? atomic64_read(&m->writer->blocks_written) : 0;
}

static void mark_dead(struct sworn_minor *m, const struct sworn_disk_record *d)
{
	struct sworn_record r;

	sworn_record_decode(&r, d);
	if (!sworn_record_is_tombstone(&r))
		sworn_extent_note(m->dead, &m->nr_dead, r.hba);
}

/* Ask the older runs about the blocks of an aligned run that the table has. */
static void ask_older(struct sworn_minor *m, const struct sworn_memtable *mt,
		      u32 i)
{
	u64 first = m->group * SWORN_RUN_BLOCKS, want = 0, lba;

	cond_resched();
	for (; i < m->sorted.nr; i++) {
		lba = sworn_disk_record_lba(&mt->entries[m->sorted.order[i]].rec);
		if (lba - first >= SWORN_RUN_BLOCKS)
			break;
		want |= 1ULL << (lba - first);
	}
	m->found = sworn_index_older(m->ix, first, want, m->older, &m->known);
}

/*
 * Write entry @i of the sorted table.  The block of the record that it replaces
 * is dead, if that is at hand, and the new record says that this is settled.
 */
static int add_record(struct sworn_minor *m, const struct sworn_memtable *mt,
		      u32 i)
{
	struct sworn_disk_record d = mt->entries[m->sorted.order[i]].rec;
	u64 lba = sworn_disk_record_lba(&d);
	u32 at = lba % SWORN_RUN_BLOCKS;
	struct sworn_record r, older;

	if (m->settle && m->group != lba / SWORN_RUN_BLOCKS) {
		m->group = lba / SWORN_RUN_BLOCKS;
		ask_older(m, mt, i);
	}
	if (!m->settle || !(m->known & (1ULL << at))) {
		m->nr_unsettled++;
		return sworn_bit_writer_add(m->writer, &d);
	}
	if (m->found & (1ULL << at)) {
		sworn_record_decode(&older, &m->older[at]);
		if (!sworn_record_is_tombstone(&older)) {
			sworn_extent_note(m->dead, &m->nr_dead, older.hba);
			sworn_record_decode(&r, &d);
			r.settled = true;
			sworn_record_encode(&d, &r);
		}
	}
	return sworn_bit_writer_add(m->writer, &d);
}

/* A tombstone has nothing to hide where there is nothing older. */
static int add_tombstone(struct sworn_minor *m, u64 from, u64 end, bool needed)
{
	struct sworn_disk_record d;
	struct sworn_record r;

	if (from >= end || !needed)
		return 0;
	sworn_record_tombstone(&r, from, end - from);
	sworn_record_encode(&d, &r);
	m->nr_unsettled++;
	return sworn_bit_writer_add(m->writer, &d);
}

static struct sworn_mt_range *next_range(struct sworn_mt_range *r)
{
	struct rb_node *n = rb_next(&r->node);

	return n ? rb_entry(n, struct sworn_mt_range, node) : NULL;
}

static int merge(struct sworn_minor *m, struct sworn_memtable *mt, bool older)
{
	struct sworn_mt_range *r = sworn_mt_range_at(mt, 0);
	u64 from = r ? r->start : 0;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < m->sorted.nr; i++) {
		struct sworn_mt_entry *e = &mt->entries[m->sorted.order[i]];
		u64 lba = sworn_disk_record_lba(&e->rec);

		while (!err && r && r->end <= lba) {
			err = add_tombstone(m, from, r->end, older);
			r = next_range(r);
			from = r ? r->start : 0;
		}
		if (err)
			break;
		if (r && r->start <= lba) {
			if (r->seq > e->seq) {
				mark_dead(m, &e->rec);
				continue;
			}
			err = add_tombstone(m, from, lba, older);
			from = lba + 1;
		}
		if (!err)
			err = add_record(m, mt, i);
	}
	while (!err && r) {
		err = add_tombstone(m, from, r->end, older);
		r = next_range(r);
		from = r ? r->start : 0;
	}
	return err;
}

int sworn_minor_run(struct sworn_minor *m)
{
	SWORN_WATCH_SCOPE(m->ix->meta->watch, SWORN_STAGE_MINOR, 0, 0);
	bool older = sworn_catalog_size(&m->ix->catalog).bits;
	struct sworn_memtable *mt;
	int err;

	/* frozen: nobody changes it, and only this work retires it */
	mt = rcu_dereference_protected(m->ix->tables.frozen, true);
	m->nr_bits = 0;
	m->nr_dead = 0;
	m->nr_unsettled = 0;
	m->group = ~0ULL;
	sworn_mt_sort(&m->sorted, mt, m->ix->geo->logical_blocks);
	sworn_bit_writer_begin(m->writer, m->ix->catalog.next_run++, 0, m->bits,
			       SWORN_MINOR_BITS_MAX);
	err = merge(m, mt, older);
	if (!err)
		err = sworn_bit_writer_finish(m->writer);
	if (err)
		sworn_bit_writer_abort(m->writer);
	m->nr_bits = m->writer->nr_bits;
	if (!older)
		m->nr_unsettled = 0;
	return err;
}
