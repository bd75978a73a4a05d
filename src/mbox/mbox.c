// SPDX-License-Identifier: GPL-2.0-only
/* A mailbox as an object: made, emptied, removed; docs/mbox.md sections 3 to 5. */
#include "mbox/mbox.h"

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "compat/compat.h"

static unsigned int memory_limit_kib = 16384;
module_param(memory_limit_kib, uint, 0644);
MODULE_PARM_DESC(memory_limit_kib, "most memory of all mailboxes together, KiB (default 16384)");

/* Of all mailboxes, removed ones that are open included. */
static atomic_long_t memory_pages;

/*
 * The node's name, owner and mode, as devtmpfs and uevents have them.  Who asks
 * for the name alone gives no room for the rest.
 */
static char *type_devnode(sworn_devnode_device *dev, umode_t *mode, kuid_t *uid, kgid_t *gid)
{
	const struct mbox *box = container_of(dev, struct mbox, dev);

	/* With a type, for a mode of 0 would mean that none is asked for. */
	if (mode)
		*mode = S_IFCHR | box->spec.mode;
	if (uid)
		*uid = box->spec.uid;
	if (gid)
		*gid = box->spec.gid;
	return kasprintf(GFP_KERNEL, "sworn/mbox-%s", box->spec.name);
}

/* The last reference is gone.  A mapping may have written after the removal. */
static void type_release(struct device *dev)
{
	struct mbox *box = container_of(dev, struct mbox, dev);

	if (box->data) {
		memzero_explicit(box->data, box->room);
		mbox_hibernation_forget(box);
		kvfree(box->data);
		atomic_long_sub(PFN_UP(box->room), &memory_pages);
	}
	kfree(box);
}

static const struct device_type mbox_type = {
	.name = "mbox",
	.devnode = type_devnode,
	.release = type_release,
};

static struct class mbox_class = {
	.name = "sworn_mbox",
};

int mbox_class_init(void)
{
	return class_register(&mbox_class);
}

void mbox_class_exit(void)
{
	class_unregister(&mbox_class);
}

/**
 * mbox_holds() - does it hold anything?
 * @box: with its lock held
 */
bool mbox_holds(struct mbox *box)
{
	lockdep_assert_held(&box->lock);
	return box->state == SWORN_MBOX_STATE_FULL || box->state == SWORN_MBOX_STATE_READING;
}

/**
 * mbox_drop() - wipe the contents
 * @box: not busy, with its lock held
 *
 * Return: what mbox_tell() is to tell.
 */
unsigned int mbox_drop(struct mbox *box)
{
	lockdep_assert_held(&box->lock);
	memzero_explicit(box->data, box->room);
	box->length = 0;
	box->at = 0;
	box->taker = NULL;
	if (!box->spec.once || !mbox_holds(box)) {
		/* Of a mapped one nobody knows whether it stays empty. */
		if (box->state != SWORN_MBOX_STATE_SPENT)
			box->state = box->mappings && !box->gone ? SWORN_MBOX_STATE_FULL :
								   SWORN_MBOX_STATE_EMPTY;
		return MBOX_WRITABLE;
	}
	box->state = SWORN_MBOX_STATE_SPENT;
	return MBOX_SPENT;
}

/* Nobody has read it in time; not busy, with the lock held. */
static unsigned int expire_now(struct mbox *box)
{
	/* While it is mapped it is wiped again and again, for nothing perhaps. */
	bool silent = box->mappings && !box->length;
	unsigned int news;

	box->expired = false;
	if (box->taker)
		box->taker->error = -ETIMEDOUT;
	news = mbox_drop(box);
	if (box->mappings)
		mbox_renew(box);
	if (silent)
		return news;
	box->wiped++;
	return news | MBOX_EXPIRED | MBOX_READABLE;
}

/**
 * mbox_settle() - a copy has ended
 * @box: with its lock held
 *
 * Does what others had to leave to the copier.
 *
 * Return: what mbox_tell() is to tell.
 */
unsigned int mbox_settle(struct mbox *box)
{
	lockdep_assert_held(&box->lock);
	box->busy = false;
	if (box->gone)
		return mbox_drop(box) & ~MBOX_SPENT;
	if (!box->expired)
		return 0;
	box->expired = false;
	return mbox_holds(box) ? expire_now(box) : 0;
}

/**
 * mbox_renew() - the contents are new
 * @box: with its lock held
 */
void mbox_renew(struct mbox *box)
{
	unsigned long delay;

	lockdep_assert_held(&box->lock);
	box->expired = false;
	if (!box->spec.timeout_ms || box->gone)
		return;
	delay = msecs_to_jiffies(box->spec.timeout_ms);
	box->deadline = jiffies + delay;
	mod_delayed_work(mbox_workqueue, &box->expiry, delay);
}

static void expire(struct work_struct *work)
{
	struct mbox *box = container_of(to_delayed_work(work), struct mbox, expiry);
	unsigned int news = 0;
	long left;

	spin_lock(&box->lock);
	left = box->deadline - jiffies;
	if (!box->gone && mbox_holds(box)) {
		if (left > 0)
			mod_delayed_work(mbox_workqueue, &box->expiry, left);
		else if (box->busy)
			box->expired = true;
		else
			news = expire_now(box);
	}
	spin_unlock(&box->lock);
	mbox_tell(box, news);
}

/**
 * mbox_tell() - tell who has to know what has changed
 * @box: its lock was dropped since
 * @news: bits of &enum mbox_news
 *
 * May sleep.
 */
void mbox_tell(struct mbox *box, unsigned int news)
{
	if (news & ~MBOX_WRITABLE && wq_has_sleeper(&box->readers))
		wake_up_interruptible(&box->readers);
	if (news & ~(MBOX_WRITABLE | MBOX_AGAIN) && box->fasync)
		kill_fasync(&box->fasync, SIGIO, news & MBOX_REMOVED ? POLL_HUP : POLL_IN);
	if (news & ~(MBOX_READABLE | MBOX_AGAIN) && wq_has_sleeper(&box->writers))
		wake_up_interruptible(&box->writers);
	if (news & MBOX_EXPIRED)
		mbox_netlink_tell(SWORN_MBOX_CMD_EXPIRED_NTF, box);
	if (news & MBOX_SPENT)
		mbox_netlink_tell(SWORN_MBOX_CMD_SPENT_NTF, box);
}

static int allocate(struct mbox *box)
{
	bool buffer = box->spec.kind == SWORN_MBOX_KIND_BUFFER;
	long pages = PFN_UP(box->spec.size);
	long limit = READ_ONCE(memory_limit_kib) >> (PAGE_SHIFT - 10);

	if (atomic_long_add_return(pages, &memory_pages) > limit) {
		atomic_long_sub(pages, &memory_pages);
		return -ENOSPC;
	}
	/* What can be mapped is whole pages. */
	box->room = buffer ? PAGE_ALIGN(box->spec.size) : box->spec.size;
	box->data = buffer ? vmalloc_user(box->room) : kvzalloc(box->room, GFP_KERNEL_ACCOUNT);
	if (box->data) {
		mbox_hibernation_add(box);
		return 0;
	}
	atomic_long_sub(pages, &memory_pages);
	return -ENOMEM;
}

/* Nobody can open it any more.  Who has done so is told. */
static void retire(struct mbox *box)
{
	spin_lock(&box->lock);
	box->gone = true;
	if (!box->busy)
		mbox_drop(box);
	spin_unlock(&box->lock);
	mbox_tell(box, MBOX_REMOVED);
	cancel_delayed_work_sync(&box->expiry);
}

/**
 * mbox_create() - make a mailbox and its node
 * @spec: checked
 * @index: its minor number
 *
 * The node can be opened before this returns.  May sleep.
 *
 * Return: the mailbox, or an ERR_PTR; -ENOSPC: all mailboxes together have
 * what they may.
 */
struct mbox *mbox_create(const struct mbox_spec *spec, int index)
{
	struct mbox *box = kzalloc(sizeof(*box), GFP_KERNEL);
	int err;

	if (!box)
		return ERR_PTR(-ENOMEM);
	box->spec = *spec;
	box->index = index;
	spin_lock_init(&box->lock);
	init_waitqueue_head(&box->readers);
	init_waitqueue_head(&box->writers);
	INIT_DELAYED_WORK(&box->expiry, expire);
	device_initialize(&box->dev);
	box->dev.class = &mbox_class;
	box->dev.type = &mbox_type;
	box->dev.devt = mbox_number(index);
	cdev_init(&box->cdev, spec->kind == SWORN_MBOX_KIND_BUFFER ? &mbox_buffer_fops :
								     &mbox_rendezvous_fops);
	box->cdev.owner = THIS_MODULE;
	err = allocate(box);
	if (!err)
		err = dev_set_name(&box->dev, "mbox-%s", spec->name);
	if (!err)
		err = cdev_device_add(&box->cdev, &box->dev);
	if (!err)
		return box;
	/* Who made a node by its number may have been faster than the error. */
	if (box->data)
		retire(box);
	put_device(&box->dev);
	return ERR_PTR(err);
}

/**
 * mbox_remove() - take the node away, wipe the contents, wake who waits
 * @box: of the registry
 *
 * Open files stay, and are told that it is gone; the caller keeps its
 * reference.  May sleep.
 */
void mbox_remove(struct mbox *box)
{
	cdev_device_del(&box->cdev, &box->dev);
	retire(box);
}
