/* SPDX-License-Identifier: GPL-2.0-only */
/* The disks that are open, and what they lie on. */
#ifndef SWORNADM_DISK_FIND_H
#define SWORNADM_DISK_FIND_H

#include <limits.h>
#include <stdbool.h>

#include "../args/uuid.h"
#include "../back/back.h"
#include "status.h"
#include "../failure.h"

/**
 * struct place - a device a disk lies on
 * @node: "/dev/..."
 * @file: of a loop device: the file; else ""
 */
struct place {
	char node[PATH_MAX];
	char file[PATH_MAX];
};

/**
 * struct open_disk - a disk that is open
 * @alive: it has a table, and @status, @data and @meta hold something
 * @one_device: data and metadata lie on the same
 */
struct open_disk {
	struct back_disk dm;
	bool alive;
	bool one_device;
	struct disk_status status;
	struct place data;
	struct place meta;
};

/**
 * find_disk() - look at a disk by name
 *
 * Return: 0; -ENXIO no device of that name, -EINVAL it is not a SwornDisk; both
 * noted in @f, with the names that there are.
 */
int find_disk(const struct back *back, const char *name,
	      struct open_disk *disk, struct failure *f);

/**
 * find_each() - look at every disk
 * @visit: called for each; what it returns, if not 0, ends the walk
 *
 * Return: 0, what @visit returned, or a negative errno, noted in @f.
 */
int find_each(const struct back *back,
	      int (*visit)(const struct open_disk *disk, void *arg), void *arg,
	      struct failure *f);

/* Is a device of that name there, of whatever kind?  -EEXIST, noted in @f. */
int find_name_free(const struct back *back, const char *name,
		   struct failure *f);

/* Is the disk of this UUID open?  -EBUSY, noted in @f. */
int find_uuid_closed(const struct back *back, const uint8_t uuid[UUID_BYTES],
		     const char *path, struct failure *f);

/* "/dev/loop0 (/srv/vault.img)" or the device alone; returns @text. */
#define PLACE_TEXT_MAX (2 * PATH_MAX + 8)
const char *place_text(char text[PLACE_TEXT_MAX], const struct place *place);

void open_disk_free(struct open_disk *disk);

#endif /* SWORNADM_DISK_FIND_H */
