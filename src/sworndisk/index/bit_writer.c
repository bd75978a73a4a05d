// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing Block Index Tables.
 *
 * Nodes are numbered in the order in which they are written: a leaf when it is
 * full, an inner node when its last child made it full, the root last.  So a
 * child's number is lower than its parent's, and one pass of sequential
 * writing does.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "bit_writer.h"

#define KEEP_FOR_MERGING	2U

struct sworn_bit_writer *sworn_bit_writer_create(struct sworn_index *ix,
						 size_t cryptor_bytes)
{
	struct sworn_bit_writer *w = kvzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	w->ix = ix;
	w->max_leaves = sworn_bit_max_leaves(ix->geo->index_segment_blocks);
	w->cryptor = kzalloc(cryptor_bytes, GFP_KERNEL);
	if (w->cryptor &&
	    !sworn_buffers_alloc(w->node, SWORN_BIT_HEIGHT_MAX) &&
	    !sworn_buffers_alloc(w->out, SWORN_IO_BLOCKS))
		return w;
	sworn_bit_writer_destroy(w);
	return NULL;
}

void sworn_bit_writer_destroy(struct sworn_bit_writer *w)
{
	if (!w)
		return;
	sworn_buffers_free(w->out, SWORN_IO_BLOCKS);
	sworn_buffers_free(w->node, SWORN_BIT_HEIGHT_MAX);
	kfree_sensitive(w->cryptor);
	kvfree(w);
}

void sworn_bit_writer_begin(struct sworn_bit_writer *w, u64 run, u8 level,
			    struct sworn_bit *bits, u32 max_bits)
{
	memset(&w->bit, 0, sizeof(w->bit));
	w->bit.run = run;
	w->bit.level = level;
	w->bits = bits;
	w->max_bits = max_bits;
	w->nr_bits = 0;
	w->open = false;
	/* merging, which makes room, must always be able to go on */
	w->keep = level ? 0 : KEEP_FOR_MERGING;
}

static int open_bit(struct sworn_bit_writer *w, u64 first_lba)
{
	struct sworn_catalog *c = &w->ix->catalog;
	u32 counter;
	int err;

	if (w->nr_bits == w->max_bits)
		return -ENOSPC;
	err = sworn_epochs_take(w->ix->epochs, w->ix->geo->index_segment_blocks,
				&w->epoch, &counter);
	if (err)
		return err;
	err = sworn_catalog_alloc(c, w->keep, &w->bit.index_segment);
	if (err)
		return err;
	w->bit.id = c->next_id++;
	w->bit.first_lba = first_lba;
	w->bit.nr_records = 0;
	w->bit.base_counter = counter;
	w->bit.epoch = w->epoch->slot;
	w->next_block = 0;
	w->nr_out = 0;
	w->out_first = 0;
	memset(w->nr, 0, sizeof(w->nr));
	memset(w->emitted, 0, sizeof(w->emitted));
	w->open = true;
	return 0;
}

static int write_out(struct sworn_bit_writer *w)
{
	u64 block = sworn_index_block(w->ix->geo, w->bit.index_segment,
				      w->out_first);
	int err = 0;

	if (w->nr_out)
		err = sworn_area_io(w->ix->meta, REQ_OP_WRITE | SWORN_REQ_AWAITED,
				    block, w->out, w->nr_out);
	atomic64_add(w->nr_out, &w->blocks_written);
	w->out_first += w->nr_out;
	w->nr_out = 0;
	cond_resched();
	return err;
}

/* The node will be looked up soon: keep a copy if memory is at hand. */
static void cache_node(struct sworn_bit_writer *w, u32 level, u32 block)
{
	void *copy = kmalloc(SWORN_BLOCK_SIZE, GFP_NOWAIT | __GFP_NOWARN);

	if (!copy)
		return;
	memcpy(copy, w->node[level], SWORN_BLOCK_SIZE);
	sworn_cache_insert(&w->ix->cache, w->bit.id, block, copy,
			   GFP_NOWAIT | __GFP_NOWARN);
}

static void fill_header(struct sworn_bit_writer *w, u32 level, u32 block)
{
	struct sworn_disk_node_header *h = w->node[level];
	u32 entry = level ? sizeof(struct sworn_disk_child) :
			    sizeof(struct sworn_disk_record);
	u32 used = sizeof(*h) + w->nr[level] * entry;

	memset(h, 0, sizeof(*h));
	h->magic = cpu_to_le32(SWORN_NODE_MAGIC);
	h->level = cpu_to_le16(level);
	h->nr = cpu_to_le16(w->nr[level]);
	h->bit_id = cpu_to_le64(w->bit.id);
	h->block = cpu_to_le32(block);
	memset(w->node[level] + used, 0, SWORN_BLOCK_SIZE - used);
}

static u64 first_key(struct sworn_bit_writer *w, u32 level)
{
	return level ? sworn_child_lba(sworn_node_children(w->node[level])) :
		       sworn_disk_record_lba(sworn_node_records(w->node[level]));
}

/* Seal the node of @level into the output; its MAC goes to @mac. */
static int seal_node(struct sworn_bit_writer *w, u32 level, u32 block, u8 *mac)
{
	void *out = w->out[w->nr_out];

	fill_header(w, level, block);
	memcpy(out, w->node[level], SWORN_BLOCK_SIZE);
	sworn_iv_counter(w->cryptor->iv, w->bit.base_counter + block);
	sworn_aad_set(&w->cryptor->aad, SWORN_AAD_NODE, w->bit.id,
		      (u64)w->bit.index_segment *
		      w->ix->geo->index_segment_blocks + block);
	return sworn_aead_seal(w->cryptor, w->epoch->tfm, &w->cryptor->aad,
			       sizeof(w->cryptor->aad), out, SWORN_BLOCK_SIZE,
			       mac);
}

/*
 * Write the nodes that are due from @level upwards: that one, and above it
 * those that this fills.
 */
static int emit(struct sworn_bit_writer *w, u32 level)
{
	u8 mac[SWORN_TAG_SIZE];
	int err;

	for (;;) {
		struct sworn_disk_child *child;
		u32 block = w->next_block++;
		u64 key = first_key(w, level);

		if (level + 1 == SWORN_BIT_HEIGHT_MAX)
			return -EFBIG;
		err = seal_node(w, level, block, mac);
		if (err)
			return err;
		cache_node(w, level, block);
		if (++w->nr_out == SWORN_IO_BLOCKS) {
			err = write_out(w);
			if (err)
				return err;
		}
		w->nr[level] = 0;
		w->emitted[level]++;

		level++;
		child = (struct sworn_disk_child *)
			sworn_node_children(w->node[level]) + w->nr[level]++;
		child->key = cpu_to_le64(key << 24 | block);
		memcpy(child->mac, mac, SWORN_TAG_SIZE);
		if (w->nr[level] < SWORN_NODE_INNER_MAX)
			return 0;
	}
}

/* Emit what is left; the level that has one node in all is the root's. */
static int close_bit(struct sworn_bit_writer *w)
{
	const struct sworn_disk_child *root;
	u32 level = 0;
	int err;

	for (;;) {
		if (w->nr[level]) {
			err = emit(w, level);
			if (err)
				return err;
		}
		if (w->emitted[level] == 1)
			break;
		level++;
	}
	root = sworn_node_children(w->node[level + 1]);
	w->bit.height = level + 1;
	w->bit.root_block = sworn_child_block(root);
	w->bit.nr_blocks = w->next_block;
	memcpy(w->bit.root_mac, root->mac, SWORN_TAG_SIZE);
	err = write_out(w);
	if (err)
		return err;
	w->bits[w->nr_bits++] = w->bit;
	w->open = false;
	return 0;
}

int sworn_bit_writer_add(struct sworn_bit_writer *w,
			 const struct sworn_disk_record *rec)
{
	struct sworn_record r;
	int err = 0;

	sworn_record_decode(&r, rec);
	if (w->open && w->nr[0] == SWORN_NODE_LEAF_MAX) {
		err = emit(w, 0);
		if (!err && w->emitted[0] == w->max_leaves)
			err = close_bit(w);
	}
	if (!err && !w->open)
		err = open_bit(w, r.lba);
	if (err)
		return err;
	((struct sworn_disk_record *)
	 sworn_node_records(w->node[0]))[w->nr[0]++] = *rec;
	w->bit.nr_records++;
	w->bit.last_lba = r.lba + sworn_record_blocks(&r) - 1;
	return 0;
}

u64 sworn_bit_writer_room(const struct sworn_bit_writer *w)
{
	u64 each = (u64)w->max_leaves * SWORN_NODE_LEAF_MAX;
	u64 used = w->open ? (u64)w->emitted[0] * SWORN_NODE_LEAF_MAX + w->nr[0] :
			     0;

	return (w->max_bits - w->nr_bits) * each - used;
}

int sworn_bit_writer_finish(struct sworn_bit_writer *w)
{
	return w->open ? close_bit(w) : 0;
}

void sworn_bit_writer_abort(struct sworn_bit_writer *w)
{
	if (w->open)
		sworn_catalog_free(&w->ix->catalog, w->bit.index_segment);
	while (w->nr_bits)
		sworn_catalog_free(&w->ix->catalog,
				   w->bits[--w->nr_bits].index_segment);
	w->open = false;
}
