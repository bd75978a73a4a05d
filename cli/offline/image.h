/* SPDX-License-Identifier: GPL-2.0-only */
/* A disk that is closed, on its devices or image files, as its bytes lie there. */
#ifndef SWORNADM_OFFLINE_IMAGE_H
#define SWORNADM_OFFLINE_IMAGE_H

#include "../args/options.h"
#include "../disk/device.h"
#include "../disk/superblock.h"
#include "crypto.h"

/* Blocks that are read at once where neighbours are needed. */
#define IMAGE_BATCH	64U

enum image_area { AREA_DATA, AREA_META };

/**
 * struct image_secrets - in locked memory
 */
struct image_secrets {
	u8 volume_key[SWORN_KEY_SIZE_MAX];
	struct sworn_disk_superblock sb;
};

/**
 * struct image - a disk
 * @meta: not open in the one-device form
 * @view: both copies as anybody can read them
 * @opened: by copy: the root key opens it
 * @best: the copy in force: of those that the key opens, or without a key of
 *	those that are sound, the one with the higher generation
 * @root: the root key, locked, NULL without one
 * @key_remark: something to warn of, NULL if there is nothing
 * @unlocked: the volume key is there
 */
struct image {
	struct device data;
	struct device meta;
	struct superblock_view view;
	bool opened[SWORN_SB_COPIES];
	int best;
	struct sworn_superblock sb;
	u8 *root;
	size_t root_bytes;
	const char *key_remark;
	bool unlocked;
	struct image_secrets *secrets;
};

/* Image that image_close() takes as it is. */
#define IMAGE_NONE { .data = DEVICE_NONE, .meta = DEVICE_NONE, .best = -1 }

/**
 * image_open() - open the devices and read the superblocks
 * @paths: of @nr_paths: the data device, and of a disk on two the metadata
 *	device
 * @writable: something may be written
 *
 * Return: 0, a sound copy is there; -ENODATA there is none, not noted; -EINVAL
 * one path too few or too many; others.  Noted in @f but for -ENODATA.
 */
int image_open(struct image *img, const struct back *back,
	       const char *const *paths, int nr_paths, bool writable,
	       struct failure *f);

/**
 * image_in_use() - is a device of it in use?
 *
 * Return: 0; -EBUSY and others, noted in @f.
 */
int image_in_use(const struct image *img, const struct back *back,
		 struct failure *f);

/**
 * image_unlock() - take the root key and open the superblocks with it
 *
 * Return: 0, -EKEYREJECTED if it opens neither copy; others.  Noted in @f.
 */
int image_unlock(struct image *img, const struct back *back,
		 const struct options *o, struct failure *f);

void image_close(struct image *img);

/* Path of the device that an area is on. */
const char *image_path(const struct image *img, enum image_area area);

/* Blocks that the device has. */
u64 image_blocks(const struct image *img, enum image_area area);

/**
 * image_read() - read blocks of an area
 *
 * Return: 0; -ERANGE if the device ends before; other errors of read().
 */
int image_read(const struct image *img, enum image_area area, u64 block,
	       void *buf, u32 n);

/**
 * image_write_superblock() - write one copy anew, from the one in force
 *
 * Its salt is new; it is flushed, read again and compared.
 * Return: 0 or a negative errno, noted in @f.
 */
int image_write_superblock(struct image *img, u32 copy, struct failure *f);

/* A signal has come that is to end the program; it is asked often. */
bool image_cancelled(void);

/* Note signals from here on, instead of dying of them. */
void image_catch_signals(void);

#endif /* SWORNADM_OFFLINE_IMAGE_H */
