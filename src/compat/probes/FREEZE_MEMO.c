// SPDX-License-Identifier: GPL-2.0-only
/* Does freezing a queue return what thawing it wants back? (6.14) */
#include <linux/blk-mq.h>

void sworn_probe(struct request_queue *queue);

void sworn_probe(struct request_queue *queue)
{
	unsigned int memo = blk_mq_freeze_queue(queue);

	blk_mq_unfreeze_queue(queue, memo);
}
