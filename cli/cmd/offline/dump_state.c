// SPDX-License-Identifier: GPL-2.0-only
/* Parts of a dump: data keys, BITs, segments, records. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../../offline/array.h"
#include "dump.h"

void dump_epochs(struct out *out, const struct recovery *r)
{
	out_list_begin(out, "epochs", false, NULL);
	for (u32 i = 0; i < r->state.geo->max_epochs; i++) {
		const struct data_key *k = &r->state.key[i];

		if (!k->there)
			continue;
		if (!out_is_json(out)) {
			out_say(out, "data key %u: born at commit %" PRIu64, i, k->born);
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_number(out, "slot", NULL, i);
		out_number(out, "born", NULL, k->born);
		out_object_end(out);
	}
	out_list_end(out);
}

/* A node that was come by. */
struct node {
	u64 bit;
	u32 block;
	u16 level;
	u16 nr;
};

struct nodes {
	struct node *node;
	size_t nr;
	size_t room;
};

static int keep_node(void *data, const struct sworn_bit *bit, u32 block,
		     const void *node)
{
	const struct sworn_disk_node_header *h = node;
	struct nodes *n = data;
	struct node *more = array_room(n->node, n->nr, &n->room, sizeof(*more));

	if (!more)
		return -ENOMEM;
	n->node = more;
	n->node[n->nr++] = (struct node){ bit->id, block, le16_to_cpu(h->level),
					  le16_to_cpu(h->nr) };
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	if (x->bit != y->bit)
		return x->bit > y->bit ? 1 : -1;
	return (x->block > y->block) - (x->block < y->block);
}

/* The nodes of a BIT, of those that are sorted by BIT. */
static void put_nodes(struct out *out, const struct image *img,
		      const struct sworn_bit *bit, const struct nodes *n)
{
	size_t lo = 0, hi = n->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (n->node[mid].bit < bit->id)
			lo = mid + 1;
		else
			hi = mid;
	}
	out_list_begin(out, "nodes", false, NULL);
	for (; lo < n->nr && n->node[lo].bit == bit->id; lo++) {
		out_object_begin(out, NULL, NULL);
		out_number(out, "block", NULL,
			   walk_node_block(img, bit, n->node[lo].block));
		out_number(out, "level", NULL, n->node[lo].level);
		out_number(out, "entries", NULL, n->node[lo].nr);
		out_object_end(out);
	}
	out_list_end(out);
}

static void put_bit(struct out *out, const struct image *img,
		    const struct sworn_bit *bit, const struct nodes *n)
{
	if (!out_is_json(out)) {
		out_say(out, "BIT %" PRIu64 ", run %" PRIu64 ": LBAs %" PRIu64 " to %" PRIu64 ", %u nodes from block %" PRIu64 ", height %u, %u records, data key %u",
			bit->id, bit->run, bit->first_lba, bit->last_lba,
			bit->nr_blocks, walk_node_block(img, bit, 0),
			bit->height, bit->nr_records, bit->epoch);
		return;
	}
	out_object_begin(out, NULL, NULL);
	out_number(out, "id", NULL, bit->id);
	out_number(out, "run", NULL, bit->run);
	out_number(out, "first_lba", NULL, bit->first_lba);
	out_number(out, "last_lba", NULL, bit->last_lba);
	out_number(out, "index_segment", NULL, bit->index_segment);
	out_number(out, "block", NULL, walk_node_block(img, bit, 0));
	out_number(out, "nr_blocks", NULL, bit->nr_blocks);
	out_number(out, "nr_records", NULL, bit->nr_records);
	out_number(out, "level", NULL, bit->level);
	out_number(out, "height", NULL, bit->height);
	out_number(out, "epoch", NULL, bit->epoch);
	put_nodes(out, img, bit, n);
	out_object_end(out);
}

int dump_bits(struct out *out, const struct image *img, struct recovery *r)
{
	static const struct walk_ops ops = { .node = keep_node };
	struct walk_counts counts;
	struct nodes n = { 0 };
	int err = walk_records(img, &r->state, &ops, &n, &counts, NULL);

	if (n.nr)
		qsort(n.node, n.nr, sizeof(*n.node), by_place);
	out_list_begin(out, "bits", false, NULL);
	for (size_t i = 0; !err && i < r->state.nr_bits; i++)
		put_bit(out, img, &r->state.bit[i], &n);
	out_list_end(out);
	free(n.node);
	return err;
}

void dump_segments(struct out *out, const struct image *img,
		   const struct recovery *r)
{
	const struct sworn_geometry *geo = r->state.geo;

	out_list_begin(out, "used_segments", false, NULL);
	for (u64 i = 0; i < geo->data_segments; i++) {
		u64 block = geo->data_start_block + i * geo->segment_blocks;

		if (!r->state.valid[i])
			continue;
		if (!out_is_json(out)) {
			out_say(out, "segment %" PRIu64 ", block %" PRIu64 ": %u of %u blocks referenced",
				i, block, r->state.valid[i], geo->segment_blocks);
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_number(out, "segment", NULL, i);
		out_number(out, "block", NULL, block);
		out_number(out, "referenced_blocks", NULL, r->state.valid[i]);
		out_object_end(out);
	}
	out_list_end(out);
	(void)img;
}

struct record_dump {
	struct out *out;
	const struct image *img;
};

static int put_record(void *data, const struct sworn_record *r, bool live)
{
	const struct record_dump *d = data;
	u64 block = d->img->sb.geo.data_start_block + r->hba;

	if (!live)
		return 0;
	if (!out_is_json(d->out)) {
		out_say(d->out, "LBA %" PRIu64 ": block %" PRIu64 ", data key %u, counter %u",
			r->lba, block, r->epoch, r->counter);
		return 0;
	}
	out_object_begin(d->out, NULL, NULL);
	out_number(d->out, "lba", NULL, r->lba);
	out_number(d->out, "block", NULL, block);
	out_number(d->out, "epoch", NULL, r->epoch);
	out_number(d->out, "counter", NULL, r->counter);
	out_object_end(d->out);
	return 0;
}

int dump_records(struct out *out, const struct image *img, struct recovery *r)
{
	static const struct walk_ops ops = { .record = put_record };
	struct record_dump d = { out, img };
	struct walk_counts counts;
	int err;

	out_list_begin(out, "records", false, NULL);
	err = walk_records(img, &r->state, &ops, &d, &counts, NULL);
	out_list_end(out);
	return err;
}
