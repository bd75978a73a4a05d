/* SPDX-License-Identifier: GPL-2.0-only */
/* Block Index Tables in the CPU's terms, and judging their nodes. */
#ifndef SWORNDISK_FORMAT_BIT_H
#define SWORNDISK_FORMAT_BIT_H

#include "geometry.h"
#include "record.h"

#define SWORN_BIT_HEIGHT_MAX	5

/**
 * struct sworn_bit - catalog entry
 * @index_segment: where it lies; a BIT has an index segment of its own
 */
struct sworn_bit {
	u64 id;
	u64 run;
	u64 first_lba;
	u64 last_lba;
	u32 index_segment;
	u32 nr_blocks;
	u32 nr_records;
	u32 base_counter;
	u32 root_block;
	u16 epoch;
	u8 level;
	u8 height;
	u8 root_mac[SWORN_TAG_SIZE];
};

void sworn_bit_encode(struct sworn_disk_bit *d, const struct sworn_bit *b);

/**
 * sworn_bit_decode() - take a catalog entry that was read from a device
 *
 * Return: 0 or -EUCLEAN.
 */
int sworn_bit_decode(struct sworn_bit *b, const struct sworn_disk_bit *d,
		     const struct sworn_geometry *geo);

static inline u64 sworn_child_lba(const struct sworn_disk_child *c)
{
	return le64_to_cpu(c->key) >> 24;
}

static inline u32 sworn_child_block(const struct sworn_disk_child *c)
{
	return le64_to_cpu(c->key) & 0xffffff;
}

/* The entries behind a node's header. */
static inline const struct sworn_disk_record *sworn_node_records(const void *n)
{
	return n + sizeof(struct sworn_disk_node_header);
}

static inline const struct sworn_disk_child *sworn_node_children(const void *n)
{
	return n + sizeof(struct sworn_disk_node_header);
}

static inline u32 sworn_node_nr(const void *n)
{
	return le16_to_cpu(((const struct sworn_disk_node_header *)n)->nr);
}

/**
 * sworn_node_check() - may a decrypted node be walked?
 * @level: 0 for a leaf
 *
 * Its MAC was right; its values are checked all the same.
 * Return: 0 or -EUCLEAN.
 */
int sworn_node_check(const void *node, const struct sworn_bit *bit, u32 block,
		     u32 level, const struct sworn_geometry *geo);

/* Leaves that a BIT can have so that it fits an index segment. */
u32 sworn_bit_max_leaves(u32 index_segment_blocks);

#endif /* SWORNDISK_FORMAT_BIT_H */
