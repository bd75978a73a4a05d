/* SPDX-License-Identifier: GPL-2.0-only */
/* Superblocks as they lie on a device, read without a key. */
#ifndef SWORNADM_DISK_SUPERBLOCK_H
#define SWORNADM_DISK_SUPERBLOCK_H

#include "../failure.h"
#include "sworndisk/format/superblock.h"

/**
 * struct superblock_copy - one copy
 * @magic: it claims to be a superblock
 * @err: 0: it is sound; -ENODATA: there is none; else what is wrong with it
 * @why: on error, a sentence
 */
struct superblock_copy {
	bool magic;
	int err;
	const char *why;
	struct sworn_superblock sb;
};

/**
 * struct superblock_view - what a device says of itself
 * @best: the newest sound copy, NULL if there is none
 *
 * Nothing here is proven: without the key anybody may have written it.
 */
struct superblock_view {
	struct superblock_copy copy[SWORN_SB_COPIES];
	const struct superblock_copy *best;
};

/**
 * superblock_read() - read and judge the copies
 * @path: for messages
 *
 * Return: 0 if a sound copy was found; -ENODATA if there is no trace of one;
 * -EUCLEAN if all are damaged; -EOPNOTSUPP if all are of a newer format; errors
 * of read().  @view is filled in, except after errors of read(); only those and
 * the damaged are noted in @f.
 */
int superblock_read(int fd, const char *path, struct superblock_view *view,
		    struct failure *f);

/* Does any copy claim to be a superblock? */
bool superblock_claimed(const struct superblock_view *view);

/**
 * superblock_sum() - the checksum over a block
 *
 * Return: 0 or -EIO.
 */
int superblock_sum(const struct sworn_disk_superblock *d,
		   u8 sum[SWORN_SHA256_SIZE]);

/**
 * superblock_destroy() - overwrite the whole superblock area with zeroes
 *
 * The wrapped volume key is in it: without it the data are noise.
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int superblock_destroy(int fd, const char *path, uint64_t device_bytes,
		       struct failure *f);

#endif /* SWORNADM_DISK_SUPERBLOCK_H */
