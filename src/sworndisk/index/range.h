/* SPDX-License-Identifier: GPL-2.0-only */
/* Range tombstones of a MemTable: a tree of disjoint ranges. */
#ifndef SWORNDISK_INDEX_RANGE_H
#define SWORNDISK_INDEX_RANGE_H

#include "memtable.h"

/**
 * sworn_ranges_insert() - [start, end) reads as zeroes since operation @seq
 *
 * What older ranges cover of it is theirs no more.
 * Context: range_lock held, or recovery.
 * Return: 0, -EXFULL if the pool is used up; then nothing has changed.
 */
int sworn_ranges_insert(struct sworn_memtable *mt, u64 start, u64 end, u64 seq);

/**
 * sworn_ranges_lookup() - let ranges answer where they are the newest
 * @asked: blocks looked for
 * @seq: operation numbers of those that were found as records
 * @todo: those that were not
 *
 * Context: range_lock held.
 */
void sworn_ranges_lookup(struct sworn_memtable *mt, u64 lba, u64 asked,
			 struct sworn_disk_record *out, const u64 *seq,
			 u64 *todo);

#endif /* SWORNDISK_INDEX_RANGE_H */
