// SPDX-License-Identifier: GPL-2.0-only
/* Sorting a frozen MemTable: radix sort on the LBA, no memory needed. */
#include <linux/mm.h>

#include "memtable.h"

#define DIGIT_BITS	11	/* of DIGITS values */
#define DIGITS		2048U

int sworn_mt_sorted_init(struct sworn_mt_sorted *s, u32 capacity)
{
	s->mt = NULL;
	s->nr = 0;
	s->order = kvmalloc_array(capacity, sizeof(u32), GFP_KERNEL);
	/* behind the second copy of the order: the counters of a pass */
	s->spare = kvmalloc_array(capacity + DIGITS, sizeof(u32), GFP_KERNEL);
	if (s->order && s->spare)
		return 0;
	sworn_mt_sorted_exit(s);
	return -ENOMEM;
}

void sworn_mt_sorted_exit(struct sworn_mt_sorted *s)
{
	kvfree(s->order);
	kvfree(s->spare);
	s->order = NULL;
	s->spare = NULL;
}

static u32 digit(const struct sworn_memtable *mt, u32 i, u32 shift)
{
	return (sworn_disk_record_lba(&mt->entries[i].rec) >> shift) &
	       (DIGITS - 1);
}

static void pass(const struct sworn_memtable *mt, const u32 *from, u32 *to,
		 u32 nr, u32 shift, u32 *count)
{
	u32 i, sum = 0;

	memset(count, 0, DIGITS * sizeof(*count));
	for (i = 0; i < nr; i++)
		count[digit(mt, from[i], shift)]++;
	for (i = 0; i < DIGITS; i++) {
		u32 n = count[i];

		count[i] = sum;
		sum += n;
	}
	for (i = 0; i < nr; i++)
		to[count[digit(mt, from[i], shift)]++] = from[i];
}

void sworn_mt_sort(struct sworn_mt_sorted *s, struct sworn_memtable *mt,
		   u64 logical_blocks)
{
	u32 nr = min_t(u32, atomic_read(&mt->used), mt->capacity);
	u32 *count = s->spare + mt->capacity;
	u32 i, shift, passes = 0;

	s->mt = mt;
	s->nr = nr;
	for (i = 0; i < nr; i++)
		s->order[i] = i;
	for (shift = 0; shift < 64 && logical_blocks >> shift;
	     shift += DIGIT_BITS, passes++) {
		if (passes & 1)
			pass(mt, s->spare, s->order, nr, shift, count);
		else
			pass(mt, s->order, s->spare, nr, shift, count);
	}
	if (passes & 1)
		memcpy(s->order, s->spare, nr * sizeof(u32));
}
