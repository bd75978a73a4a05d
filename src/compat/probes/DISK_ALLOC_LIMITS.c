// SPDX-License-Identifier: GPL-2.0-only
/* Is a multi-queue disk made with its limits? (6.9) */
#include <linux/blk-mq.h>

struct gendisk *sworn_probe(struct blk_mq_tag_set *set, struct queue_limits *limits);

struct gendisk *sworn_probe(struct blk_mq_tag_set *set, struct queue_limits *limits)
{
	return blk_mq_alloc_disk(set, limits, NULL);
}
