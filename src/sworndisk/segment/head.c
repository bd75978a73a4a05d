// SPDX-License-Identifier: GPL-2.0-only
/* Log heads. */
#include <linux/err.h>

#include "head.h"

void sworn_head_init(struct sworn_head *h, struct sworn_segments *segments,
		     struct sworn_units *units, u32 keep, bool threaded)
{
	spin_lock_init(&h->lock);
	mutex_init(&h->open_mutex);
	h->segments = segments;
	h->units = units;
	h->unit = NULL;
	h->keep = keep;
	h->threaded = threaded;
	h->has_segment = false;
}

static u32 units_per_segment(const struct sworn_head *h)
{
	return h->segments->segment_blocks >> SWORN_UNIT_SHIFT;
}

static bool try_reserve(struct sworn_head *h, u32 want, struct sworn_unit **unit,
			u32 *slot, u32 *got)
{
	struct sworn_unit *now;

	spin_lock(&h->lock);
	now = h->unit;
	if (now) {
		*slot = __ffs64(now->left);
		*got = min(want, sworn_bits_together(now->left, *slot));
		WRITE_ONCE(now->left, now->left & ~sworn_slots(*slot, *got));
		if (!now->left)
			h->unit = NULL;
	}
	spin_unlock(&h->lock);
	*unit = now;
	return now;
}

/* open_mutex is held.  The next unit that has a block to give. */
static int __next_place(struct sworn_head *h, u64 *number, u64 *mask)
{
	int err;

	for (;;) {
		if (h->has_segment && h->next_unit == units_per_segment(h)) {
			h->has_segment = false;
			sworn_segments_close(h->segments, h->segment);
		}
		if (!h->has_segment) {
			err = sworn_segments_open(h->segments, h->keep,
						  h->threaded, &h->segment);
			if (err)
				return err;
			h->has_segment = true;
			h->next_unit = 0;
		}
		*number = (u64)h->segment * units_per_segment(h) + h->next_unit;
		*mask = sworn_segments_take(h->segments, h->segment,
					    h->next_unit++);
		if (*mask)
			return 0;
	}
}

/* open_mutex is held. */
static int __open_unit(struct sworn_head *h)
{
	struct sworn_unit *unit;
	u64 number, mask;
	int err = __next_place(h, &number, &mask);

	if (err)
		return err;
	unit = sworn_unit_open(h->units, number, mask);
	spin_lock(&h->lock);
	h->unit = unit;
	spin_unlock(&h->lock);
	return 0;
}

struct sworn_unit *sworn_head_reserve(struct sworn_head *h, u32 want, u32 *slot,
				      u32 *got)
{
	struct sworn_unit *unit;
	int err = 0;

	while (!try_reserve(h, want, &unit, slot, got)) {
		mutex_lock(&h->open_mutex);
		if (!READ_ONCE(h->unit))
			err = __open_unit(h);
		mutex_unlock(&h->open_mutex);
		if (err)
			return ERR_PTR(err);
	}
	return unit;
}

static void give_back(struct sworn_head *h, struct sworn_unit *unit)
{
	u64 left = unit->left;

	while (left) {
		u32 slot = __ffs64(left), n = sworn_bits_together(left, slot);

		sworn_segments_abandon(h->segments, sworn_unit_hba(unit, slot),
				       n);
		left &= ~sworn_slots(slot, n);
	}
	left = unit->left;
	WRITE_ONCE(unit->left, 0);
	sworn_unit_shorten(unit, left);
}

void sworn_head_close(struct sworn_head *h)
{
	mutex_lock(&h->open_mutex);
	if (h->unit)
		give_back(h, h->unit);
	h->unit = NULL;
	if (h->has_segment)
		sworn_segments_close(h->segments, h->segment);
	h->has_segment = false;
	mutex_unlock(&h->open_mutex);
}
