// SPDX-License-Identifier: GPL-2.0-only
/* Range tombstones of a MemTable. */
#include "range.h"

static struct sworn_mt_range *pool_get(struct sworn_memtable *mt)
{
	struct sworn_mt_range *r = mt->free_ranges;

	mt->free_ranges = r->next_free;
	mt->nr_ranges++;
	return r;
}

static void pool_put(struct sworn_memtable *mt, struct sworn_mt_range *r)
{
	r->next_free = mt->free_ranges;
	mt->free_ranges = r;
	mt->nr_ranges--;
}

static void link_range(struct sworn_memtable *mt, struct sworn_mt_range *r)
{
	struct rb_node **at = &mt->ranges.rb_node, *parent = NULL;

	while (*at) {
		parent = *at;
		at = r->start < rb_entry(parent, struct sworn_mt_range,
					 node)->start ?
			&parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&r->node, parent, at);
	rb_insert_color(&r->node, &mt->ranges);
}

struct sworn_mt_range *sworn_mt_range_at(struct sworn_memtable *mt, u64 lba)
{
	struct rb_node *n = mt->ranges.rb_node;
	struct sworn_mt_range *best = NULL;

	while (n) {
		struct sworn_mt_range *r = rb_entry(n, struct sworn_mt_range,
						    node);

		if (r->end > lba) {
			best = r;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return best;
}

/* Take [start, end) away from the ranges that are there; one spare is at hand. */
static void carve(struct sworn_memtable *mt, u64 start, u64 end)
{
	struct sworn_mt_range *r = sworn_mt_range_at(mt, start);

	while (r && r->start < end) {
		struct rb_node *next = rb_next(&r->node);

		if (r->start < start && r->end > end) {
			struct sworn_mt_range *tail = pool_get(mt);

			tail->start = end;
			tail->end = r->end;
			tail->seq = r->seq;
			r->end = start;
			link_range(mt, tail);
			return;
		}
		if (r->start < start) {
			r->end = start;
		} else if (r->end > end) {
			/* keeps its place in the order: nothing lies between */
			r->start = end;
		} else {
			rb_erase(&r->node, &mt->ranges);
			pool_put(mt, r);
		}
		r = next ? rb_entry(next, struct sworn_mt_range, node) : NULL;
	}
}

int sworn_ranges_insert(struct sworn_memtable *mt, u64 start, u64 end, u64 seq)
{
	struct sworn_mt_range *r;

	/* one for the range itself, one for a range that it may cut in two */
	if (!mt->free_ranges || !mt->free_ranges->next_free)
		return -EXFULL;
	carve(mt, start, end);
	r = pool_get(mt);
	r->start = start;
	r->end = end;
	r->seq = seq;
	link_range(mt, r);
	return 0;
}

void sworn_ranges_lookup(struct sworn_memtable *mt, u64 lba, u64 asked,
			 struct sworn_disk_record *out, const u64 *seq,
			 u64 *todo)
{
	struct sworn_mt_range *r = sworn_mt_range_at(mt, lba);

	while (asked && r) {
		u32 i = __ffs64(asked);
		u64 bit = 1ULL << i;
		struct sworn_record rec;

		if (lba + i < r->start) {
			asked &= asked - 1;
			continue;
		}
		if (lba + i >= r->end) {
			struct rb_node *next = rb_next(&r->node);

			r = next ? rb_entry(next, struct sworn_mt_range, node) :
				   NULL;
			continue;
		}
		asked &= asked - 1;
		if (!(*todo & bit) && seq[i] > r->seq)
			continue;
		sworn_record_tombstone(&rec, lba + i, 1);
		sworn_record_encode(&out[i], &rec);
		*todo &= ~bit;
	}
}
