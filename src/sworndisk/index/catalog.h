/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BIT catalog: which BITs there are, in sorted runs from newest to oldest.
 *
 * A BIT has an index segment of its own, so the catalog is an array by index
 * segment and a bitmap.  Lookups see an immutable version under RCU; the two
 * versions' memory is allocated at activation.
 */
#ifndef SWORNDISK_INDEX_CATALOG_H
#define SWORNDISK_INDEX_CATALOG_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "../format/bit.h"

/**
 * struct sworn_version - what lookups see
 * @serial: differs from that of every other version; never 0
 * @first: @order index of the first BIT of each run, newest run first, and an
 *	end mark
 * @order: index segments; within a run by LBA
 * @from: by the same index: the first LBA that the BIT has a say in
 */
struct sworn_version {
	u64 serial;
	u32 nr_runs;
	u32 nr_bits;
	u32 *first;
	u32 *order;
	u64 *from;
};

/**
 * struct sworn_catalog - all BITs of a volume
 * @lock: guards @used and @nr_free
 * @bit: by index segment; an entry is written before a version names it
 * @gone: index segments of BITs that are in the version before and in this one
 *	no more, not free yet (maint_mutex)
 * @version: changed under commit_mutex, read under RCU
 */
struct sworn_catalog {
	const struct sworn_geometry *geo;
	spinlock_t lock;
	unsigned long *used;
	u32 nr_free;
	u32 cursor;
	struct sworn_bit *bit;
	struct sworn_version __rcu *version;
	struct sworn_version own[2];
	u32 *gone;
	u32 nr_gone;
	u64 next_id;
	u64 next_run;
};

int sworn_catalog_init(struct sworn_catalog *c, const struct sworn_geometry *geo);
void sworn_catalog_exit(struct sworn_catalog *c);
u64 sworn_catalog_bytes(const struct sworn_geometry *geo);

/**
 * sworn_catalog_alloc() - take a free index segment
 * @keep: so many are for others
 *
 * Return: 0 or -ENOSPC.
 */
int sworn_catalog_alloc(struct sworn_catalog *c, u32 keep, u32 *index_segment);
void sworn_catalog_free(struct sworn_catalog *c, u32 index_segment);

/**
 * struct sworn_edit - how a version becomes the next one
 * @bits: of one run, by LBA; they join that run, or make it
 * @oldest, @newest: runs with numbers in between are taken from; none if
 *	@oldest is the higher
 * @lo, @hi: what they say of LBAs from @lo up to @hi counts no more.  Below
 *	@lo there are only BITs that earlier steps of the same round wrote
 */
struct sworn_edit {
	const struct sworn_bit *bits;
	u32 nr;
	u64 oldest;
	u64 newest;
	u64 lo;
	u64 hi;
};

enum sworn_fate {
	SWORN_BIT_STAYS,
	SWORN_BIT_TRIMMED,	/* it has its say from the edit's hi on */
	SWORN_BIT_GOES,
};

/**
 * sworn_catalog_fate() - what an edit does to a BIT
 * @at: index in the version in force
 * @trim: receives the journal's item if it is trimmed
 */
enum sworn_fate sworn_catalog_fate(const struct sworn_catalog *c,
				   const struct sworn_edit *e, u32 run, u32 at,
				   struct sworn_disk_trim *trim);

/**
 * sworn_catalog_edit() - make the next version
 *
 * Context: commit_mutex held.  sworn_catalog_settle() must come before the next
 * change.
 */
void sworn_catalog_edit(struct sworn_catalog *c, const struct sworn_edit *e);

/**
 * sworn_catalog_settle() - wait until nobody looks at the version before
 *
 * Then the index segments of what went are free.
 * Context: process, maint_mutex held, commit_mutex not: this takes a while.
 */
void sworn_catalog_settle(struct sworn_catalog *c);

/**
 * sworn_catalog_insert() - a BIT has come
 * sworn_catalog_remove() - a BIT has gone
 * sworn_catalog_trim() - a BIT has less of a say
 *
 * Quick where the BIT is of the newest run, or the last one of its run.
 * Context: recovery, before there are lookups.
 * Return: 0, or -EUCLEAN if it cannot be so.
 */
int sworn_catalog_insert(struct sworn_catalog *c, const struct sworn_bit *bit);
int sworn_catalog_remove(struct sworn_catalog *c, u64 id);
int sworn_catalog_trim(struct sworn_catalog *c, const struct sworn_disk_trim *t);

/**
 * sworn_catalog_next() - the BIT with the lowest id from @id up to @end
 * @bit: receives it as it is now
 * @from: receives the first LBA that it has a say in
 *
 * Context: any.  Return: whether there is one in the version in force.
 */
bool sworn_catalog_next(struct sworn_catalog *c, u64 id, u64 end,
			struct sworn_bit *bit, u64 *from);

/* Number of a run of the version in force.  Context: as its caller's. */
u64 sworn_catalog_run(const struct sworn_catalog *c,
		      const struct sworn_version *v, u32 run);

/* Records of a run, an estimate if it was trimmed. */
u64 sworn_catalog_records(const struct sworn_catalog *c,
			  const struct sworn_version *v, u32 run);

/* Records of all runs but the oldest.  Context: as sworn_catalog_run()'s caller. */
u64 sworn_catalog_upper(const struct sworn_catalog *c);

/**
 * struct sworn_catalog_size - how many BITs and runs there are
 */
struct sworn_catalog_size {
	u32 bits;
	u32 runs;
};

/* Both as of one moment; steady only under commit_mutex. */
struct sworn_catalog_size sworn_catalog_size(struct sworn_catalog *c);

#endif /* SWORNDISK_INDEX_CATALOG_H */
