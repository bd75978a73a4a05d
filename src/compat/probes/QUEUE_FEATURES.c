// SPDX-License-Identifier: GPL-2.0-only
/* Are a queue's features, such as being synchronous, among its limits? (6.11) */
#include <linux/blkdev.h>

void sworn_probe(struct queue_limits *limits);

void sworn_probe(struct queue_limits *limits)
{
	limits->features |= BLK_FEAT_SYNCHRONOUS;
}
