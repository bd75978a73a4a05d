/* SPDX-License-Identifier: GPL-2.0-only */
/* The superblock in the CPU's terms. */
#ifndef SWORNDISK_FORMAT_SUPERBLOCK_H
#define SWORNDISK_FORMAT_SUPERBLOCK_H

#include "geometry.h"

/**
 * struct sworn_superblock - decoded superblock; sealed parts as they lie there
 */
struct sworn_superblock {
	u64 generation;
	u64 compat;
	u64 compat_ro;
	u64 incompat;
	u32 cipher;
	u8 uuid[SWORN_UUID_SIZE];
	struct sworn_geometry geo;
};

/* Bytes that are associated data when the volume key is wrapped. */
#define SWORN_SB_AAD_BYTES \
	offsetof(struct sworn_disk_superblock, wrapped_key)

/* Bytes that the checksum covers. */
#define SWORN_SB_SUM_BYTES \
	offsetof(struct sworn_disk_superblock, sha256)

/**
 * sworn_sb_has_magic() - does the block claim to be a superblock?
 */
bool sworn_sb_has_magic(const struct sworn_disk_superblock *d);

/**
 * sworn_sb_decode() - check and decode a superblock
 * @d: hostile; its checksum was found right by the caller
 * @copy: which copy it was read as
 * @sb: filled in
 * @why: on error, a sentence that names the cause
 *
 * Return: 0; -EINVAL no superblock; -EOPNOTSUPP a newer format; -EUCLEAN
 * fields out of range.
 */
int sworn_sb_decode(const struct sworn_disk_superblock *d, u32 copy,
		    struct sworn_superblock *sb, const char **why);

/**
 * sworn_sb_encode() - everything but salt, wrapped key and checksum
 */
void sworn_sb_encode(struct sworn_disk_superblock *d, u32 copy,
		     const struct sworn_superblock *sb);

/**
 * sworn_cipher_name() - name of a cipher as options spell it
 *
 * Return: the name, NULL for an unknown number.
 */
const char *sworn_cipher_name(u32 cipher);

/**
 * sworn_cipher_parse() - number of a cipher
 *
 * Return: enum sworn_cipher, 0 for an unknown name.
 */
u32 sworn_cipher_parse(const char *name);

/* Bytes of a key of the cipher; 0 for an unknown number. */
u32 sworn_cipher_key_bytes(u32 cipher);

#endif /* SWORNDISK_FORMAT_SUPERBLOCK_H */
