/* SPDX-License-Identifier: GPL-2.0-only */
/* The two superblock copies: read, verify, write. */
#ifndef SWORNDISK_CHECKPOINT_SUPERBLOCK_H
#define SWORNDISK_CHECKPOINT_SUPERBLOCK_H

#include "../bdev/area.h"
#include "../format/superblock.h"

#define SWORN_ROOT_KEY_MIN	32U
#define SWORN_ROOT_KEY_MAX	64U

/**
 * struct sworn_root_key - the root key; wiped by whoever holds it
 */
struct sworn_root_key {
	u32 bytes;
	u8 key[SWORN_ROOT_KEY_MAX];
};

/**
 * struct sworn_super - the superblock in force
 * @stale_copy: copies that are to be written anew, a bit each
 */
struct sworn_super {
	struct sworn_superblock sb;
	u8 volume_key[SWORN_KEY_SIZE_MAX];
	u32 stale_copies;
};

/**
 * sworn_super_read() - find the superblock and unwrap the volume key
 * @why: on error, a sentence that names the cause
 *
 * Context: process; allocates.
 * Return: 0; -ENODATA there is none; -EUCLEAN it is damaged; -EKEYREJECTED
 * the key is wrong; -EOPNOTSUPP a newer format; an I/O error.
 */
int sworn_super_read(struct sworn_area *meta, const struct sworn_root_key *root,
		     struct sworn_super *super, const char **why);

/**
 * sworn_super_write() - write copies, each durable before the next
 * @copies: which, a bit each
 */
int sworn_super_write(struct sworn_area *meta, const struct sworn_root_key *root,
		      const struct sworn_super *super, u32 copies);

#endif /* SWORNDISK_CHECKPOINT_SUPERBLOCK_H */
