/* SPDX-License-Identifier: GPL-2.0-only */
/* The journal of an image, gone through from a block on. */
#ifndef SWORNADM_OFFLINE_JOURNAL_H
#define SWORNADM_OFFLINE_JOURNAL_H

#include "image.h"
#include "sworndisk/format/journal.h"

/**
 * struct journal_ops - who takes what is found; any may be NULL
 * @block: a block that verifies and continues the chain; its payload is plain
 * @item: one item of a whole group
 * @group: all items of a whole group were taken.  @next_seq is the block behind
 *	it, @tag the tag of its last block
 *
 * What they return, if not 0, ends the walk.
 */
struct journal_ops {
	int (*block)(void *data, const struct sworn_disk_journal_block *b);
	int (*item)(void *data, u64 base_seq, const struct sworn_item *item);
	int (*group)(void *data, u64 base_seq, u64 next_seq, const u8 *tag);
};

/**
 * enum journal_verdict - how a journal ends
 * @JOURNAL_WHOLE: behind a whole group; nothing of a further one is there
 * @JOURNAL_TORN: part of a further group is there: it was being written
 * @JOURNAL_DAMAGED: a group is missing that was whole once
 * @JOURNAL_UNREADABLE: a block cannot be read
 * @JOURNAL_WRONG: an item is wrong, or an operation gave up
 */
enum journal_verdict {
	JOURNAL_WHOLE,
	JOURNAL_TORN,
	JOURNAL_DAMAGED,
	JOURNAL_UNREADABLE,
	JOURNAL_WRONG,
};

/**
 * struct journal_end - where a walk came to
 * @next_seq: the block behind the last whole group
 * @tag: of the block before @next_seq
 * @stop_seq: the first block that does not continue the chain
 * @later_seq: of a damaged one: a block that proves that there was more
 * @err: of the last two verdicts
 */
struct journal_end {
	enum journal_verdict verdict;
	u64 groups;
	u64 next_seq;
	u8 tag[SWORN_TAG_SIZE];
	u64 stop_seq;
	u64 later_seq;
	int err;
};

/**
 * journal_walk() - go through it
 * @from_seq: first block
 * @prev_tag: tag of the one before
 * @end_seq: the group that begins here counts as never written; or ~0
 *
 * Return: 0, and all about it is in @end; -ENOMEM, -ECANCELED.
 */
int journal_walk(const struct image *img, u64 from_seq, const u8 *prev_tag,
		 u64 end_seq, const struct journal_ops *ops, void *data,
		 struct journal_end *end);

/* Block of the metadata device where a journal block lies. */
u64 journal_block(const struct image *img, u64 seq);

#endif /* SWORNADM_OFFLINE_JOURNAL_H */
