/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Write units: 64 blocks of ciphertext on their way to the data device.
 *
 * Life of a unit: free -> opened by a head at a place in a segment, with the
 * slots there that are free -> slots reserved by writers, filled, marked done ->
 * submitted (a request for each piece when it is full, and for what there is
 * when commits come before) -> written -> free.
 * From opening to written those slots are read from here.
 */
#ifndef SWORNDISK_SEGMENT_UNIT_H
#define SWORNDISK_SEGMENT_UNIT_H

#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../bdev/area.h"
#include "table.h"

#define SWORN_UNIT_NONE		(~0ULL)

static_assert(SWORN_UNIT_BLOCKS == SWORN_IO_BLOCKS, "");

struct sworn_units;

/**
 * struct sworn_unit - one write unit
 * @number: HBA / 64 of its first block, or %SWORN_UNIT_NONE; written under the
 *	lock, peeked at without
 * @mask: bit set: the slot is to be filled; the others are on the device, and
 *	not in its buffers
 * @left: bit set: the slot is to be given out; written by the head that holds
 *	it (head->lock)
 * @done: bit set: the slot is filled, or not to be (lock)
 * @submitted: bit set: the slot was sent to the device, or is not to be (lock)
 * @written: bit set: the slot's write has completed, or is not to be (lock)
 * @refs: readers and writes under way, one for being in use (lock)
 */
struct sworn_unit {
	struct sworn_units *units;
	struct list_head list;
	struct work_struct work;
	u64 number;
	u64 mask;
	u64 left;
	u64 done;
	u64 submitted;
	u64 written;
	u32 refs;
	void *block[SWORN_UNIT_BLOCKS];
};

/**
 * struct sworn_units - the pool
 * @lock: guards every unit's state and the free list; irqs off, for writes
 *	complete in interrupt context
 * @wait: woken when a unit becomes free, slots are done, a write completes
 * @in_flight: writes under way (lock)
 * @sent_number: by unit, the place that sworn_units_send() saw there
 * @sent_slots: and the slots that are waited for
 * @error: first error of a write; sticky
 * @on_error: called once, in any context, when @error is set
 */
struct sworn_units {
	spinlock_t lock;
	wait_queue_head_t wait;
	struct list_head free;
	struct sworn_area *area;
	u64 data_start_block;
	struct workqueue_struct *wq;
	u32 nr;
	u32 in_flight;
	struct sworn_unit *unit;
	u64 sent_number[SWORN_UNIT_BLOCKS];
	u64 sent_slots[SWORN_UNIT_BLOCKS];
	int error;
	void (*on_error)(void *data);
	void *on_error_data;
	atomic64_t blocks_written;
};

/* Bits of @n slots from @slot on. */
static inline u64 sworn_slots(u32 slot, u32 n)
{
	return (n == 64 ? ~0ULL : (1ULL << n) - 1) << slot;
}

/* How many bits from @slot on, which is set, are set without a gap? */
static inline u32 sworn_bits_together(u64 bits, u32 slot)
{
	u64 gaps = ~(bits >> slot);

	return gaps ? min_t(u32, __ffs64(gaps), SWORN_UNIT_BLOCKS - slot) :
		      SWORN_UNIT_BLOCKS;
}

int sworn_units_init(struct sworn_units *u, u32 nr, struct sworn_area *area,
		     u64 data_start_block);
void sworn_units_exit(struct sworn_units *u);

/**
 * sworn_unit_open() - take a free unit for a place
 * @number: HBA / 64
 * @mask: the slots to be filled; not empty
 *
 * Context: process; waits for one to become free, which takes nothing of the
 * caller.
 */
struct sworn_unit *sworn_unit_open(struct sworn_units *u, u64 number, u64 mask);

/**
 * sworn_unit_done() - slots are filled
 *
 * The unit is submitted by the work queue when it is full.
 * Context: process.
 */
void sworn_unit_done(struct sworn_unit *unit, u32 slot, u32 n);

/**
 * sworn_unit_shorten() - slots that were not given out will not be filled
 * @left: they; not used by anybody any more
 *
 * Context: process.
 */
void sworn_unit_shorten(struct sworn_unit *unit, u64 left);

/**
 * sworn_units_send() - send everything reserved so far to the device
 * sworn_units_wait() - wait until that is written
 * @flags: REQ_FUA: what is not on its way yet is durable when it is written
 *
 * Context: process, may sleep, not from map(); one caller at a time for the two
 * of them.
 * Return: 0, or the first error of any write since activation.
 */
int sworn_units_send(struct sworn_units *u, blk_opf_t flags);
int sworn_units_wait(struct sworn_units *u);

/* Wait until nothing of what was submitted is under way.  May sleep. */
void sworn_units_rest(struct sworn_units *u);

/**
 * sworn_unit_get() - the unit that holds blocks, if one does
 * @hba: first block
 * @n: number of blocks asked about; cut to those that the answer is true of
 *
 * Context: any.
 * Return: the unit with a reference, or NULL: the blocks are on the device.
 */
struct sworn_unit *sworn_unit_get(struct sworn_units *u, u64 hba, u32 *n);
void sworn_unit_put(struct sworn_unit *unit);

#endif /* SWORNDISK_SEGMENT_UNIT_H */
