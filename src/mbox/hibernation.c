// SPDX-License-Identifier: GPL-2.0-only
/*
 * An image of the memory on a disk must not have what is in a mailbox;
 * docs/mbox.md section 3.
 */
#include "mbox/mbox.h"

#include <linux/list.h>
#include <linux/suspend.h>

/* Protects the list: all that have memory, removed ones that are open included. */
static DEFINE_SPINLOCK(list_lock);
static LIST_HEAD(boxes);
static bool under_way;

/**
 * mbox_hibernating() - has the machine begun to hibernate?
 *
 * Then nothing may be put into a mailbox.  Looked at under the mailbox's lock:
 * who puts something in under it has either seen this, or is seen by the look
 * at all mailboxes that follows it.
 */
bool mbox_hibernating(void)
{
	return READ_ONCE(under_way);
}

/**
 * mbox_hibernation_add() - look at a mailbox from now on
 * @box: its memory is there, and nobody else knows it
 */
void mbox_hibernation_add(struct mbox *box)
{
	spin_lock(&list_lock);
	list_add(&box->all, &boxes);
	spin_unlock(&list_lock);
}

/**
 * mbox_hibernation_forget() - and no more
 * @box: it is wiped, and nobody else knows it
 */
void mbox_hibernation_forget(struct mbox *box)
{
	spin_lock(&list_lock);
	list_del(&box->all);
	spin_unlock(&list_lock);
}

static bool any_holds(void)
{
	bool holds = false;
	struct mbox *box;

	spin_lock(&list_lock);
	list_for_each_entry(box, &boxes, all) {
		spin_lock(&box->lock);
		holds |= mbox_holds(box) || box->mappings || box->busy;
		spin_unlock(&box->lock);
	}
	spin_unlock(&list_lock);
	return holds;
}

static void begin(void)
{
	WRITE_ONCE(under_way, true);
}

/* Who has waited to write goes on. */
static void end(void)
{
	struct mbox *box;

	WRITE_ONCE(under_way, false);
	spin_lock(&list_lock);
	list_for_each_entry(box, &boxes, all)
		wake_up_interruptible(&box->writers);
	spin_unlock(&list_lock);
}

static int power_event(struct notifier_block *self, unsigned long event, void *nothing)
{
	if (event == PM_POST_HIBERNATION)
		end();
	if (event != PM_HIBERNATION_PREPARE)
		return NOTIFY_DONE;
	begin();
	if (!any_holds())
		return NOTIFY_DONE;
	/* Who refuses is not told of the end. */
	end();
	pr_warn("no hibernation: a mailbox holds something\n");
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block power_notifier = {
	.notifier_call = power_event,
};

int mbox_hibernation_init(void)
{
	return register_pm_notifier(&power_notifier);
}

void mbox_hibernation_exit(void)
{
	unregister_pm_notifier(&power_notifier);
}
