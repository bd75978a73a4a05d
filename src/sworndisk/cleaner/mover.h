/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cleaning: moving live blocks.
 *
 * Merging runs goes through all records in the order of LBAs, and so through
 * all places of live blocks.  On the way blocks can be moved: those that lie
 * apart although their LBAs are neighbours, and those that keep a sparse
 * segment from being free.  The record that is written is that of the new
 * place; the old place is dead with the commit that makes it count.
 */
#ifndef SWORNDISK_CLEANER_MOVER_H
#define SWORNDISK_CLEANER_MOVER_H

#include "../bdev/area.h"
#include "../format/record.h"
#include "../seal/epoch.h"
#include "../segment/head.h"

/**
 * struct sworn_mover - moves blocks
 * @order: move blocks to where their neighbours are
 * @clean: move blocks out of the segments in @marks
 * @nr_marked, @marked_blocks: segments in @marks, and what is in them
 * @retire: seal blocks anew whose keys are of activations up to @retire_born
 * @head: fills free segments only, in its own time
 * @rec: of the blocks that are being moved
 * @blocks_moved: since activation
 *
 * Belongs to whoever holds the volume's maint_mutex.
 */
struct sworn_mover {
	struct sworn_area *data;
	u64 data_start_block;
	struct sworn_epochs *epochs;
	struct sworn_segments *segments;
	struct sworn_head head;
	bool order;
	bool clean;
	bool retire;
	u64 retire_born;
	unsigned long *marks;
	u32 nr_marked;
	u64 marked_blocks;
	struct sworn_cryptor *cryptor;
	struct sworn_record rec[SWORN_UNIT_BLOCKS];
	void *buf[SWORN_UNIT_BLOCKS];
	atomic64_t blocks_moved;
};

int sworn_mover_init(struct sworn_mover *m, struct sworn_area *data,
		     u64 data_start_block, struct sworn_epochs *epochs,
		     struct sworn_segments *segments, struct sworn_units *units,
		     size_t cryptor_bytes);
void sworn_mover_exit(struct sworn_mover *m);

/* Bytes of memory that it takes. */
static inline u64 sworn_mover_bytes(const struct sworn_mover *m)
{
	return SWORN_UNIT_BLOCKS * SWORN_BLOCK_SIZE +
	       m->segments->nr / BITS_PER_BYTE;
}

/* Move blocks to where their neighbours are, while there are free segments. */
void sworn_mover_order(struct sworn_mover *m);

/* Seal anew what is under keys that were new at commit @born or before. */
void sworn_mover_retire(struct sworn_mover *m, u64 born);

/* Leave blocks alone, and let go of the segment that it fills. */
void sworn_mover_rest(struct sworn_mover *m);

/**
 * sworn_mover_mark() - choose segments to clean
 *
 * The emptiest, and only so many that what is in them fits into the segments
 * that are free.
 * @young: of the segments opened last so many are left to get emptier
 *
 * Return: how many there are; if any, cleaning is on.
 */
u32 sworn_mover_mark(struct sworn_mover *m, u64 young);

/* Does it move anything at present?  @data: the mover. */
bool sworn_mover_moves(void *data);

/**
 * sworn_mover_wanted() - which blocks should be moved?
 * @data: the mover
 * @rec: committed records of one aligned run of 64 blocks, by LBA
 *
 * Return: bit i set: that of @rec[i].
 */
u64 sworn_mover_wanted(void *data, const struct sworn_record *rec, u32 n);

/**
 * sworn_mover_move() - move blocks
 * @data: the mover
 * @rec: as above; those whose blocks are moved get the new place
 * @mask: bit i set: that of @rec[i]; the record must be what a lookup finds
 *
 * What cannot be read, does not verify or finds no free segment stays where it
 * is.  The new places are pending.
 *
 * Context: process; waits for the data device.
 * Return: bit i set: @rec[i] was changed.
 */
u64 sworn_mover_move(void *data, struct sworn_record *rec, u32 n, u64 mask);

#endif /* SWORNDISK_CLEANER_MOVER_H */
