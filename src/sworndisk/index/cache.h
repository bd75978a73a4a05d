/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The node cache: verified, decrypted BIT nodes.  Lookups are lockless; memory
 * is bounded by a limit and given back to the kernel by a shrinker.  A node is
 * named by its BIT's id, which is never used again, so a reused index segment
 * cannot be mistaken for what was there before.
 */
#ifndef SWORNDISK_INDEX_CACHE_H
#define SWORNDISK_INDEX_CACHE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/shrinker.h>
#include <linux/spinlock.h>

#include "../format/port.h"

/**
 * struct sworn_node - a cached node
 * @referenced: looked at since the clock's hand went by
 */
struct sworn_node {
	struct hlist_node hash;
	struct list_head clock;
	struct rcu_head rcu;
	u64 bit_id;
	u32 block;
	bool referenced;
	void *data;
};

/**
 * struct sworn_cache - the cache of a volume
 * @lock: guards the chains against writers, @clock, @nr
 */
struct sworn_cache {
	spinlock_t lock;
	u32 hash_bits;
	struct hlist_head *hash;
	struct list_head clock;
	unsigned long nr;
	unsigned long limit;
	struct shrinker *shrinker;
	atomic64_t hits;
	atomic64_t misses;
};

/* Bytes that a cached node takes. */
#define SWORN_NODE_BYTES	(SWORN_BLOCK_SIZE + sizeof(struct sworn_node))

int sworn_cache_init(struct sworn_cache *c, u64 limit_bytes);
void sworn_cache_exit(struct sworn_cache *c);

/* Change the limit; at least 64 nodes are allowed whatever is asked for. */
void sworn_cache_set_limit(struct sworn_cache *c, u64 limit_bytes);

/**
 * sworn_cache_find() - a node's data
 *
 * Context: RCU read side; the data stays while it lasts.
 */
const void *sworn_cache_find(struct sworn_cache *c, u64 bit_id, u32 block);

/**
 * sworn_cache_insert() - cache a node
 * @data: kmalloc()ed block; the cache's from now on, also on failure
 * @gfp: for the node's own struct
 */
void sworn_cache_insert(struct sworn_cache *c, u64 bit_id, u32 block,
			void *data, gfp_t gfp);

#endif /* SWORNDISK_INDEX_CACHE_H */
