// SPDX-License-Identifier: GPL-2.0-only
/* Looking blocks up: MemTables first, then the BITs from newest to oldest. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "index.h"
#include "run_reader.h"

#define LOADERS 4

/*
 * Kept back for upkeep: of each run that it looks in it keeps the nodes of a few
 * BITs, from root to leaf.
 */
#define UPKEEP_NODES 16

/* A node that a lookup read for itself; see struct lookup. */
struct own_node {
	struct own_node *next;
	u64 bit_id;
	u32 block;
	void *data;
};

/*
 * struct lookup - a lookup on its way
 * @serial: of the catalog version that it goes by; 0: none yet
 * @run: next run to look in
 * @missing: the node that it came to and that is not at hand
 * @todo: blocks not found so far
 * @own: nodes read for the run in hand.  The cache may drop a node before its
 *	reader has come back to use it, so each lookup keeps what it read until
 *	it is through with that run: then it gets on however small the cache.
 * @upkeep: nodes come from what is kept back for it
 * @ahead: of a run reader, which is upkeep: where nodes come from, and go
 *	nowhere else
 */
struct lookup {
	struct sworn_index *ix;
	u64 lba;
	struct sworn_disk_record *out;
	u64 serial;
	u32 run;
	u64 todo;
	struct own_node *own;
	bool upkeep;
	struct sworn_ahead *ahead;
	struct sworn_node_ref missing;
};

/*
 * Upkeep may be what a swap device's writes wait for: it must neither wait for
 * memory that only they can make nor leave its work undone for ever.
 */
static struct own_node *own_new(const struct lookup *l)
{
	const gfp_t spare = GFP_NOWAIT | __GFP_NOWARN;
	struct own_node *n;

	n = l->upkeep ? mempool_alloc(&l->ix->upkeep_nodes, spare) :
			kmalloc(sizeof(*n), GFP_NOIO);
	if (!n)
		return NULL;
	n->data = l->upkeep ? mempool_alloc(&l->ix->upkeep_data, spare) :
			      kmalloc(SWORN_BLOCK_SIZE, GFP_NOIO);
	if (n->data)
		return n;
	if (l->upkeep)
		mempool_free(n, &l->ix->upkeep_nodes);
	else
		kfree(n);
	return NULL;
}

static void own_free(const struct lookup *l, struct own_node *n)
{
	memzero_explicit(n->data, SWORN_BLOCK_SIZE);
	if (l->upkeep) {
		mempool_free(n->data, &l->ix->upkeep_data);
		mempool_free(n, &l->ix->upkeep_nodes);
	} else {
		kfree(n->data);
		kfree(n);
	}
}

static void drop_own(struct lookup *l)
{
	while (l->own) {
		struct own_node *n = l->own;

		l->own = n->next;
		own_free(l, n);
	}
}

static const void *find_node(struct lookup *l, u64 bit_id, u32 block)
{
	const struct own_node *n;

	for (n = l->own; n; n = n->next)
		if (n->bit_id == bit_id && n->block == block)
			return n->data;
	return sworn_cache_find(&l->ix->cache, bit_id, block);
}

int sworn_index_init(struct sworn_index *ix, const struct sworn_geometry *geo,
		     struct sworn_area *meta, struct sworn_epochs *epochs,
		     u64 cache_bytes, size_t cryptor_bytes)
{
	int err;

	ix->geo = geo;
	ix->meta = meta;
	ix->epochs = epochs;
	err = mempool_init_kmalloc_pool(&ix->loaders, LOADERS, cryptor_bytes);
	if (!err)
		err = mempool_init_kmalloc_pool(&ix->upkeep_nodes, UPKEEP_NODES,
						sizeof(struct own_node));
	if (!err)
		err = mempool_init_kmalloc_pool(&ix->upkeep_data, UPKEEP_NODES,
						SWORN_BLOCK_SIZE);
	if (!err)
		err = sworn_tables_init(&ix->tables, geo->memtable_records);
	if (!err)
		err = sworn_catalog_init(&ix->catalog, geo);
	if (!err)
		err = sworn_cache_init(&ix->cache, cache_bytes);
	if (err)
		sworn_index_exit(ix);
	return err;
}

void sworn_index_exit(struct sworn_index *ix)
{
	sworn_cache_exit(&ix->cache);
	sworn_catalog_exit(&ix->catalog);
	sworn_tables_exit(&ix->tables);
	mempool_exit(&ix->upkeep_data);
	mempool_exit(&ix->upkeep_nodes);
	mempool_exit(&ix->loaders);
}

/* The last entry of an inner node whose key is not above @lba; -1 if none. */
static int child_at(const void *node, u64 lba)
{
	const struct sworn_disk_child *c = sworn_node_children(node);
	int lo = 0, hi = sworn_node_nr(node);

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (sworn_child_lba(&c[mid]) <= lba)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo - 1;
}

/* The last record of a leaf whose LBA is not above @lba; -1 if none. */
static int record_at(const void *node, u64 lba)
{
	const struct sworn_disk_record *d = sworn_node_records(node);
	int lo = 0, hi = sworn_node_nr(node);

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (sworn_disk_record_lba(&d[mid]) <= lba)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo - 1;
}

/*
 * The leaf of @bit that would hold @lba.  @end receives the first LBA that is
 * another leaf's business.  NULL with *@miss set: a node is not at hand.
 */
static const void *find_leaf(struct lookup *l, const struct sworn_bit *bit,
			     u64 lba, u64 *end, bool *miss)
{
	struct sworn_node_ref *missing = &l->missing;
	u32 block = bit->root_block, level = bit->height - 1;
	const u8 *mac = bit->root_mac;

	*end = bit->last_lba + 1;
	*miss = false;
	for (;;) {
		const void *node = find_node(l, bit->id, block);
		const struct sworn_disk_child *c;
		int i;

		if (!node) {
			missing->bit = *bit;
			missing->block = block;
			missing->level = level;
			memcpy(missing->mac, mac, SWORN_TAG_SIZE);
			*miss = true;
			return NULL;
		}
		if (!level)
			return node;
		c = sworn_node_children(node);
		i = child_at(node, lba);
		if (i < 0) {
			/* a gap in front of the first child */
			*end = min(*end, sworn_child_lba(&c[0]));
			return NULL;
		}
		if (i + 1 < sworn_node_nr(node))
			*end = min(*end, sworn_child_lba(&c[i + 1]));
		block = sworn_child_block(&c[i]);
		mac = c[i].mac;
		level--;
	}
}

/* Bits of the blocks from @from up to @end, of a run that begins at @lba. */
static u64 blocks_below(u64 lba, u64 end)
{
	if (end <= lba)
		return 0;
	return end - lba >= 64 ? ~0ULL : (1ULL << (end - lba)) - 1;
}

/* Take from a leaf what answers blocks of @want. */
static void take_from_leaf(const void *leaf, u64 lba, u64 want,
			   struct sworn_disk_record *out, u64 *todo)
{
	const struct sworn_disk_record *d = sworn_node_records(leaf);
	u32 nr = sworn_node_nr(leaf);
	struct sworn_record r;
	int at = record_at(leaf, lba + __ffs64(want));

	for (at = max(at, 0); want && at < nr; at++) {
		u64 hits;

		sworn_record_decode(&r, &d[at]);
		hits = blocks_below(lba, r.lba + sworn_record_blocks(&r)) &
		       ~blocks_below(lba, r.lba);
		want &= ~blocks_below(lba, r.lba);
		hits &= want;
		want &= ~hits;
		*todo &= ~hits;
		for (; hits; hits &= hits - 1)
			out[__ffs64(hits)] = d[at];
	}
}

/*
 * The BIT of a run that covers @lba or the first behind it, else NULL.  @from
 * receives where it begins to have a say.
 */
static const struct sworn_bit *bit_at(const struct sworn_catalog *c,
				      const struct sworn_version *v, u32 run,
				      u64 lba, u64 *from)
{
	u32 lo = v->first[run], hi = v->first[run + 1];

	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (c->bit[v->order[mid]].last_lba < lba)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == v->first[run + 1])
		return NULL;
	*from = v->from[lo];
	return &c->bit[v->order[lo]];
}

static int walk_run(struct lookup *l, const struct sworn_version *v)
{
	u64 lba = l->lba, left = l->todo;

	while (left) {
		u64 target = lba + __ffs64(left), from, end, want;
		const struct sworn_bit *bit = bit_at(&l->ix->catalog, v, l->run,
						     target, &from);
		const void *leaf;
		bool miss;

		if (!bit)
			return 0;
		if (from > target) {
			left &= ~blocks_below(lba, from);
			continue;
		}
		leaf = find_leaf(l, bit, target, &end, &miss);
		if (miss)
			return -EAGAIN;
		want = left & blocks_below(lba, end);
		left &= ~want;
		if (leaf)
			take_from_leaf(leaf, lba, want, l->out, &l->todo);
	}
	return 0;
}

/* As far as it gets with what is at hand. */
static int advance(struct lookup *l, u64 want)
{
	const struct sworn_version *v;
	int err = 0;

	rcu_read_lock();
	v = rcu_dereference(l->ix->catalog.version);
	if (l->serial != v->serial) {
		/* begin anew: runs may have come, gone, or changed places */
		l->todo = want;
		l->run = 0;
		sworn_tables_lookup(&l->ix->tables, l->lba, l->out, &l->todo);
		/* a table that was retired meanwhile is in this version */
		smp_rmb();
		v = rcu_dereference(l->ix->catalog.version);
		l->serial = v->serial;
	}
	while (l->todo && l->run < v->nr_runs) {
		err = walk_run(l, v);
		if (err)
			break;
		l->run++;
		drop_own(l);
	}
	rcu_read_unlock();
	return err;
}

/* The node as it is on the device. */
static int fetch_node(struct sworn_index *ix, const struct sworn_node_ref *m,
		      void *buf)
{
	return sworn_area_io(ix->meta, REQ_OP_READ,
			     sworn_index_block(ix->geo, m->bit.index_segment,
					       m->block), &buf, 1);
}

/* The same, with those behind it, which the reader of a run comes to next. */
static int fetch_ahead(struct sworn_index *ix, const struct sworn_node_ref *m,
		       struct sworn_ahead *a, void *buf)
{
	int err;

	if (a->bit_id != m->bit.id || m->block < a->first ||
	    m->block - a->first >= a->nr) {
		a->bit_id = m->bit.id;
		a->first = m->block;
		a->nr = min(m->bit.nr_blocks - m->block, SWORN_AHEAD_BLOCKS);
		err = sworn_area_io(ix->meta, REQ_OP_READ,
				    sworn_index_block(ix->geo,
						      m->bit.index_segment,
						      m->block),
				    a->buf, a->nr);
		if (err) {
			a->bit_id = 0;
			return err;
		}
	}
	memcpy(buf, a->buf[m->block - a->first], SWORN_BLOCK_SIZE);
	return 0;
}

int sworn_index_read_node(struct sworn_index *ix, const struct sworn_node_ref *m,
			  struct sworn_ahead *ahead, void *buf)
{
	SWORN_WATCH_SCOPE(ix->meta->watch, SWORN_STAGE_NODE_READ, m->block, 1);
	struct sworn_epoch *epoch = sworn_epochs_get(ix->epochs, m->bit.epoch);
	struct sworn_cryptor *c;
	int err;

	if (!epoch)
		return -EUCLEAN;
	err = ahead ? fetch_ahead(ix, m, ahead, buf) : fetch_node(ix, m, buf);
	if (err)
		return err;
	c = mempool_alloc(&ix->loaders, GFP_NOIO);
	sworn_iv_counter(c->iv, m->bit.base_counter + m->block);
	sworn_aad_set(&c->aad, SWORN_AAD_NODE, m->bit.id,
		      (u64)m->bit.index_segment * ix->geo->index_segment_blocks +
		      m->block);
	err = sworn_aead_open(c, epoch->tfm, &c->aad, sizeof(c->aad), buf,
			      SWORN_BLOCK_SIZE, m->mac);
	mempool_free(c, &ix->loaders);
	if (!err)
		err = sworn_node_check(buf, &m->bit, m->block, m->level, ix->geo);
	return err == -EBADMSG ? -EUCLEAN : err;
}

/* Read the missing node; the lookup keeps it, and the cache gets a copy. */
static int load_node(struct lookup *l)
{
	struct own_node *n = own_new(l);
	void *copy;
	int err;

	if (!n)
		return -ENOMEM;
	atomic64_inc(&l->ix->cache.misses);
	n->bit_id = l->missing.bit.id;
	n->block = l->missing.block;
	err = sworn_index_read_node(l->ix, &l->missing, l->ahead, n->data);
	if (err) {
		own_free(l, n);
		return err;
	}
	n->next = l->own;
	l->own = n;
	/* a leaf that a merge has read is about to go */
	if (l->ahead && !l->missing.level)
		return 0;
	copy = kmemdup(n->data, SWORN_BLOCK_SIZE,
		       GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN);
	if (copy)
		sworn_cache_insert(&l->ix->cache, n->bit_id, n->block, copy,
				   GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN);
	return 0;
}

bool sworn_index_bit_is_current(struct sworn_index *ix,
				const struct sworn_bit *bit)
{
	bool yes;

	rcu_read_lock();
	yes = ix->catalog.bit[bit->index_segment].id == bit->id;
	rcu_read_unlock();
	return yes;
}

/* Read what the lookup lacks, unless its BIT has gone meanwhile. */
static int fetch_missing(struct lookup *l)
{
	const struct sworn_bit *bit = &l->missing.bit;
	struct sworn_index *ix = l->ix;
	int err = load_node(l);

	if (err != -EUCLEAN)
		return err;
	if (!sworn_index_bit_is_current(ix, bit))
		return 0;
	ix->on_bad_node(ix->on_bad_node_data,
			sworn_index_block(ix->geo, bit->index_segment,
					  l->missing.block));
	return err;
}

/* The leaf of a run at or behind *@from, if it is at hand. */
static int copy_leaf(struct lookup *l, struct sworn_run_reader *r, bool *found,
		     u64 *from, u64 *end)
{
	const struct sworn_version *v;
	const struct sworn_bit *bit;
	const void *node = NULL;
	bool miss = false;
	u64 lba = *from, begin = 0;

	rcu_read_lock();
	v = rcu_dereference(l->ix->catalog.version);
	while (!node && !miss) {
		bit = bit_at(&l->ix->catalog, v, l->run, lba, &begin);
		if (!bit)
			break;
		r->bit_segment = bit->index_segment;
		r->bit_from = begin;
		r->bit_last = bit->last_lba;
		begin = max(lba, begin);
		node = find_leaf(l, bit, begin, end, &miss);
		lba = *end;
	}
	if (node) {
		memcpy(r->leaf, node, SWORN_BLOCK_SIZE);
		*from = begin;
	}
	*found = node;
	rcu_read_unlock();
	return miss ? -EAGAIN : 0;
}

int sworn_index_leaf(struct sworn_run_reader *r, bool *found, u64 *from,
		     u64 *end)
{
	struct lookup l = {
		.ix = r->ix,
		.run = r->run,
		.upkeep = true,
		.ahead = &r->ahead,
	};
	int err;

	do {
		err = copy_leaf(&l, r, found, from, end);
		if (err == -EAGAIN)
			err = fetch_missing(&l);
		else
			break;
	} while (!err);
	drop_own(&l);
	return err;
}

u64 sworn_index_older(struct sworn_index *ix, u64 lba, u64 want,
		      struct sworn_disk_record *out, u64 *known)
{
	struct lookup l = { .ix = ix, .lba = lba, .out = out, .todo = want };
	const struct sworn_version *v;
	int err = 0;

	rcu_read_lock();
	v = rcu_dereference(ix->catalog.version);
	for (; !err && l.todo && l.run < v->nr_runs; l.run++)
		err = walk_run(&l, v);
	rcu_read_unlock();
	*known = err ? want & ~l.todo : want;
	return want & ~l.todo;
}

int sworn_index_lookup(struct sworn_index *ix, u64 lba, u32 n,
		       struct sworn_disk_record *out, u64 *found,
		       enum sworn_lookup_how how)
{
	u64 want = n == 64 ? ~0ULL : (1ULL << n) - 1;
	struct lookup l;
	int err;

	l.ix = ix;
	l.lba = lba;
	l.out = out;
	l.serial = 0;
	l.own = NULL;
	l.upkeep = how == SWORN_LOOKUP_UPKEEP;
	l.ahead = NULL;
	do {
		err = advance(&l, want);
		if (err == -EAGAIN && how != SWORN_LOOKUP_CACHED)
			err = fetch_missing(&l);
		else
			break;
	} while (!err);
	drop_own(&l);
	if (!err)
		atomic64_inc(&ix->cache.hits);
	*found = want & ~l.todo;
	return err;
}
