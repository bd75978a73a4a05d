/* SPDX-License-Identifier: GPL-2.0-only */
/* What minor compaction and merging have in common. */
#ifndef SWORNDISK_VOLUME_MERGE_H
#define SWORNDISK_VOLUME_MERGE_H

#include "volume.h"

/* Journal items; commit_mutex is held and a group is under way. */
int sworn_journal_add_bits(struct sworn_volume *vol,
			   const struct sworn_bit *bits, u32 nr);
int sworn_journal_add_extents(struct sworn_volume *vol, u32 type,
			      const struct sworn_extent *e, u32 nr);

/* The commit that says so is durable: nothing points at these blocks. */
void sworn_unref_extents(struct sworn_volume *vol, const struct sworn_extent *e,
			 u32 nr);

#endif /* SWORNDISK_VOLUME_MERGE_H */
