// SPDX-License-Identifier: GPL-2.0-only
/* Write units: the pool, filling, submission, completion. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "unit.h"

static void unit_work(struct work_struct *work);

int sworn_units_init(struct sworn_units *u, u32 nr, struct sworn_area *area,
		     u64 data_start_block)
{
	u32 i;

	spin_lock_init(&u->lock);
	init_waitqueue_head(&u->wait);
	INIT_LIST_HEAD(&u->free);
	u->area = area;
	u->data_start_block = data_start_block;
	u->nr = 0;
	u->in_flight = 0;
	u->error = 0;
	atomic64_set(&u->blocks_written, 0);
	u->wq = alloc_workqueue("sworn_writer", WQ_MEM_RECLAIM | WQ_HIGHPRI, 0);
	u->unit = kvcalloc(nr, sizeof(*u->unit), GFP_KERNEL);
	if (!u->wq || !u->unit)
		goto err;
	for (i = 0; i < nr; i++) {
		struct sworn_unit *unit = &u->unit[i];

		if (sworn_buffers_alloc(unit->block, SWORN_UNIT_BLOCKS))
			goto err;
		unit->units = u;
		unit->number = SWORN_UNIT_NONE;
		INIT_WORK(&unit->work, unit_work);
		list_add_tail(&unit->list, &u->free);
		u->nr++;
	}
	return 0;
err:
	sworn_units_exit(u);
	return -ENOMEM;
}

static bool at_rest(struct sworn_units *u)
{
	bool yes;

	spin_lock_irq(&u->lock);
	yes = !u->in_flight;
	spin_unlock_irq(&u->lock);
	return yes;
}

void sworn_units_rest(struct sworn_units *u)
{
	flush_workqueue(u->wq);
	wait_event(u->wait, at_rest(u));
}

void sworn_units_exit(struct sworn_units *u)
{
	u32 i;

	if (u->wq) {
		sworn_units_rest(u);
		destroy_workqueue(u->wq);
	}
	u->wq = NULL;
	for (i = 0; i < u->nr; i++)
		sworn_buffers_free(u->unit[i].block, SWORN_UNIT_BLOCKS);
	u->nr = 0;
	kvfree(u->unit);
	u->unit = NULL;
}

/* The lock is held. */
static void __unit_put(struct sworn_unit *unit)
{
	if (--unit->refs == 0)
		list_add(&unit->list, &unit->units->free);
}

/*
 * The lock is held: whoever waits for the last write, to free all this, does
 * not get it before this is through.
 */
static void __wake(struct sworn_units *u)
{
	if (wq_has_sleeper(&u->wait))
		wake_up_all(&u->wait);
}

static struct sworn_unit *take_free(struct sworn_units *u, u64 number,
				    u64 mask)
{
	struct sworn_unit *unit;
	unsigned long flags;

	spin_lock_irqsave(&u->lock, flags);
	unit = list_first_entry_or_null(&u->free, struct sworn_unit, list);
	if (unit) {
		list_del_init(&unit->list);
		unit->mask = mask;
		unit->left = mask;
		unit->done = ~mask;
		unit->submitted = ~mask;
		unit->written = ~mask;
		unit->refs = 1;
		WRITE_ONCE(unit->number, number);
	}
	spin_unlock_irqrestore(&u->lock, flags);
	return unit;
}

struct sworn_unit *sworn_unit_open(struct sworn_units *u, u64 number, u64 mask)
{
	struct sworn_unit *unit;

	wait_event(u->wait, (unit = take_free(u, number, mask)));
	return unit;
}

void sworn_unit_done(struct sworn_unit *unit, u32 slot, u32 n)
{
	struct sworn_units *u = unit->units;
	unsigned long flags;
	bool full;

	spin_lock_irqsave(&u->lock, flags);
	unit->done |= sworn_slots(slot, n);
	full = unit->done == ~0ULL;
	if (full)
		queue_work(u->wq, &unit->work);
	__wake(u);
	spin_unlock_irqrestore(&u->lock, flags);
}

/* The lock is held. */
static void __written(struct sworn_unit *unit, u64 slots)
{
	unit->written |= slots;
	if (unit->written != ~0ULL)
		return;
	/* from now on the device has it */
	WRITE_ONCE(unit->number, SWORN_UNIT_NONE);
	__unit_put(unit);
}

void sworn_unit_shorten(struct sworn_unit *unit, u64 left)
{
	struct sworn_units *u = unit->units;
	unsigned long flags;

	spin_lock_irqsave(&u->lock, flags);
	unit->mask &= ~left;
	unit->done |= left;
	unit->submitted |= left;
	if (unit->done == ~0ULL)
		queue_work(u->wq, &unit->work);
	__written(unit, left);
	__wake(u);
	spin_unlock_irqrestore(&u->lock, flags);
}

static void unit_endio(struct bio *bio)
{
	struct sworn_unit *unit = bio->bi_private;
	struct sworn_units *u = unit->units;
	int err = blk_status_to_errno(bio->bi_status);
	u32 slot = sworn_area_bio_of(bio)->slot, n = bio->bi_vcnt;
	bool durable = sworn_area_bio_of(bio)->durable;
	u64 begun = sworn_area_bio_of(bio)->begun;
	unsigned long flags;

	bio_put(bio);
	if (!durable)
		sworn_area_wrote(u->area);
	sworn_watch_end(u->area->watch, SWORN_STAGE_DATA_WRITE, begun,
			(unit->number << SWORN_UNIT_SHIFT) + slot, n);
	if (err && !cmpxchg(&u->error, 0, err))
		u->on_error(u->on_error_data);

	spin_lock_irqsave(&u->lock, flags);
	__written(unit, sworn_slots(slot, n));
	__unit_put(unit);
	u->in_flight--;
	__wake(u);
	spin_unlock_irqrestore(&u->lock, flags);
}

/* Send slots that lie together. */
static void submit_piece(struct sworn_unit *unit, u64 number, u32 from, u32 n,
			 blk_opf_t flags)
{
	struct sworn_units *u = unit->units;
	u64 block = (number << SWORN_UNIT_SHIFT) + from;
	struct bio *bio;

	bio = sworn_area_bio(u->area, REQ_OP_WRITE | SWORN_REQ_AWAITED | flags,
			     u->data_start_block + block, unit->block + from, n);
	sworn_area_bio_of(bio)->slot = from;
	sworn_area_bio_of(bio)->begun = sworn_watch_begin();
	bio->bi_private = unit;
	bio->bi_end_io = unit_endio;
	atomic64_add(n, &u->blocks_written);
	submit_bio(bio);
}

/*
 * Send what is filled and has not been sent.  The unit may have been written
 * by somebody else and opened for another place since the caller looked at it;
 * sending what is filled there is no harm.
 */
static void unit_submit(struct sworn_unit *unit, blk_opf_t flags)
{
	struct sworn_units *u = unit->units;
	u64 ready = 0, rest, number;
	unsigned long irqs;

	spin_lock_irqsave(&u->lock, irqs);
	number = unit->number;
	if (number != SWORN_UNIT_NONE)
		ready = unit->done & ~unit->submitted;
	unit->submitted |= ready;
	for (rest = ready; rest; ) {
		u32 from = __ffs64(rest), n = sworn_bits_together(rest, from);

		rest &= ~sworn_slots(from, n);
		unit->refs++;
		u->in_flight++;
	}
	spin_unlock_irqrestore(&u->lock, irqs);

	while (ready) {
		u32 from = __ffs64(ready), n = sworn_bits_together(ready, from);

		ready &= ~sworn_slots(from, n);
		submit_piece(unit, number, from, n, flags);
	}
}

static void unit_work(struct work_struct *work)
{
	unit_submit(container_of(work, struct sworn_unit, work), 0);
}

static bool slots_in(struct sworn_unit *unit, u64 number, const u64 *mask,
		     u64 want)
{
	unsigned long flags;
	bool yes;

	spin_lock_irqsave(&unit->units->lock, flags);
	yes = unit->number != number || (*mask & want) == want;
	spin_unlock_irqrestore(&unit->units->lock, flags);
	return yes;
}

int sworn_units_send(struct sworn_units *u, blk_opf_t flags)
{
	u32 i;

	if (WARN_ON_ONCE(u->nr > SWORN_UNIT_BLOCKS))
		return -EINVAL;
	for (i = 0; i < u->nr; i++) {
		struct sworn_unit *unit = &u->unit[i];
		u64 number = READ_ONCE(unit->number);

		u->sent_number[i] = number;
		if (number == SWORN_UNIT_NONE)
			continue;
		u->sent_slots[i] = ~READ_ONCE(unit->left);
		wait_event(u->wait, slots_in(unit, number, &unit->done,
					     u->sent_slots[i]));
		unit_submit(unit, flags);
	}
	return READ_ONCE(u->error);
}

/*
 * A unit that is given to another place meanwhile was written whole before.  If
 * that other place is the same one again, its slots are others: those that were
 * waited for count as not to be filled.
 */
int sworn_units_wait(struct sworn_units *u)
{
	u32 i;

	for (i = 0; i < u->nr; i++) {
		struct sworn_unit *unit = &u->unit[i];

		if (u->sent_number[i] != SWORN_UNIT_NONE)
			wait_event(u->wait, slots_in(unit, u->sent_number[i],
						     &unit->written,
						     u->sent_slots[i]));
	}
	return READ_ONCE(u->error);
}

static struct sworn_unit *find_unit(struct sworn_units *u, u64 number)
{
	u32 i;

	for (i = 0; i < u->nr; i++)
		if (READ_ONCE(u->unit[i].number) == number)
			return &u->unit[i];
	return NULL;
}

struct sworn_unit *sworn_unit_get(struct sworn_units *u, u64 hba, u32 *n)
{
	u32 slot = hba & (SWORN_UNIT_BLOCKS - 1);
	u64 number = hba >> SWORN_UNIT_SHIFT;
	struct sworn_unit *unit = find_unit(u, number);
	unsigned long flags;

	*n = min(*n, SWORN_UNIT_BLOCKS - slot);
	if (!unit)
		return NULL;
	spin_lock_irqsave(&u->lock, flags);
	if (unit->number != number) {
		unit = NULL;
	} else {
		bool here = unit->mask & sworn_slots(slot, 1);

		*n = min(*n, sworn_bits_together(here ? unit->mask : ~unit->mask,
						 slot));
		if (here)
			unit->refs++;
		else
			unit = NULL;
	}
	spin_unlock_irqrestore(&u->lock, flags);
	return unit;
}

void sworn_unit_put(struct sworn_unit *unit)
{
	struct sworn_units *u = unit->units;
	unsigned long flags;

	spin_lock_irqsave(&u->lock, flags);
	__unit_put(unit);
	__wake(u);
	spin_unlock_irqrestore(&u->lock, flags);
}
