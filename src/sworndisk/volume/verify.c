// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verifying all that is in use while the volume is open.
 *
 * First the data: the logical blocks in their order, 64 at a time, by the way
 * that reads go.  Then the index: the BITs in the order of their ids, node by
 * node, past the cache.  What is written meanwhile comes out of this machine's
 * memory and need not be looked at; what moves is looked at where it is.
 *
 * Nothing else waits for this.  It holds no lock while it reads.
 */
#include <linux/completion.h>
#include <linux/ioprio.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "io.h"

/* A note that a crash may cost so much of. */
#define NOTE_PERIOD	(60 * HZ)
/* What it waits after each piece while users ask for something. */
#define YIELD_MS	20U
/* Nodes in such a piece, and logical blocks that have no data. */
#define PIECE_NODES	64U
#define PIECE_EMPTY	(256U * SWORN_RUN_BLOCKS)
/* Time saved by having been slower than the rate allows. */
#define SAVED_NS	(100 * NSEC_PER_MSEC)
/* For want of memory. */
#define RETRY_MS	100U

/* struct walk - what the worker has done since it last looked up */
struct walk {
	struct sworn_volume *vol;
	u32 nodes;
	u64 empty;
};

void sworn_verify_look(struct sworn_volume *vol, struct sworn_verify_at *at)
{
	spin_lock(&vol->verify.state_lock);
	*at = vol->verify.at;
	spin_unlock(&vol->verify.state_lock);
}

u32 sworn_verify_bad(struct sworn_volume *vol, u32 from, u32 n,
		     struct sworn_verify_bad *bad)
{
	struct sworn_verify *v = &vol->verify;

	spin_lock(&v->state_lock);
	n = from < v->at.nr_bad ? min(n, v->at.nr_bad - from) : 0;
	memcpy(bad, v->bad + from, n * sizeof(*bad));
	spin_unlock(&v->state_lock);
	return n;
}

/*
 * The data is nearly all of the work.  The nodes share the last hundredth, which
 * is more than theirs: nobody knows how many there are.
 */
u32 sworn_verify_percent(const struct sworn_volume *vol,
			 const struct sworn_verify_at *at)
{
	if (at->phase == SWORN_VERIFY_DONE)
		return 100;
	return div64_u64(at->next_lba * 99, vol->geo->logical_blocks);
}

void sworn_volume_set_verify_rate(struct sworn_volume *vol, u64 mib)
{
	WRITE_ONCE(vol->params.verify_rate, mib);
}

/* ---- notes ---- */

/* The worker calls this, or whoever has made it stop. */
static void write_note(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	unsigned int noio;
	int err;

	v->note_due = jiffies + NOTE_PERIOD;
	if (!v->unwritten || sworn_volume_mode(vol) >= SWORN_RO)
		return;
	/* ciphers allocate for a new key, and suspend waits for us */
	noio = memalloc_noio_save();
	err = sworn_note_write(&v->notes, &v->at, v->bad,
			       READ_ONCE(vol->commit_id));
	memalloc_noio_restore(noio);
	v->unwritten = err;
	if (err && !v->note_failed)
		sworn_err(vol, "cannot note how far verifying got: error %d",
			  err);
	v->note_failed = err;
}

/*
 * Once in a while.  Only between two pieces: a note has the place where a piece
 * begins, and must not have what was found in it.
 */
static void write_note_in_time(struct sworn_volume *vol)
{
	if (time_after(jiffies, vol->verify.note_due))
		write_note(vol);
}

void sworn_verify_recall(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	u64 commit_id;
	int err = sworn_note_read(&v->notes, &v->at, v->bad, &commit_id);

	if (!err && commit_id > vol->commit_id) {
		sworn_warn(vol, "the note on verifying is of commit %llu, which this state is before: forgotten",
			   commit_id);
		err = -ESTALE;
	}
	if (err)
		memset(&v->at, 0, sizeof(v->at));
	if (err && err != -ENODATA && err != -ESTALE)
		sworn_warn(vol, "cannot read how far verifying got: error %d",
			   err);
}

/* ---- pace ---- */

static bool may_go_on(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->running) && !READ_ONCE(vol->verify.stop) &&
	       sworn_volume_mode(vol) != SWORN_FAILED;
}

static void pause_ms(struct sworn_volume *vol, u32 ms)
{
	wait_event_interruptible_timeout(vol->verify.wait, !may_go_on(vol),
					 msecs_to_jiffies(ms));
}

/* So many blocks have been read: wait until there may be more. */
static void keep_pace(struct sworn_volume *vol, u32 blocks)
{
	struct sworn_verify *v = &vol->verify;
	u64 now = ktime_get_ns(), rate = READ_ONCE(vol->params.verify_rate);
	u64 activity = sworn_volume_activity(vol), ms = 0;

	v->paid_until = max(v->paid_until, now - SAVED_NS);
	if (rate)
		v->paid_until += div64_u64((u64)blocks * NSEC_PER_SEC, rate <<
					   (20 - SWORN_BLOCK_SHIFT));
	if (v->paid_until > now)
		ms = div_u64(v->paid_until - now, NSEC_PER_MSEC);
	if (activity != v->activity)
		ms = max_t(u64, ms, YIELD_MS);
	v->activity = activity;
	/* a rate that is raised must not wait for what the old one asked for */
	if (ms)
		pause_ms(vol, min_t(u64, ms, 1000));
	cond_resched();
}

/* ---- what is found ---- */

/* A bad place next to the last one is one with it.  The lock is held. */
static bool __joins(struct sworn_verify *v, const struct sworn_verify_bad *b)
{
	struct sworn_verify_bad *last;

	if (!v->at.nr_bad || b->block)
		return false;
	last = &v->bad[v->at.nr_bad - 1];
	if (last->kind != b->kind || last->last_lba + 1 != b->first_lba)
		return false;
	last->last_lba = b->last_lba;
	return true;
}

static void add_bad(struct sworn_verify *v, enum sworn_verify_kind kind,
		    u64 first_lba, u64 last_lba, u64 block)
{
	const struct sworn_verify_bad b = {
		.kind = kind,
		.first_lba = first_lba,
		.last_lba = last_lba,
		.block = block,
	};

	spin_lock(&v->state_lock);
	v->at.errors++;
	if (!__joins(v, &b)) {
		if (v->at.nr_bad < SWORN_VERIFY_BAD_MAX)
			v->bad[v->at.nr_bad++] = b;
		else
			v->at.unlisted++;
	}
	spin_unlock(&v->state_lock);
}

/* ---- data ---- */

static void read_done(struct bio *bio)
{
	complete(bio->bi_private);
}

/*
 * Read what is live of @n blocks.  @bad and @unread receive what failed.
 * Returns 0, or the error of a lookup.
 */
static int read_blocks(struct sworn_volume *vol, u64 lba, u32 n, u64 *live,
		       u64 *bad, u64 *unread)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct sworn_verify *v = &vol->verify;
	struct bio *bio = &v->bio;
	int ret;
	u32 i;

	bio_init(bio, vol->data.bdev, v->bvec, SWORN_RUN_BLOCKS, REQ_OP_READ);
	bio->bi_iter.bi_sector = lba * SWORN_BLOCK_SECTORS;
	for (i = 0; i < n; i++)
		__bio_add_page(bio, virt_to_page(v->buf[i]), SWORN_BLOCK_SIZE,
			       offset_in_page(v->buf[i]));
	bio->bi_ioprio = IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0);
	bio->bi_end_io = read_done;
	bio->bi_private = &done;
	ret = sworn_read_live(vol, bio, v->io, live);
	if (ret == 1) {
		wait_for_completion_io(&done);
		for (i = 0; i < n; i++)
			if (*live & sworn_slots(i, 1))
				memzero_explicit(v->buf[i], SWORN_BLOCK_SIZE);
	} else {
		bio_uninit(bio);
	}
	*bad = atomic64_read(&v->io->bad);
	*unread = atomic64_read(&v->io->unread);
	return min(ret, 0);
}

/* One block by itself.  Returns -ENOMEM, or 0. */
static int verify_block(struct sworn_volume *vol, u64 lba, u32 *verified)
{
	u64 live, bad, unread;
	int err = read_blocks(vol, lba, 1, &live, &bad, &unread);

	/* its node is bad, which is found with the nodes */
	if (err)
		return err == -ENOMEM ? err : 0;
	if (bad)
		add_bad(&vol->verify, SWORN_VERIFY_DATA, lba, lba, 0);
	else if (unread)
		add_bad(&vol->verify, SWORN_VERIFY_DATA_UNREAD, lba, lba, 0);
	else
		*verified += !!live;
	return 0;
}

/*
 * Up to 64 blocks that begin at a multiple of 64.  What fails together with
 * others, a request or a lookup, is looked at by itself.
 */
static int verify_blocks(struct sworn_volume *vol, u64 lba, u32 n, u32 *verified)
{
	u64 live, bad, unread, bit;
	int err = read_blocks(vol, lba, n, &live, &bad, &unread);
	u32 i;

	*verified = 0;
	if (err == -ENOMEM)
		return err;
	if (!err)
		*verified = hweight64(live & ~bad & ~unread);
	for (i = 0; i < n && may_go_on(vol); i++) {
		bit = sworn_slots(i, 1);
		if (!err && bad & bit)
			add_bad(&vol->verify, SWORN_VERIFY_DATA, lba + i,
				lba + i, 0);
		else if (err || unread & bit)
			if (verify_block(vol, lba + i, verified))
				return -ENOMEM;
	}
	return 0;
}

/* The place of a verification, to come back to. */
static void step_back(struct sworn_verify *v, const struct sworn_verify_at *at,
		      u64 last_lba)
{
	spin_lock(&v->state_lock);
	v->at = *at;
	if (at->nr_bad)
		v->bad[at->nr_bad - 1].last_lba = last_lba;
	spin_unlock(&v->state_lock);
}

static u64 last_bad_lba(const struct sworn_verify *v)
{
	return v->at.nr_bad ? v->bad[v->at.nr_bad - 1].last_lba : 0;
}

static void verify_data(struct walk *w)
{
	struct sworn_volume *vol = w->vol;
	struct sworn_verify *v = &vol->verify;
	u64 all = vol->geo->logical_blocks;

	while (v->at.next_lba < all && may_go_on(vol)) {
		const struct sworn_verify_at before = v->at;
		u64 last = last_bad_lba(v), lba = v->at.next_lba;
		u32 n = min_t(u64, SWORN_RUN_BLOCKS, all - lba), verified;
		int err = verify_blocks(vol, lba, n, &verified);

		if (err || !may_go_on(vol)) {
			/* not all of them were looked at */
			step_back(v, &before, last);
			if (err)
				pause_ms(vol, RETRY_MS);
			continue;
		}
		spin_lock(&v->state_lock);
		v->at.next_lba += n;
		v->at.data_blocks += verified;
		spin_unlock(&v->state_lock);
		v->unwritten = true;
		w->empty += n;
		if (verified || v->at.errors != before.errors ||
		    w->empty >= PIECE_EMPTY) {
			w->empty = 0;
			keep_pace(vol, verified);
			write_note_in_time(vol);
		}
	}
}

/* ---- nodes ---- */

/* The inspector tells of each node. */
static int saw_node(void *data, const struct sworn_seen_node *n)
{
	struct walk *w = data;
	struct sworn_verify *v = &w->vol->verify;

	if (n->err) {
		if (n->err != -EUCLEAN)
			sworn_err_limited(w->vol, "index block %llu of the metadata device cannot be read: error %d",
					  n->block, n->err);
		add_bad(v, n->err == -EUCLEAN ? SWORN_VERIFY_NODE :
			SWORN_VERIFY_NODE_UNREAD, n->first_lba, n->last_lba,
			n->block);
	} else {
		spin_lock(&v->state_lock);
		v->at.nodes++;
		spin_unlock(&v->state_lock);
	}
	if (++w->nodes % PIECE_NODES == 0)
		keep_pace(w->vol, PIECE_NODES);
	return may_go_on(w->vol) ? 0 : -EINTR;
}

/* BITs that come from now on are made of what was verified on its way. */
static void verify_nodes(struct walk *w)
{
	struct sworn_volume *vol = w->vol;
	struct sworn_verify *v = &vol->verify;
	struct sworn_catalog *cat = &vol->index.catalog;
	struct sworn_bit bit;
	u64 from;

	if (!v->at.end_bit) {
		spin_lock(&v->state_lock);
		v->at.end_bit = READ_ONCE(cat->next_id);
		spin_unlock(&v->state_lock);
	}
	while (may_go_on(vol) && sworn_catalog_next(cat, v->at.next_bit,
						    v->at.end_bit, &bit,
						    &from)) {
		const struct sworn_verify_at before = v->at;
		u64 last = last_bad_lba(v);

		if (sworn_inspect(&v->inspector, &bit, from)) {
			step_back(v, &before, last);
			return;
		}
		spin_lock(&v->state_lock);
		v->at.next_bit = bit.id + 1;
		spin_unlock(&v->state_lock);
		v->unwritten = true;
		write_note_in_time(vol);
	}
}

/* ---- the worker ---- */

static void set_phase(struct sworn_volume *vol, enum sworn_verify_phase phase)
{
	struct sworn_verify *v = &vol->verify;

	spin_lock(&v->state_lock);
	v->at.phase = phase;
	if (phase == SWORN_VERIFY_DONE)
		v->at.ended_s = ktime_get_real_seconds();
	spin_unlock(&v->state_lock);
	v->unwritten = true;
	write_note(vol);
}

static void finish(struct sworn_volume *vol)
{
	const struct sworn_verify_at *at = &vol->verify.at;

	set_phase(vol, SWORN_VERIFY_DONE);
	if (at->errors)
		sworn_err(vol, "verified: %llu data blocks and %llu index nodes in order, %llu not",
			  at->data_blocks, at->nodes, at->errors);
	else
		sworn_info(vol, "verified: %llu data blocks and %llu index nodes, all in order",
			   at->data_blocks, at->nodes);
	sworn_volume_event(vol, SWORN_EVENT_VERIFY);
}

static void verify_worker(struct work_struct *work)
{
	struct sworn_volume *vol = container_of(work, struct sworn_volume,
						verify.work);
	struct walk w = { .vol = vol };

	vol->verify.note_due = jiffies + NOTE_PERIOD;
	vol->verify.activity = sworn_volume_activity(vol);
	vol->verify.inspector.data = &w;
	verify_data(&w);
	if (may_go_on(vol))
		verify_nodes(&w);
	if (may_go_on(vol))
		finish(vol);
	else if (sworn_volume_mode(vol) == SWORN_FAILED)
		set_phase(vol, SWORN_VERIFY_PAUSED);
}

/* Also waits for one that has come to its end, and is about to say so. */
static void stop_worker(struct sworn_verify *v)
{
	WRITE_ONCE(v->stop, true);
	wake_up_all(&v->wait);
	cancel_work_sync(&v->work);
	WRITE_ONCE(v->stop, false);
}

/* ---- messages ---- */

static int may_begin(const struct sworn_volume *vol)
{
	if (!READ_ONCE(vol->running))
		return -EBUSY;
	return sworn_volume_mode(vol) == SWORN_FAILED ? -EIO : 0;
}

static void begin(struct sworn_volume *vol)
{
	set_phase(vol, SWORN_VERIFY_RUNNING);
	queue_work(vol->verify.wq, &vol->verify.work);
}

int sworn_verify_start(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	int err;

	mutex_lock(&v->order);
	err = may_begin(vol);
	if (!err && v->at.phase == SWORN_VERIFY_RUNNING)
		err = -EBUSY;
	if (!err) {
		stop_worker(v);
		spin_lock(&v->state_lock);
		memset(&v->at, 0, sizeof(v->at));
		v->at.started_s = ktime_get_real_seconds();
		spin_unlock(&v->state_lock);
		begin(vol);
	}
	mutex_unlock(&v->order);
	return err;
}

int sworn_verify_go_on(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	int err;

	mutex_lock(&v->order);
	err = may_begin(vol);
	if (!err && v->at.phase != SWORN_VERIFY_PAUSED)
		err = -EINVAL;
	if (!err) {
		stop_worker(v);
		begin(vol);
	}
	mutex_unlock(&v->order);
	return err;
}

int sworn_verify_pause(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	int err;

	mutex_lock(&v->order);
	err = READ_ONCE(vol->running) ? 0 : -EBUSY;
	if (!err) {
		stop_worker(v);
		/* it may have come to its end of its own accord */
		if (v->at.phase == SWORN_VERIFY_RUNNING)
			set_phase(vol, SWORN_VERIFY_PAUSED);
		else
			err = -EINVAL;
	}
	mutex_unlock(&v->order);
	return err;
}

int sworn_verify_cancel(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	int err;

	mutex_lock(&v->order);
	err = READ_ONCE(vol->running) ? 0 : -EBUSY;
	if (!err && v->at.phase == SWORN_VERIFY_IDLE)
		err = -EINVAL;
	if (!err) {
		stop_worker(v);
		spin_lock(&v->state_lock);
		memset(&v->at, 0, sizeof(v->at));
		spin_unlock(&v->state_lock);
		set_phase(vol, SWORN_VERIFY_IDLE);
	}
	mutex_unlock(&v->order);
	return err;
}

/* ---- life ---- */

void sworn_verify_wake(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;

	/* the volume runs, so a message may be pausing it this moment */
	mutex_lock(&v->order);
	if (v->at.phase == SWORN_VERIFY_RUNNING)
		queue_work(v->wq, &v->work);
	mutex_unlock(&v->order);
}

void sworn_verify_quiesce(struct sworn_volume *vol)
{
	wake_up_all(&vol->verify.wait);
}

void sworn_verify_rest(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;

	mutex_lock(&v->order);
	stop_worker(v);
	write_note(vol);
	mutex_unlock(&v->order);
}

u64 sworn_verify_bytes(void)
{
	return SWORN_VERIFY_BAD_MAX * sizeof(struct sworn_verify_bad) +
	       sizeof(struct sworn_disk_verify_note) +
	       (SWORN_INSPECTOR_BLOCKS + SWORN_RUN_BLOCKS) * SWORN_BLOCK_SIZE;
}

int sworn_verify_init(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;
	int err;

	INIT_WORK(&v->work, verify_worker);
	v->wq = alloc_workqueue("sworn_verify", WQ_UNBOUND, 1);
	v->bad = kvcalloc(SWORN_VERIFY_BAD_MAX, sizeof(*v->bad), GFP_KERNEL);
	v->io = kzalloc(sworn_io_bytes(vol->cryptor_bytes), GFP_KERNEL);
	if (!v->wq || !v->bad || !v->io ||
	    sworn_buffers_alloc(v->buf, SWORN_RUN_BLOCKS))
		return -ENOMEM;
	err = sworn_inspector_init(&v->inspector, &vol->index);
	v->inspector.seen = saw_node;
	if (!err)
		err = sworn_notes_init(&v->notes, &vol->meta, &vol->kdf,
				       vol->super.sb.cipher, vol->geo);
	return err;
}

/* Harmless on what was never made. */
void sworn_verify_exit(struct sworn_volume *vol)
{
	struct sworn_verify *v = &vol->verify;

	if (v->wq)
		destroy_workqueue(v->wq);
	v->wq = NULL;
	sworn_notes_exit(&v->notes);
	sworn_inspector_exit(&v->inspector);
	if (v->buf[0])
		sworn_buffers_free(v->buf, SWORN_RUN_BLOCKS);
	kfree_sensitive(v->io);
	v->io = NULL;
	kvfree(v->bad);
	v->bad = NULL;
	memset(&v->at, 0, sizeof(v->at));
}
