/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dsLSM-tree: MemTables, BIT catalog, node cache, and what joins them.
 */
#ifndef SWORNDISK_INDEX_INDEX_H
#define SWORNDISK_INDEX_INDEX_H

#include "../bdev/area.h"
#include "../seal/epoch.h"
#include "cache.h"
#include "catalog.h"
#include "memtable.h"

/* BITs that writing one MemTable can come to. */
#define SWORN_MINOR_BITS_MAX	8U

/**
 * struct sworn_index - the index of a volume
 * @loaders: struct sworn_cryptor, for reading nodes
 * @upkeep_nodes: what upkeep keeps nodes by while it looks something up
 * @upkeep_data: and their contents
 * @on_bad_node: called in process context when a node does not verify
 */
struct sworn_index {
	const struct sworn_geometry *geo;
	struct sworn_area *meta;
	struct sworn_epochs *epochs;
	struct sworn_tables tables;
	struct sworn_catalog catalog;
	struct sworn_cache cache;
	mempool_t loaders;
	mempool_t upkeep_nodes;
	mempool_t upkeep_data;
	void (*on_bad_node)(void *data, u64 block);
	void *on_bad_node_data;
};

int sworn_index_init(struct sworn_index *ix, const struct sworn_geometry *geo,
		     struct sworn_area *meta, struct sworn_epochs *epochs,
		     u64 cache_bytes, size_t cryptor_bytes);
void sworn_index_exit(struct sworn_index *ix);

/* Block of the metadata area where block @block of an index segment lies. */
static inline u64 sworn_index_block(const struct sworn_geometry *geo,
				    u32 index_segment, u32 block)
{
	return geo->index_start_block +
	       (u64)index_segment * geo->index_segment_blocks + block;
}

/**
 * enum sworn_lookup_how - what a lookup may do for nodes that are not cached
 * @SWORN_LOOKUP_CACHED: nothing
 * @SWORN_LOOKUP_READ: read them, and wait for memory
 * @SWORN_LOOKUP_UPKEEP: read them into memory that is kept back for upkeep
 */
enum sworn_lookup_how {
	SWORN_LOOKUP_CACHED,
	SWORN_LOOKUP_READ,
	SWORN_LOOKUP_UPKEEP,
};

/**
 * sworn_index_lookup() - look up to 64 blocks up
 * @lba: first block
 * @n: number of blocks; all within one aligned run of 64
 * @out: receives a record for each block that has one
 * @found: bit i set: @out[i] is valid; clear: never written
 * @how: what to do for nodes that are not cached
 *
 * Context: any with SWORN_LOOKUP_CACHED, else process, not from map(); with
 * SWORN_LOOKUP_UPKEEP the maint_mutex is held.
 * Return: 0; -EAGAIN if a node would have to be read and may not; -EUCLEAN if a
 * node does not verify; -ENOMEM; an I/O error.
 */
int sworn_index_lookup(struct sworn_index *ix, u64 lba, u32 n,
		       struct sworn_disk_record *out, u64 *found,
		       enum sworn_lookup_how how);

/**
 * sworn_index_older() - what the runs at hand say of up to 64 blocks
 * @lba: first block of an aligned run of 64
 * @want: bit i set: block @lba + i is asked for
 * @out: receives a record for each that is found
 * @known: bit i set: the answer for that block is known, found or not
 *
 * MemTables are not looked at, and nothing is read: where a node is not cached
 * the answer stays unknown.
 *
 * Context: process; maint_mutex held.  Return: those found.
 */
u64 sworn_index_older(struct sworn_index *ix, u64 lba, u64 want,
		      struct sworn_disk_record *out, u64 *known);

/**
 * struct sworn_minor - writing a frozen MemTable as BITs
 * @bits: receives the BITs
 * @dead: receives blocks whose records were dropped, and those that records of
 *	the table replace as far as the nodes that say so are cached
 * @settle: look for the latter
 * @nr_unsettled: records that may replace others, nobody knows which
 * @group: number of the aligned run of 64 blocks that @older and @found are of
 * @older, @found, @known: what older runs say of it
 */
struct sworn_minor {
	struct sworn_index *ix;
	struct sworn_mt_sorted sorted;
	struct sworn_bit bits[SWORN_MINOR_BITS_MAX];
	u32 nr_bits;
	struct sworn_extent *dead;
	u32 nr_dead;
	bool settle;
	u32 nr_unsettled;
	u64 group;
	struct sworn_disk_record older[SWORN_RUN_BLOCKS];
	u64 found;
	u64 known;
	struct sworn_bit_writer *writer;
};

int sworn_minor_init(struct sworn_minor *m, struct sworn_index *ix,
		     size_t cryptor_bytes);
void sworn_minor_exit(struct sworn_minor *m);

/**
 * sworn_minor_run() - write the frozen MemTable
 *
 * The nodes are on the device, not flushed, when it returns; nothing refers to
 * them.  On error their index segments are free again.
 *
 * Context: process; maint_mutex held.
 * Return: 0, -ENOSPC (no free index segment), -ENOKEY, an I/O error.
 */
int sworn_minor_run(struct sworn_minor *m);

/* Blocks written by minor compactions so far. */
u64 sworn_minor_blocks(const struct sworn_minor *m);

#endif /* SWORNDISK_INDEX_INDEX_H */
