// SPDX-License-Identifier: GPL-2.0-only
/* Data segments: opening, giving out, references. */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "table.h"
#include "victim.h"

#define MAPS_RESERVE	8

static size_t map_bytes(const struct sworn_segments *s)
{
	return s->segment_blocks / BITS_PER_BYTE;
}

int sworn_segments_init(struct sworn_segments *s, u32 nr, u32 segment_blocks)
{
	int err;

	memset(s, 0, sizeof(*s));
	spin_lock_init(&s->lock);
	mutex_init(&s->open_mutex);
	s->nr = nr;
	s->segment_blocks = segment_blocks;
	s->nr_free = nr;
	s->next_seq = 1;
	err = mempool_init_kmalloc_pool(&s->maps, MAPS_RESERVE, map_bytes(s));
	if (err)
		return err;
	s->used = kvcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	s->open = kvcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	s->dst = kvcalloc(nr, sizeof(*s->dst), GFP_KERNEL);
	s->map = kvcalloc(nr, sizeof(*s->map), GFP_KERNEL);
	s->histogram = kvcalloc(segment_blocks + 1, sizeof(u32), GFP_KERNEL);
	if (s->used && s->open && s->dst && s->map && s->histogram)
		return 0;
	sworn_segments_exit(s);
	return -ENOMEM;
}

void sworn_segments_exit(struct sworn_segments *s)
{
	u32 i;

	for (i = 0; s->map && i < s->nr; i++)
		if (s->map[i])
			mempool_free(s->map[i], &s->maps);
	mempool_exit(&s->maps);
	kvfree(s->used);
	kvfree(s->open);
	kvfree(s->dst);
	kvfree(s->map);
	kvfree(s->histogram);
	s->used = NULL;
	s->open = NULL;
	s->dst = NULL;
	s->map = NULL;
	s->histogram = NULL;
}

u64 sworn_segments_bytes(const struct sworn_segments *s)
{
	return (u64)s->nr * (sizeof(*s->dst) + sizeof(*s->map)) + s->nr / 4 +
	       (u64)READ_ONCE(s->nr_maps) * map_bytes(s);
}

static u32 segment_of(const struct sworn_segments *s, u64 hba)
{
	return hba >> ilog2(s->segment_blocks);
}

static u32 block_in(const struct sworn_segments *s, u64 hba)
{
	return hba & (s->segment_blocks - 1);
}

/* The lock is held.  A segment without referenced or pending blocks is free. */
static void __maybe_free(struct sworn_segments *s, u32 segment)
{
	const struct sworn_dst *dst = &s->dst[segment];

	if (dst->valid_blocks || dst->pending || test_bit(segment, s->open) ||
	    !__test_and_clear_bit(segment, s->used))
		return;
	s->nr_free++;
	mempool_free(s->map[segment], &s->maps);
	s->map[segment] = NULL;
	s->nr_maps--;
}

/* The lock is held; @map is zeroed. */
static void __use(struct sworn_segments *s, u32 segment, u64 *map)
{
	__set_bit(segment, s->used);
	s->nr_free--;
	s->map[segment] = map;
	s->nr_maps++;
}

/* The lock is held. */
static bool __open_free(struct sworn_segments *s, u32 keep, u64 *map,
			u32 *segment)
{
	unsigned long n;

	if (s->nr_free <= keep)
		return false;
	n = find_next_zero_bit(s->used, s->nr, s->cursor);
	if (n >= s->nr)
		n = find_first_zero_bit(s->used, s->nr);
	__use(s, n, map);
	s->cursor = n + 1 < s->nr ? n + 1 : 0;
	*segment = n;
	return true;
}

/* The lock is held. */
static void __opened(struct sworn_segments *s, u32 segment)
{
	__set_bit(segment, s->open);
	s->dst[segment].seq = s->next_seq++;
	s->dst[segment].mtime_s = ktime_get_real_seconds();
}

/* Whoever must not wait for memory finds no segment when there is none. */
static bool open_free(struct sworn_segments *s, u32 keep, gfp_t gfp,
		      u32 *segment)
{
	u64 *map;
	bool done;

	if (READ_ONCE(s->nr_free) <= keep)
		return false;
	map = mempool_alloc(&s->maps, gfp);
	if (!map)
		return false;
	memset(map, 0, map_bytes(s));
	spin_lock(&s->lock);
	done = __open_free(s, keep, map, segment);
	if (done)
		__opened(s, *segment);
	spin_unlock(&s->lock);
	if (!done)
		mempool_free(map, &s->maps);
	return done;
}

/* open_mutex is held.  A victim may have changed since it was found. */
static bool open_victim(struct sworn_segments *s, u32 *segment)
{
	while (sworn_victim_next(s, segment)) {
		bool fit;

		spin_lock(&s->lock);
		fit = sworn_victim_fits(s, *segment);
		if (fit)
			__opened(s, *segment);
		spin_unlock(&s->lock);
		if (fit)
			return true;
	}
	return false;
}

int sworn_segments_open(struct sworn_segments *s, u32 keep, bool threaded,
			u32 *segment)
{
	const gfp_t gfp = threaded ? GFP_NOIO : GFP_NOWAIT | __GFP_NOWARN;
	bool done;

	mutex_lock(&s->open_mutex);
	done = open_free(s, keep, gfp, segment) ||
	       (threaded && (open_victim(s, segment) ||
			     open_free(s, 0, gfp, segment)));
	mutex_unlock(&s->open_mutex);
	return done ? 0 : -ENOSPC;
}

bool sworn_segments_available(struct sworn_segments *s)
{
	u32 i;

	if (READ_ONCE(s->nr_free))
		return true;
	for (i = 0; i < s->nr; i++) {
		if (sworn_victim_fits(s, i))
			return true;
		if (!(i & 0xffff))
			cond_resched();
	}
	return false;
}

void sworn_segments_close(struct sworn_segments *s, u32 segment)
{
	spin_lock(&s->lock);
	__clear_bit(segment, s->open);
	__maybe_free(s, segment);
	spin_unlock(&s->lock);
}

u64 sworn_segments_take(struct sworn_segments *s, u32 segment, u32 unit)
{
	u32 n;
	u64 mask;

	spin_lock(&s->lock);
	mask = ~s->map[segment][unit];
	n = hweight64(mask);
	s->dst[segment].pending += n;
	s->pending_blocks += n;
	spin_unlock(&s->lock);
	return mask;
}

void sworn_segments_abandon(struct sworn_segments *s, u64 hba, u32 n)
{
	struct sworn_extent *last;

	spin_lock(&s->lock);
	last = s->nr_abandoned ? &s->abandoned[s->nr_abandoned - 1] : NULL;
	if (last && s->nr_abandoned > s->nr_settling && last->hba + last->n == hba)
		last->n += n;
	else if (s->nr_abandoned < SWORN_ABANDONED_MAX)
		s->abandoned[s->nr_abandoned++] =
			(struct sworn_extent){ .hba = hba, .n = n };
	spin_unlock(&s->lock);
}

u32 sworn_segments_abandoned(struct sworn_segments *s)
{
	u32 n;

	spin_lock(&s->lock);
	n = s->nr_abandoned;
	s->nr_settling = n;
	spin_unlock(&s->lock);
	return n;
}

void __sworn_segments_reclaim(struct sworn_segments *s, u32 nr)
{
	u32 i, k;

	for (i = 0; i < nr; i++) {
		for (k = 0; k < s->abandoned[i].n; k++) {
			u32 segment = segment_of(s, s->abandoned[i].hba + k);

			s->dst[segment].pending--;
			s->pending_blocks--;
			__maybe_free(s, segment);
		}
	}
	s->nr_abandoned -= nr;
	s->nr_settling = 0;
	memmove(s->abandoned, s->abandoned + nr,
		s->nr_abandoned * sizeof(s->abandoned[0]));
}

static u64 *word_of(struct sworn_segments *s, u64 hba)
{
	return &s->map[segment_of(s, hba)][block_in(s, hba) >> SWORN_UNIT_SHIFT];
}

static u64 bit_of(u64 hba)
{
	return 1ULL << (hba & (SWORN_UNIT_BLOCKS - 1));
}

bool __sworn_segments_ref(struct sworn_segments *s, u64 hba)
{
	struct sworn_dst *dst = &s->dst[segment_of(s, hba)];
	u64 *word = word_of(s, hba);

	if (*word & bit_of(hba))
		return false;
	*word |= bit_of(hba);
	dst->valid_blocks++;
	dst->pending--;
	s->live_blocks++;
	s->pending_blocks--;
	return true;
}

bool __sworn_segments_unref(struct sworn_segments *s, u64 hba)
{
	u32 segment = segment_of(s, hba);
	u64 *word;

	if (!s->map[segment])
		return false;
	word = word_of(s, hba);
	if (!(*word & bit_of(hba)))
		return false;
	*word &= ~bit_of(hba);
	s->live_blocks--;
	WRITE_ONCE(s->given_back, s->given_back + 1);
	if (--s->dst[segment].valid_blocks == 0)
		__maybe_free(s, segment);
	return true;
}

bool sworn_segments_referenced(const struct sworn_segments *s, u64 hba)
{
	const u64 *map = s->map[segment_of(s, hba)];

	return map && map[block_in(s, hba) >> SWORN_UNIT_SHIFT] & bit_of(hba);
}

/* Recovery: the map of a segment. */
static void need_map(struct sworn_segments *s, u32 segment)
{
	u64 *map;

	if (s->map[segment])
		return;
	map = mempool_alloc(&s->maps, GFP_KERNEL);
	memset(map, 0, map_bytes(s));
	spin_lock(&s->lock);
	__use(s, segment, map);
	spin_unlock(&s->lock);
}

int sworn_segments_replay(struct sworn_segments *s, u64 hba)
{
	u32 segment = segment_of(s, hba);

	need_map(s, segment);
	if (*word_of(s, hba) & bit_of(hba))
		return -EUCLEAN;
	*word_of(s, hba) |= bit_of(hba);
	s->dst[segment].valid_blocks++;
	s->live_blocks++;
	return 0;
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
	d->mtime_s = cpu_to_le32(dst->mtime_s);
}

int sworn_segments_load(struct sworn_segments *s, u32 segment,
			const struct sworn_disk_dst_entry *d)
{
	struct sworn_dst *dst = &s->dst[segment];
	u16 valid = le16_to_cpu(d->valid_blocks);

	if (!sworn_dst_valid(d, s->segment_blocks))
		return -EUCLEAN;
	dst->seq = le64_to_cpu(d->seq);
	dst->mtime_s = le32_to_cpu(d->mtime_s);
	if (!valid)
		return 0;
	need_map(s, segment);
	dst->valid_blocks = valid;
	s->live_blocks += valid;
	/* of the others the SVT tells */
	if (valid == s->segment_blocks)
		memset(s->map[segment], 0xff, map_bytes(s));
	return 0;
}
