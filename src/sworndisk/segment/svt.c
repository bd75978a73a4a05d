// SPDX-License-Identifier: GPL-2.0-only
/*
 * The segment validity table in a checkpoint: which blocks are referenced, of
 * segments that are so in part.
 */
#include <linux/bitops.h>
#include <linux/string.h>

#include "table.h"

#define PART_UNITS	(SWORN_SVT_BLOCKS / SWORN_UNIT_BLOCKS)

static bool in_part(const struct sworn_segments *s, u32 segment)
{
	u16 valid = s->dst[segment].valid_blocks;

	return valid && valid < s->segment_blocks;
}

static u32 parts(const struct sworn_segments *s)
{
	return sworn_svt_parts(s->segment_blocks);
}

/* Write units that a part speaks of. */
static u32 part_units(const struct sworn_segments *s)
{
	return min(s->segment_blocks, SWORN_SVT_BLOCKS) >> SWORN_UNIT_SHIFT;
}

u64 sworn_svt_count(struct sworn_segments *s)
{
	u64 n = 0;
	u32 i;

	for (i = 0; i < s->nr; i++)
		n += in_part(s, i);
	s->svt_segment = 0;
	return n * parts(s);
}

void sworn_svt_encode(struct sworn_segments *s, u64 i,
		      struct sworn_disk_svt_entry *d)
{
	u32 part = i & (parts(s) - 1), k;
	__le64 *word = (__le64 *)d->bits;

	while (!in_part(s, s->svt_segment))
		s->svt_segment++;
	memset(d, 0, sizeof(*d));
	d->segment = cpu_to_le32(s->svt_segment);
	d->part = cpu_to_le32(part);
	for (k = 0; k < part_units(s); k++)
		word[k] = cpu_to_le64(s->map[s->svt_segment][part * PART_UNITS + k]);
	if (part == parts(s) - 1)
		s->svt_segment++;
}

int sworn_svt_load(struct sworn_segments *s,
		   const struct sworn_disk_svt_entry *d)
{
	u32 segment = le32_to_cpu(d->segment), part = le32_to_cpu(d->part), k;
	const __le64 *word = (const __le64 *)d->bits;

	if (segment >= s->nr || part >= parts(s) || !in_part(s, segment))
		return -EUCLEAN;
	for (k = 0; k < part_units(s); k++)
		s->map[segment][part * PART_UNITS + k] = le64_to_cpu(word[k]);
	return 0;
}

int sworn_svt_check(const struct sworn_segments *s)
{
	u32 i, k;

	for (i = 0; i < s->nr; i++) {
		u32 n = 0;

		if (!s->map[i])
			continue;
		for (k = 0; k < s->segment_blocks >> SWORN_UNIT_SHIFT; k++)
			n += hweight64(s->map[i][k]);
		if (n != s->dst[i].valid_blocks)
			return -EUCLEAN;
	}
	return 0;
}
