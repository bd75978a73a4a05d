/* SPDX-License-Identifier: GPL-2.0-only */
/* What else may be on a device: filesystems, partition tables, LUKS, ... */
#ifndef SWORNADM_DISK_SIGNATURE_H
#define SWORNADM_DISK_SIGNATURE_H

#include <stddef.h>

#include "../failure.h"

/**
 * signature_find() - look for signatures that libblkid knows
 * @what: "an ext4 filesystem labelled ..." if there is one, else ""
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int signature_find(int fd, const char *path, char *what, size_t bytes,
		   struct failure *f);

/**
 * signature_wipe() - destroy every such signature
 * @fd: open for writing
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int signature_wipe(int fd, const char *path, struct failure *f);

#endif /* SWORNADM_DISK_SIGNATURE_H */
