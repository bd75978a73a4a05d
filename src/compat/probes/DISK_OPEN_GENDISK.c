// SPDX-License-Identifier: GPL-2.0-only
/* Are block devices opened and released by their gendisk? (6.5) */
#include <linux/blkdev.h>

static int probe_open(struct gendisk *disk, blk_mode_t mode)
{
	return 0;
}

static void probe_release(struct gendisk *disk)
{
}

const struct block_device_operations *sworn_probe(void);

const struct block_device_operations *sworn_probe(void)
{
	static const struct block_device_operations ops = {
		.open = probe_open,
		.release = probe_release,
	};

	return &ops;
}
