// SPDX-License-Identifier: GPL-2.0-only
/* The node cache. */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "../../compat/compat.h"
#include "cache.h"

#define NODES_MIN 64UL

static struct hlist_head *chain(struct sworn_cache *c, u64 bit_id, u32 block)
{
	return &c->hash[hash_64(bit_id * 0x10001 + block, c->hash_bits)];
}

static void node_free(struct rcu_head *rcu)
{
	struct sworn_node *n = container_of(rcu, struct sworn_node, rcu);

	kfree_sensitive(n->data);
	kfree(n);
}

/* The lock is held. */
static void __remove(struct sworn_cache *c, struct sworn_node *n)
{
	hlist_del_rcu(&n->hash);
	list_del(&n->clock);
	c->nr--;
	call_rcu(&n->rcu, node_free);
}

/* One turn of the clock's hand at the most.  The lock is held. */
static unsigned long __evict(struct sworn_cache *c, unsigned long want)
{
	unsigned long turn = 2 * c->nr, freed = 0;

	while (turn-- && freed < want && !list_empty(&c->clock)) {
		struct sworn_node *n = list_last_entry(&c->clock,
						       struct sworn_node, clock);

		if (READ_ONCE(n->referenced)) {
			WRITE_ONCE(n->referenced, false);
			list_move(&n->clock, &c->clock);
		} else {
			__remove(c, n);
			freed++;
		}
	}
	return freed;
}

static unsigned long cache_count(struct shrinker *shrinker,
				 struct shrink_control *sc)
{
	struct sworn_cache *c = sworn_shrinker_private(shrinker);
	unsigned long nr = READ_ONCE(c->nr);

	return nr > NODES_MIN ? nr - NODES_MIN : SHRINK_EMPTY;
}

static unsigned long cache_scan(struct shrinker *shrinker,
				struct shrink_control *sc)
{
	struct sworn_cache *c = sworn_shrinker_private(shrinker);
	unsigned long freed;

	if (!spin_trylock(&c->lock))
		return SHRINK_STOP;
	freed = __evict(c, min(sc->nr_to_scan,
			       c->nr > NODES_MIN ? c->nr - NODES_MIN : 0));
	spin_unlock(&c->lock);
	return freed;
}

static unsigned long nodes_for(u64 bytes)
{
	return max_t(u64, NODES_MIN, div_u64(bytes, SWORN_NODE_BYTES));
}

int sworn_cache_init(struct sworn_cache *c, u64 limit_bytes)
{
	spin_lock_init(&c->lock);
	INIT_LIST_HEAD(&c->clock);
	c->nr = 0;
	c->limit = nodes_for(limit_bytes);
	c->hash_bits = max_t(u32, 6, ilog2(roundup_pow_of_two(c->limit)));
	atomic64_set(&c->hits, 0);
	atomic64_set(&c->misses, 0);
	c->hash = kvcalloc(1U << c->hash_bits, sizeof(*c->hash), GFP_KERNEL);
	if (!c->hash)
		return -ENOMEM;
	c->shrinker = sworn_shrinker_create(cache_count, cache_scan, c,
					    "sworndisk-nodes");
	if (!c->shrinker) {
		kvfree(c->hash);
		c->hash = NULL;
		return -ENOMEM;
	}
	return 0;
}

void sworn_cache_exit(struct sworn_cache *c)
{
	struct sworn_node *n, *next;

	if (!c->hash)
		return;
	sworn_shrinker_destroy(c->shrinker);
	spin_lock(&c->lock);
	list_for_each_entry_safe(n, next, &c->clock, clock)
		__remove(c, n);
	spin_unlock(&c->lock);
	rcu_barrier();
	kvfree(c->hash);
	c->hash = NULL;
}

void sworn_cache_set_limit(struct sworn_cache *c, u64 limit_bytes)
{
	spin_lock(&c->lock);
	c->limit = nodes_for(limit_bytes);
	if (c->nr > c->limit)
		__evict(c, c->nr - c->limit);
	spin_unlock(&c->lock);
}

const void *sworn_cache_find(struct sworn_cache *c, u64 bit_id, u32 block)
{
	struct sworn_node *n;

	hlist_for_each_entry_rcu(n, chain(c, bit_id, block), hash) {
		if (n->bit_id != bit_id || n->block != block)
			continue;
		if (!READ_ONCE(n->referenced))
			WRITE_ONCE(n->referenced, true);
		return n->data;
	}
	return NULL;
}

void sworn_cache_insert(struct sworn_cache *c, u64 bit_id, u32 block,
			void *data, gfp_t gfp)
{
	struct sworn_node *n = kmalloc(sizeof(*n), gfp);
	struct hlist_head *head = chain(c, bit_id, block);
	struct sworn_node *other;
	bool there = false;

	if (!n) {
		kfree_sensitive(data);
		return;
	}
	n->bit_id = bit_id;
	n->block = block;
	n->referenced = true;
	n->data = data;
	spin_lock(&c->lock);
	hlist_for_each_entry(other, head, hash)
		if (other->bit_id == bit_id && other->block == block)
			there = true;
	if (!there) {
		if (c->nr >= c->limit)
			__evict(c, c->nr - c->limit + 1);
		list_add(&n->clock, &c->clock);
		hlist_add_head_rcu(&n->hash, head);
		c->nr++;
	}
	spin_unlock(&c->lock);
	if (there) {
		kfree_sensitive(data);
		kfree(n);
	}
}
