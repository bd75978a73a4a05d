/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads, writes and discards of the device's users. */
#ifndef SWORNDISK_VOLUME_IO_H
#define SWORNDISK_VOLUME_IO_H

#include <linux/device-mapper.h>

#include "volume.h"

/**
 * struct sworn_run - neighbouring blocks of a read that lie together
 * @first: block of the bio
 * @at: next block of the run to decrypt
 * @iter: where it begins in the bio
 * @err: of the block at @at, when it came back from an asynchronous cipher
 * @begun: when it was read, for the watch
 * @cryptor: last; the cipher's own context lies behind it
 */
struct sworn_run {
	struct sworn_io *io;
	struct work_struct work;
	struct bio *clone;
	u32 first;
	u32 nr;
	u32 at;
	int err;
	u64 begun;
	struct bvec_iter iter;
	struct sworn_cryptor cryptor;
};

enum sworn_io_stage {
	SWORN_IO_OWN,		/* completed by us; nothing to do at its end */
	SWORN_IO_REMAPPED,	/* comes back from the data device */
};

/**
 * struct sworn_io - one bio of a user, at most 64 blocks
 * @found: as sworn_index_lookup() gives it
 * @begun: when it came, for the watch
 * @watched: as what it is watched
 * @pending: runs under way
 * @bad, @unread: bit i set: block i does not verify, or cannot be read
 * @iter: the bio's iterator as it came
 * @rec: index records of its blocks
 * @run: last, see struct sworn_run
 */
struct sworn_io {
	struct sworn_volume *vol;
	struct bio *bio;
	enum sworn_io_stage stage;
	blk_status_t status;
	u64 lba;
	u32 nr;
	u64 found;
	u64 begun;
	enum sworn_stage watched;
	atomic_t pending;
	atomic64_t bad;
	atomic64_t unread;
	struct bvec_iter iter;
	struct sworn_disk_record rec[SWORN_RUN_BLOCKS];
	struct sworn_run run;
};

/* Bytes of a struct sworn_run and a struct sworn_io for a cryptor's size. */
static inline size_t sworn_run_bytes(size_t cryptor_bytes)
{
	return ALIGN(offsetof(struct sworn_run, cryptor) + cryptor_bytes,
		     ARCH_KMALLOC_MINALIGN);
}

static inline size_t sworn_io_bytes(size_t cryptor_bytes)
{
	return offsetof(struct sworn_io, run) + sworn_run_bytes(cryptor_bytes);
}

/*
 * What map() calls; each returns DM_MAPIO_SUBMITTED or DM_MAPIO_REMAPPED.  The
 * bio is at most 64 blocks long and crosses no 64-block boundary, but for
 * discards.
 */
int sworn_read(struct sworn_volume *vol, struct bio *bio, struct sworn_io *io);
int sworn_write(struct sworn_volume *vol, struct bio *bio, struct sworn_io *io);
int sworn_discard(struct sworn_volume *vol, struct bio *bio);

/**
 * sworn_read_endio() - a remapped read came back
 *
 * Context: any.
 * Return: true if it is complete, with its status in @status.
 */
bool sworn_read_endio(struct sworn_io *io, blk_status_t *status);

/**
 * sworn_read_live() - read blocks into pages that nobody will look at
 * @bio: with pages and a sector as a user's read, and bi_end_io of the caller's
 * @io: receives in @bad and @unread which did not make it
 * @live: receives which have data at all; no others are touched
 *
 * As a user's read, but not counted as one.
 *
 * Context: process, not from map().
 * Return: 1: the bio will end; 0: there is nothing to read; or the error of the
 * lookup.  In both cases the bio does not end.
 */
int sworn_read_live(struct sworn_volume *vol, struct bio *bio,
		    struct sworn_io *io, u64 *live);

/*
 * recheck.c: read and verify the block at @run's place once more, in process
 * context.  What fails for good is in the bio's status, and in @bad or @unread.
 */
void sworn_recheck(struct sworn_run *run);

/*
 * Make a run's cryptor ready to open the block at its place.  Returns the data
 * key, or NULL if it is not there.
 */
static inline struct sworn_epoch *sworn_run_aim(struct sworn_run *run)
{
	struct sworn_cryptor *c = &run->cryptor;
	struct sworn_record r;

	sworn_record_decode(&r, &run->io->rec[run->first + run->at]);
	sworn_data_bind(c->iv, &c->aad, &r);
	memcpy(c->tag, r.mac, SWORN_TAG_SIZE);
	return sworn_epochs_get(&run->io->vol->epochs, r.epoch);
}

/* Decrypt the block at @run's place from kernel memory.  May sleep. */
int sworn_open_from(struct sworn_run *run, const void *from);

/* Zero the block at an iterator. */
void sworn_zero_block(const struct bio_vec *bvecs, struct bvec_iter iter);

/* Complete a bio with a status of ours. */
static inline int sworn_bio_end(struct bio *bio, blk_status_t status)
{
	bio->bi_status = status;
	bio_endio(bio);
	return DM_MAPIO_SUBMITTED;
}

static inline u64 sworn_bio_lba(const struct bio *bio)
{
	return bio->bi_iter.bi_sector >> (SWORN_BLOCK_SHIFT - SECTOR_SHIFT);
}

/* A read or write as it came from its user. */
static inline void sworn_io_init(struct sworn_io *io, struct sworn_volume *vol,
				 struct bio *bio)
{
	io->vol = vol;
	io->bio = bio;
	io->stage = SWORN_IO_OWN;
	io->status = BLK_STS_OK;
	atomic64_set(&io->bad, 0);
	atomic64_set(&io->unread, 0);
	io->iter = bio->bi_iter;
	io->lba = sworn_bio_lba(bio);
	io->nr = bio->bi_iter.bi_size >> SWORN_BLOCK_SHIFT;
}

#endif /* SWORNDISK_VOLUME_IO_H */
