// SPDX-License-Identifier: GPL-2.0-only
/* Are shrinkers allocated by the kernel, and do they carry private data? (6.7) */
#include <linux/shrinker.h>

struct shrinker *sworn_probe(void *private_data);

struct shrinker *sworn_probe(void *private_data)
{
	struct shrinker *shrinker = shrinker_alloc(0, "probe");

	if (shrinker) {
		shrinker->private_data = private_data;
		shrinker_register(shrinker);
		shrinker_free(shrinker);
	}
	return shrinker;
}
