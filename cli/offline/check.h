/* SPDX-License-Identifier: GPL-2.0-only */
/* Is everything on a disk as it should be? */
#ifndef SWORNADM_OFFLINE_CHECK_H
#define SWORNADM_OFFLINE_CHECK_H

#include "recover.h"
#include "walk.h"

/**
 * struct check - what was asked, and what came of it
 * @data: verify all live data blocks, too
 * @min_commit: the last commit must not be before
 * @live: blocks that hold the newest version of an LBA
 * @superseded: referenced blocks that hold an older one, or a discarded one
 * @unreferenced: blocks that the tables say are referenced, and no record is
 *	there that does; not counted when a part of the index is lost
 * @verified: data blocks that were read and verified
 */
struct check {
	bool data;
	u64 min_commit;
	struct recovery recovery;
	struct walk_counts counts;
	u64 live;
	u64 superseded;
	u64 unreferenced;
	u64 verified;
	struct report report;
};

/**
 * check_image() - check all of it
 * @img: unlocked, or one that no key was given for
 *
 * Return: 0, and all about it is in @c; -ENOMEM, -ECANCELED, and what was found
 * so far.
 */
int check_image(struct check *c, const struct image *img);

/**
 * check_superblocks() - the copies and what they say of the devices' sizes
 *
 * Return: copies that can be written anew from the one in force, a bit each.
 */
u32 check_superblocks(const struct image *img, struct report *report);

void check_free(struct check *c);

#endif /* SWORNADM_OFFLINE_CHECK_H */
