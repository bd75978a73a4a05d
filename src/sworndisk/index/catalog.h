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

#include "bit.h"

/**
 * struct sworn_version - what lookups see
 * @serial: differs from that of every other version; never 0
 * @first: @order index of the first BIT of each run, newest run first, and an
 *	end mark
 * @order: index segments; within a run by LBA
 */
struct sworn_version {
	u64 serial;
	u32 nr_runs;
	u32 nr_bits;
	u32 *first;
	u32 *order;
};

/**
 * struct sworn_catalog - all BITs of a volume
 * @lock: guards @used and @nr_free
 * @bit: by index segment; an entry is written before a version names it
 * @nr_gone: BITs at the front of the version before that are in this one no
 *	more, and whose index segments are not free yet (maint_mutex)
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
	u32 nr_gone;
	u64 next_id;
	u64 next_run;
};

int sworn_catalog_init(struct sworn_catalog *c, const struct sworn_geometry *geo);
void sworn_catalog_exit(struct sworn_catalog *c);
u64 sworn_catalog_bytes(const struct sworn_geometry *geo);

/**
 * sworn_catalog_alloc() - take a free index segment
 *
 * Return: 0 or -ENOSPC.
 */
int sworn_catalog_alloc(struct sworn_catalog *c, u32 *index_segment);
void sworn_catalog_free(struct sworn_catalog *c, u32 index_segment);

/**
 * sworn_catalog_add() - make BITs of one run visible
 * @bits: sorted by LBA, newer than all that is there; their index segments
 *	are allocated, or at replay free
 *
 * Context: commit_mutex held or recovery.  sworn_catalog_settle() must come
 * before the next change, but at recovery.
 * Return: 0; -EUCLEAN if an entry does not fit in (only at replay).
 */
int sworn_catalog_add(struct sworn_catalog *c, const struct sworn_bit *bits,
		      u32 nr, bool replay);

/**
 * sworn_catalog_replace() - put one run in the place of the newest ones
 * @nr_runs: number of runs that go
 *
 * Context: commit_mutex held.  sworn_catalog_settle() must come before the next
 * change.
 */
void sworn_catalog_replace(struct sworn_catalog *c, const struct sworn_bit *bits,
			   u32 nr, u32 nr_runs);

/**
 * sworn_catalog_settle() - wait until nobody looks at the version before
 *
 * Then the index segments of what went are free.
 * Context: process, maint_mutex held, commit_mutex not: this takes a while.
 */
void sworn_catalog_settle(struct sworn_catalog *c);

/**
 * sworn_catalog_remove() - a BIT has gone
 *
 * Context: recovery, before there are lookups.
 * Return: 0 or -EUCLEAN if there is no such BIT.
 */
int sworn_catalog_remove(struct sworn_catalog *c, u64 id);

/**
 * sworn_catalog_append() - take an entry of a checkpoint
 *
 * Entries come run by run, the oldest run first, by LBA within a run.
 * Context: recovery, before there are lookups.
 * Return: 0 or -EUCLEAN.
 */
int sworn_catalog_append(struct sworn_catalog *c, const struct sworn_bit *bit);

/* Number of BITs; steady only under commit_mutex. */
u32 sworn_catalog_nr(struct sworn_catalog *c);

#endif /* SWORNDISK_INDEX_CATALOG_H */
