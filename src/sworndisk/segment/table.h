/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data segments: which are in use (SVT), how much of each is referenced (DST).
 *
 * A segment's count is the number of index records, in the MemTables and in
 * BITs, that point into it.  It is changed by commits only, after the journal
 * has them, so a block that was replaced is not thought of as free before the
 * version that replaces it is durable.
 */
#ifndef SWORNDISK_SEGMENT_TABLE_H
#define SWORNDISK_SEGMENT_TABLE_H

#include <linux/spinlock.h>

#include "../format/geometry.h"

/**
 * struct sworn_dst - a data segment in memory
 */
struct sworn_dst {
	u64 seq;
	u32 mtime_s;
	u16 valid_blocks;
	u8 heat;
};

/**
 * struct sworn_segments - all data segments
 * @lock: guards @svt, @nr_free, @cursor, @next_seq; the entries of @dst belong
 *	to whoever holds the volume's commit_mutex, but for seq and mtime_s,
 *	which are set at allocation
 * @svt: a set bit: in use
 * @live_blocks: sum of all valid_blocks (commit_mutex)
 */
struct sworn_segments {
	spinlock_t lock;
	u32 nr;
	u32 segment_blocks;
	u32 nr_free;
	u32 cursor;
	u64 next_seq;
	unsigned long *svt;
	struct sworn_dst *dst;
	u64 live_blocks;
};

int sworn_segments_init(struct sworn_segments *s, u32 nr, u32 segment_blocks);
void sworn_segments_exit(struct sworn_segments *s);

/**
 * sworn_segments_alloc() - take a free segment
 *
 * Context: any; takes the lock.
 * Return: 0 or -ENOSPC.
 */
int sworn_segments_alloc(struct sworn_segments *s, u32 *segment);

/* Recovery: this segment is in use. */
void sworn_segments_mark_used(struct sworn_segments *s, u32 segment);

/**
 * sworn_segments_ref() - a record points at @hba now
 * sworn_segments_unref() - one less does
 *
 * Context: commit_mutex held, or recovery.
 */
void sworn_segments_ref(struct sworn_segments *s, u64 hba);
void sworn_segments_unref(struct sworn_segments *s, u64 hba);

/* As sworn_segments_unref(), @n at once. */
void sworn_segments_unref_many(struct sworn_segments *s, u32 segment, u32 n);

void sworn_segments_encode(const struct sworn_segments *s, u32 segment,
			   struct sworn_disk_dst_entry *d);

/**
 * sworn_segments_load() - take an entry that was read from a device
 *
 * Return: 0 or -EUCLEAN.
 */
int sworn_segments_load(struct sworn_segments *s, u32 segment,
			const struct sworn_disk_dst_entry *d);

#endif /* SWORNDISK_SEGMENT_TABLE_H */
