/* SPDX-License-Identifier: GPL-2.0-only */
/* Segments with few referenced blocks: to write into, and to be cleaned. */
#ifndef SWORNDISK_SEGMENT_VICTIM_H
#define SWORNDISK_SEGMENT_VICTIM_H

#include "table.h"

/**
 * sworn_victim_next() - the one with the fewest referenced blocks
 *
 * A search through the whole table yields several, which are used up before
 * the next one.
 *
 * Context: open_mutex held.
 * Return: false if there is none; else it may have to be checked again with
 * sworn_victim_fits().
 */
bool sworn_victim_next(struct sworn_segments *s, u32 *segment);

/**
 * sworn_victims_mark() - segments to be cleaned: the emptiest
 * @blocks: so many referenced blocks they may have together; receives how many
 *	they have
 * @most: and so many each of them
 * @young: the segments that were opened last, so many, are not among them
 * @marks: a bit a segment; receives the choice
 *
 * Context: process, may sleep.
 * Return: how many there are.
 */
u32 sworn_victims_mark(struct sworn_segments *s, u64 *blocks, u32 most,
		       u64 young, unsigned long *marks);

/*
 * May a head write into it?  Not while blocks are pending: of those the map
 * says nothing.
 */
static inline bool sworn_victim_fits(const struct sworn_segments *s, u32 segment)
{
	const struct sworn_dst *dst = &s->dst[segment];

	return READ_ONCE(dst->valid_blocks) &&
	       READ_ONCE(dst->valid_blocks) < s->segment_blocks &&
	       !READ_ONCE(dst->pending) && test_bit(segment, s->used) &&
	       !test_bit(segment, s->open);
}

#endif /* SWORNDISK_SEGMENT_VICTIM_H */
