/* SPDX-License-Identifier: GPL-2.0-only */
/* Between walk.c, which puts sources of records together, and run.c, one. */
#ifndef SWORNADM_OFFLINE_RUN_H
#define SWORNADM_OFFLINE_RUN_H

#include "walk.h"

/**
 * struct walk - what all sources share
 */
struct walk {
	const struct image *img;
	struct state *state;
	const struct walk_ops *ops;
	void *data;
	struct walk_counts *counts;
	struct report *report;
};

/* A node that is being gone through, and the range that its parent gives it. */
struct run_level {
	u8 *node;
	u32 block;
	u32 next;
	u64 first;
	u64 end;
};

/**
 * struct run - a run of BITs, record by record
 * @bit: those left; @nr_bits of them
 * @level: nodes from the root, at height - 1, down to the leaf, at 0
 * @at: the lowest level that is loaded, or the height if none is
 * @nodes, @skipped: of the BIT under way
 * @lost: what a node that cannot be used may have spoken of
 */
struct run {
	struct walk *walk;
	const struct sworn_bit *bit;
	size_t nr_bits;
	u32 at;
	struct run_level level[SWORN_BIT_HEIGHT_MAX];
	bool open;
	u32 nodes;
	bool skipped;
	bool has_lost;
	struct sworn_record lost;
};

int run_init(struct run *r, struct walk *w, const struct sworn_bit *bit,
	     size_t nr_bits);
void run_free(struct run *r);

/**
 * run_next() - the next record
 *
 * A tombstone that begins before its BIT has a say is cut.  In the place of what
 * is lost with a node stands a tombstone: nobody knows what is true there, but
 * nothing older is.
 * Return: 1; 0 at the end; -ENOMEM, -ECANCELED or what an operation returned.
 */
int run_next(struct run *r, struct sworn_record *rec);

#endif /* SWORNADM_OFFLINE_RUN_H */
