// SPDX-License-Identifier: GPL-2.0-only
/* sworn_mbox: mailboxes for secrets; docs/mbox.md. */
#include "mbox/mbox.h"

#include <linux/module.h>
#include <linux/suspend.h>

struct workqueue_struct *mbox_workqueue;

static dev_t first_number;

/* Number of the node of the mailbox with this index. */
dev_t mbox_number(int index)
{
	return MKDEV(MAJOR(first_number), MINOR(first_number) + index);
}

/* An image of the memory would have what is in it. */
static int refuse_hibernation(struct notifier_block *self, unsigned long event, void *nothing)
{
	if (event != PM_HIBERNATION_PREPARE || !mbox_registry_holds())
		return NOTIFY_DONE;
	pr_warn("no hibernation: a mailbox holds something\n");
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block power_notifier = {
	.notifier_call = refuse_hibernation,
};

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
	err = register_pm_notifier(&power_notifier);
	if (err)
		goto err_class;
	err = mbox_netlink_init();
	if (err)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_pm_notifier(&power_notifier);
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
	mbox_netlink_exit();
	mbox_registry_empty();
	unregister_pm_notifier(&power_notifier);
	mbox_class_exit();
	unregister_chrdev_region(first_number, SWORN_MBOX_COUNT_MAX);
	destroy_workqueue(mbox_workqueue);
}

module_init(mbox_init);
module_exit(mbox_exit);

MODULE_DESCRIPTION("Mailboxes that hand a secret over once, and small buffers in memory");
MODULE_LICENSE("GPL");
MODULE_VERSION(SWORN_VERSION);
