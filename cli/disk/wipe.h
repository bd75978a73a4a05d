/* SPDX-License-Identifier: GPL-2.0-only */
/* What a wipe would destroy, in words. */
#ifndef SWORNADM_DISK_WIPE_H
#define SWORNADM_DISK_WIPE_H

#include <limits.h>

#include "superblock.h"

#define WIPE_TEXT_MAX (PATH_MAX + 160)

/* "this destroys the SwornDisk ... on PATH ..."; returns @text. */
const char *wipe_text(char text[WIPE_TEXT_MAX], const char *path,
		      const struct superblock_view *view);

#endif /* SWORNADM_DISK_WIPE_H */
