// SPDX-License-Identifier: GPL-2.0-only
/* sworn_mbox: mailboxes for secrets; docs/mbox.md. */
#include "mbox/mbox.h"

#include <linux/module.h>

struct workqueue_struct *mbox_workqueue;

static dev_t first_number;

/* Number of the node of the mailbox with this index. */
dev_t mbox_number(int index)
{
	return MKDEV(MAJOR(first_number), MINOR(first_number) + index);
}

static int __init mbox_init(void)
{
	int err;

	mbox_workqueue = alloc_workqueue("sworn_mbox", WQ_UNBOUND, 0);
	if (!mbox_workqueue)
		return -ENOMEM;
	err = alloc_chrdev_region(&first_number, 0, SWORN_MBOX_COUNT_MAX, "sworn_mbox");
	if (err)
		goto err_queue;
	err = mbox_class_init();
	if (err)
		goto err_region;
	err = mbox_hibernation_init();
	if (err)
		goto err_class;
	err = mbox_netlink_init();
	if (err)
		goto err_hibernation;
	return 0;

err_hibernation:
	mbox_hibernation_exit();
err_class:
	mbox_class_exit();
err_region:
	unregister_chrdev_region(first_number, SWORN_MBOX_COUNT_MAX);
err_queue:
	destroy_workqueue(mbox_workqueue);
	return err;
}

static void __exit mbox_exit(void)
{
	/* Those that there are, told; and who was made before the family was gone. */
	mbox_registry_empty();
	mbox_netlink_exit();
	mbox_registry_empty();
	mbox_hibernation_exit();
	mbox_class_exit();
	unregister_chrdev_region(first_number, SWORN_MBOX_COUNT_MAX);
	destroy_workqueue(mbox_workqueue);
}

module_init(mbox_init);
module_exit(mbox_exit);

MODULE_DESCRIPTION("Mailboxes that hand a secret over once, and small buffers in memory");
MODULE_LICENSE("GPL");
MODULE_VERSION(SWORN_VERSION);
