// SPDX-License-Identifier: GPL-2.0-only
/* Messages, handed from one writer to one reader; docs/mbox.md section 1. */
#include "mbox/mbox.h"

#include <linux/string.h>
#include <linux/uio.h>

static bool was_filled(const struct mbox *box)
{
	return box->state == SWORN_MBOX_STATE_FULL || box->state == SWORN_MBOX_STATE_READING;
}

/**
 * mbox_read_is_due() - would a read not wait?
 * @box: with its lock held
 * @file: that would read
 */
bool mbox_read_is_due(const struct mbox *box, const struct mbox_file *file)
{
	lockdep_assert_held(&box->lock);
	if (file->at_end || file->error || box->gone)
		return true;
	switch (box->state) {
	case SWORN_MBOX_STATE_FULL:
	case SWORN_MBOX_STATE_SPENT:
		return true;
	case SWORN_MBOX_STATE_READING:
		return box->taker == file && !box->busy;
	default:
		return false;
	}
}

/**
 * mbox_write_is_due() - would a write not wait?
 * @box: with its lock held
 */
bool mbox_write_is_due(const struct mbox *box)
{
	lockdep_assert_held(&box->lock);
	if (box->gone || box->state == SWORN_MBOX_STATE_SPENT ||
	    (box->spec.once && was_filled(box)))
		return true;
	return box->state == SWORN_MBOX_STATE_EMPTY && !mbox_hibernating();
}

/* 1: the message is the file's, and it must copy; 0: the message's end. */
static int claim(struct mbox *box, struct mbox_file *file)
{
	int err = file->error;

	if (err) {
		file->error = 0;
		return err;
	}
	if (file->at_end) {
		file->at_end = box->spec.once;
		return 0;
	}
	if (box->gone)
		return -ENODEV;
	if (box->state == SWORN_MBOX_STATE_SPENT)
		return -ENODATA;
	if (!mbox_read_is_due(box, file))
		return -EAGAIN;
	box->state = SWORN_MBOX_STATE_READING;
	box->taker = file;
	box->busy = true;
	return 1;
}

static bool can_read(struct mbox *box, const struct mbox_file *file)
{
	bool due;

	spin_lock(&box->lock);
	due = mbox_read_is_due(box, file);
	spin_unlock(&box->lock);
	return due;
}

static bool can_write(struct mbox *box)
{
	bool due;

	spin_lock(&box->lock);
	due = mbox_write_is_due(box);
	spin_unlock(&box->lock);
	return due;
}

/* Its number is shown, so that an unlock step that waits can be seen. */
static int wait_to_read(struct mbox *box, const struct mbox_file *file)
{
	int err;

	spin_lock(&box->lock);
	box->waiting++;
	spin_unlock(&box->lock);
	err = wait_event_interruptible(box->readers, can_read(box, file));
	spin_lock(&box->lock);
	box->waiting--;
	spin_unlock(&box->lock);
	return err;
}

static int begin_read(struct mbox *box, struct mbox_file *file, bool may_wait)
{
	int err;

	for (;;) {
		spin_lock(&box->lock);
		err = claim(box, file);
		spin_unlock(&box->lock);
		if (err != -EAGAIN || !may_wait)
			return err;
		err = wait_to_read(box, file);
		if (err)
			return err;
	}
}

/* The message was read to its end, and nothing of it is left. */
static unsigned int finish_message(struct mbox *box, struct mbox_file *file)
{
	box->taken++;
	box->length = 0;
	box->at = 0;
	box->taker = NULL;
	file->at_end = true;
	if (!box->spec.once) {
		box->state = SWORN_MBOX_STATE_EMPTY;
		/* Whoever shares the open file has waited, and is told the end. */
		return MBOX_WRITABLE | MBOX_AGAIN;
	}
	box->state = SWORN_MBOX_STATE_SPENT;
	return MBOX_SPENT;
}

static void finish_read(struct mbox *box, struct mbox_file *file, size_t copied)
{
	unsigned int news = 0;

	spin_lock(&box->lock);
	box->at += copied;
	if (box->at == box->length) {
		news = finish_message(box, file);
	} else {
		/* Whoever shares the open file may go on; if nothing was had, anybody. */
		news = MBOX_AGAIN;
		if (!box->at) {
			box->state = SWORN_MBOX_STATE_FULL;
			box->taker = NULL;
			news = MBOX_READABLE;
		}
	}
	news |= mbox_settle(box);
	/* Its name may be another's by now. */
	if (box->gone)
		news &= ~MBOX_SPENT;
	spin_unlock(&box->lock);
	mbox_tell(box, news);
}

/**
 * mbox_rendezvous_read() - read_iter() of a rendezvous
 * @iocb: of the file
 * @to: memory of the reader
 *
 * What was copied is wiped before anybody else can look.
 *
 * Return: bytes read, 0 at a message's end, or a negative errno.
 */
ssize_t mbox_rendezvous_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct mbox_file *file = iocb->ki_filp->private_data;
	struct mbox *box = file->box;
	size_t copied;
	char *from;
	int begun;

	if (!iov_iter_count(to))
		return 0;
	begun = begin_read(box, file, mbox_may_wait(iocb));
	if (begun <= 0)
		return begun;
	from = box->data + box->at;
	copied = copy_to_iter(from, min(iov_iter_count(to), box->length - box->at), to);
	memzero_explicit(from, copied);
	finish_read(box, file, copied);
	return copied ?: -EFAULT;
}

static int reserve(struct mbox *box)
{
	if (box->gone)
		return -ENODEV;
	if (box->state == SWORN_MBOX_STATE_SPENT || (box->spec.once && was_filled(box)))
		return -EPIPE;
	if (box->state != SWORN_MBOX_STATE_EMPTY || mbox_hibernating())
		return -EAGAIN;
	box->state = SWORN_MBOX_STATE_FILLING;
	box->busy = true;
	return 0;
}

static int begin_write(struct mbox *box, bool may_wait)
{
	int err;

	for (;;) {
		spin_lock(&box->lock);
		err = reserve(box);
		spin_unlock(&box->lock);
		if (err != -EAGAIN || !may_wait)
			return err;
		err = wait_event_interruptible(box->writers, can_write(box));
		if (err)
			return err;
	}
}

static int finish_write(struct mbox *box, struct mbox_file *file, size_t length, bool whole)
{
	unsigned int news;
	int err = 0;

	spin_lock(&box->lock);
	if (box->gone) {
		err = -ENODEV;
		news = mbox_settle(box);
	} else if (!whole) {
		err = -EFAULT;
		box->busy = false;
		news = mbox_drop(box);
	} else {
		box->busy = false;
		box->state = SWORN_MBOX_STATE_FULL;
		box->length = length;
		box->written++;
		if (!box->spec.once)
			file->at_end = false;
		mbox_renew(box);
		/* To writers of a mailbox for one message, it is news that it is taken. */
		news = MBOX_READABLE | (box->spec.once ? MBOX_WRITABLE : 0);
	}
	spin_unlock(&box->lock);
	mbox_tell(box, news);
	return err;
}

/**
 * mbox_rendezvous_write() - write_iter() of a rendezvous
 * @iocb: of the file
 * @from: the message
 *
 * Return: all bytes, or a negative errno, and then nothing was taken.
 */
ssize_t mbox_rendezvous_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct mbox_file *file = iocb->ki_filp->private_data;
	size_t length = iov_iter_count(from);
	struct mbox *box = file->box;
	bool whole;
	int err;

	if (!length)
		return 0;
	if (length > box->spec.size)
		return -EMSGSIZE;
	err = begin_write(box, mbox_may_wait(iocb));
	if (err)
		return err;
	whole = copy_from_iter_full(box->data, length, from);
	err = finish_write(box, file, length, whole);
	return err ?: length;
}

/**
 * mbox_rendezvous_leave() - an open file is closed
 * @file: nobody uses it any more
 *
 * What it has begun to read is wiped.
 */
void mbox_rendezvous_leave(struct mbox_file *file)
{
	struct mbox *box = file->box;
	unsigned int news = 0;

	spin_lock(&box->lock);
	if (box->taker == file)
		news = mbox_drop(box);
	spin_unlock(&box->lock);
	mbox_tell(box, news);
}
