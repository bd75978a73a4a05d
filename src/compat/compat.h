/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels this source builds for, one short wrapper a
 * difference, written as the newest kernel has it.  The answers come from the
 * compile probes beside this file; no kernel version is asked for anywhere.
 */
#ifndef SWORN_COMPAT_H
#define SWORN_COMPAT_H

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

#endif /* SWORN_COMPAT_H */
