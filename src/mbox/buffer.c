// SPDX-License-Identifier: GPL-2.0-only
/* A small file in memory; docs/mbox.md section 2. */
#include "mbox/mbox.h"

#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

/* What somebody is about to do with the memory. */
enum access {
	ACCESS_READ,
	ACCESS_WIPE,
	ACCESS_WRITE,
};

static bool must_wait(const struct mbox *box, enum access access)
{
	return READ_ONCE(box->busy) || (access == ACCESS_WRITE && mbox_hibernating());
}

static int try_begin(struct mbox *box, enum access access)
{
	int err = 0;

	spin_lock(&box->lock);
	if (box->gone)
		err = -ENODEV;
	else if (must_wait(box, access))
		err = -EAGAIN;
	else
		box->busy = true;
	spin_unlock(&box->lock);
	return err;
}

/* From here to finish() the memory, its length and state are the caller's. */
static int begin(struct mbox *box, enum access access, bool may_wait)
{
	int err;

	for (;;) {
		err = try_begin(box, access);
		if (err != -EAGAIN || !may_wait)
			return err;
		err = wait_event_interruptible(box->writers,
					       !must_wait(box, access) || READ_ONCE(box->gone));
		if (err)
			return err;
	}
}

/* @renewed: something was written.  -ENODEV: but it is wiped, for the mailbox is gone. */
static int finish(struct mbox *box, bool renewed)
{
	unsigned int news;
	int err = 0;

	spin_lock(&box->lock);
	if (renewed && box->gone) {
		err = -ENODEV;
	} else if (renewed) {
		box->state = SWORN_MBOX_STATE_FULL;
		box->written++;
		mbox_renew(box);
	}
	news = mbox_settle(box) | MBOX_WRITABLE;
	spin_unlock(&box->lock);
	mbox_tell(box, news);
	return err;
}

/**
 * mbox_buffer_read() - read_iter() of a buffer
 * @iocb: where
 * @to: memory of the reader
 *
 * Return: bytes read, 0 at the end of what was written, or a negative errno.
 */
ssize_t mbox_buffer_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct mbox_file *file = iocb->ki_filp->private_data;
	loff_t at = iocb->ki_pos;
	struct mbox *box = file->box;
	size_t bytes = 0, copied = 0;
	int err;

	err = begin(box, ACCESS_READ, mbox_may_wait(iocb));
	if (err)
		return err;
	if (at < box->length)
		bytes = min_t(size_t, iov_iter_count(to), box->length - at);
	if (bytes)
		copied = copy_to_iter(box->data + at, bytes, to);
	finish(box, false);
	if (bytes && !copied)
		return -EFAULT;
	iocb->ki_pos = at + copied;
	return copied;
}

/* With the memory its own. */
static ssize_t write_at(struct mbox *box, loff_t at, struct iov_iter *from)
{
	size_t bytes, copied;

	if (at > box->spec.size)
		return -EFBIG;
	if (at == box->spec.size)
		return -ENOSPC;
	/* A mapping, or a copy that failed, may have left something there. */
	if (at > box->length)
		memset(box->data + box->length, 0, at - box->length);
	bytes = min_t(size_t, iov_iter_count(from), box->spec.size - at);
	copied = copy_from_iter(box->data + at, bytes, from);
	if (!copied)
		return -EFAULT;
	box->length = max_t(size_t, box->length, at + copied);
	return copied;
}

/**
 * mbox_buffer_write() - write_iter() of a buffer
 * @iocb: where
 * @from: memory of the writer
 *
 * Return: bytes written, or a negative errno.
 */
ssize_t mbox_buffer_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct mbox_file *file = iocb->ki_filp->private_data;
	struct mbox *box = file->box;
	ssize_t written;
	loff_t at;
	int err;

	if (!iov_iter_count(from))
		return 0;
	err = begin(box, ACCESS_WRITE, mbox_may_wait(iocb));
	if (err)
		return err;
	at = iocb->ki_flags & IOCB_APPEND ? box->length : iocb->ki_pos;
	written = write_at(box, at, from);
	if (written > 0)
		iocb->ki_pos = at + written;
	err = finish(box, written > 0);
	return err ?: written;
}

/**
 * mbox_buffer_truncate() - wipe it, for O_TRUNC
 * @box: a buffer
 * @may_wait: for who copies to or from it
 *
 * Return: 0, -EAGAIN, -ENODEV, or -ERESTARTSYS.
 */
int mbox_buffer_truncate(struct mbox *box, bool may_wait)
{
	int err = begin(box, ACCESS_WIPE, may_wait);
	unsigned int news;

	if (err)
		return err;
	/* Under the lock, so that a mapping comes and goes before it or after it. */
	spin_lock(&box->lock);
	news = mbox_drop(box);
	if (box->mappings)
		mbox_renew(box);
	box->expired = false;
	news |= mbox_settle(box);
	spin_unlock(&box->lock);
	mbox_tell(box, news);
	return 0;
}

/**
 * mbox_buffer_seek() - llseek() of a buffer
 * @filp: its file
 * @offset: as for llseek()
 * @whence: as for llseek()
 *
 * Return: the new place, or a negative errno.
 */
loff_t mbox_buffer_seek(struct file *filp, loff_t offset, int whence)
{
	struct mbox_file *file = filp->private_data;
	struct mbox *box = file->box;

	return generic_file_llseek_size(filp, offset, whence, box->spec.size,
					READ_ONCE(box->length));
}

/* Only such mappings count.  What is mapped to be read alone never becomes one. */
static bool may_write(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_MAYWRITE;
}

static void map_open(struct vm_area_struct *vma)
{
	struct mbox *box = vma->vm_private_data;

	if (!may_write(vma))
		return;
	spin_lock(&box->lock);
	box->mappings++;
	spin_unlock(&box->lock);
}

/* The last mapping is gone, and what it has written is there. */
static void unmapped(struct mbox *box)
{
	if (!box->gone) {
		box->state = SWORN_MBOX_STATE_FULL;
		mbox_renew(box);
	} else if (!box->busy) {
		mbox_drop(box);
	}
}

static void map_close(struct vm_area_struct *vma)
{
	struct mbox *box = vma->vm_private_data;

	if (!may_write(vma))
		return;
	spin_lock(&box->lock);
	if (!--box->mappings)
		unmapped(box);
	spin_unlock(&box->lock);
}

static const struct vm_operations_struct map_ops = {
	.open = map_open,
	.close = map_close,
};

/**
 * mbox_buffer_map() - mmap() of a buffer
 * @filp: its file
 * @vma: must be shared: what is copied on write would be swapped
 *
 * The mapping holds the file, and so the memory.
 *
 * Return: 0 or a negative errno.
 */
int mbox_buffer_map(struct file *filp, struct vm_area_struct *vma)
{
	struct mbox_file *file = filp->private_data;
	struct mbox *box = file->box;
	int err;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	/* It leaves the mapping out of core files. */
	err = remap_vmalloc_range(vma, box->data, vma->vm_pgoff);
	if (err)
		return err;
	spin_lock(&box->lock);
	if (box->gone) {
		err = -ENODEV;
	} else if (may_write(vma) && mbox_hibernating()) {
		err = -EBUSY;
	} else if (may_write(vma)) {
		box->mappings++;
		/* From now on nobody knows whether it is empty; what is in it is no newer. */
		if (!mbox_holds(box)) {
			box->state = SWORN_MBOX_STATE_FULL;
			mbox_renew(box);
		}
	}
	spin_unlock(&box->lock);
	if (err)
		return err;
	vma->vm_private_data = box;
	vma->vm_ops = &map_ops;
	return 0;
}
