// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests.  All of a request's work is done where it is dispatched, which is
 * allowed to sleep.
 */
#include "ram/ram.h"

#include <linux/jiffies.h>
#include <linux/printk.h>

static const char *const reason_text[] = {
	[SWORN_RAM_REASON_DISK] = "the disk's limit is reached",
	[SWORN_RAM_REASON_TOTAL] = "the limit of all disks is reached",
	[SWORN_RAM_REASON_MEMORY] = "the machine has no memory to spare",
};

/* Once a second at most, and the first time at once. */
static void tell_limit(struct work_struct *work)
{
	struct ram_disk *disk = container_of(to_delayed_work(work), struct ram_disk, limit_work);

	disk->told_at = jiffies ?: 1;
	pr_notice_ratelimited("%s \"%s\": a write failed (ENOSPC): %s\n", disk->gendisk->disk_name,
			      disk->spec.name, reason_text[READ_ONCE(disk->reason)]);
	ram_netlink_tell(SWORN_RAM_CMD_LIMIT_NTF, disk);
}

static blk_status_t refuse(struct ram_disk *disk, enum sworn_ram_reason reason)
{
	unsigned long told_at = READ_ONCE(disk->told_at), delay = 0;

	WRITE_ONCE(disk->reason, reason);
	atomic64_inc(&disk->refused);
	if (told_at && time_before(jiffies, told_at + HZ))
		delay = told_at + HZ - jiffies;
	queue_delayed_work(ram_workqueue, &disk->limit_work, delay);
	return BLK_STS_NOSPC;
}

static blk_status_t write_request(struct ram_disk *disk, struct request *rq)
{
	bool nowait = rq->cmd_flags & REQ_NOWAIT;
	enum sworn_ram_reason reason = ram_store_write(&disk->store, rq, nowait);

	if (likely(!reason))
		return BLK_STS_OK;
	/* Who may wait might get it. */
	if (nowait && reason != SWORN_RAM_REASON_DISK)
		return BLK_STS_AGAIN;
	return refuse(disk, reason);
}

static blk_status_t serve(struct ram_disk *disk, struct request *rq)
{
	u64 from = (u64)blk_rq_pos(rq) << SECTOR_SHIFT, to = from + blk_rq_bytes(rq);

	switch (req_op(rq)) {
	case REQ_OP_READ:
		ram_store_read(&disk->store, rq);
		return BLK_STS_OK;
	case REQ_OP_WRITE:
		return write_request(disk, rq);
	case REQ_OP_WRITE_ZEROES:
		if (rq->cmd_flags & REQ_NOUNMAP) {
			ram_store_zero(&disk->store, from, to);
			return BLK_STS_OK;
		}
		fallthrough;
	case REQ_OP_DISCARD:
		ram_store_drop(&disk->store, from, to);
		return BLK_STS_OK;
	case REQ_OP_FLUSH:
		return BLK_STS_OK;
	default:
		return BLK_STS_NOTSUPP;
	}
}

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct request *rq = bd->rq;

	blk_mq_start_request(rq);
	blk_mq_end_request(rq, serve(hctx->queue->queuedata, rq));
	return BLK_STS_OK;
}

static const struct blk_mq_ops queue_ops = {
	.queue_rq = queue_rq,
};

/**
 * ram_queues_init() - hardware queues and tags
 * @disk: its spec says how many
 *
 * There are no more queues than processors: more would only wait.
 *
 * Return: false when out of memory.
 */
bool ram_queues_init(struct ram_disk *disk)
{
	disk->spec.queues = min(disk->spec.queues, nr_cpu_ids);
	disk->tags = (struct blk_mq_tag_set){
		.ops = &queue_ops,
		.nr_hw_queues = disk->spec.queues,
		.queue_depth = disk->spec.depth,
		.numa_node = disk->spec.node,
		.flags = BLK_MQ_F_BLOCKING | BLK_MQ_F_NO_SCHED_BY_DEFAULT,
	};
	INIT_DELAYED_WORK(&disk->limit_work, tell_limit);
	return !blk_mq_alloc_tag_set(&disk->tags);
}

/* No request can come any more: have told, or do not. */
void ram_queue_told(struct ram_disk *disk)
{
	cancel_delayed_work_sync(&disk->limit_work);
}
