// SPDX-License-Identifier: GPL-2.0-only
/* What a wipe would destroy; see wipe.h. */
#include "wipe.h"

#include <stdio.h>

#include "../args/size.h"
#include "../args/uuid.h"

const char *wipe_text(char text[WIPE_TEXT_MAX], const char *path,
		      const struct superblock_view *view)
{
	char uuid[UUID_TEXT_MAX], size[SIZE_TEXT_MAX];

	if (view->best)
		snprintf(text, WIPE_TEXT_MAX,
			 "this destroys the SwornDisk %s (%s) on %s and all its data for ever",
			 uuid_text(uuid, view->best->sb.uuid),
			 size_text(size, view->best->sb.geo.logical_blocks * SWORN_BLOCK_SIZE),
			 path);
	else
		snprintf(text, WIPE_TEXT_MAX,
			 "this destroys what is left of the SwornDisk on %s for ever",
			 path);
	return text;
}
