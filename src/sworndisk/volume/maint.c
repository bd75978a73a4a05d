// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upkeep: minor compaction and checkpoints.  docs/design.md, section 7.
 */
#include <linux/sched/mm.h>

#include "merge.h"

/* Attempts at merging that fail before writes are told that there is no room. */
#define FAILURES_MAX	16U

static u64 table_journal_blocks(const struct sworn_volume *vol)
{
	return sworn_journal_blocks_for(vol->geo->memtable_records);
}

static u64 newest_replay_seq(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->pack_replay_seq[vol->pack_generation % SWORN_PACKS]);
}

bool sworn_journal_long(struct sworn_volume *vol)
{
	return READ_ONCE(vol->journal.next_seq) - newest_replay_seq(vol) >
	       vol->geo->journal_blocks / 4;
}

/* Upkeep's own commits carry what is staged: two MemTables' worth at most. */
bool sworn_journal_has_room(struct sworn_volume *vol)
{
	return sworn_journal_used(&vol->journal) + 4 * table_journal_blocks(vol) <
	       vol->geo->journal_blocks;
}

static bool has_frozen(struct sworn_volume *vol)
{
	return rcu_access_pointer(vol->index.tables.frozen);
}

static int add_minor(struct sworn_volume *vol, void *data)
{
	struct sworn_minor *m = data;
	int err = sworn_journal_add_bits(vol, m->bits, m->nr_bits);

	if (!err)
		err = sworn_journal_add_extents(vol, SWORN_ITEM_DEAD, m->dead,
						m->nr_dead);
	if (!err)
		err = sworn_journal_add(&vol->journal, SWORN_ITEM_MINOR_DONE,
					NULL, 0);
	return err;
}

/* The BITs are durable and journalled: let lookups find them. */
static int publish(struct sworn_volume *vol)
{
	struct sworn_minor *m = &vol->minor;
	const struct sworn_commit c = { .items = add_minor, .data = m };
	const struct sworn_edit edit = {
		.bits = m->bits,
		.nr = m->nr_bits,
		.oldest = 1,
	};
	int err;

	mutex_lock(&vol->commit_mutex);
	err = sworn_commit(vol, &c);
	if (!err) {
		sworn_catalog_edit(&vol->index.catalog, &edit);
		sworn_unref_extents(vol, m->dead, m->nr_dead);
		WRITE_ONCE(vol->compact.unsettled,
			   vol->compact.unsettled + m->nr_unsettled);
		vol->compact.unsettled_since += m->nr_unsettled;
		WRITE_ONCE(vol->compact.fresh,
			   vol->compact.fresh + m->sorted.nr);
	}
	mutex_unlock(&vol->commit_mutex);
	if (err)
		return err;
	sworn_catalog_settle(&vol->index.catalog);
	sworn_tables_retire(&vol->index.tables);
	if (vol->compact.old_tables)
		vol->compact.old_tables--;
	wake_up_all(&vol->room);
	return 0;
}

/* Runs that can be merged hold index segments that a MemTable needs. */
static int make_index_room(struct sworn_volume *vol)
{
	bool more = true;
	int err = 0;

	while (!err && more && sworn_index_short(vol))
		err = sworn_merge_all(vol, &more);
	return err;
}

/* Write the frozen MemTable.  There is room for it, if there is any. */
static int minor_compaction(struct sworn_volume *vol)
{
	int err;

	/* to look takes time: well before free segments come to an end */
	vol->minor.settle = sworn_space_scarce(vol, 4);
	err = sworn_minor_run(&vol->minor);

	if (err == -ENOSPC) {
		err = make_index_room(vol);
		if (!err)
			err = sworn_minor_run(&vol->minor);
	}
	WRITE_ONCE(vol->index_full, err == -ENOSPC);
	if (!err)
		return publish(vol);
	if (err == -ENOSPC)
		sworn_volume_set_mode(vol, SWORN_OUT_OF_SPACE,
				      "no free index segment");
	else
		sworn_volume_set_mode(vol, SWORN_RO, "writing index nodes failed");
	return err;
}

static int rotate(struct sworn_volume *vol)
{
	const struct sworn_commit c = { .rotate = true };
	int err;

	mutex_lock(&vol->commit_mutex);
	err = sworn_commit(vol, &c);
	mutex_unlock(&vol->commit_mutex);
	wake_up_all(&vol->room);
	return err;
}

/* The data key has sealed about all that it may: go on under a new one. */
static int next_epoch(struct sworn_volume *vol)
{
	const struct sworn_commit announce = {};
	int err;

	mutex_lock(&vol->commit_mutex);
	err = vol->epochs.current_epoch->announced ? 0 :
		sworn_commit(vol, &announce);
	if (!err)
		err = sworn_epochs_start(&vol->epochs, vol->commit_id);
	mutex_unlock(&vol->commit_mutex);
	if (err)
		sworn_err_limited(vol, "cannot start a new data key: error %d",
				  err);
	return err;
}

/* Write the active MemTable as BITs, and before it a frozen one. */
static int flush_tables(struct sworn_volume *vol)
{
	int err = 0;

	if (has_frozen(vol))
		err = minor_compaction(vol);
	if (err || sworn_tables_active_empty(&vol->index.tables))
		return err;
	/* while nothing is frozen, for then a checkpoint may be written */
	err = make_index_room(vol);
	if (!err)
		err = rotate(vol);
	if (!err)
		err = minor_compaction(vol);
	return err;
}

/* What writers may be waiting for; between any two longer pieces of work. */
static int urgent(struct sworn_volume *vol)
{
	int err = 0;

	/* in vain: writing goes on until the key is used up, then fails */
	if (sworn_epochs_worn(&vol->epochs))
		next_epoch(vol);
	if (has_frozen(vol))
		err = minor_compaction(vol);
	if (!err && (sworn_tables_want_rotation(&vol->index.tables) ||
		     sworn_space_flush_due(vol) || sworn_journal_long(vol)))
		err = flush_tables(vol);
	if (!err && sworn_journal_long(vol))
		err = sworn_checkpoint(vol);
	/* the older pack still holds the ring: let it be the newer one */
	if (!err && !sworn_journal_has_room(vol))
		err = sworn_checkpoint(vol);
	/*
	 * Or else runs would pile up beside a long round.  When a round is due
	 * it is better to leave them to that.
	 */
	if (!err && (vol->compact.deep.on || !sworn_space_due(vol)))
		err = sworn_merge_new(vol);
	return err;
}

/* Background work ends when the device is suspended, unless writes wait. */
static bool may_work(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->running) || READ_ONCE(vol->space_wanted);
}

/*
 * Find out what is overwritten, until there is enough to give out, or a round
 * that began with everything there was has found nothing.
 */
static int make_space(struct sworn_volume *vol)
{
	bool nothing = false, more;
	u32 failures = 0, rounds = 0;
	u64 before = 0;
	int err = 0;

	while (!err && !nothing && may_work(vol) && sworn_space_due(vol)) {
		if (!vol->compact.deep.on) {
			before = READ_ONCE(vol->segments.given_back);
			rounds = vol->compact.rounds;
		}
		/* a MemTable hides old versions too */
		if (!vol->compact.deep.on || READ_ONCE(vol->space_wanted)) {
			err = flush_tables(vol);
			sworn_space_settle(vol, false);
			if (!err && !sworn_space_due(vol)) {
				err = urgent(vol);
				break;
			}
		}
		if (!err)
			err = sworn_merge_all(vol, &more);
		if (!err && !vol->compact.deep.on) {
			if (vol->compact.rounds == rounds &&
			    sworn_catalog_size(&vol->index.catalog).runs > 1) {
				/* for want of memory, or an I/O error */
				nothing = ++failures == FAILURES_MAX;
				schedule_timeout_uninterruptible(HZ / 50);
			} else {
				nothing = !vol->compact.partial &&
					  READ_ONCE(vol->segments.given_back) ==
					  before;
			}
		}
		if (!err)
			err = urgent(vol);
		sworn_space_settle(vol, false);
	}
	sworn_space_settle(vol, err || nothing);
	return err;
}

/* A round of all runs, and what writers need goes on meanwhile. */
static int whole_round(struct sworn_volume *vol)
{
	bool more;
	int err = 0;

	while (!err && vol->compact.deep.on && READ_ONCE(vol->running) &&
	       !sworn_idle_over(vol)) {
		/* new data first */
		if (READ_ONCE(vol->space_wanted))
			sworn_mover_rest(&vol->mover);
		err = sworn_merge_all(vol, &more);
		if (!err)
			err = urgent(vol);
		sworn_space_settle(vol, false);
	}
	return err;
}

/* A round that moves blocks as the mover was told. */
static int moving_round(struct sworn_volume *vol)
{
	int err = 0;

	if (sworn_compact_plan_deep(&vol->compact, true))
		err = whole_round(vol);
	sworn_mover_rest(&vol->mover);
	return err;
}

/* Empty sparse segments, as long as that brings free ones. */
static int clean(struct sworn_volume *vol)
{
	u32 before;
	int err = 0;

	do {
		before = READ_ONCE(vol->segments.nr_free);
		if (!sworn_mover_mark(&vol->mover, 0))
			break;
		err = moving_round(vol);
	} while (!err && READ_ONCE(vol->running) &&
		 READ_ONCE(vol->segments.nr_free) > before);
	return err;
}

/*
 * While nobody asks for anything: one round, if it makes more room than it
 * writes.  Of what was written lately more will be overwritten.
 */
static int clean_idle(struct sworn_volume *vol)
{
	int err = flush_tables(vol);

	if (err || sworn_idle_over(vol))
		return err;
	if (sworn_mover_mark(&vol->mover, vol->segments.nr / 4) &&
	    sworn_idle_pays(vol))
		err = moving_round(vol);
	sworn_mover_rest(&vol->mover);
	return err;
}

static bool few_free(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->segments.nr_free) < vol->segments.nr / 8;
}

/* On request: all runs become one, and blocks are moved on the way. */
static int reorganise(struct sworn_volume *vol, u32 flags)
{
	int err = 0;

	/* one that is under way does not have the newest runs */
	if (vol->compact.deep.on)
		err = whole_round(vol);
	/* segments look emptier when old versions are known */
	if (!err && sworn_compact_plan_deep(&vol->compact, false))
		err = whole_round(vol);
	if (!err && (flags & SWORN_MAINT_CLEAN || few_free(vol)))
		err = clean(vol);
	if (!err && flags & SWORN_MAINT_COMPACT) {
		sworn_mover_order(&vol->mover);
		err = moving_round(vol);
		if (!err && few_free(vol))
			err = clean(vol);
	}
	if (!err && !READ_ONCE(vol->running))
		err = -EINTR;
	return err;
}

/*
 * A key stays in the table as long as one block is under it.  Before the table
 * is full a round looks which are in use, and then one seals anew what is under
 * the older half of them.
 */
static int retire_keys(struct sworn_volume *vol)
{
	int err = 0;

	if (vol->keys_looked_at || vol->epochs.nr <= vol->epochs.max / 4 * 3)
		return 0;
	vol->keys_looked_at = true;
	if (vol->compact.deep.on)
		err = whole_round(vol);
	if (!err)
		err = flush_tables(vol);
	/* none is that old; but then it goes through everything */
	sworn_mover_retire(&vol->mover, 0);
	if (!err)
		err = moving_round(vol);
	if (!err && vol->epochs.nr > vol->epochs.max / 4 * 3) {
		sworn_mover_retire(&vol->mover,
				   sworn_epochs_median_born(&vol->epochs));
		err = moving_round(vol);
	}
	sworn_mover_rest(&vol->mover);
	return err;
}

/* The maint_mutex is held. */
static int __maintain(struct sworn_volume *vol, u32 flags)
{
	int err = urgent(vol);

	if (!err && flags & SWORN_MAINT_ROTATE)
		err = flush_tables(vol);
	if (!err && flags & (SWORN_MAINT_COMPACT | SWORN_MAINT_CLEAN))
		err = reorganise(vol, flags);
	if (!err && flags & SWORN_MAINT_IDLE)
		err = clean_idle(vol);
	if (!err)
		err = make_space(vol);
	if (!err)
		err = retire_keys(vol);
	if (!err && flags & SWORN_MAINT_CHECKPOINT)
		err = sworn_checkpoint(vol);
	return err;
}

int sworn_maintain(struct sworn_volume *vol, u32 flags)
{
	unsigned int noio;
	int err;

	if (sworn_volume_mode(vol) >= SWORN_RO)
		return -EROFS;
	/* reclaim must not come back to this device while it waits for us */
	noio = memalloc_noio_save();
	mutex_lock(&vol->maint_mutex);
	/* a message may have waited here while the device was suspended */
	err = flags && !READ_ONCE(vol->running) ? -EINTR : __maintain(vol, flags);
	mutex_unlock(&vol->maint_mutex);
	memalloc_noio_restore(noio);
	return err;
}

void sworn_maint_kick(struct sworn_volume *vol)
{
	queue_work(vol->maint_wq, &vol->maint_work);
}

void sworn_maint_worker(struct work_struct *work)
{
	struct sworn_volume *vol = container_of(work, struct sworn_volume,
						maint_work);

	/* merging new runs goes step by step */
	if (!sworn_maintain(vol, 0) && READ_ONCE(vol->running) &&
	    READ_ONCE(vol->compact.front.on))
		sworn_maint_kick(vol);
}
