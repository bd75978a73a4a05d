// SPDX-License-Identifier: GPL-2.0-only
/* Log heads. */
#include <linux/err.h>

#include "head.h"

void sworn_head_init(struct sworn_head *h, struct sworn_segments *segments,
		     struct sworn_units *units)
{
	spin_lock_init(&h->lock);
	mutex_init(&h->open_mutex);
	h->segments = segments;
	h->units = units;
	h->unit = NULL;
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
		*slot = now->reserved;
		*got = min(want, SWORN_UNIT_BLOCKS - now->reserved);
		WRITE_ONCE(now->reserved, now->reserved + *got);
		if (now->reserved == SWORN_UNIT_BLOCKS)
			h->unit = NULL;
	}
	spin_unlock(&h->lock);
	*unit = now;
	return now;
}

/* open_mutex is held. */
static int __open_unit(struct sworn_head *h, u32 first)
{
	struct sworn_unit *unit;
	u64 number;
	int err;

	if (!h->has_segment || h->next_unit == units_per_segment(h)) {
		h->has_segment = false;
		err = sworn_segments_alloc(h->segments, &h->segment);
		if (err)
			return err;
		h->has_segment = true;
		h->next_unit = 0;
	}
	number = (u64)h->segment * units_per_segment(h) + h->next_unit;
	unit = sworn_unit_open(h->units, number, first);
	h->next_unit++;
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
			err = __open_unit(h, 0);
		mutex_unlock(&h->open_mutex);
		if (err)
			return ERR_PTR(err);
	}
	return unit;
}

bool sworn_head_position(struct sworn_head *h, struct sworn_disk_head *d)
{
	u32 next = h->next_unit << SWORN_UNIT_SHIFT;

	if (!h->has_segment)
		return false;
	if (h->unit)
		next = next - SWORN_UNIT_BLOCKS + h->unit->reserved;
	if (next == h->segments->segment_blocks)
		return false;
	d->segment = cpu_to_le32(h->segment);
	d->next_block = cpu_to_le32(next);
	return true;
}

int sworn_head_resume(struct sworn_head *h, const struct sworn_disk_head *d)
{
	u32 segment = le32_to_cpu(d->segment);
	u32 next = le32_to_cpu(d->next_block);
	u32 first = next & (SWORN_UNIT_BLOCKS - 1);
	int err = 0;

	if (segment >= h->segments->nr || next >= h->segments->segment_blocks)
		return -EUCLEAN;
	sworn_segments_mark_used(h->segments, segment);
	mutex_lock(&h->open_mutex);
	h->has_segment = true;
	h->segment = segment;
	h->next_unit = next >> SWORN_UNIT_SHIFT;
	if (first)
		err = __open_unit(h, first);
	mutex_unlock(&h->open_mutex);
	return err;
}
