// SPDX-License-Identifier: GPL-2.0-only
/* sworn_ram: RAM disks made at run time; docs/ram.md. */
#include "ram/ram.h"

#include <linux/module.h>
#include <linux/sizes.h>

static unsigned int disks;
module_param(disks, uint, 0444);
MODULE_PARM_DESC(disks, "disks to make when the module is loaded (default 0)");

static unsigned int disk_mib = RAM_MIB_DEFAULT;
module_param(disk_mib, uint, 0444);
MODULE_PARM_DESC(disk_mib, "size of each of them, MiB (default 32)");

struct workqueue_struct *ram_workqueue;

static int make_disks(void)
{
	struct ram_spec spec = ram_spec_default;
	struct ram_disk *disk = NULL;
	unsigned int i;

	spec.size = (u64)disk_mib * SZ_1M;
	ram_registry_lock();
	for (i = 0; i < disks && !IS_ERR(disk); i++)
		disk = ram_registry_add(&spec, NULL);
	ram_registry_unlock();
	if (!IS_ERR(disk))
		return 0;
	pr_err("disk %u of %u, %u MiB, cannot be made (%ld)\n", i, disks, disk_mib, PTR_ERR(disk));
	return PTR_ERR(disk);
}

static int __init ram_init(void)
{
	int err;

	ram_workqueue = alloc_workqueue("sworn_ram", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!ram_workqueue)
		return -ENOMEM;
	err = make_disks();
	if (err)
		goto err_disks;
	err = ram_netlink_init();
	if (err)
		goto err_disks;
	return 0;

err_disks:
	ram_registry_empty();
	destroy_workqueue(ram_workqueue);
	return err;
}

static void __exit ram_exit(void)
{
	ram_netlink_exit();
	ram_registry_empty();
	ram_memory_settle();
	destroy_workqueue(ram_workqueue);
}

module_init(ram_init);
module_exit(ram_exit);

MODULE_DESCRIPTION("RAM disks, made, resized and removed at run time");
MODULE_LICENSE("GPL");
MODULE_VERSION(SWORN_VERSION);
