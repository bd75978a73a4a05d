/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data segments: which are in use, which of their blocks are referenced (SVT),
 * and how many (DST).
 *
 * A block is referenced while an index record, in a MemTable or in a BIT,
 * points at it, be it the newest version of its LBA or not.  At any time there
 * is at most one such record for a block, for a block is given out again only
 * when its record has been dropped, and only by a commit is a record dropped.
 * So what is overwritten is never thought of as free before the version that
 * replaces it is durable.
 *
 * From being given out to the commit that has its record a block is pending.
 */
#ifndef SWORNDISK_SEGMENT_TABLE_H
#define SWORNDISK_SEGMENT_TABLE_H

#include <linux/mempool.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include "../format/geometry.h"
#include "../format/record.h"
#include "../format/tables.h"

#define SWORN_UNIT_BLOCKS	64U
#define SWORN_UNIT_SHIFT	6
#define SWORN_VICTIMS		64U
#define SWORN_ABANDONED_MAX	64U

/**
 * struct sworn_dst - a data segment in memory
 * @seq: number of its last opening
 * @mtime_s: time of that, seconds since 1970
 * @valid_blocks: referenced blocks
 * @pending: blocks given out whose records are not committed
 */
struct sworn_dst {
	u64 seq;
	u32 mtime_s;
	u16 valid_blocks;
	u16 pending;
};

/**
 * struct sworn_segments - all data segments
 * @lock: guards all but what @open_mutex does
 * @open_mutex: one opens a segment at a time; guards @victim, @nr_victims,
 *	@histogram.  Taken before @lock.
 * @used: bit set: it has referenced or pending blocks, or a head fills it
 * @open: bit set: a head fills it
 * @dst: counts of referenced blocks change under commit_mutex only
 * @map: of a segment in use, bit set: the block is referenced; a word is a
 *	write unit.  Changes under commit_mutex only.
 * @live_blocks: referenced blocks of all
 * @pending_blocks: pending blocks of all
 * @given_back: blocks that were referenced and then not, since activation
 * @victim: segments with few referenced blocks, found by the last search
 * @abandoned: blocks that get no record; the first @nr_settling of them wait for
 *	the commit under way
 * @svt_segment: where encoding the SVT has got to (commit_mutex)
 */
struct sworn_segments {
	spinlock_t lock;
	struct mutex open_mutex;
	u32 nr;
	u32 segment_blocks;
	u32 nr_free;
	u32 cursor;
	u64 next_seq;
	unsigned long *used;
	unsigned long *open;
	struct sworn_dst *dst;
	u64 **map;
	mempool_t maps;
	u64 live_blocks;
	u64 pending_blocks;
	u64 given_back;
	u32 nr_maps;
	u32 victim[SWORN_VICTIMS];
	u32 nr_victims;
	u32 *histogram;
	struct sworn_extent abandoned[SWORN_ABANDONED_MAX];
	u32 nr_abandoned;
	u32 nr_settling;
	u32 svt_segment;
};

int sworn_segments_init(struct sworn_segments *s, u32 nr, u32 segment_blocks);
void sworn_segments_exit(struct sworn_segments *s);

/* Bytes of memory that the tables take now. */
u64 sworn_segments_bytes(const struct sworn_segments *s);

/* Is there a segment for a head that may write into any?  Context: process. */
bool sworn_segments_available(struct sworn_segments *s);

/**
 * sworn_segments_open() - a segment for a log head
 * @keep: free segments to leave alone while there is another choice
 * @threaded: a segment that is referenced in part will do
 *
 * A free one, or else the one with the fewest referenced blocks: new blocks
 * then go where nothing is referenced (threaded logging).
 *
 * Context: process, may sleep; waits for memory only if @threaded.
 * Return: 0 or -ENOSPC.
 */
int sworn_segments_open(struct sworn_segments *s, u32 keep, bool threaded,
			u32 *segment);

/* A head is through with a segment. */
void sworn_segments_close(struct sworn_segments *s, u32 segment);

/**
 * sworn_segments_take() - give out the free blocks of a write unit
 * @unit: number within @segment, which the caller's head fills
 *
 * Return: bit i set: block i of the unit is the caller's.
 */
u64 sworn_segments_take(struct sworn_segments *s, u32 segment, u32 unit);

/**
 * sworn_segments_abandon() - blocks that were given out get no record
 *
 * They lie together.  They can be given out again when a commit that began
 * later has come to its end, for then the unit was written.
 * There is room to remember some; any more can be used when the disk is opened
 * again.
 *
 * Context: process.
 */
void sworn_segments_abandon(struct sworn_segments *s, u64 hba, u32 n);

/* Abandoned blocks that are remembered now: for a commit that begins. */
u32 sworn_segments_abandoned(struct sworn_segments *s);

/* The first @nr of them can be given out again.  The lock is held. */
void __sworn_segments_reclaim(struct sworn_segments *s, u32 nr);

static inline void sworn_segments_lock(struct sworn_segments *s)
{
	spin_lock(&s->lock);
}

static inline void sworn_segments_unlock(struct sworn_segments *s)
{
	spin_unlock(&s->lock);
}

/**
 * __sworn_segments_ref() - the record of a pending block is committed
 * __sworn_segments_unref() - the record of a block was dropped
 *
 * Context: commit_mutex and the lock are held, or recovery.
 * Return: whether that changed anything; else the accounts are wrong.
 */
bool __sworn_segments_ref(struct sworn_segments *s, u64 hba);
bool __sworn_segments_unref(struct sworn_segments *s, u64 hba);

/**
 * sworn_segments_replay() - a record points at a block
 *
 * Context: recovery; allocates.
 * Return: 0, or -EUCLEAN if one does already.
 */
int sworn_segments_replay(struct sworn_segments *s, u64 hba);

/* Does a record point at a block?  Context: commit_mutex, or recovery. */
bool sworn_segments_referenced(const struct sworn_segments *s, u64 hba);

void sworn_segments_encode(const struct sworn_segments *s, u32 segment,
			   struct sworn_disk_dst_entry *d);

/**
 * sworn_segments_load() - take an entry that was read from a device
 *
 * Context: recovery; allocates.
 * Return: 0 or -EUCLEAN.
 */
int sworn_segments_load(struct sworn_segments *s, u32 segment,
			const struct sworn_disk_dst_entry *d);

/* svt.c: the SVT as a section of a checkpoint. */

/* Entries that the SVT comes to, and the first is next to be encoded. */
u64 sworn_svt_count(struct sworn_segments *s);

/* Entries come in order, each once. */
void sworn_svt_encode(struct sworn_segments *s, u64 i,
		      struct sworn_disk_svt_entry *d);

/**
 * sworn_svt_load() - take an entry that was read from a device
 *
 * Context: recovery, after the DST.
 * Return: 0 or -EUCLEAN.
 */
int sworn_svt_load(struct sworn_segments *s,
		   const struct sworn_disk_svt_entry *d);

/* Do DST and SVT agree?  Context: recovery.  Return: 0 or -EUCLEAN. */
int sworn_svt_check(const struct sworn_segments *s);

#endif /* SWORNDISK_SEGMENT_TABLE_H */
