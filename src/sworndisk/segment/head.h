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
 * @lock: guards @unit and its reservation
 * @open_mutex: one opens the next unit; guards @segment and @next_unit
 * @unit: being filled, or NULL
 * @segment: being filled; valid when @has_segment
 * @next_unit: number within @segment of the unit to open next
 */
struct sworn_head {
	spinlock_t lock;
	struct mutex open_mutex;
	struct sworn_segments *segments;
	struct sworn_units *units;
	struct sworn_unit *unit;
	bool has_segment;
	u32 segment;
	u32 next_unit;
};

void sworn_head_init(struct sworn_head *h, struct sworn_segments *segments,
		     struct sworn_units *units);

/**
 * sworn_head_reserve() - places for up to @want blocks
 * @slot: receives the first slot
 * @got: receives the number of slots, 1 to @want
 *
 * The caller fills them and calls sworn_unit_done() whatever happens.
 *
 * Context: process; may wait for a free unit.
 * Return: the unit or ERR_PTR(-ENOSPC).
 */
struct sworn_unit *sworn_head_reserve(struct sworn_head *h, u32 want, u32 *slot,
				      u32 *got);

/* HBA of a slot. */
static inline u64 sworn_unit_hba(const struct sworn_unit *unit, u32 slot)
{
	return (READ_ONCE(unit->number) << SWORN_UNIT_SHIFT) + slot;
}

/**
 * sworn_head_position() - where the head would write next
 *
 * Context: no writers.
 * Return: false if it has no segment with room.
 */
bool sworn_head_position(struct sworn_head *h, struct sworn_disk_head *d);

/**
 * sworn_head_resume() - go on where a clean close stopped
 *
 * Return: 0 or -EUCLEAN.
 */
int sworn_head_resume(struct sworn_head *h, const struct sworn_disk_head *d);

#endif /* SWORNDISK_SEGMENT_HEAD_H */
