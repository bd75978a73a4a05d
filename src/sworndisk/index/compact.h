/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compaction: the newest runs of BITs become one.
 *
 * Runs are merged when four or more of about the same size lie on top of each
 * other.  So a record is written anew about as often as the runs have sizes,
 * which differ by a factor of four; there are few runs; and a small one does
 * not keep an index segment for itself for long.
 */
#ifndef SWORNDISK_INDEX_COMPACT_H
#define SWORNDISK_INDEX_COMPACT_H

#include "index.h"

#define SWORN_COMPACT_RUNS_MIN	4U
#define SWORN_COMPACT_RUNS_MAX	16U
/* Records that one compaction reads at the most, in MemTables' worth. */
#define SWORN_COMPACT_TABLES	4U
#define SWORN_COMPACT_BITS_MAX	32U

struct sworn_run_reader;

/**
 * struct sworn_compact - merging runs
 * @nr_runs: the runs that are merged, the newest ones
 * @bits: receives the new run's BITs
 * @dead: blocks that nothing points at any more, by data segment
 */
struct sworn_compact {
	struct sworn_index *ix;
	u32 nr_runs;
	struct sworn_bit bits[SWORN_COMPACT_BITS_MAX];
	u32 nr_bits;
	u16 *dead;
	struct sworn_run_reader *reader;
	struct sworn_bit_writer *writer;
};

int sworn_compact_init(struct sworn_compact *c, struct sworn_index *ix,
		       size_t cryptor_bytes);
void sworn_compact_exit(struct sworn_compact *c);

/**
 * sworn_compact_choose() - which runs to merge
 * @all: as many as one compaction can, be it worth it or not
 *
 * Context: maint_mutex held.
 * Return: whether there are any.
 */
bool sworn_compact_choose(struct sworn_compact *c, bool all);

/**
 * sworn_compact_run() - merge the chosen runs
 *
 * The new BITs are on the device, not flushed, when it returns; nothing refers
 * to them.  On error their index segments are free again.
 *
 * Context: process; maint_mutex held.
 * Return: 0, -ENOSPC (no free index segment), -EUCLEAN (a node does not
 * verify), an I/O error.
 */
int sworn_compact_run(struct sworn_compact *c);

u64 sworn_compact_blocks(const struct sworn_compact *c);

#endif /* SWORNDISK_INDEX_COMPACT_H */
