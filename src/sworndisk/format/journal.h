/* SPDX-License-Identifier: GPL-2.0-only */
/* Journal blocks and the items in them. */
#ifndef SWORNDISK_FORMAT_JOURNAL_H
#define SWORNDISK_FORMAT_JOURNAL_H

#include "port.h"

/* Associated data: everything in front of the tag. */
#define SWORN_JOURNAL_AAD_BYTES offsetof(struct sworn_disk_journal_block, tag)

/* Bytes of the payload that are sealed; the rest of the block is zero. */
static inline u32 sworn_journal_sealed(u32 payload_bytes)
{
	/* not a power of two: round_up() would not do */
	return (payload_bytes + SWORN_JOURNAL_SEALED - 1) /
		SWORN_JOURNAL_SEALED * SWORN_JOURNAL_SEALED;
}

/**
 * sworn_journal_claims() - does a block claim to be number @seq?
 * @b: hostile
 *
 * Cheap checks, before the tag is looked at.
 */
bool sworn_journal_claims(const struct sworn_disk_journal_block *b, u64 seq);

/**
 * sworn_journal_follows() - does a block claim to be the next of its chain?
 * @b: hostile
 * @seq: its number
 * @prev_tag: tag of the block before it
 * @base_seq: number of the block that its group begins with
 */
bool sworn_journal_follows(const struct sworn_disk_journal_block *b, u64 seq,
			   const u8 *prev_tag, u64 base_seq);

/**
 * struct sworn_item - an item of a group
 */
struct sworn_item {
	u32 type;
	u32 bytes;
	const void *body;
};

/**
 * sworn_item_next() - the next item of a payload, or of several in a row
 * @at: where it begins; moved behind it
 *
 * Return: 1; 0 at the end; -EUCLEAN if it does not fit.
 */
int sworn_item_next(const void *payload, size_t bytes, size_t *at,
		    struct sworn_item *item);

#endif /* SWORNDISK_FORMAT_JOURNAL_H */
