// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commits: cut, data, journal, accounts.  docs/design.md, section 6, says what
 * holds after a crash between any two of these.
 */
#include <linux/sched/mm.h>

#include "volume.h"

static bool cut_empty(const struct sworn_cut *cut)
{
	u32 i;

	for (i = 0; i < SWORN_STAGE_LISTS; i++)
		if (!list_empty(&cut->pages[i]))
			return false;
	return true;
}

/* Everything that the records of the cut point at becomes durable. */
static int write_data(struct sworn_volume *vol, bool *preflush)
{
	int err = sworn_units_send(&vol->units, 0);

	if (!err)
		err = sworn_units_wait(&vol->units);
	*preflush = false;
	if (err)
		return err;
	if (vol->geo->one_device) {
		/* the journal's own PREFLUSH does it */
		*preflush = sworn_area_take_dirty(&vol->data);
		return 0;
	}
	return sworn_area_flush(&vol->data);
}

/*
 * The group that has the first record under a key has the key.  @added
 * receives the epoch whose item the group has, if any.
 */
static int add_epoch(struct sworn_volume *vol, struct sworn_epoch **added)
{
	struct sworn_epoch *e = vol->epochs.current_epoch;
	struct sworn_disk_epoch d;
	int err;

	if (!e || e->announced || !sworn_epoch_used(e))
		return 0;
	sworn_epoch_encode(&d, e);
	err = sworn_journal_add(&vol->journal, SWORN_ITEM_EPOCH, &d, sizeof(d));
	memzero_explicit(&d, sizeof(d));
	*added = e;
	return err;
}

static int add_list(struct sworn_volume *vol, const struct list_head *pages)
{
	struct sworn_stage_page *page;
	int err = 0;
	u32 i;

	list_for_each_entry(page, pages, list) {
		for (i = 0; !err && i < page->nr; i++)
			err = sworn_journal_add_record(&vol->journal,
						       &page->rec[i].rec);
		if (err)
			break;
	}
	return err;
}

/* A cursor into one staging list. */
struct staged_at {
	const struct list_head *pages;
	const struct sworn_stage_page *page;
	u32 i;
};

static const struct sworn_staged *staged_peek(struct staged_at *at)
{
	while (!list_entry_is_head(at->page, at->pages, list)) {
		if (at->i < at->page->nr)
			return &at->page->rec[at->i];
		at->page = list_next_entry(at->page, list);
		at->i = 0;
	}
	return NULL;
}

/*
 * Records of different shards never speak of the same LBA, ranges do: with
 * ranges among them the records go out in the order of their numbers.
 */
static int add_merged(struct sworn_volume *vol, const struct sworn_cut *cut)
{
	struct staged_at at[SWORN_STAGE_LISTS];
	int err = 0;
	u32 i;

	for (i = 0; i < SWORN_STAGE_LISTS; i++) {
		at[i].pages = &cut->pages[i];
		at[i].page = list_first_entry(at[i].pages,
					      struct sworn_stage_page, list);
		at[i].i = 0;
	}
	while (!err) {
		const struct sworn_staged *best = NULL;
		struct staged_at *from = NULL;

		for (i = 0; i < SWORN_STAGE_LISTS; i++) {
			const struct sworn_staged *s = staged_peek(&at[i]);

			if (s && (!best || s->seq < best->seq)) {
				best = s;
				from = &at[i];
			}
		}
		if (!best)
			break;
		err = sworn_journal_add_record(&vol->journal, &best->rec);
		from->i++;
	}
	return err;
}

static int add_records(struct sworn_volume *vol, const struct sworn_cut *cut)
{
	int err = 0;
	u32 i;

	if (!list_empty(&cut->pages[SWORN_SHARDS]))
		return add_merged(vol, cut);
	for (i = 0; !err && i < SWORN_SHARDS; i++)
		err = add_list(vol, &cut->pages[i]);
	return err;
}

/* All of a group, to be written by sworn_journal_commit*(). */
static int add_group(struct sworn_volume *vol, const struct sworn_commit *c,
		     const struct sworn_cut *cut, bool beside,
		     struct sworn_epoch **epoch)
{
	struct sworn_journal *j = &vol->journal;
	__le64 id = cpu_to_le64(vol->commit_id + 1);
	int err;

	err = sworn_journal_begin(j);
	if (!err && beside)
		err = sworn_journal_add(j, SWORN_ITEM_BESIDE, NULL, 0);
	if (!err)
		err = add_epoch(vol, epoch);
	if (!err)
		err = add_records(vol, cut);
	if (!err && c && c->rotate)
		err = sworn_journal_add(j, SWORN_ITEM_ROTATE, NULL, 0);
	if (!err && c && c->items)
		err = c->items(vol, c->data);
	if (!err)
		err = sworn_journal_add(j, SWORN_ITEM_COMMIT, &id, sizeof(id));
	return err;
}

/* The data first, then what tells of it. */
static int commit_behind(struct sworn_volume *vol, const struct sworn_commit *c,
			 const struct sworn_cut *cut, struct sworn_epoch **epoch)
{
	bool preflush;
	int err = write_data(vol, &preflush);

	if (!err)
		err = add_group(vol, c, cut, false, epoch);
	if (!err)
		err = sworn_journal_commit(&vol->journal, preflush);
	return err;
}

/*
 * Both at once.  Nothing else may be written to the journal until both are
 * durable, for that would prove that they are.
 */
static int commit_beside(struct sworn_volume *vol, const struct sworn_cut *cut,
			 struct sworn_epoch **epoch)
{
	int waited, err;

	err = sworn_units_send(&vol->units, sworn_area_fua(&vol->data));
	if (err)
		return err;
	err = add_group(vol, NULL, cut, true, epoch);
	if (!err)
		err = sworn_journal_commit_beside(&vol->journal);
	waited = sworn_units_wait(&vol->units);
	if (!err)
		err = waited;
	return err ? err : sworn_areas_flush(&vol->data, &vol->meta);
}

/* Few records: recovery may have to read their blocks. */
static bool few(const struct sworn_cut *cut)
{
	const struct sworn_stage_page *page;
	u32 i, n = 0;

	for (i = 0; i < SWORN_STAGE_LISTS; i++) {
		list_for_each_entry(page, &cut->pages[i], list) {
			n += page->nr;
			if (n > SWORN_BESIDE_RECORDS)
				return false;
		}
	}
	return true;
}

/* The accounts are in memory only; that they do not add up is our own fault. */
static void settle_page(struct sworn_segments *segments,
			const struct sworn_stage_page *page)
{
	bool right = true;
	u32 i;

	sworn_segments_lock(segments);
	for (i = 0; i < page->nr; i++) {
		u64 old = page->rec[i].old_hba;
		struct sworn_record r;

		sworn_record_decode(&r, &page->rec[i].rec);
		right &= __sworn_segments_ref(segments, r.hba);
		if (old != SWORN_HBA_NONE)
			right &= __sworn_segments_unref(segments, old);
	}
	sworn_segments_unlock(segments);
	WARN_ON_ONCE(!right);
}

/* Only now may what was replaced be given out again. */
static void settle(struct sworn_volume *vol, const struct sworn_cut *cut,
		   u32 nr_abandoned)
{
	struct sworn_stage_page *page;
	u32 i;

	for (i = 0; i < SWORN_SHARDS; i++)
		list_for_each_entry(page, &cut->pages[i], list)
			settle_page(&vol->segments, page);
	if (nr_abandoned) {
		sworn_segments_lock(&vol->segments);
		__sworn_segments_reclaim(&vol->segments, nr_abandoned);
		sworn_segments_unlock(&vol->segments);
	}
	vol->commit_id++;
}

int sworn_commit_checkpoint(struct sworn_volume *vol, void *data)
{
	__le64 generation = cpu_to_le64(vol->packs.generation);

	return sworn_journal_add(&vol->journal, SWORN_ITEM_CHECKPOINT,
				 &generation, sizeof(generation));
}

int sworn_commit(struct sworn_volume *vol, const struct sworn_commit *c)
{
	bool rotate = c && c->rotate, beside;
	struct sworn_epoch *epoch = NULL;
	struct sworn_cut cut;
	u32 nr_abandoned;
	u64 begun;
	int err;

	lockdep_assert_held(&vol->commit_mutex);
	if (vol->commit_error)
		return vol->commit_error;
	nr_abandoned = sworn_segments_abandoned(&vol->segments);
	sworn_tables_cut(&vol->index.tables, &cut, rotate);
	if (cut_empty(&cut) && (!c || (c->last && !vol->unproven)))
		return 0;
	begun = sworn_watch_begin();
	beside = !c && few(&cut);
	err = beside ? commit_beside(vol, &cut, &epoch) :
		       commit_behind(vol, c, &cut, &epoch);
	if (err) {
		vol->commit_error = err;
		sworn_err(vol, "commit failed: error %d", err);
		sworn_volume_set_mode(vol, SWORN_RO, "a commit failed");
	} else {
		if (epoch)
			epoch->announced = true;
		vol->unproven = beside;
		settle(vol, &cut, nr_abandoned);
		if (rotate) {
			vol->replay_seq = vol->journal.next_seq;
			memcpy(vol->replay_prev_tag, vol->journal.prev_tag,
			       SWORN_TAG_SIZE);
		}
	}
	sworn_tables_uncut(&vol->index.tables, &cut);
	sworn_watch_end(&vol->watch, SWORN_STAGE_COMMIT, begun, vol->commit_id, 0);
	wake_up_all(&vol->room);
	return err;
}

void sworn_commit_kick(struct sworn_volume *vol)
{
	queue_work(vol->commit_wq, &vol->commit_work);
}

void sworn_commit_bio(struct sworn_volume *vol, struct bio *bio)
{
	unsigned long flags;

	spin_lock_irqsave(&vol->flush_lock, flags);
	bio_list_add(&vol->flush_bios, bio);
	spin_unlock_irqrestore(&vol->flush_lock, flags);
	sworn_commit_kick(vol);
}

/*
 * Is there room in the journal, or no use in waiting for it?  Out of space
 * nothing new is staged while there is none, so that what is staged fits into
 * what is kept back.
 */
static bool journal_ready(struct sworn_volume *vol)
{
	return sworn_journal_has_room(vol) || sworn_volume_mode(vol) != SWORN_RW;
}

void sworn_commit_worker(struct work_struct *work)
{
	struct sworn_volume *vol = container_of(work, struct sworn_volume,
						commit_work);
	unsigned int noio = memalloc_noio_save();
	struct bio_list bios;
	struct bio *bio;
	int err;

	if (!sworn_journal_has_room(vol)) {
		sworn_maint_kick(vol);
		wait_event(vol->room, journal_ready(vol));
	}
	mutex_lock(&vol->commit_mutex);
	spin_lock_irq(&vol->flush_lock);
	bios = vol->flush_bios;
	bio_list_init(&vol->flush_bios);
	spin_unlock_irq(&vol->flush_lock);
	err = sworn_commit(vol, NULL);
	mutex_unlock(&vol->commit_mutex);

	while ((bio = bio_list_pop(&bios))) {
		bio->bi_status = errno_to_blk_status(err);
		bio_endio(bio);
	}
	if (sworn_journal_long(vol))
		sworn_maint_kick(vol);
	memalloc_noio_restore(noio);
}
