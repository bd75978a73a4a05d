/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a run of BITs from its first record to its last. */
#ifndef SWORNDISK_INDEX_RUN_READER_H
#define SWORNDISK_INDEX_RUN_READER_H

#include "index.h"

/* Blocks of a BIT that are read at once. */
#define SWORN_AHEAD_BLOCKS	16U

/**
 * struct sworn_ahead - nodes as they are on the device, read ahead
 * @bit_id: of the BIT that they are of; 0: none
 * @first: block of the first in the BIT
 */
struct sworn_ahead {
	u64 bit_id;
	u32 first;
	u32 nr;
	void *buf[SWORN_AHEAD_BLOCKS];
};

/**
 * struct sworn_node_ref - a node, and what proves it
 * @level: 0 for a leaf
 */
struct sworn_node_ref {
	struct sworn_bit bit;
	u32 block;
	u32 level;
	u8 mac[SWORN_TAG_SIZE];
};

/**
 * sworn_index_read_node() - read a node from the device and verify it
 * @ahead: where it comes from, with those behind it; or NULL
 * @buf: receives it
 *
 * In lookup.c, as the next one.  The node cache is neither asked nor filled.
 *
 * Context: process, not from map().
 * Return: 0, -EUCLEAN if it does not verify, or the error of the device.
 */
int sworn_index_read_node(struct sworn_index *ix,
			  const struct sworn_node_ref *ref,
			  struct sworn_ahead *ahead, void *buf);

/**
 * sworn_index_bit_is_current() - is a BIT still there?
 *
 * A BIT that was looked at can go away while its node is read, and its index
 * segment be written anew: what was read then does not verify.  So a failure
 * counts only if the BIT is still there.
 */
bool sworn_index_bit_is_current(struct sworn_index *ix,
				const struct sworn_bit *bit);

/**
 * struct sworn_run_reader - a place in a run
 * @rec: the record there, when not @done
 * @leaf: copy of the leaf it is in
 * @from: it has a say from here on
 * @next_lba: where the leaf behind begins
 * @bit_segment: index segment of the BIT that it is in
 * @bit_from: first LBA that the BIT has a say in
 * @bit_last: last one
 * @at_start: @rec is the first record of the BIT that counts
 */
struct sworn_run_reader {
	struct sworn_index *ix;
	u32 run;
	bool done;
	struct sworn_record rec;
	void *leaf;
	u32 at;
	u32 nr;
	u64 from;
	u64 next_lba;
	u32 bit_segment;
	u64 bit_from;
	u64 bit_last;
	bool at_start;
	struct sworn_ahead ahead;
};

/**
 * sworn_run_reader_start() - go to the first record
 * @run: its place in the version in force, which must not change
 * @lba: where to begin; a tombstone that reaches across is cut there
 *
 * Context: process; maint_mutex held, under which alone versions change.
 * Return: 0, or what reading a node returned.
 */
int sworn_run_reader_start(struct sworn_run_reader *r, struct sworn_index *ix,
			   u32 run, u64 lba);

int sworn_run_reader_init(struct sworn_run_reader *r);
void sworn_run_reader_exit(struct sworn_run_reader *r);

/* Go to the next record, or become done. */
int sworn_run_reader_next(struct sworn_run_reader *r);

/**
 * sworn_index_leaf() - copy the first leaf of a run at or behind an LBA
 * @r: receives the leaf and what BIT it is of; nodes come by way of its @ahead
 * @from: that LBA; receives from where on the leaf has a say
 * @end: receives where to go on behind it
 *
 * In lookup.c.  Context and errors: as sworn_run_reader_start().
 */
int sworn_index_leaf(struct sworn_run_reader *r, bool *found, u64 *from,
		     u64 *end);

#endif /* SWORNDISK_INDEX_RUN_READER_H */
