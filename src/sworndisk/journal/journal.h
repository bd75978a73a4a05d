/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The journal: a ring of chained, sealed blocks.  What a group holds is not
 * its business; groups are written one after the other, and replayed whole or
 * not at all.
 */
#ifndef SWORNDISK_JOURNAL_JOURNAL_H
#define SWORNDISK_JOURNAL_JOURNAL_H

#include "../bdev/area.h"
#include "../format/journal.h"
#include "../format/record.h"
#include "../seal/aead.h"
#include "../seal/kdf.h"

/**
 * struct sworn_journal - writer and replayer of the ring
 * @next_seq: number of the next block
 * @prev_tag: tag of the block before it
 * @retained_seq: blocks from here on may be needed by a replay
 * @session: this activation's key is set and announced
 * @failed: a write failed: nothing is written any more
 * @cur: block of @buf being filled; those before it wait to be written
 * @fill: payload bytes used in it
 * @item: the open RECORDS item in it, or NULL
 * @begun: replay found a block of the group behind the last complete one
 *
 * All of it belongs to whoever holds the volume's commit_mutex.
 */
struct sworn_journal {
	struct sworn_area *meta;
	struct sworn_kdf *kdf;
	struct crypto_aead *tfm;
	struct sworn_cryptor *cryptor;
	u32 cipher;
	u64 start_block;
	u64 blocks;
	u64 next_seq;
	u8 prev_tag[SWORN_TAG_SIZE];
	u64 retained_seq;
	u8 salt[SWORN_SALT_SIZE];
	bool session;
	bool failed;
	u64 base_seq;
	u32 cur;
	u32 fill;
	struct sworn_disk_item *item;
	bool begun;
	void *buf[SWORN_IO_BLOCKS];
	atomic64_t blocks_written;
};

int sworn_journal_init(struct sworn_journal *j, struct sworn_area *meta,
		       struct sworn_kdf *kdf, u32 cipher, u64 start_block,
		       u64 blocks);
void sworn_journal_exit(struct sworn_journal *j);

/* Blocks that are kept for a replay. */
static inline u64 sworn_journal_used(const struct sworn_journal *j)
{
	return READ_ONCE(j->next_seq) - READ_ONCE(j->retained_seq);
}

/* Where in the ring a block lies. */
static inline u64 sworn_journal_place(const struct sworn_journal *j, u64 seq)
{
	u64 place;

	div64_u64_rem(seq, j->blocks, &place);
	return place;
}

/**
 * sworn_journal_begin() - start a group
 *
 * Context: process, commit_mutex.
 * Return: 0, -EIO once a write has failed, or another errno.
 */
int sworn_journal_begin(struct sworn_journal *j);

/**
 * sworn_journal_add() - append an item
 * @bytes: of the body; it must fit a block
 *
 * Return: 0, -ENOSPC (the ring is full), -EMSGSIZE, or an I/O error; after an
 * error the group is void and the journal failed.
 */
int sworn_journal_add(struct sworn_journal *j, enum sworn_item_type type,
		      const void *body, u32 bytes);

/* Append an index record. */
int sworn_journal_add_record(struct sworn_journal *j,
			     const struct sworn_disk_record *rec);

/**
 * sworn_journal_commit() - make the group durable
 * @preflush: what was written to the device before must be durable first;
 *	writes to the metadata area are taken care of without it
 */
int sworn_journal_commit(struct sworn_journal *j, bool preflush);

/**
 * sworn_journal_commit_beside() - write the group, in no order to anything
 *
 * It is durable after sworn_areas_flush().
 */
int sworn_journal_commit_beside(struct sworn_journal *j);

/**
 * struct sworn_replay_ops - who takes what is replayed
 * @item: one item of a complete group.  @base_seq is the group's first block.
 * @group: all items of a group were taken; the journal is positioned behind it
 */
struct sworn_replay_ops {
	int (*item)(void *data, u64 base_seq, u32 type, const void *body,
		    u32 bytes);
	void (*group)(void *data);
};

/**
 * sworn_journal_replay() - walk the ring from a block on
 * @from_seq: first block
 * @prev_tag: tag of the one before
 * @end_seq: the group that begins here counts as never written; or ~0
 *
 * On success the journal is positioned behind the last complete group.
 *
 * Context: process; allocates.
 * Return: 0; -EUCLEAN if the ring was damaged or rolled back behind that
 * point; what an operation returned; an I/O error.
 */
int sworn_journal_replay(struct sworn_journal *j, u64 from_seq,
			 const u8 *prev_tag, u64 end_seq,
			 const struct sworn_replay_ops *ops, void *data);

/* For replay.c: take the key of a salt. */
int sworn_journal_set_salt(struct sworn_journal *j, const u8 *salt);

#endif /* SWORNDISK_JOURNAL_JOURNAL_H */
