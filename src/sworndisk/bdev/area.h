/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two areas of a volume on its lower devices.  Nobody else makes a bio
 * for them, but for the data path, which remaps its own.
 */
#ifndef SWORNDISK_BDEV_AREA_H
#define SWORNDISK_BDEV_AREA_H

#include <linux/bio.h>
#include <linux/blkdev.h>

#include "../format/port.h"
#include "../watch/watch.h"

/* Blocks in one request: what the cloud's disks count as one. */
#define SWORN_IO_BLOCKS		64U

/**
 * struct sworn_area - part of a block device
 * @start_sector: 512-byte sectors
 * @blocks: blocks from there to the end of the device
 * @dirty: a write has completed since the last flush
 * @watch: of the volume, for whoever does I/O here
 */
struct sworn_area {
	struct block_device *bdev;
	sector_t start_sector;
	u64 blocks;
	struct bio_set bios;
	bool dirty;
	struct sworn_watch *watch;
};

/**
 * struct sworn_area_bio - what stands in front of a bio of sworn_area_bio()
 * @slot: for its owner: completion finds the bio's iterator anywhere
 * @durable: it has FUA; whoever completes it need not tell sworn_area_wrote()
 * @begun: when it was submitted, for the watch
 */
struct sworn_area_bio {
	u32 slot;
	bool durable;
	u64 begun;
	struct bio bio;
};

static inline struct sworn_area_bio *sworn_area_bio_of(struct bio *bio)
{
	return container_of(bio, struct sworn_area_bio, bio);
}

int sworn_area_init(struct sworn_area *area, struct block_device *bdev,
		    sector_t start_sector, struct sworn_watch *watch);
void sworn_area_exit(struct sworn_area *area);

static inline sector_t sworn_area_sector(const struct sworn_area *area,
					 u64 block)
{
	return area->start_sector + (block << (SWORN_BLOCK_SHIFT - SECTOR_SHIFT));
}

/*
 * Writes that somebody waits for, or will soon.  Without these flags the block
 * layer takes them for write-back that may be held back, and on a device with a
 * short queue lets one or two of them go at a time.
 */
#define SWORN_REQ_AWAITED	(REQ_SYNC | REQ_IDLE)

/**
 * sworn_area_bio() - a bio for up to %SWORN_IO_BLOCKS blocks
 * @bufs: 4096 bytes each, aligned, linear kernel memory
 *
 * Context: may sleep, from a mempool.
 */
struct bio *sworn_area_bio(struct sworn_area *area, blk_opf_t opf, u64 block,
			   void **bufs, unsigned int n);

/**
 * sworn_area_io() - read or write blocks and wait
 * @opf: REQ_OP_READ or REQ_OP_WRITE with flags
 * @bufs: as sworn_area_bio(); any number
 *
 * Context: process, not from map().
 * Return: 0, -EUCLEAN if the blocks lie outside the area, or the error of the
 * device.
 */
int sworn_area_io(struct sworn_area *area, blk_opf_t opf, u64 block,
		  void **bufs, unsigned int n);

/* To be called when a write has completed, before anybody is told. */
static inline void sworn_area_wrote(struct sworn_area *area)
{
	WRITE_ONCE(area->dirty, true);
}

/*
 * Whoever asks takes it on itself to make durable, by a flush that begins after
 * this, the writes that had completed.
 */
static inline bool sworn_area_take_dirty(struct sworn_area *area)
{
	return READ_ONCE(area->dirty) && xchg(&area->dirty, false);
}

/* Make durable the writes that have completed; cheap when there are none. */
int sworn_area_flush(struct sworn_area *area);

/* The same for two areas, with the flushes going out together. */
int sworn_areas_flush(struct sworn_area *a, struct sworn_area *b);

/* REQ_FUA if that spares a flush: without it the kernel flushes for it. */
static inline blk_opf_t sworn_area_fua(const struct sworn_area *area)
{
	return bdev_write_cache(area->bdev) && bdev_fua(area->bdev) ? REQ_FUA : 0;
}

/**
 * sworn_buffers_alloc() - n separate, zeroed blocks of kernel memory
 *
 * Return: 0 or -ENOMEM; then none is left allocated.
 */
int sworn_buffers_alloc(void **bufs, unsigned int n);
void sworn_buffers_free(void **bufs, unsigned int n);

#endif /* SWORNDISK_BDEV_AREA_H */
