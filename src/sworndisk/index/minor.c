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

/* A tombstone has nothing to hide where there is nothing older. */
static int add_tombstone(struct sworn_minor *m, u64 from, u64 end, bool needed)
{
	struct sworn_disk_record d;
	struct sworn_record r;

	if (from >= end || !needed)
		return 0;
	sworn_record_tombstone(&r, from, end - from);
	sworn_record_encode(&d, &r);
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
			err = sworn_bit_writer_add(m->writer, &e->rec);
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
	struct sworn_memtable *mt;
	int err;

	/* frozen: nobody changes it, and only this work retires it */
	mt = rcu_dereference_protected(m->ix->tables.frozen, true);
	m->nr_bits = 0;
	m->nr_dead = 0;
	sworn_mt_sort(&m->sorted, mt, m->ix->geo->logical_blocks);
	sworn_bit_writer_begin(m->writer, m->ix->catalog.next_run++, 0, m->bits,
			       SWORN_MINOR_BITS_MAX);
	err = merge(m, mt, sworn_catalog_nr(&m->ix->catalog));
	if (!err)
		err = sworn_bit_writer_finish(m->writer);
	if (err)
		sworn_bit_writer_abort(m->writer);
	m->nr_bits = m->writer->nr_bits;
	return err;
}
