// SPDX-License-Identifier: GPL-2.0-only
/* Does the block layer derive max_discard_sectors from a limit of the hardware? */
#include <linux/blkdev.h>

void sworn_probe(struct queue_limits *limits);

void sworn_probe(struct queue_limits *limits)
{
	limits->max_hw_discard_sectors = 1;
}
