/* SPDX-License-Identifier: GPL-2.0-only */
/* Compaction: BITs that need not be written anew.  For compact.c. */
#ifndef SWORNDISK_INDEX_KEEP_H
#define SWORNDISK_INDEX_KEEP_H

#include "compact.h"
#include "run_reader.h"

/**
 * sworn_compact_skip() - pass over BITs of the oldest run that stay
 * @run: its place in the version in force
 * @cursor: where the step begins
 * @newer: the first LBA from there on that a newer run speaks of
 *
 * Return: where the step really begins.
 */
u64 sworn_compact_skip(struct sworn_compact *c, u32 run, u64 cursor, u64 newer);

/* Is a reader at the start of a BIT that need not be written anew? */
bool sworn_compact_stays(const struct sworn_compact *c,
			 const struct sworn_run_reader *r);

/**
 * sworn_compact_pass_on() - let a step be that a BIT joins the oldest run
 * @r: the reader that comes first, or NULL
 *
 * Return: whether it is that.
 */
bool sworn_compact_pass_on(struct sworn_compact *c, struct sworn_round *round,
			   const struct sworn_run_reader *r);

#endif /* SWORNDISK_INDEX_KEEP_H */
