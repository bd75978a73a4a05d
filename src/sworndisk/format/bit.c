// SPDX-License-Identifier: GPL-2.0-only
/* Block Index Tables: catalog entries and nodes.  Pure. */
#include "bit.h"

void sworn_bit_encode(struct sworn_disk_bit *d, const struct sworn_bit *b)
{
	memset(d, 0, sizeof(*d));
	d->id = cpu_to_le64(b->id);
	d->run = cpu_to_le64(b->run);
	d->first_lba = cpu_to_le64(b->first_lba);
	d->last_lba = cpu_to_le64(b->last_lba);
	d->index_segment = cpu_to_le32(b->index_segment);
	d->nr_blocks = cpu_to_le32(b->nr_blocks);
	d->nr_records = cpu_to_le32(b->nr_records);
	d->base_counter = cpu_to_le32(b->base_counter);
	d->epoch = cpu_to_le16(b->epoch);
	d->level = b->level;
	d->height = b->height;
	d->root_block = cpu_to_le32(b->root_block);
	memcpy(d->root_mac, b->root_mac, SWORN_TAG_SIZE);
}

int sworn_bit_decode(struct sworn_bit *b, const struct sworn_disk_bit *d,
		     const struct sworn_geometry *geo)
{
	b->id = le64_to_cpu(d->id);
	b->run = le64_to_cpu(d->run);
	b->first_lba = le64_to_cpu(d->first_lba);
	b->last_lba = le64_to_cpu(d->last_lba);
	b->index_segment = le32_to_cpu(d->index_segment);
	b->nr_blocks = le32_to_cpu(d->nr_blocks);
	b->nr_records = le32_to_cpu(d->nr_records);
	b->base_counter = le32_to_cpu(d->base_counter);
	b->epoch = le16_to_cpu(d->epoch);
	b->level = d->level;
	b->height = d->height;
	b->root_block = le32_to_cpu(d->root_block);
	memcpy(b->root_mac, d->root_mac, SWORN_TAG_SIZE);

	if (b->first_lba > b->last_lba || b->last_lba >= geo->logical_blocks ||
	    b->index_segment >= geo->index_segments ||
	    !b->nr_blocks || b->nr_blocks > geo->index_segment_blocks ||
	    b->root_block != b->nr_blocks - 1 ||
	    !b->height || b->height > SWORN_BIT_HEIGHT_MAX ||
	    b->epoch >= geo->max_epochs || d->reserved)
		return -EUCLEAN;
	return 0;
}

static int check_leaf(const void *node, u32 nr, const struct sworn_geometry *geo)
{
	const struct sworn_disk_record *d = sworn_node_records(node);
	u64 data_blocks = geo->data_segments * geo->segment_blocks;
	struct sworn_record r;
	u64 next = 0;
	u32 i;

	if (nr > SWORN_NODE_LEAF_MAX)
		return -EUCLEAN;
	for (i = 0; i < nr; i++) {
		sworn_record_decode(&r, &d[i]);
		if (r.lba < next ||
		    !sworn_record_valid(&r, geo->logical_blocks, data_blocks,
					geo->max_epochs))
			return -EUCLEAN;
		next = r.lba + sworn_record_blocks(&r);
	}
	return 0;
}

static int check_inner(const void *node, u32 nr, u32 block)
{
	const struct sworn_disk_child *c = sworn_node_children(node);
	u32 i;

	if (nr > SWORN_NODE_INNER_MAX)
		return -EUCLEAN;
	for (i = 0; i < nr; i++)
		if (sworn_child_block(&c[i]) >= block ||
		    (i && sworn_child_lba(&c[i]) <= sworn_child_lba(&c[i - 1])))
			return -EUCLEAN;
	return 0;
}

int sworn_node_check(const void *node, const struct sworn_bit *bit, u32 block,
		     u32 level, const struct sworn_geometry *geo)
{
	const struct sworn_disk_node_header *h = node;
	u32 nr = le16_to_cpu(h->nr);

	if (le32_to_cpu(h->magic) != SWORN_NODE_MAGIC ||
	    le16_to_cpu(h->level) != level || le64_to_cpu(h->bit_id) != bit->id ||
	    le32_to_cpu(h->block) != block || !nr ||
	    h->reserved0 || h->reserved1)
		return -EUCLEAN;
	return level ? check_inner(node, nr, block) : check_leaf(node, nr, geo);
}

u32 sworn_bit_max_leaves(u32 index_segment_blocks)
{
	u32 leaves = index_segment_blocks;

	for (; leaves > 1; leaves--) {
		u32 level = leaves, total = leaves;

		while (level > 1) {
			level = (level + SWORN_NODE_INNER_MAX - 1) /
				SWORN_NODE_INNER_MAX;
			total += level;
		}
		if (total <= index_segment_blocks)
			break;
	}
	return leaves;
}
