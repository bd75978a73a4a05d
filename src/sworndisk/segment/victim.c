// SPDX-License-Identifier: GPL-2.0-only
/* Choosing segments for threaded logging: greedy. */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "victim.h"

/* How many segments there are with so many referenced blocks each. */
static void count(struct sworn_segments *s)
{
	u32 i;

	memset(s->histogram, 0, (s->segment_blocks + 1) * sizeof(u32));
	for (i = 0; i < s->nr; i++) {
		if (sworn_victim_fits(s, i))
			s->histogram[READ_ONCE(s->dst[i].valid_blocks)]++;
		if (!(i & 0xffff))
			cond_resched();
	}
}

/* So few that the last of them is still among the emptiest when it is used. */
static u32 victims_at_once(const struct sworn_segments *s)
{
	return clamp(s->nr / 64, 1U, SWORN_VICTIMS);
}

/* How many referenced blocks a segment may have to be among the emptiest. */
static u32 threshold(struct sworn_segments *s, u32 max)
{
	u32 i, sum = 0;

	count(s);
	for (i = 0; i < s->segment_blocks; i++) {
		sum += s->histogram[i];
		if (sum >= max)
			break;
	}
	return i;
}

static void search(struct sworn_segments *s)
{
	u32 max = victims_at_once(s), most = threshold(s, max), i;

	s->nr_victims = 0;
	for (i = 0; i < s->nr && s->nr_victims < max; i++) {
		if (sworn_victim_fits(s, i) &&
		    READ_ONCE(s->dst[i].valid_blocks) <= most)
			s->victim[s->nr_victims++] = i;
		if (!(i & 0xffff))
			cond_resched();
	}
}

/* The emptiest of those found; it is taken off the list. */
static bool best(struct sworn_segments *s, u32 *segment)
{
	u32 i, at = 0;

	if (!s->nr_victims)
		return false;
	for (i = 1; i < s->nr_victims; i++)
		if (READ_ONCE(s->dst[s->victim[i]].valid_blocks) <
		    READ_ONCE(s->dst[s->victim[at]].valid_blocks))
			at = i;
	*segment = s->victim[at];
	s->victim[at] = s->victim[--s->nr_victims];
	return true;
}

bool sworn_victim_next(struct sworn_segments *s, u32 *segment)
{
	if (!s->nr_victims)
		search(s);
	return best(s, segment);
}

/* Data that was written lately dies sooner than what has lasted. */
static bool is_young(const struct sworn_segments *s, u32 segment, u64 young)
{
	return READ_ONCE(s->dst[segment].seq) + young >= READ_ONCE(s->next_seq);
}

u32 sworn_victims_mark(struct sworn_segments *s, u64 *blocks, u32 most,
		       u64 young, unsigned long *marks)
{
	u64 left = *blocks;
	u32 i, limit, nr = 0;

	mutex_lock(&s->open_mutex);
	count(s);
	for (limit = 1; limit <= most; limit++) {
		u64 all = (u64)s->histogram[limit] * limit;

		if (all > left)
			break;
		left -= all;
	}
	mutex_unlock(&s->open_mutex);

	/* up to the limit all of them, and of those at it what fits */
	bitmap_zero(marks, s->nr);
	for (i = 0, left = *blocks; i < s->nr; i++) {
		u32 valid = READ_ONCE(s->dst[i].valid_blocks);

		if (!(i & 0xffff))
			cond_resched();
		if (valid > min(limit, most) || valid > left ||
		    is_young(s, i, young) || !sworn_victim_fits(s, i))
			continue;
		__set_bit(i, marks);
		left -= valid;
		nr++;
	}
	*blocks -= left;
	return nr;
}
