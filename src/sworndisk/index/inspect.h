/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking at every node of a BIT that lookups can come to, as the device has it. */
#ifndef SWORNDISK_INDEX_INSPECT_H
#define SWORNDISK_INDEX_INSPECT_H

#include "run_reader.h"

/**
 * struct sworn_seen_node - a node that was looked at
 * @block: of the metadata area, where it lies
 * @first_lba, @last_lba: what it may speak of
 * @err: 0, -EUCLEAN if it does not verify, or why it could not be read
 */
struct sworn_seen_node {
	u64 block;
	u64 first_lba;
	u64 last_lba;
	int err;
};

/**
 * struct sworn_inspector - goes through the nodes of BITs, one at a time
 * @node: those on the way from the root, by level
 * @seen: told of each node in turn; anything but 0 ends the BIT
 */
struct sworn_inspector {
	struct sworn_index *ix;
	struct sworn_ahead ahead;
	void *node[SWORN_BIT_HEIGHT_MAX];
	int (*seen)(void *data, const struct sworn_seen_node *node);
	void *data;
};

/* Blocks of memory that it takes. */
#define SWORN_INSPECTOR_BLOCKS	(SWORN_AHEAD_BLOCKS + SWORN_BIT_HEIGHT_MAX)

int sworn_inspector_init(struct sworn_inspector *in, struct sworn_index *ix);
void sworn_inspector_exit(struct sworn_inspector *in);

/**
 * sworn_inspect() - read and verify a BIT's nodes, past the node cache
 * @from: those that speak only of LBAs below it are left out
 *
 * What lies under a node that is bad cannot be looked at.  A BIT that goes away
 * meanwhile is no matter any more: then it ends.  A bad node is told to the
 * index's on_bad_node(), as when a lookup finds it.
 *
 * Context: process, not from map().
 * Return: 0, or what @in->seen returned.
 */
int sworn_inspect(struct sworn_inspector *in, const struct sworn_bit *bit,
		  u64 from);

#endif /* SWORNDISK_INDEX_INSPECT_H */
