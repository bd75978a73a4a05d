// SPDX-License-Identifier: GPL-2.0-only
/* Data segments: use and references. */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/timekeeping.h>

#include "table.h"

int sworn_segments_init(struct sworn_segments *s, u32 nr, u32 segment_blocks)
{
	spin_lock_init(&s->lock);
	s->nr = nr;
	s->segment_blocks = segment_blocks;
	s->nr_free = nr;
	s->cursor = 0;
	s->next_seq = 1;
	s->live_blocks = 0;
	s->svt = kvcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	s->dst = kvcalloc(nr, sizeof(*s->dst), GFP_KERNEL);
	if (s->svt && s->dst)
		return 0;
	sworn_segments_exit(s);
	return -ENOMEM;
}

void sworn_segments_exit(struct sworn_segments *s)
{
	kvfree(s->svt);
	kvfree(s->dst);
	s->svt = NULL;
	s->dst = NULL;
}

int sworn_segments_alloc(struct sworn_segments *s, u32 *segment)
{
	unsigned long n;
	int err = -ENOSPC;

	spin_lock(&s->lock);
	if (s->nr_free) {
		n = find_next_zero_bit(s->svt, s->nr, s->cursor);
		if (n >= s->nr)
			n = find_first_zero_bit(s->svt, s->nr);
		__set_bit(n, s->svt);
		s->nr_free--;
		s->cursor = n + 1 < s->nr ? n + 1 : 0;
		s->dst[n].seq = s->next_seq++;
		s->dst[n].mtime_s = ktime_get_real_seconds();
		*segment = n;
		err = 0;
	}
	spin_unlock(&s->lock);
	return err;
}

void sworn_segments_mark_used(struct sworn_segments *s, u32 segment)
{
	spin_lock(&s->lock);
	if (!__test_and_set_bit(segment, s->svt))
		s->nr_free--;
	spin_unlock(&s->lock);
}

static u32 segment_of(const struct sworn_segments *s, u64 hba)
{
	return hba >> ilog2(s->segment_blocks);
}

void sworn_segments_ref(struct sworn_segments *s, u64 hba)
{
	struct sworn_dst *dst = &s->dst[segment_of(s, hba)];

	if (dst->valid_blocks < s->segment_blocks) {
		dst->valid_blocks++;
		s->live_blocks++;
	}
}

void sworn_segments_unref(struct sworn_segments *s, u64 hba)
{
	sworn_segments_unref_many(s, segment_of(s, hba), 1);
}

void sworn_segments_unref_many(struct sworn_segments *s, u32 segment, u32 n)
{
	struct sworn_dst *dst = &s->dst[segment];

	n = min_t(u32, n, dst->valid_blocks);
	dst->valid_blocks -= n;
	s->live_blocks -= n;
}

void sworn_segments_encode(const struct sworn_segments *s, u32 segment,
			   struct sworn_disk_dst_entry *d)
{
	const struct sworn_dst *dst = &s->dst[segment];

	memset(d, 0, sizeof(*d));
	d->seq = cpu_to_le64(dst->seq);
	d->valid_blocks = cpu_to_le16(dst->valid_blocks);
	/* one that is in use but that nothing points at is free after a crash */
	d->state = dst->valid_blocks ? SWORN_SEGMENT_USED : SWORN_SEGMENT_FREE;
	d->heat = dst->heat;
	d->mtime_s = cpu_to_le32(dst->mtime_s);
}

int sworn_segments_load(struct sworn_segments *s, u32 segment,
			const struct sworn_disk_dst_entry *d)
{
	struct sworn_dst *dst = &s->dst[segment];
	u16 valid = le16_to_cpu(d->valid_blocks);

	if (valid > s->segment_blocks || d->state > SWORN_SEGMENT_USED ||
	    (d->state == SWORN_SEGMENT_FREE && valid))
		return -EUCLEAN;
	dst->seq = le64_to_cpu(d->seq);
	dst->valid_blocks = valid;
	dst->heat = d->heat;
	dst->mtime_s = le32_to_cpu(d->mtime_s);
	s->live_blocks += valid;
	if (d->state == SWORN_SEGMENT_USED)
		sworn_segments_mark_used(s, segment);
	return 0;
}
