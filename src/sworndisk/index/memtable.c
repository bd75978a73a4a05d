// SPDX-License-Identifier: GPL-2.0-only
/* The MemTable: hash chains by shard, insertion, lookup, rotation. */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "memtable.h"
#include "range.h"

#define STAGE_PAGES_RESERVE	64
#define SHARD_BITS		4

/*
 * An operation of an older generation can draw its number after one of a newer
 * generation has, but it holds its shard's lock, so the cut that began the newer
 * one is not through, nor is its commit.  Until then no more is staged than two
 * MemTables hold, which is far below this; and there are 2^40 cuts.
 */
#define GENERATION_SHIFT	24

static_assert(1U << SHARD_BITS == SWORN_SHARDS, "");
static_assert(sizeof(struct sworn_stage_page) <= 4096, "");

static u32 shard_of(u64 lba)
{
	return hash_64(lba / SWORN_RUN_BLOCKS, SHARD_BITS);
}

/* The high bits choose among the shard's own buckets. */
static u32 *bucket_of(struct sworn_memtable *mt, u32 shard, u64 lba)
{
	u32 bits = mt->bucket_bits - SHARD_BITS;

	return &mt->buckets[(shard << bits) + hash_64(lba, bits)];
}

static u32 bucket_bits_for(u32 capacity)
{
	return max(ilog2(roundup_pow_of_two(capacity)), SHARD_BITS + 1);
}

static u32 ranges_for(u32 capacity)
{
	return capacity / 8;
}

u64 sworn_tables_bytes(u32 capacity)
{
	return 2 * ((u64)capacity * sizeof(struct sworn_mt_entry) +
		    (u64)ranges_for(capacity) * sizeof(struct sworn_mt_range) +
		    (sizeof(u32) << bucket_bits_for(capacity)));
}

static void memtable_clear(struct sworn_memtable *mt)
{
	u32 i;

	atomic_set(&mt->used, 0);
	mt->nr_ranges = 0;
	mt->ranges = RB_ROOT;
	mt->free_ranges = NULL;
	for (i = 0; i < ranges_for(mt->capacity); i++) {
		mt->range_pool[i].next_free = mt->free_ranges;
		mt->free_ranges = &mt->range_pool[i];
	}
	memset(mt->buckets, 0, sizeof(u32) << mt->bucket_bits);
}

static void memtable_free(struct sworn_memtable *mt)
{
	if (!mt)
		return;
	kvfree(mt->entries);
	kvfree(mt->range_pool);
	kvfree(mt->buckets);
	kfree(mt);
}

static struct sworn_memtable *memtable_create(u32 capacity)
{
	struct sworn_memtable *mt = kzalloc(sizeof(*mt), GFP_KERNEL);

	if (!mt)
		return NULL;
	mt->capacity = capacity;
	mt->bucket_bits = bucket_bits_for(capacity);
	mt->entries = kvmalloc_array(capacity, sizeof(*mt->entries), GFP_KERNEL);
	mt->range_pool = kvmalloc_array(ranges_for(capacity),
					sizeof(*mt->range_pool), GFP_KERNEL);
	mt->buckets = kvmalloc_array(1U << mt->bucket_bits, sizeof(u32),
				     GFP_KERNEL);
	if (!mt->entries || !mt->range_pool || !mt->buckets) {
		memtable_free(mt);
		return NULL;
	}
	memtable_clear(mt);
	return mt;
}

int sworn_tables_init(struct sworn_tables *t, u32 capacity)
{
	u32 i;
	int err;

	for (i = 0; i < SWORN_SHARDS; i++)
		spin_lock_init(&t->shard[i].lock);
	for (i = 0; i < SWORN_STAGE_LISTS; i++) {
		INIT_LIST_HEAD(&t->generations[0].pages[i]);
		INIT_LIST_HEAD(&t->generations[1].pages[i]);
	}
	spin_lock_init(&t->range_lock);
	t->generation_nr = 0;
	t->generation = &t->generations[0];
	t->generation->base = 0;
	atomic64_set(&t->op_seq, 0);
	atomic_set(&t->nr_staged, 0);
	err = mempool_init_kmalloc_pool(&t->pages, STAGE_PAGES_RESERVE,
					sizeof(struct sworn_stage_page));
	if (err)
		return err;
	t->own[0] = memtable_create(capacity);
	t->own[1] = memtable_create(capacity);
	if (!t->own[0] || !t->own[1]) {
		sworn_tables_exit(t);
		return -ENOMEM;
	}
	t->generation->active = t->own[0];
	RCU_INIT_POINTER(t->frozen, NULL);
	t->spare = t->own[1];
	return 0;
}

static void free_pages_of(struct sworn_tables *t, struct list_head *pages)
{
	struct sworn_stage_page *page, *next;

	list_for_each_entry_safe(page, next, pages, list) {
		list_del(&page->list);
		atomic_sub(page->nr, &t->nr_staged);
		mempool_free(page, &t->pages);
	}
}

void sworn_tables_exit(struct sworn_tables *t)
{
	u32 i;

	if (!mempool_initialized(&t->pages))
		return;
	for (i = 0; i < SWORN_STAGE_LISTS; i++)
		free_pages_of(t, &t->generation->pages[i]);
	mempool_exit(&t->pages);
	memtable_free(t->own[0]);
	memtable_free(t->own[1]);
	t->own[0] = NULL;
	t->own[1] = NULL;
}

/*
 * Room for one more record at the end of a staging list, or NULL.  The lock
 * that guards the list is held.  Memory that is not there at once is not
 * waited for: the caller lets a commit bring some back.
 */
static struct sworn_staged *__stage_slot(struct sworn_tables *t,
					 struct list_head *pages)
{
	struct sworn_stage_page *page;

	page = list_empty(pages) ? NULL :
		list_last_entry(pages, struct sworn_stage_page, list);
	if (!page || page->nr == SWORN_STAGED_PER_PAGE) {
		page = mempool_alloc(&t->pages, GFP_NOWAIT | __GFP_NOWARN);
		if (!page)
			return NULL;
		page->nr = 0;
		list_add_tail(&page->list, pages);
	}
	return &page->rec[page->nr++];
}

void sworn_tables_wait_memory(struct sworn_tables *t)
{
	mempool_free(mempool_alloc(&t->pages, GFP_NOIO), &t->pages);
}

/* The shard's lock is held. */
static struct sworn_mt_entry *__find(struct sworn_memtable *mt, u32 shard,
				     u64 lba)
{
	u32 i = *bucket_of(mt, shard, lba);

	while (i) {
		struct sworn_mt_entry *e = &mt->entries[i - 1];

		if (sworn_disk_record_lba(&e->rec) == lba)
			return e;
		i = e->next;
	}
	return NULL;
}

static u64 hba_of(const struct sworn_disk_record *d)
{
	struct sworn_record r;

	sworn_record_decode(&r, d);
	return sworn_record_is_tombstone(&r) ? SWORN_HBA_NONE : r.hba;
}

/*
 * The shard's lock is held.  Returns false if the table is full.  The entry is
 * found or made first, so that a full table leaves no staged record behind.
 */
static bool __insert(struct sworn_memtable *mt, u32 shard,
		     const struct sworn_disk_record *rec, u64 seq, u64 *old_hba)
{
	u64 lba = sworn_disk_record_lba(rec);
	struct sworn_mt_entry *e = __find(mt, shard, lba);

	if (e) {
		*old_hba = hba_of(&e->rec);
	} else {
		u32 i = atomic_fetch_inc(&mt->used);
		u32 *bucket;

		if (i >= mt->capacity) {
			atomic_dec(&mt->used);
			return false;
		}
		bucket = bucket_of(mt, shard, lba);
		e = &mt->entries[i];
		e->next = *bucket;
		*bucket = i + 1;
		*old_hba = SWORN_HBA_NONE;
	}
	e->rec = *rec;
	e->seq = seq;
	return true;
}

/* A shard's lock or the range lock is held. */
static struct sworn_generation *__generation(struct sworn_tables *t)
{
	/* pairs with the release in sworn_tables_cut() */
	return smp_load_acquire(&t->generation);
}

static u64 next_seq(struct sworn_tables *t, const struct sworn_generation *g)
{
	return g->base + atomic64_inc_return(&t->op_seq);
}

static void __unstage(struct list_head *pages)
{
	list_last_entry(pages, struct sworn_stage_page, list)->nr--;
}

u32 sworn_tables_insert(struct sworn_tables *t,
			const struct sworn_disk_record *rec, u32 n, bool stage,
			u64 *old_hba, bool *nomem)
{
	u32 i, nr = shard_of(sworn_disk_record_lba(rec));
	struct sworn_shard *shard = &t->shard[nr];
	struct sworn_generation *g;

	*nomem = false;
	spin_lock(&shard->lock);
	g = __generation(t);
	/* all of them in one generation */
	if (stage && atomic_read(&g->active->used) + n > g->active->capacity)
		n = 0;
	for (i = 0; i < n; i++) {
		u64 old, seq = next_seq(t, g);
		struct sworn_staged *staged = NULL;

		if (stage) {
			staged = __stage_slot(t, &g->pages[nr]);
			if (!staged) {
				*nomem = true;
				break;
			}
		}
		if (!__insert(g->active, nr, &rec[i], seq, &old)) {
			if (stage)
				__unstage(&g->pages[nr]);
			break;
		}
		if (stage) {
			staged->rec = rec[i];
			staged->old_hba = old;
			staged->seq = seq;
		} else {
			old_hba[i] = old;
		}
	}
	if (stage)
		atomic_add(i, &t->nr_staged);
	spin_unlock(&shard->lock);
	return i;
}

int sworn_tables_insert_range(struct sworn_tables *t, u64 lba, u64 blocks,
			      bool stage)
{
	struct sworn_staged *staged = NULL;
	struct sworn_generation *g;
	struct sworn_record r;
	int err = 0;
	u64 seq;

	spin_lock(&t->range_lock);
	g = __generation(t);
	seq = next_seq(t, g);
	if (stage) {
		staged = __stage_slot(t, &g->pages[SWORN_SHARDS]);
		if (!staged)
			err = -ENOMEM;
	}
	if (!err) {
		err = sworn_ranges_insert(g->active, lba, lba + blocks, seq);
		if (err && stage)
			__unstage(&g->pages[SWORN_SHARDS]);
	}
	if (!err && stage) {
		sworn_record_tombstone(&r, lba, blocks);
		sworn_record_encode(&staged->rec, &r);
		staged->old_hba = SWORN_HBA_NONE;
		staged->seq = seq;
		atomic_inc(&t->nr_staged);
	}
	spin_unlock(&t->range_lock);
	return err;
}

void sworn_tables_cut(struct sworn_tables *t, struct sworn_cut *cut,
		      bool freeze)
{
	struct sworn_generation *old = t->generation, *new;
	struct sworn_memtable *next;
	u32 i;

	new = &t->generations[old == &t->generations[0]];
	new->base = ++t->generation_nr << GENERATION_SHIFT;
	next = old->active;
	if (freeze) {
		next = t->spare;
		t->spare = NULL;
		/* before the new active: a reader that sees that sees this */
		rcu_assign_pointer(t->frozen, old->active);
	}
	/* a slow reader may come by this generation: see active_of() */
	smp_store_release(&new->active, next);
	/* pairs with __generation() and sworn_tables_lookup() */
	smp_store_release(&t->generation, new);

	for (i = 0; i < SWORN_STAGE_LISTS; i++) {
		spinlock_t *lock = i < SWORN_SHARDS ? &t->shard[i].lock :
						      &t->range_lock;

		INIT_LIST_HEAD(&cut->pages[i]);
		spin_lock(lock);
		list_splice_init(&old->pages[i], &cut->pages[i]);
		spin_unlock(lock);
	}
}

void sworn_tables_uncut(struct sworn_tables *t, struct sworn_cut *cut)
{
	u32 i;

	for (i = 0; i < SWORN_STAGE_LISTS; i++)
		free_pages_of(t, &cut->pages[i]);
}

void sworn_tables_retire(struct sworn_tables *t)
{
	struct sworn_memtable *mt = rcu_dereference_protected(t->frozen, true);

	rcu_assign_pointer(t->frozen, NULL);
	synchronize_rcu();
	memtable_clear(mt);
	t->spare = mt;
}

static void lookup_one(struct sworn_tables *t, struct sworn_memtable *mt,
		       u64 lba, struct sworn_disk_record *out, u64 *todo)
{
	u32 nr = shard_of(lba);
	struct sworn_shard *shard = &t->shard[nr];
	u64 asked = *todo, left = asked, seq[SWORN_RUN_BLOCKS];

	if (!atomic_read(&mt->used) && !READ_ONCE(mt->nr_ranges))
		return;
	spin_lock(&shard->lock);
	while (left) {
		u32 i = __ffs64(left);
		struct sworn_mt_entry *e = __find(mt, nr, lba + i);

		left &= left - 1;
		if (e) {
			out[i] = e->rec;
			seq[i] = e->seq;
			*todo &= ~(1ULL << i);
		}
	}
	spin_unlock(&shard->lock);
	/*
	 * A range that comes between the two locks belongs to a discard that
	 * runs beside this lookup: either answer is right.
	 */
	if (READ_ONCE(mt->nr_ranges)) {
		spin_lock(&t->range_lock);
		sworn_ranges_lookup(mt, lba, asked, out, seq, todo);
		spin_unlock(&t->range_lock);
	}
}

/* RCU read side. */
static struct sworn_memtable *active_of(struct sworn_tables *t)
{
	/* pairs with the release in sworn_tables_cut() */
	struct sworn_generation *g = smp_load_acquire(&t->generation);

	/* it may be used for a later cut meanwhile: then this is newer */
	return smp_load_acquire(&g->active);
}

void sworn_tables_lookup(struct sworn_tables *t, u64 lba,
			 struct sworn_disk_record *out, u64 *todo)
{
	struct sworn_memtable *mt = active_of(t);

	lookup_one(t, mt, lba, out, todo);
	if (!*todo)
		return;
	mt = rcu_dereference(t->frozen);
	if (mt)
		lookup_one(t, mt, lba, out, todo);
}

/*
 * Is the active table used up to a share of its capacity, in quarters, or too
 * full for the records of a write, which come all together?
 */
static bool used_up(struct sworn_tables *t, u32 quarters)
{
	struct sworn_memtable *mt;
	u32 used;
	bool yes;

	rcu_read_lock();
	mt = active_of(t);
	/* the last two ranges cannot be given out, see sworn_ranges_insert() */
	used = atomic_read(&mt->used);
	yes = used >= mt->capacity / 4 * quarters ||
	      used + SWORN_RUN_BLOCKS > mt->capacity ||
	      READ_ONCE(mt->nr_ranges) + 2 > ranges_for(mt->capacity) / 4 * quarters;
	rcu_read_unlock();
	return yes;
}

bool sworn_tables_full(struct sworn_tables *t)
{
	return used_up(t, 4);
}

bool sworn_tables_want_rotation(struct sworn_tables *t)
{
	return used_up(t, 3);
}

bool sworn_tables_active_empty(struct sworn_tables *t)
{
	struct sworn_memtable *mt;
	bool empty;

	rcu_read_lock();
	mt = active_of(t);
	empty = !atomic_read(&mt->used) && !READ_ONCE(mt->nr_ranges);
	rcu_read_unlock();
	return empty;
}

static u32 records_of(const struct sworn_memtable *mt)
{
	return mt ? atomic_read(&mt->used) + READ_ONCE(mt->nr_ranges) : 0;
}

u32 sworn_tables_records(struct sworn_tables *t)
{
	u32 n;

	rcu_read_lock();
	n = records_of(active_of(t)) +
	    records_of(rcu_dereference(t->frozen));
	rcu_read_unlock();
	return n;
}
