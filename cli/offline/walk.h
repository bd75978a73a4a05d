/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All records of a volume in the order of LBAs: of the MemTables and of each
 * run of BITs, whose nodes are verified on the way.
 */
#ifndef SWORNADM_OFFLINE_WALK_H
#define SWORNADM_OFFLINE_WALK_H

#include "image.h"
#include "report.h"
#include "state.h"

/**
 * struct walk_counts - what was come by
 * @lost: nodes that could not be used, with all below them
 */
struct walk_counts {
	u64 runs;
	u64 nodes;
	u64 records;
	u64 tombstones;
	u64 lost;
};

/**
 * struct walk_ops - who takes what is found; any may be NULL
 * @node: a node of a BIT that verifies
 * @record: a record that points at a block, but for those that are settled;
 *	@live: it is the newest of its LBA
 *
 * What they return, if not 0, ends the walk.
 */
struct walk_ops {
	int (*node)(void *data, const struct sworn_bit *bit, u32 block,
		    const void *node);
	int (*record)(void *data, const struct sworn_record *r, bool live);
};

/**
 * walk_records() - go through them
 * @state: sorted
 *
 * Return: 0, what an operation returned, -ENOMEM, -ECANCELED.
 */
int walk_records(const struct image *img, struct state *state,
		 const struct walk_ops *ops, void *data,
		 struct walk_counts *counts, struct report *report);

/* Block of the metadata device where a node lies. */
u64 walk_node_block(const struct image *img, const struct sworn_bit *bit,
		    u32 block);

/* The key of a slot, ready; NULL if there is none, or the library fails. */
struct crypto_key *walk_key(struct state *state, u32 slot);

#endif /* SWORNADM_OFFLINE_WALK_H */
