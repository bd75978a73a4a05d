/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels this source builds for, one short wrapper a
 * difference, written as the newest kernel has it.  The answers come from the
 * compile probes beside this file; no kernel version is asked for anywhere.
 */
#ifndef SWORN_COMPAT_H
#define SWORN_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/crypto.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#include "compat/probed.h"

typedef unsigned long sworn_shrinker_fn(struct shrinker *shrinker,
					struct shrink_control *control);

/*
 * sworn_shrinker_create - register a shrinker
 *
 * Returns NULL when out of memory.  May sleep.  The callbacks, which can run
 * before this returns, find @private_data with sworn_shrinker_private().
 */
static inline struct shrinker *sworn_shrinker_create(sworn_shrinker_fn *count,
						     sworn_shrinker_fn *scan,
						     void *private_data,
						     const char *name);

/*
 * sworn_shrinker_destroy - unregister, wait for running callbacks, free
 *
 * NULL is allowed.  May sleep.
 */
static inline void sworn_shrinker_destroy(struct shrinker *shrinker);

static inline void *sworn_shrinker_private(struct shrinker *shrinker);

#ifdef SWORN_HAVE_SHRINKER_ALLOC

static inline struct shrinker *sworn_shrinker_create(sworn_shrinker_fn *count,
						     sworn_shrinker_fn *scan,
						     void *private_data,
						     const char *name)
{
	struct shrinker *shrinker = shrinker_alloc(0, "%s", name);

	if (!shrinker)
		return NULL;

	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker->private_data = private_data;
	shrinker_register(shrinker);
	return shrinker;
}

static inline void sworn_shrinker_destroy(struct shrinker *shrinker)
{
	shrinker_free(shrinker);
}

static inline void *sworn_shrinker_private(struct shrinker *shrinker)
{
	return shrinker->private_data;
}

#else /* the caller owns the shrinker, which has no room for private data */

struct sworn_shrinker {
	struct shrinker shrinker;
	void *private_data;
};

static inline struct shrinker *sworn_shrinker_create(sworn_shrinker_fn *count,
						     sworn_shrinker_fn *scan,
						     void *private_data,
						     const char *name)
{
	struct sworn_shrinker *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return NULL;

	owner->shrinker.count_objects = count;
	owner->shrinker.scan_objects = scan;
	owner->shrinker.seeks = DEFAULT_SEEKS;
	owner->private_data = private_data;
	if (register_shrinker(&owner->shrinker, "%s", name)) {
		kfree(owner);
		return NULL;
	}
	return &owner->shrinker;
}

static inline void sworn_shrinker_destroy(struct shrinker *shrinker)
{
	if (!shrinker)
		return;

	unregister_shrinker(shrinker);
	kfree(container_of(shrinker, struct sworn_shrinker, shrinker));
}

static inline void *sworn_shrinker_private(struct shrinker *shrinker)
{
	return container_of(shrinker, struct sworn_shrinker, shrinker)->private_data;
}

#endif

/*
 * sworn_limits_set_discard - offer discards of up to @max_sectors sectors, in
 * units of @granularity bytes
 *
 * For a target's io_hints.  Kernels that know a limit of the hardware compute
 * max_discard_sectors from it when the limits are committed; others take
 * max_discard_sectors as it is.
 */
static inline void sworn_limits_set_discard(struct queue_limits *limits,
					    unsigned int max_sectors,
					    unsigned int granularity)
{
#ifdef SWORN_HAVE_MAX_HW_DISCARD
	limits->max_hw_discard_sectors = max_sectors;
#endif
	limits->max_discard_sectors = max_sectors;
	limits->discard_granularity = granularity;
}

/*
 * What a cipher's completion is called with, and the request's own data in it.
 */
#ifdef SWORN_HAVE_CRYPTO_DONE_DATA
typedef void *sworn_crypto_token;

static inline void *sworn_crypto_data(sworn_crypto_token token)
{
	return token;
}
#else
typedef struct crypto_async_request *sworn_crypto_token;

static inline void *sworn_crypto_data(sworn_crypto_token token)
{
	return token->data;
}
#endif

/* A device as the devnode of its type is given it. */
#ifdef SWORN_HAVE_DEVNODE_CONST
typedef const struct device sworn_devnode_device;
#else
typedef struct device sworn_devnode_device;
#endif

/*
 * SWORN_DISK_OPEN_RELEASE - @open and @release, which take the gendisk, as
 * block_device_operations wants them: open_op and release_op by those names
 */
#ifdef SWORN_HAVE_DISK_OPEN_GENDISK
#define SWORN_DISK_OPEN_RELEASE(open, release)				\
static int open##_op(struct gendisk *disk, blk_mode_t mode)		\
{									\
	return open(disk);						\
}									\
static void release##_op(struct gendisk *disk)				\
{									\
	release(disk);							\
}
#else
#define SWORN_DISK_OPEN_RELEASE(open, release)				\
static int open##_op(struct block_device *bdev, fmode_t mode)		\
{									\
	return open(bdev->bd_disk);					\
}									\
static void release##_op(struct gendisk *disk, fmode_t mode)		\
{									\
	release(disk);							\
}
#endif

/**
 * struct sworn_disk_limits - what a disk in memory takes
 * @logical_bytes: @physical_bytes: of a sector; discards are best in units of
 *	the latter, and of any length
 * @request_sectors: most of one read or write
 */
struct sworn_disk_limits {
	unsigned int logical_bytes;
	unsigned int physical_bytes;
	unsigned int request_sectors;
};

/*
 * sworn_disk_alloc - a multi-queue disk without seeks
 *
 * Returns an ERR_PTR on failure.  May sleep.
 */
#ifdef SWORN_HAVE_DISK_ALLOC_LIMITS
static inline struct gendisk *sworn_disk_alloc(struct blk_mq_tag_set *set,
					       const struct sworn_disk_limits *wanted,
					       void *queuedata)
{
	struct queue_limits limits = {
		.logical_block_size = wanted->logical_bytes,
		.physical_block_size = wanted->physical_bytes,
		.io_min = wanted->physical_bytes,
		.max_hw_sectors = wanted->request_sectors,
		.max_segments = USHRT_MAX,
		.max_segment_size = UINT_MAX,
		.max_hw_discard_sectors = UINT_MAX >> SECTOR_SHIFT,
		.discard_granularity = wanted->physical_bytes,
		.max_write_zeroes_sectors = UINT_MAX >> SECTOR_SHIFT,
#ifdef SWORN_HAVE_QUEUE_FEATURES
		.features = BLK_FEAT_SYNCHRONOUS,
#endif
	};
	struct gendisk *disk = blk_mq_alloc_disk(set, &limits, queuedata);

#ifndef SWORN_HAVE_QUEUE_FEATURES
	if (!IS_ERR(disk)) {
		blk_queue_flag_set(QUEUE_FLAG_NONROT, disk->queue);
		blk_queue_flag_set(QUEUE_FLAG_SYNCHRONOUS, disk->queue);
	}
#endif
	return disk;
}
#else
static inline struct gendisk *sworn_disk_alloc(struct blk_mq_tag_set *set,
					       const struct sworn_disk_limits *wanted,
					       void *queuedata)
{
	struct gendisk *disk = blk_mq_alloc_disk(set, queuedata);
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;
	q = disk->queue;
	blk_queue_logical_block_size(q, wanted->logical_bytes);
	blk_queue_physical_block_size(q, wanted->physical_bytes);
	blk_queue_io_min(q, wanted->physical_bytes);
	blk_queue_max_hw_sectors(q, wanted->request_sectors);
	blk_queue_max_segments(q, USHRT_MAX);
	blk_queue_max_segment_size(q, UINT_MAX);
	blk_queue_max_discard_sectors(q, UINT_MAX >> SECTOR_SHIFT);
	q->limits.discard_granularity = wanted->physical_bytes;
	blk_queue_max_write_zeroes_sectors(q, UINT_MAX >> SECTOR_SHIFT);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	return disk;
}
#endif

/*
 * sworn_queue_freeze - wait for requests under way, and hold up new ones
 *
 * Returns what sworn_queue_unfreeze() wants.
 */
static inline unsigned int sworn_queue_freeze(struct request_queue *queue)
{
#ifdef SWORN_HAVE_FREEZE_MEMO
	return blk_mq_freeze_queue(queue);
#else
	blk_mq_freeze_queue(queue);
	return 0;
#endif
}

static inline void sworn_queue_unfreeze(struct request_queue *queue, unsigned int memo)
{
#ifdef SWORN_HAVE_FREEZE_MEMO
	blk_mq_unfreeze_queue(queue, memo);
#else
	blk_mq_unfreeze_queue(queue);
#endif
}

#endif /* SWORN_COMPAT_H */
