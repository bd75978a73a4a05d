/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compaction: neighbouring runs of BITs become one.
 *
 * That is done in steps along the LBA space.  A step writes a few BITs, which
 * join the oldest of the runs; what the runs say of LBAs up to where it got
 * counts no more from then on, so BITs go, or are trimmed.  At any time lookups
 * find the same as before, upkeep gets its turn between two steps, and a step
 * needs little room in the index.  A crash forgets only that there was a plan.
 */
#ifndef SWORNDISK_INDEX_COMPACT_H
#define SWORNDISK_INDEX_COMPACT_H

#include "catalog.h"
#include "index.h"

#define SWORN_COMPACT_RUNS_MIN	4U
#define SWORN_COMPACT_RUNS_MAX	32U
#define SWORN_COMPACT_BITS_MAX	4U

struct sworn_run_reader;

/**
 * sworn_mover_t - may move the blocks of neighbouring records
 * @rec: records of one aligned run of 64 blocks, by LBA; those whose blocks are
 *	moved are changed
 * @mask: bit i set: the block of @rec[i] is to be moved
 *
 * Return: bit i set: @rec[i] was changed.
 */
typedef u64 (*sworn_mover_t)(void *data, struct sworn_record *rec, u32 n,
			     u64 mask);

/**
 * struct sworn_round - a plan, and how far it got
 * @oldest, @newest: numbers of the runs that it merges
 * @cursor: the LBA to go on with
 */
struct sworn_round {
	bool on;
	u64 oldest;
	u64 newest;
	u64 cursor;
};

/**
 * struct sworn_compact - merging runs
 * @front: merges new runs of about the same size, all newer than those of @deep
 * @deep: merges all runs that there were when it began
 * @edit: what the last step amounts to, with @bits as its BITs
 * @rounds: deep rounds that came to their end, since activation
 * @dead: blocks whose records the last step dropped, @dead_blocks in all
 * @live: blocks that records of the last step point at and none did before
 * @old_tables: MemTables that may have records of an activation before this one
 * @partial: the deep round leaves out the newest runs, for there were too many
 * @whole: the deep round goes through all records but those of this activation
 * @epochs: bit set: it came to a record under the key in that slot
 * @ended: the last step ended a round that was whole
 * @moved: blocks that the mover moved in the last step
 * @nr_runs: runs that the step merges
 * @bottom: there is no older one
 * @unsettled: records in the runs that may replace older ones whose blocks the
 *	accounts take for live; not more than there are, but for the oldest run
 * @unsettled_since: those that were added since the deep round began
 * @fresh: records that were added since the last one ended
 * @window: records on their way out, of one aligned run of 64 blocks
 * @wanted: which of their blocks should be moved?  None if there is no @mover
 * @mover: moves those of them that lookups find
 * @moves: whether it moves anything at present
 * @hurry: asked now and then; if it says so a step ends early
 */
struct sworn_compact {
	struct sworn_index *ix;
	struct sworn_round front;
	struct sworn_round deep;
	u32 rounds;
	u64 unsettled;
	u64 unsettled_since;
	u64 fresh;
	struct sworn_edit edit;
	struct sworn_bit bits[SWORN_COMPACT_BITS_MAX];
	struct sworn_extent *dead;
	u32 nr_dead;
	u32 dead_blocks;
	struct sworn_extent *live;
	u32 nr_live;
	u32 moved;
	u32 max_extents;
	u32 old_tables;
	bool partial;
	bool whole;
	unsigned long *epochs;
	bool ended;
	u32 nr_runs;
	bool bottom;
	struct sworn_record window[SWORN_RUN_BLOCKS];
	u32 nr_window;
	struct sworn_disk_record seen[SWORN_RUN_BLOCKS];
	u64 (*wanted)(void *data, const struct sworn_record *rec, u32 n);
	sworn_mover_t mover;
	bool (*moves)(void *data);
	void *mover_data;
	bool (*hurry)(void *data);
	void *hurry_data;
	struct sworn_run_reader *reader;
	struct sworn_bit_writer *writer;
};

int sworn_compact_init(struct sworn_compact *c, struct sworn_index *ix,
		       size_t cryptor_bytes);
void sworn_compact_exit(struct sworn_compact *c);

/* Bytes of memory that it takes. */
u64 sworn_compact_bytes(const struct sworn_compact *c);

/**
 * sworn_compact_plan_front() - begin to merge new runs, if it is worth it
 *
 * Runs are merged when four or more of about the same size lie on top of each
 * other.  So a record is written anew about as often as the runs have sizes,
 * which differ by a factor of four, and there are few runs.
 *
 * Context: maint_mutex held.  Return: whether the round is on.
 */
bool sworn_compact_plan_front(struct sworn_compact *c);

/**
 * sworn_compact_plan_deep() - begin to merge all runs, if there are two
 * @single: a single one will do, for the sake of the mover
 *
 * Context: maint_mutex held.  Return: whether the round is on.
 */
bool sworn_compact_plan_deep(struct sworn_compact *c, bool single);

/**
 * sworn_compact_step() - do the next part of a round
 *
 * The new BITs are on the device, not flushed, when it returns; nothing refers
 * to them.  On error their index segments are free again.  When what @edit says
 * is committed, sworn_compact_advance() must follow.
 *
 * Context: process; maint_mutex held.
 * Return: 0, -ENOSPC (no free index segment), -ENOMEM, -EUCLEAN (a node does
 * not verify), an I/O error.
 */
int sworn_compact_step(struct sworn_compact *c, struct sworn_round *round);

/* The step was committed. */
void sworn_compact_advance(struct sworn_compact *c, struct sworn_round *round);

u64 sworn_compact_blocks(const struct sworn_compact *c);

#endif /* SWORNDISK_INDEX_COMPACT_H */
