/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MemTable: the newest index records, and what the next commit has to
 * write of them.
 *
 * Records hang in hash chains, split into shards by LBA; range tombstones in a
 * tree of disjoint ranges.  Every operation has a number (op_seq); between a
 * record and a range that cover the same LBA the higher number is the newer.
 * A cut ends a generation of operations at one instant: if it takes an
 * operation, it takes all that were complete before that one began.
 * All memory is allocated at activation but for staging pages.
 */
#ifndef SWORNDISK_INDEX_MEMTABLE_H
#define SWORNDISK_INDEX_MEMTABLE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>

#include "../format/record.h"

#define SWORN_SHARDS		16U
#define SWORN_RUN_BLOCKS	64U	/* blocks of one lookup or insertion */
#define SWORN_HBA_NONE		(~0ULL)

struct sworn_mt_entry {
	struct sworn_disk_record rec;
	u64 seq;
	u32 next;
};

struct sworn_mt_range {
	union {
		struct rb_node node;
		struct sworn_mt_range *next_free;
	};
	u64 start;
	u64 end;		/* exclusive */
	u64 seq;
};

/**
 * struct sworn_memtable - one generation of records
 * @used: entries given out, may overshoot @capacity
 * @buckets: chain heads, index + 1; a bucket belongs to one shard
 * @ranges: disjoint (range_lock)
 * @nr_ranges: peeked at without the lock
 */
struct sworn_memtable {
	u32 capacity;
	u32 bucket_bits;
	atomic_t used;
	u32 nr_ranges;
	struct rb_root ranges;
	struct sworn_mt_range *free_ranges;
	struct sworn_mt_entry *entries;
	struct sworn_mt_range *range_pool;
	u32 *buckets;
};

/* A record that is not in the journal yet. */
struct sworn_staged {
	struct sworn_disk_record rec;
	u64 old_hba;		/* replaced in the MemTable, or SWORN_HBA_NONE */
	u64 seq;
};

#define SWORN_STAGED_PER_PAGE	84U

struct sworn_stage_page {
	struct list_head list;
	u32 nr;
	struct sworn_staged rec[SWORN_STAGED_PER_PAGE];
};

/* The lists of staging pages: one a shard, the last one for ranges. */
#define SWORN_STAGE_LISTS	(SWORN_SHARDS + 1)

/**
 * struct sworn_generation - what operations between two cuts go into
 * @base: added to their numbers, so that numbers of a later generation are
 *	higher whatever the order in which they were drawn
 * @active: the MemTable
 * @pages: staging; a list is guarded by its shard's lock or the range lock
 */
struct sworn_generation {
	u64 base;
	struct sworn_memtable *active;
	struct list_head pages[SWORN_STAGE_LISTS];
};

/**
 * struct sworn_shard - a part of the LBA space
 * @lock: guards the chains of its buckets in the active MemTable, and its
 *	staging list
 */
struct sworn_shard {
	spinlock_t lock;
} ____cacheline_aligned_in_smp;

/**
 * struct sworn_tables - MemTables and staging of a volume
 * @generation: the one in force.  Operations read it under their shard's lock
 *	or the range lock, so whoever has gone through all of these locks after
 *	changing it knows that the one before is left alone.
 * @frozen: full, being written as BITs, or NULL (RCU)
 * @spare: empty, to be the next active (maint_mutex)
 * @range_lock: guards the active table's ranges and their staging list
 * @op_seq: numbers operations
 * @nr_staged: records in staging, peeked at
 */
struct sworn_tables {
	struct sworn_shard shard[SWORN_SHARDS];
	spinlock_t range_lock;
	struct sworn_generation *generation;
	struct sworn_generation generations[2];
	u64 generation_nr;
	struct sworn_memtable __rcu *frozen;
	struct sworn_memtable *spare;
	struct sworn_memtable *own[2];
	atomic64_t op_seq;
	atomic_t nr_staged;
	mempool_t pages;
};

/**
 * struct sworn_cut - what one commit writes
 * @pages: as in the generation that was cut off
 */
struct sworn_cut {
	struct list_head pages[SWORN_STAGE_LISTS];
};

int sworn_tables_init(struct sworn_tables *t, u32 capacity);
void sworn_tables_exit(struct sworn_tables *t);

/* Bytes of memory that tables of this capacity take. */
u64 sworn_tables_bytes(u32 capacity);

/**
 * sworn_tables_insert() - insert records of one run
 * @rec: sorted by LBA, all within one aligned run of 64 blocks
 * @stage: also put them into staging; not at replay
 * @old_hba: when not staging: receives what each replaced
 * @nomem: set when it stopped for want of a staging page
 *
 * Context: process; takes the shard's lock.
 * Return: number inserted; when staging none if the table has no room for all
 * of them, as far as that is known before; fewer than @n if @nomem.
 */
u32 sworn_tables_insert(struct sworn_tables *t,
			const struct sworn_disk_record *rec, u32 n, bool stage,
			u64 *old_hba, bool *nomem);

/**
 * sworn_tables_insert_range() - insert a range tombstone
 * @stage: also put it into staging
 *
 * Context: process; takes the range lock.
 * Return: 0, -EXFULL if the table has no room for ranges, -ENOMEM if there is
 * no staging page.
 */
int sworn_tables_insert_range(struct sworn_tables *t, u64 lba, u64 blocks,
			      bool stage);

/**
 * sworn_tables_wait_memory() - wait for memory for staging
 *
 * Called after -ENOMEM, when a commit was asked for, whose end gives pages
 * back.  Context: process; may sleep.
 */
void sworn_tables_wait_memory(struct sworn_tables *t);

/**
 * sworn_tables_cut() - take the staging; with @freeze also rotate
 *
 * Context: commit_mutex held; with @freeze there must be no frozen table and a
 * spare one.
 */
void sworn_tables_cut(struct sworn_tables *t, struct sworn_cut *cut,
		      bool freeze);

/* Give the pages of a cut back. */
void sworn_tables_uncut(struct sworn_tables *t, struct sworn_cut *cut);

/**
 * sworn_tables_retire() - the frozen table is in BITs that lookups find
 *
 * Context: process; waits for readers.
 */
void sworn_tables_retire(struct sworn_tables *t);

/**
 * sworn_tables_lookup() - look a run up in both tables
 * @lba: first block; all within one aligned run of 64
 * @todo: bit i set: block @lba + i is looked for; cleared when found
 * @out: receives records; a tombstone has the epoch %SWORN_EPOCH_TOMBSTONE
 *
 * Context: RCU read side.
 */
void sworn_tables_lookup(struct sworn_tables *t, u64 lba,
			 struct sworn_disk_record *out, u64 *todo);

/* Has the active table reached three quarters of its capacity, or is it full? */
bool sworn_tables_want_rotation(struct sworn_tables *t);

/* Has it no room left for the records of a write, or for ranges? */
bool sworn_tables_full(struct sworn_tables *t);

/* Records and ranges in both tables. */
u32 sworn_tables_records(struct sworn_tables *t);

/* Is there nothing in the active table? */
bool sworn_tables_active_empty(struct sworn_tables *t);

/**
 * struct sworn_mt_sorted - a frozen table in LBA order
 * @order: indices of entries, sorted by LBA
 */
struct sworn_mt_sorted {
	struct sworn_memtable *mt;
	u32 nr;
	u32 *order;
	u32 *spare;
};

int sworn_mt_sorted_init(struct sworn_mt_sorted *s, u32 capacity);
void sworn_mt_sorted_exit(struct sworn_mt_sorted *s);

/* Sort; needs no memory. */
void sworn_mt_sort(struct sworn_mt_sorted *s, struct sworn_memtable *mt,
		   u64 logical_blocks);

/* The range of a table that covers @lba or the first one behind it. */
struct sworn_mt_range *sworn_mt_range_at(struct sworn_memtable *mt, u64 lba);

#endif /* SWORNDISK_INDEX_MEMTABLE_H */
