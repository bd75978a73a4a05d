/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices and image files that a disk lies on. */
#ifndef SWORNADM_DISK_DEVICE_H
#define SWORNADM_DISK_DEVICE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "../back/back.h"
#include "../failure.h"

/**
 * struct device - a device or image file
 * @path: as the caller named it
 * @node: block device for a table, set by device_attach()
 * @fd: of @path
 * @made: the image file was made by device_make() and is not kept yet
 */
struct device {
	const char *path;
	char node[PATH_MAX];
	int fd;
	bool file;
	bool made;
	bool read_only;
	uint64_t bytes;
	struct back_loop loop;
};

/* A struct that device_close() takes as it is. */
#define DEVICE_NONE { .fd = -1, .loop = { .fd = -1 } }

/**
 * device_open() - open what is there
 * @read_only: nothing will be written
 *
 * Return: 0; -ENOENT; -EINVAL neither a block device nor a regular file; other
 * errors of open().  Noted in @f.
 */
int device_open(struct device *dev, const struct back *back, const char *path,
		bool read_only, struct failure *f);

/**
 * device_make() - make a sparse image file
 *
 * It is removed again by device_close() unless device_keep() was called.
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int device_make(struct device *dev, const char *path, uint64_t bytes,
		struct failure *f);

/* The image file is in use: do not remove it any more. */
void device_keep(struct device *dev);

/**
 * device_attach() - have a block device for it
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int device_attach(struct device *dev, const struct back *back,
		  struct failure *f);

/**
 * device_idle() - is it free to be used?
 *
 * Return: 0, or -EBUSY and others, noted in @f.
 */
int device_idle(const struct device *dev, const struct back *back,
		struct failure *f);

/* Close; a loop device goes when nobody else has it open. */
void device_close(struct device *dev);

#endif /* SWORNADM_DISK_DEVICE_H */
