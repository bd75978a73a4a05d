/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log heads: where new blocks go.  Each fills a segment of its own, so that
 * submitters on different CPUs do not meet.
 */
#ifndef SWORNDISK_SEGMENT_HEAD_H
#define SWORNDISK_SEGMENT_HEAD_H

#include <linux/mutex.h>

#include "table.h"
#include "unit.h"

#define SWORN_HEADS_MAX		8U

/**
 * struct sworn_head - one log head
 * @lock: guards @unit and what is left of it
 * @open_mutex: one opens the next unit; guards @segment and @next_unit
 * @keep: free segments it leaves alone while there is another choice
 * @threaded: it may write into segments that are referenced in part
 * @unit: being filled, or NULL
 * @has_segment: @segment is being filled
 * @next_unit: number within @segment of the unit to open next
 */
struct sworn_head {
	spinlock_t lock;
	struct mutex open_mutex;
	struct sworn_segments *segments;
	struct sworn_units *units;
	struct sworn_unit *unit;
	u32 keep;
	bool threaded;
	bool has_segment;
	u32 segment;
	u32 next_unit;
};

void sworn_head_init(struct sworn_head *h, struct sworn_segments *segments,
		     struct sworn_units *units, u32 keep, bool threaded);

/**
 * sworn_head_reserve() - places for up to @want blocks
 * @slot: receives the first slot
 * @got: receives the number of slots, 1 to @want, which lie together
 *
 * The caller fills them and calls sworn_unit_done() whatever happens.
 *
 * Context: process; may wait for a free unit.
 * Return: the unit or ERR_PTR(-ENOSPC).
 */
struct sworn_unit *sworn_head_reserve(struct sworn_head *h, u32 want, u32 *slot,
				      u32 *got);

/* Let go of the segment; nobody is reserving.  Context: process. */
void sworn_head_close(struct sworn_head *h);

/* HBA of a slot. */
static inline u64 sworn_unit_hba(const struct sworn_unit *unit, u32 slot)
{
	return (READ_ONCE(unit->number) << SWORN_UNIT_SHIFT) + slot;
}

#endif /* SWORNDISK_SEGMENT_HEAD_H */
