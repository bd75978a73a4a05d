/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verifying all that is in use while the volume is open: docs/design.md,
 * "Verifying online".
 */
#ifndef SWORNDISK_VOLUME_VERIFY_H
#define SWORNDISK_VOLUME_VERIFY_H

#include <linux/bio.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "../checkpoint/note.h"
#include "../format/record.h"
#include "../index/inspect.h"

struct sworn_io;
struct sworn_volume;

/**
 * struct sworn_verify - a verification, and what it needs
 * @order: messages and suspend, one at a time; whoever holds it and has made
 *	the worker stop owns all of this
 * @state_lock: guards @at and @bad, which the worker changes and others read
 * @at: how far it got; in the middle of a BIT not further than its beginning
 * @bad: bad places, @at.nr_bad of them
 * @unwritten: the newest note does not say all this
 * @note_failed: writing the last one failed, and the log says so
 * @stop: the worker is to come to its end
 * @wait: woken when it is, or when the volume comes to rest
 * @note_due: jiffies: a note is written about then
 * @paid_until: ns of the monotonic clock: the rate allows for no more before
 * @activity: as it was, see sworn_volume_activity()
 * @io: what it reads with, into @bvec
 */
struct sworn_verify {
	struct mutex order;
	spinlock_t state_lock;
	struct sworn_verify_at at;
	struct sworn_verify_bad *bad;
	bool unwritten;
	bool note_failed;
	bool stop;
	wait_queue_head_t wait;
	struct workqueue_struct *wq;
	struct work_struct work;
	struct sworn_notes notes;
	struct sworn_inspector inspector;
	unsigned long note_due;
	u64 paid_until;
	u64 activity;
	struct sworn_io *io;
	struct bio bio;
	struct bio_vec bvec[SWORN_RUN_BLOCKS];
	void *buf[SWORN_RUN_BLOCKS];
};

/* What can be seen of it, as of one moment. */
void sworn_verify_look(struct sworn_volume *vol, struct sworn_verify_at *at);

/**
 * sworn_verify_bad() - bad places from the @from'th on
 * @bad: room for @n
 *
 * Context: process.  Return: how many there were.
 */
u32 sworn_verify_bad(struct sworn_volume *vol, u32 from, u32 n,
		     struct sworn_verify_bad *bad);

/* Hundredths of the way: of the logical blocks, and then of the BITs. */
u32 sworn_verify_percent(const struct sworn_volume *vol,
			 const struct sworn_verify_at *at);

/**
 * sworn_verify_start() - begin at the beginning
 * sworn_verify_pause() - stop, and remember where
 * sworn_verify_go_on() - go on there
 * sworn_verify_cancel() - stop, and forget what was found
 *
 * Context: process; may sleep.
 * Return: 0; -EBUSY while the volume is suspended, or (start) if one is under
 * way; -EINVAL if there is nothing to pause, to go on with or to cancel; -EIO if
 * nothing can be read in the mode that the volume is in.
 */
int sworn_verify_start(struct sworn_volume *vol);
int sworn_verify_pause(struct sworn_volume *vol);
int sworn_verify_go_on(struct sworn_volume *vol);
int sworn_verify_cancel(struct sworn_volume *vol);

/* MiB in a second; 0: no limit. */
void sworn_volume_set_verify_rate(struct sworn_volume *vol, u64 mib);

/* ---- for life.c and tables.c ---- */

int sworn_verify_init(struct sworn_volume *vol);
void sworn_verify_exit(struct sworn_volume *vol);
u64 sworn_verify_bytes(void);

/* Recall what a note says.  Context: activation, when the tables are there. */
void sworn_verify_recall(struct sworn_volume *vol);

/* Go on, if one was under way.  Context: process; the volume runs. */
void sworn_verify_wake(struct sworn_volume *vol);

/* Let the worker see that the volume does not run any more. */
void sworn_verify_quiesce(struct sworn_volume *vol);

/* Stop until sworn_verify_wake(), with a note.  Context: process. */
void sworn_verify_rest(struct sworn_volume *vol);

#endif /* SWORNDISK_VOLUME_VERIFY_H */
