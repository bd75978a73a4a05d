/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Epochs: data keys.  An activation draws a new one before its first write;
 * nonces count up from zero in memory and are never read back from a disk, so
 * no (key, nonce) pair comes twice (docs/design.md, section 3).
 */
#ifndef SWORNDISK_SEAL_EPOCH_H
#define SWORNDISK_SEAL_EPOCH_H

#include <linux/atomic.h>

#include "../format/record.h"
#include "aead.h"

/* Blocks under one key; the margin is for takers that come too late. */
#define SWORN_EPOCH_BLOCKS_MAX	((1ULL << 32) - (1ULL << 20))

/**
 * struct sworn_epoch - one data key
 * @next_counter: blocks given out; only of the current epoch
 * @announced: it is in the journal or in a checkpoint (commit_mutex)
 * @loaded: of an activation before this one: nothing new is sealed under it
 * @dropped: nothing refers to it any more; it goes at the end of the activation,
 *	for a reader may be at it still (commit_mutex)
 */
struct sworn_epoch {
	struct crypto_aead *tfm;
	atomic64_t next_counter;
	u64 born;
	u16 slot;
	bool announced;
	bool loaded;
	bool dropped;
	u8 key[SWORN_KEY_SIZE_MAX];
};

/**
 * struct sworn_epochs - all data keys of a volume
 * @slots: set at load and by sworn_epochs_start(); read without a lock, for
 *	an entry is only set before a record can name it
 * @current_epoch: what new blocks are sealed under; NULL while read-only
 */
struct sworn_epochs {
	u32 cipher;
	u32 max;
	size_t cryptor_bytes;
	u32 nr;
	struct sworn_epoch **slots;
	struct sworn_epoch *current_epoch;
};

/**
 * sworn_epochs_init() - an empty key table
 * @max: number of slots
 * @cryptor_bytes: what users of its transforms set aside for a call
 */
int sworn_epochs_init(struct sworn_epochs *e, u32 cipher, u32 max,
		      size_t cryptor_bytes);
void sworn_epochs_exit(struct sworn_epochs *e);

/**
 * sworn_epochs_load() - take an epoch that was read from a device
 * @d: authentic, but its values are checked all the same
 *
 * Context: may sleep, allocates.
 * Return: 0, -EUCLEAN, -ENOMEM.  An epoch that is there already is fine.
 */
int sworn_epochs_load(struct sworn_epochs *e, const struct sworn_disk_epoch *d);

/**
 * sworn_epochs_forget() - a commit says that nothing refers to an epoch
 *
 * Context: recovery.
 * Return: 0, or -EUCLEAN if there is none.
 */
int sworn_epochs_forget(struct sworn_epochs *e, u64 slot);

/* Nothing refers to it; the commit that says so is durable. */
void sworn_epochs_drop(struct sworn_epochs *e, u32 slot);

/**
 * sworn_epochs_start() - draw the key of a new current epoch
 * @born: commit id
 *
 * Context: may sleep, allocates; at activation, or from upkeep with
 * commit_mutex held and the one before announced.
 * Return: 0, -ENOSPC if the key table is full, or another errno.
 */
int sworn_epochs_start(struct sworn_epochs *e, u64 born);

/* Half of the epochs in use were born at or before this commit id. */
u64 sworn_epochs_median_born(const struct sworn_epochs *e);

/**
 * sworn_epochs_take() - nonce counters for @n blocks
 * @epoch: receives the epoch
 * @counter: receives the first of @n counters
 *
 * Context: any.
 * Return: 0, -ENOKEY if there is no current epoch or it is used up.
 */
int sworn_epochs_take(struct sworn_epochs *e, u32 n, struct sworn_epoch **epoch,
		      u32 *counter);

/* Has anything been sealed under it, in this activation or before? */
static inline bool sworn_epoch_used(const struct sworn_epoch *e)
{
	return e->announced || atomic64_read(&e->next_counter);
}

/* Is it time to start the next epoch? */
static inline bool sworn_epochs_worn(const struct sworn_epochs *e)
{
	return e->current_epoch &&
	       atomic64_read(&e->current_epoch->next_counter) >
	       SWORN_EPOCH_BLOCKS_MAX / 16 * 15;
}

/* The epoch in a slot, NULL if there is none. */
static inline struct sworn_epoch *sworn_epochs_get(struct sworn_epochs *e,
						   u32 slot)
{
	return slot < e->max ? READ_ONCE(e->slots[slot]) : NULL;
}

/**
 * sworn_epochs_open_block() - verify and decrypt a data block in place
 * @c: scratch
 * @r: the block's record
 * @block: 4096 bytes of ciphertext, linear kernel memory
 *
 * Context: process; may sleep.
 * Return: 0, -EUCLEAN if the data key is not there, -EBADMSG if the block does
 * not verify, or another errno.
 */
int sworn_epochs_open_block(struct sworn_epochs *e, struct sworn_cryptor *c,
			    const struct sworn_record *r, void *block);

void sworn_epoch_encode(struct sworn_disk_epoch *d, const struct sworn_epoch *e);

#endif /* SWORNDISK_SEAL_EPOCH_H */
