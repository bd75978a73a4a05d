// SPDX-License-Identifier: GPL-2.0-only
/* All disks, by index and by name. */
#include "ram/ram.h"

#include <linux/ctype.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/numa.h>
#include <linux/nodemask.h>
#include <linux/sizes.h>

/* Outermost of all locks: making, changing and removing a disk as a whole. */
static DEFINE_MUTEX(registry_mutex);
static DEFINE_IDR(disks);
static u32 nr_disks;
static u32 generation;

const struct ram_spec ram_spec_default = {
	.size = (u64)RAM_MIB_DEFAULT * SZ_1M,
	.sector_size = SECTOR_SIZE,
	.queues = RAM_QUEUES_DEFAULT,
	.depth = RAM_DEPTH_DEFAULT,
	.node = NUMA_NO_NODE,
};

void ram_registry_lock(void)
{
	mutex_lock(&registry_mutex);
}

void ram_registry_unlock(void)
{
	mutex_unlock(&registry_mutex);
}

/* Another number whenever a disk has come or gone; never 0. */
u32 ram_registry_generation(void)
{
	lockdep_assert_held(&registry_mutex);
	return generation ?: 1;
}

u32 ram_registry_count(void)
{
	lockdep_assert_held(&registry_mutex);
	return nr_disks;
}

struct ram_disk *ram_registry_find(const char *name)
{
	struct ram_disk *disk;
	int index;

	lockdep_assert_held(&registry_mutex);
	idr_for_each_entry(&disks, disk, index)
		if (!strcmp(disk->spec.name, name))
			return disk;
	return NULL;
}

struct ram_disk *ram_registry_at(int index)
{
	lockdep_assert_held(&registry_mutex);
	return idr_find(&disks, index);
}

/* The first disk at @index or behind it, and where that is; or NULL. */
struct ram_disk *ram_registry_next(int *index)
{
	lockdep_assert_held(&registry_mutex);
	return idr_get_next(&disks, index);
}

static bool name_is_good(const char *name)
{
	if (!isascii(*name) || !isalnum(*name))
		return false;
	for (; *name; name++)
		if (!isascii(*name) || !(isalnum(*name) || strchr("._-", *name)))
			return false;
	return true;
}

static int check_name(const char *name, struct netlink_ext_ack *extack)
{
	if (!*name)
		return 0;
	if (!name_is_good(name)) {
		NL_SET_ERR_MSG(extack, "name: only letters, digits, \".\", \"_\" and \"-\" are allowed, and a letter or digit first");
		return -EINVAL;
	}
	if (!strncmp(name, "swornram", 8)) {
		NL_SET_ERR_MSG(extack, "name: those that begin with \"swornram\" are the driver's to give");
		return -EINVAL;
	}
	if (ram_registry_find(name)) {
		NL_SET_ERR_MSG(extack, "name: there is a disk of that name");
		return -EEXIST;
	}
	return 0;
}

static int check_spec(const struct ram_spec *spec, struct netlink_ext_ack *extack)
{
	if (spec->sector_size != 512 && spec->sector_size != 4096) {
		NL_SET_ERR_MSG(extack, "sector size: expected 512 or 4096");
		return -EINVAL;
	}
	if (!spec->size || spec->size > SWORN_RAM_SIZE_MAX ||
	    spec->size & (spec->sector_size - 1)) {
		NL_SET_ERR_MSG(extack, "size: expected a multiple of the sector size, up to 1 EiB");
		return -EINVAL;
	}
	if (spec->node != NUMA_NO_NODE &&
	    (spec->node < 0 || spec->node >= nr_node_ids || !node_online(spec->node))) {
		NL_SET_ERR_MSG(extack, "node: the machine has no such NUMA node");
		return -EINVAL;
	}
	return check_name(spec->name, extack);
}

/**
 * ram_registry_add() - make a disk
 * @spec: as it is to be; not checked yet
 * @extack: why not; may be NULL
 *
 * With the mutex held.
 *
 * Return: the disk, or an ERR_PTR.
 */
struct ram_disk *ram_registry_add(const struct ram_spec *spec, struct netlink_ext_ack *extack)
{
	struct ram_spec whole = *spec;
	struct ram_disk *disk;
	int index, err;

	lockdep_assert_held(&registry_mutex);
	err = check_spec(spec, extack);
	if (err)
		return ERR_PTR(err);
	index = idr_alloc(&disks, NULL, 0, 0, GFP_KERNEL);
	if (index < 0)
		return ERR_PTR(index);
	if (!*whole.name)
		snprintf(whole.name, sizeof(whole.name), "swornram%d", index);
	disk = ram_disk_create(&whole, index);
	if (IS_ERR(disk)) {
		idr_remove(&disks, index);
		NL_SET_ERR_MSG(extack, "the block layer did not take the disk: is there enough memory for its queues?");
		return disk;
	}
	idr_replace(&disks, disk, index);
	nr_disks++;
	generation++;
	ram_netlink_tell(SWORN_RAM_CMD_ADDED_NTF, disk);
	return disk;
}

/* It was claimed. */
static void drop(struct ram_disk *disk)
{
	idr_remove(&disks, disk->index);
	nr_disks--;
	generation++;
	ram_disk_stop(disk);
	ram_netlink_tell(SWORN_RAM_CMD_REMOVED_NTF, disk);
	ram_disk_destroy(disk);
}

/**
 * ram_registry_remove() - remove a disk
 * @disk: of the registry; gone afterwards
 * @deferred: if it is open, once it no longer is
 * @extack: why not
 *
 * With the mutex held.
 *
 * Return: 0: done, or to be done; or -EBUSY.
 */
int ram_registry_remove(struct ram_disk *disk, bool deferred, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&registry_mutex);
	if (ram_disk_claim(disk, deferred)) {
		drop(disk);
		return 0;
	}
	if (deferred) {
		ram_registry_changed(disk);
		/* Its last user may have gone before it could know. */
		if (ram_disk_is_due(disk))
			ram_registry_sweep();
		return 0;
	}
	NL_SET_ERR_MSG(extack, "the disk, or a partition of it, is open");
	return -EBUSY;
}

/* Something of a disk has changed; with the mutex held. */
void ram_registry_changed(struct ram_disk *disk)
{
	ram_netlink_tell(SWORN_RAM_CMD_CHANGED_NTF, disk);
}

static void sweep(struct work_struct *work)
{
	struct ram_disk *disk;
	int index;

	ram_registry_lock();
	idr_for_each_entry(&disks, disk, index)
		if (ram_disk_is_due(disk) && ram_disk_claim(disk, true))
			drop(disk);
	ram_registry_unlock();
}

static DECLARE_WORK(sweep_work, sweep);

/* Have the disks removed whose removal was deferred.  Does not sleep. */
void ram_registry_sweep(void)
{
	queue_work(system_long_wq, &sweep_work);
}

/**
 * ram_registry_empty() - remove all disks
 *
 * Nobody can make any more, or have one open.
 */
void ram_registry_empty(void)
{
	struct ram_disk *disk;
	int index;

	cancel_work_sync(&sweep_work);
	ram_registry_lock();
	idr_for_each_entry(&disks, disk, index)
		if (!WARN_ON_ONCE(!ram_disk_claim(disk, false)))
			drop(disk);
	idr_destroy(&disks);
	ram_registry_unlock();
}
