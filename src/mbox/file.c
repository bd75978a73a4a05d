// SPDX-License-Identifier: GPL-2.0-only
/* Open files of mailboxes: what both kinds have alike. */
#include "mbox/mbox.h"

#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/ioctls.h>

/**
 * mbox_may_wait() - may a call wait?
 * @iocb: the call
 */
bool mbox_may_wait(const struct kiocb *iocb)
{
	return !(iocb->ki_flags & IOCB_NOWAIT) && !(iocb->ki_filp->f_flags & O_NONBLOCK);
}

static void forget(struct mbox_file *file)
{
	spin_lock(&file->box->lock);
	file->box->openers--;
	spin_unlock(&file->box->lock);
	kfree(file);
}

static int open_kind(struct inode *inode, struct file *filp)
{
	struct mbox_file *file = filp->private_data;
	struct mbox *box = file->box;

	filp->f_mode |= FMODE_NOWAIT;
	if (box->spec.kind == SWORN_MBOX_KIND_RENDEZVOUS)
		return stream_open(inode, filp);
	if (filp->f_flags & O_TRUNC && filp->f_mode & FMODE_WRITE)
		return mbox_buffer_truncate(box, !(filp->f_flags & O_NONBLOCK));
	return 0;
}

static int file_open(struct inode *inode, struct file *filp)
{
	struct mbox *box = container_of(inode->i_cdev, struct mbox, cdev);
	struct mbox_file *file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	int err;

	if (!file)
		return -ENOMEM;
	file->box = box;
	filp->private_data = file;
	spin_lock(&box->lock);
	err = box->gone ? -ENODEV : 0;
	box->openers++;
	spin_unlock(&box->lock);
	if (!err)
		err = open_kind(inode, filp);
	if (err)
		forget(file);
	return err;
}

static int file_release(struct inode *inode, struct file *filp)
{
	struct mbox_file *file = filp->private_data;

	if (file->box->spec.kind == SWORN_MBOX_KIND_RENDEZVOUS)
		mbox_rendezvous_leave(file);
	forget(file);
	return 0;
}

static int file_fasync(int fd, struct file *filp, int on)
{
	struct mbox_file *file = filp->private_data;

	return fasync_helper(fd, filp, on, &file->box->fasync);
}

static bool read_is_due(const struct mbox *box, const struct mbox_file *file)
{
	if (box->spec.kind == SWORN_MBOX_KIND_BUFFER)
		return box->gone || !box->busy;
	return mbox_read_is_due(box, file);
}

static bool write_is_due(const struct mbox *box)
{
	if (box->spec.kind == SWORN_MBOX_KIND_BUFFER)
		return box->gone || !(box->busy || mbox_hibernating());
	return mbox_write_is_due(box);
}

static __poll_t poll_state(struct mbox *box, const struct mbox_file *file)
{
	__poll_t mask = 0;

	lockdep_assert_held(&box->lock);
	if (box->gone)
		mask |= EPOLLHUP | EPOLLERR;
	if (box->state == SWORN_MBOX_STATE_SPENT)
		mask |= EPOLLHUP;
	if (read_is_due(box, file))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (write_is_due(box))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static __poll_t file_poll(struct file *filp, poll_table *table)
{
	struct mbox_file *file = filp->private_data;
	struct mbox *box = file->box;
	__poll_t mask;

	poll_wait(filp, &box->readers, table);
	poll_wait(filp, &box->writers, table);
	spin_lock(&box->lock);
	mask = poll_state(box, file);
	spin_unlock(&box->lock);
	return mask;
}

/* How much could be read now? */
static int readable_bytes(struct mbox *box, const struct mbox_file *file, loff_t at)
{
	lockdep_assert_held(&box->lock);
	if (box->gone)
		return -ENODEV;
	if (box->spec.kind == SWORN_MBOX_KIND_BUFFER)
		return at < box->length ? box->length - at : 0;
	if (file->at_end || file->error || !mbox_read_is_due(box, file))
		return 0;
	return box->length - box->at;
}

static long file_ioctl(struct file *filp, unsigned int command, unsigned long argument)
{
	struct mbox_file *file = filp->private_data;
	struct mbox *box = file->box;
	int bytes;

	if (command != FIONREAD)
		return -ENOTTY;
	if (!(filp->f_mode & FMODE_READ))
		return -EBADF;
	spin_lock(&box->lock);
	bytes = readable_bytes(box, file, filp->f_pos);
	spin_unlock(&box->lock);
	return bytes < 0 ? bytes : put_user(bytes, (int __user *)argument);
}

const struct file_operations mbox_rendezvous_fops = {
	.owner = THIS_MODULE,
	.open = file_open,
	.release = file_release,
	.read_iter = mbox_rendezvous_read,
	.write_iter = mbox_rendezvous_write,
	.poll = file_poll,
	.fasync = file_fasync,
	.unlocked_ioctl = file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

const struct file_operations mbox_buffer_fops = {
	.owner = THIS_MODULE,
	.open = file_open,
	.release = file_release,
	.read_iter = mbox_buffer_read,
	.write_iter = mbox_buffer_write,
	.llseek = mbox_buffer_seek,
	.mmap = mbox_buffer_map,
	.poll = file_poll,
	.fasync = file_fasync,
	.unlocked_ioctl = file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
