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

	for (i = 0; i < SWORN_SHARDS; i++) {
		spin_lock_init(&t->shard[i].lock);
		INIT_LIST_HEAD(&t->shard[i].pages);
	}
	spin_lock_init(&t->range_lock);
	INIT_LIST_HEAD(&t->range_pages);
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
	RCU_INIT_POINTER(t->active, t->own[0]);
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
	for (i = 0; i < SWORN_SHARDS; i++)
		free_pages_of(t, &t->shard[i].pages);
	free_pages_of(t, &t->range_pages);
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

u32 sworn_tables_insert(struct sworn_tables *t,
			const struct sworn_disk_record *rec, u32 n, bool stage,
			u64 *old_hba, bool *nomem)
{
	u32 i, nr = shard_of(sworn_disk_record_lba(rec));
	struct sworn_shard *shard = &t->shard[nr];
	struct sworn_memtable *mt;

	*nomem = false;
	spin_lock(&shard->lock);
	mt = rcu_dereference_protected(t->active, lockdep_is_held(&shard->lock));
	for (i = 0; i < n; i++) {
		u64 seq = atomic64_inc_return(&t->op_seq);
		struct sworn_staged *staged = NULL;
		u64 old;

		if (stage) {
			staged = __stage_slot(t, &shard->pages);
			if (!staged) {
				*nomem = true;
				break;
			}
		}
		if (!__insert(mt, nr, &rec[i], seq, &old)) {
			if (stage)
				list_last_entry(&shard->pages,
						struct sworn_stage_page,
						list)->nr--;
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
	struct sworn_memtable *mt;
	struct sworn_record r;
	int err = 0;
	u64 seq;

	spin_lock(&t->range_lock);
	mt = rcu_dereference_protected(t->active,
				       lockdep_is_held(&t->range_lock));
	seq = atomic64_inc_return(&t->op_seq);
	if (stage) {
		staged = __stage_slot(t, &t->range_pages);
		if (!staged)
			err = -ENOMEM;
	}
	if (!err) {
		err = sworn_ranges_insert(mt, lba, lba + blocks, seq);
		if (err && stage)
			list_last_entry(&t->range_pages,
					struct sworn_stage_page, list)->nr--;
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

static void lock_all(struct sworn_tables *t)
{
	u32 i;

	for (i = 0; i < SWORN_SHARDS; i++)
		spin_lock_nest_lock(&t->shard[i].lock, &t->range_lock);
}

static void unlock_all(struct sworn_tables *t)
{
	u32 i = SWORN_SHARDS;

	while (i--)
		spin_unlock(&t->shard[i].lock);
}

void sworn_tables_cut(struct sworn_tables *t, struct sworn_cut *cut,
		      bool freeze)
{
	u32 i;

	/*
	 * The range lock first here, so that lockdep sees the shards nested
	 * under one lock; nobody takes a shard under it or it under a shard
	 * but lookups, which hold no other.
	 */
	spin_lock(&t->range_lock);
	lock_all(t);
	for (i = 0; i < SWORN_SHARDS; i++) {
		INIT_LIST_HEAD(&cut->pages[i]);
		list_splice_init(&t->shard[i].pages, &cut->pages[i]);
	}
	INIT_LIST_HEAD(&cut->pages[SWORN_SHARDS]);
	list_splice_init(&t->range_pages, &cut->pages[SWORN_SHARDS]);
	if (freeze) {
		struct sworn_memtable *old = rcu_dereference_protected(
			t->active, lockdep_is_held(&t->range_lock));

		/* a reader that sees the new active sees this frozen */
		rcu_assign_pointer(t->frozen, old);
		rcu_assign_pointer(t->active, t->spare);
		t->spare = NULL;
	}
	unlock_all(t);
	spin_unlock(&t->range_lock);
}

void sworn_tables_uncut(struct sworn_tables *t, struct sworn_cut *cut)
{
	u32 i;

	for (i = 0; i <= SWORN_SHARDS; i++)
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

void sworn_tables_lookup(struct sworn_tables *t, u64 lba,
			 struct sworn_disk_record *out, u64 *todo)
{
	struct sworn_memtable *mt = rcu_dereference(t->active);

	lookup_one(t, mt, lba, out, todo);
	if (!*todo)
		return;
	/* pairs with the order of publication in sworn_tables_cut() */
	smp_rmb();
	mt = rcu_dereference(t->frozen);
	if (mt)
		lookup_one(t, mt, lba, out, todo);
}

/* Is the active table used up to a share of its capacity, in quarters? */
static bool used_up(struct sworn_tables *t, u32 quarters)
{
	struct sworn_memtable *mt;
	bool yes;

	rcu_read_lock();
	mt = rcu_dereference(t->active);
	/* the last two ranges cannot be given out, see sworn_ranges_insert() */
	yes = atomic_read(&mt->used) >= mt->capacity / 4 * quarters ||
	      READ_ONCE(mt->nr_ranges) + 2 > ranges_for(mt->capacity) / 4 * quarters;
	rcu_read_unlock();
	return yes;
}

bool sworn_tables_want_rotation(struct sworn_tables *t)
{
	return used_up(t, 3);
}

bool sworn_tables_full(struct sworn_tables *t)
{
	return used_up(t, 4);
}

bool sworn_tables_active_empty(struct sworn_tables *t)
{
	struct sworn_memtable *mt;
	bool empty;

	rcu_read_lock();
	mt = rcu_dereference(t->active);
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
	n = records_of(rcu_dereference(t->active)) +
	    records_of(rcu_dereference(t->frozen));
	rcu_read_unlock();
	return n;
}
