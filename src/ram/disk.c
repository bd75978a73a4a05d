// SPDX-License-Identifier: GPL-2.0-only
/* A disk as an object: made, opened, resized, destroyed; docs/ram.md section 3. */
#include "ram/ram.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat/compat.h"

/* Of one request: a copy of 1 MiB is nothing to wait for. */
#define DISK_REQUEST_SECTORS	2048

static int disk_open(struct gendisk *gendisk)
{
	struct ram_disk *disk = gendisk->private_data;
	int err = 0;

	spin_lock(&disk->lock);
	if (disk->removing)
		err = -ENXIO;
	else
		disk->openers++;
	spin_unlock(&disk->lock);
	return err;
}

static void disk_release(struct gendisk *gendisk)
{
	struct ram_disk *disk = gendisk->private_data;
	bool due;

	spin_lock(&disk->lock);
	disk->openers--;
	due = disk->deferred && !disk->openers;
	spin_unlock(&disk->lock);
	if (due)
		ram_registry_sweep();
}

SWORN_DISK_OPEN_RELEASE(disk_open, disk_release)

static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.open = disk_open_op,
	.release = disk_release_op,
};

static ssize_t name_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ram_disk *disk = dev_to_disk(dev)->private_data;

	return sysfs_emit(buf, "%s\n", disk->spec.name);
}
static DEVICE_ATTR_RO(name);

static struct attribute *disk_attributes[] = {
	&dev_attr_name.attr,
	NULL,
};

static const struct attribute_group disk_group = {
	.name = "sworn",
	.attrs = disk_attributes,
};

static const struct attribute_group *disk_groups[] = {
	&disk_group,
	NULL,
};

static int gendisk_create(struct ram_disk *disk)
{
	const struct sworn_disk_limits limits = {
		.logical_bytes = disk->spec.sector_size,
		.physical_bytes = PAGE_SIZE,
		.request_sectors = DISK_REQUEST_SECTORS,
	};
	struct gendisk *gendisk = sworn_disk_alloc(&disk->tags, &limits, disk);

	if (IS_ERR(gendisk))
		return PTR_ERR(gendisk);
	disk->gendisk = gendisk;
	gendisk->fops = &disk_ops;
	gendisk->private_data = disk;
	snprintf(gendisk->disk_name, sizeof(gendisk->disk_name), "swornram%d", disk->index);
	set_capacity(gendisk, disk->spec.size >> SECTOR_SHIFT);
	set_disk_ro(gendisk, disk->spec.read_only);
	return 0;
}

/**
 * ram_disk_create() - make a disk and its device
 * @spec: checked, and with a name
 * @index: of the device
 *
 * The device can be opened before this returns, by the block layer's search
 * for partitions and by whoever follows uevents.  May sleep.
 *
 * Return: the disk, or an ERR_PTR.
 */
struct ram_disk *ram_disk_create(const struct ram_spec *spec, int index)
{
	struct ram_disk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	int err = -ENOMEM;

	if (!disk)
		return ERR_PTR(-ENOMEM);
	disk->spec = *spec;
	disk->index = index;
	spin_lock_init(&disk->lock);
	ram_store_init(&disk->store, spec->node);
	ram_disk_set_limit(disk, spec->limit);
	if (!ram_queues_init(disk))
		goto err_free;
	err = gendisk_create(disk);
	if (err)
		goto err_tags;
	err = device_add_disk(NULL, disk->gendisk, disk_groups);
	if (err)
		goto err_put;
	return disk;

err_put:
	ram_queue_told(disk);
	put_disk(disk->gendisk);
err_tags:
	blk_mq_free_tag_set(&disk->tags);
err_free:
	ram_store_destroy(&disk->store);
	kfree(disk);
	return ERR_PTR(err);
}

/**
 * ram_disk_stop() - take the device away
 * @disk: was claimed
 *
 * Nobody has it open.  Afterwards no request, open or
 * reader of its attributes is left, and none can come.  May sleep.
 */
void ram_disk_stop(struct ram_disk *disk)
{
	del_gendisk(disk->gendisk);
	ram_queue_told(disk);
}

/**
 * ram_disk_destroy() - free a disk and all that is on it
 * @disk: was stopped
 */
void ram_disk_destroy(struct ram_disk *disk)
{
	put_disk(disk->gendisk);
	blk_mq_free_tag_set(&disk->tags);
	ram_store_destroy(&disk->store);
	kfree(disk);
}

/**
 * ram_disk_claim() - keep everybody from opening a disk
 * @disk: of the registry
 * @deferred: if it is open, remember to remove it when it no longer is
 *
 * Return: true, or false if somebody has it open.
 */
bool ram_disk_claim(struct ram_disk *disk, bool deferred)
{
	bool claimed;

	spin_lock(&disk->lock);
	claimed = !disk->openers;
	if (claimed)
		disk->removing = true;
	else if (deferred)
		disk->deferred = true;
	spin_unlock(&disk->lock);
	return claimed;
}

/* Is it to be removed, and can it be? */
bool ram_disk_is_due(struct ram_disk *disk)
{
	bool due;

	spin_lock(&disk->lock);
	due = disk->deferred && !disk->openers;
	spin_unlock(&disk->lock);
	return due;
}

unsigned int ram_disk_openers(struct ram_disk *disk)
{
	return READ_ONCE(disk->openers);
}

/**
 * ram_disk_resize() - make a disk larger or smaller
 * @disk: of the registry
 * @size: bytes, a multiple of the sector size
 *
 * What was beyond a smaller size is gone, and reads as zeroes should the disk
 * grow again.  With the registry's mutex held; may sleep.
 */
void ram_disk_resize(struct ram_disk *disk, u64 size)
{
	u64 old = disk->spec.size;
	unsigned int memo;

	disk->spec.size = size;
	set_capacity_and_notify(disk->gendisk, size >> SECTOR_SHIFT);
	if (size >= old)
		return;
	memo = sworn_queue_freeze(disk->gendisk->queue);
	ram_store_drop(&disk->store, size, round_up(old, PAGE_SIZE));
	sworn_queue_unfreeze(disk->gendisk->queue, memo);
}

/**
 * ram_disk_set_limit() - bound a disk's memory
 * @disk: of the registry, or about to be
 * @limit: bytes; 0: not at all.  Less than a page counts as one
 *
 * What is above a lower limit stays; only nothing is added.
 */
void ram_disk_set_limit(struct ram_disk *disk, u64 limit)
{
	u64 pages = limit ? max_t(u64, limit >> PAGE_SHIFT, 1) : 0;

	disk->spec.limit = limit;
	WRITE_ONCE(disk->store.account.limit_pages, min_t(u64, pages, ULONG_MAX));
}
