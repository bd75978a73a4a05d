// SPDX-License-Identifier: GPL-2.0-only
/* A disk as attributes. */
#include "ram/ram.h"

#include <linux/numa.h>
#include <linux/part_stat.h>
#include <net/netlink.h>

static int put_u64(struct sk_buff *skb, int attribute, u64 value)
{
	return nla_put_u64_64bit(skb, attribute, value, SWORN_RAM_A_PAD);
}

static int put_shape(struct sk_buff *skb, const struct ram_disk *disk)
{
	const struct ram_spec *spec = &disk->spec;
	dev_t dev = disk_devt(disk->gendisk);

	return nla_put_u32(skb, SWORN_RAM_A_INDEX, disk->index) ?:
	       nla_put_string(skb, SWORN_RAM_A_NAME, spec->name) ?:
	       put_u64(skb, SWORN_RAM_A_SIZE, READ_ONCE(spec->size)) ?:
	       nla_put_u32(skb, SWORN_RAM_A_SECTOR_SIZE, spec->sector_size) ?:
	       nla_put_u32(skb, SWORN_RAM_A_QUEUES, spec->queues) ?:
	       nla_put_u32(skb, SWORN_RAM_A_DEPTH, spec->depth) ?:
	       (spec->node == NUMA_NO_NODE ? 0 : nla_put_u32(skb, SWORN_RAM_A_NODE, spec->node)) ?:
	       nla_put_u32(skb, SWORN_RAM_A_MAJOR, MAJOR(dev)) ?:
	       nla_put_u32(skb, SWORN_RAM_A_MINOR, MINOR(dev)) ?:
	       (get_disk_ro(disk->gendisk) ? nla_put_flag(skb, SWORN_RAM_A_READ_ONLY) : 0);
}

static int put_state(struct sk_buff *skb, struct ram_disk *disk)
{
	struct block_device *whole = disk->gendisk->part0;
	u64 pages = atomic_long_read(&disk->store.account.pages);

	return put_u64(skb, SWORN_RAM_A_LIMIT, READ_ONCE(disk->spec.limit)) ?:
	       nla_put_u32(skb, SWORN_RAM_A_OPENERS, ram_disk_openers(disk)) ?:
	       (READ_ONCE(disk->deferred) ? nla_put_flag(skb, SWORN_RAM_A_DEFERRED) : 0) ?:
	       put_u64(skb, SWORN_RAM_A_MEMORY, pages << PAGE_SHIFT) ?:
	       put_u64(skb, SWORN_RAM_A_LIMIT_HITS, atomic64_read(&disk->refused)) ?:
	       nla_put_u32(skb, SWORN_RAM_A_REASON, READ_ONCE(disk->reason)) ?:
	       put_u64(skb, SWORN_RAM_A_READ,
		       part_stat_read(whole, sectors[STAT_READ]) << SECTOR_SHIFT) ?:
	       put_u64(skb, SWORN_RAM_A_WRITTEN,
		       part_stat_read(whole, sectors[STAT_WRITE]) << SECTOR_SHIFT) ?:
	       put_u64(skb, SWORN_RAM_A_DISCARDED,
		       part_stat_read(whole, sectors[STAT_DISCARD]) << SECTOR_SHIFT);
}

/**
 * ram_message_fill() - describe a disk
 * @skb: the message
 * @disk: must not go meanwhile
 *
 * Return: 0 or -EMSGSIZE.
 */
int ram_message_fill(struct sk_buff *skb, struct ram_disk *disk)
{
	return put_shape(skb, disk) ?: put_state(skb, disk);
}

/* Room that such a description needs at most, without headers. */
size_t ram_message_bytes(void)
{
	return 9 * nla_total_size(sizeof(u32)) + 7 * nla_total_size_64bit(sizeof(u64)) +
	       2 * nla_total_size(0) + nla_total_size(SWORN_RAM_NAME_MAX + 1);
}
