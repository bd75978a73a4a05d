// SPDX-License-Identifier: GPL-2.0-only
/* Compaction's steps: journalled, committed, made visible. */
#include "merge.h"

#define EXTENTS_AT_A_TIME	64U

int sworn_journal_add_bits(struct sworn_volume *vol,
			   const struct sworn_bit *bits, u32 nr)
{
	struct sworn_disk_bit d;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < nr; i++) {
		sworn_bit_encode(&d, &bits[i]);
		err = sworn_journal_add(&vol->journal, SWORN_ITEM_BIT_ADD, &d,
					sizeof(d));
	}
	return err;
}

int sworn_journal_add_extents(struct sworn_volume *vol, u32 type,
			      const struct sworn_extent *e, u32 nr)
{
	struct sworn_disk_extent d[EXTENTS_AT_A_TIME];
	int err = 0;
	u32 i, n;

	for (i = 0; !err && i < nr; i += n) {
		for (n = 0; n < EXTENTS_AT_A_TIME && i + n < nr; n++)
			sworn_extent_encode(&d[n], &e[i + n]);
		err = sworn_journal_add(&vol->journal, type, d,
					n * sizeof(d[0]));
	}
	return err;
}

static void account(struct sworn_volume *vol, const struct sworn_extent *e,
		    u32 nr, bool (*change)(struct sworn_segments *s, u64 hba))
{
	bool right = true;
	u32 i, k;

	for (i = 0; i < nr; i++) {
		cond_resched();
		sworn_segments_lock(&vol->segments);
		for (k = 0; k < e[i].n; k++)
			right &= change(&vol->segments, e[i].hba + k);
		sworn_segments_unlock(&vol->segments);
	}
	WARN_ON_ONCE(!right);
}

void sworn_unref_extents(struct sworn_volume *vol, const struct sworn_extent *e,
			 u32 nr)
{
	account(vol, e, nr, __sworn_segments_unref);
}

/* What becomes of the BITs that were there. */
static int add_fates(struct sworn_volume *vol, const struct sworn_edit *edit)
{
	const struct sworn_catalog *cat = &vol->index.catalog;
	const struct sworn_version *v = rcu_dereference_protected(cat->version,
								  true);
	struct sworn_disk_trim trim;
	u32 run, i;
	int err = 0;

	for (run = 0; run < v->nr_runs; run++) {
		for (i = v->first[run]; !err && i < v->first[run + 1]; i++) {
			__le64 id = cpu_to_le64(cat->bit[v->order[i]].id);

			switch (sworn_catalog_fate(cat, edit, run, i, &trim)) {
			case SWORN_BIT_STAYS:
				break;
			case SWORN_BIT_TRIMMED:
				err = sworn_journal_add(&vol->journal,
							SWORN_ITEM_BIT_TRIM,
							&trim, sizeof(trim));
				break;
			case SWORN_BIT_GOES:
				err = sworn_journal_add(&vol->journal,
							SWORN_ITEM_BIT_DEL,
							&id, sizeof(id));
				break;
			}
		}
	}
	return err;
}

/* First what goes, so that there is room for what comes. */
static int add_step(struct sworn_volume *vol, void *data)
{
	struct sworn_compact *c = data;
	int err = add_fates(vol, &c->edit);

	if (!err)
		err = sworn_journal_add_bits(vol, c->bits, c->edit.nr);
	if (!err)
		err = sworn_journal_add_extents(vol, SWORN_ITEM_LIVE, c->live,
						c->nr_live);
	if (!err)
		err = sworn_journal_add_extents(vol, SWORN_ITEM_DEAD, c->dead,
						c->nr_dead);
	return err;
}

static int publish(struct sworn_volume *vol, struct sworn_round *round)
{
	struct sworn_compact *c = &vol->compact;
	const struct sworn_commit commit = { .items = add_step, .data = c };
	int err;

	mutex_lock(&vol->commit_mutex);
	err = sworn_commit(vol, &commit);
	if (!err) {
		/*
		 * Places are given out again only when lookups find the new
		 * ones: who reads what was written anew asks once more.
		 */
		account(vol, c->live, c->nr_live, __sworn_segments_ref);
		sworn_catalog_edit(&vol->index.catalog, &c->edit);
		sworn_unref_extents(vol, c->dead, c->nr_dead);
		sworn_compact_advance(c, round);
	}
	mutex_unlock(&vol->commit_mutex);
	if (!err)
		sworn_catalog_settle(&vol->index.catalog);
	wake_up_all(&vol->room);
	return err;
}

static bool unused(const struct sworn_volume *vol, u32 slot)
{
	const struct sworn_epoch *e = vol->epochs.slots[slot];

	return e && e->loaded && !e->dropped &&
	       !test_bit(slot, vol->compact.epochs);
}

static int add_drops(struct sworn_volume *vol, void *data)
{
	u32 slot;
	int err = 0;

	for (slot = 0; !err && slot < vol->epochs.max; slot++) {
		__le64 d = cpu_to_le64(slot);

		if (unused(vol, slot))
			err = sworn_journal_add(&vol->journal,
						SWORN_ITEM_EPOCH_DROP, &d,
						sizeof(d));
	}
	return err;
}

/*
 * A round went through all records that there were of activations before this
 * one: keys that it did not come across are not needed any more.
 */
static int drop_epochs(struct sworn_volume *vol)
{
	const struct sworn_commit c = { .items = add_drops };
	u32 slot, first;
	int err;

	for (first = 0; first < vol->epochs.max && !unused(vol, first); first++)
		;
	if (first == vol->epochs.max)
		return 0;
	mutex_lock(&vol->commit_mutex);
	err = sworn_commit(vol, &c);
	for (slot = first; !err && slot < vol->epochs.max; slot++)
		if (unused(vol, slot))
			sworn_epochs_drop(&vol->epochs, slot);
	mutex_unlock(&vol->commit_mutex);
	return err;
}

/* Blocks were moved, and then the step came to nothing. */
static void abandon_moved(struct sworn_volume *vol)
{
	const struct sworn_compact *c = &vol->compact;
	u32 i;

	for (i = 0; i < c->nr_live; i++)
		sworn_segments_abandon(&vol->segments, c->live[i].hba,
				       c->live[i].n);
}

/*
 * Is there room in the journal for a step?  A checkpoint makes some, but not
 * while a MemTable is frozen: a pack's replay begins behind its records.  Then
 * a step may go into what is kept back, for it may be what the MemTable needs.
 */
static bool has_room(struct sworn_volume *vol, int *err)
{
	u32 i;

	*err = 0;
	for (i = 0; i < SWORN_PACKS && !sworn_journal_has_room(vol); i++) {
		if (rcu_access_pointer(vol->index.tables.frozen))
			return sworn_journal_used(&vol->journal) +
			       2 * sworn_journal_blocks_for(vol->geo->memtable_records) <
			       vol->geo->journal_blocks;
		/* the older pack may still hold the ring: then once more */
		*err = sworn_checkpoint(vol);
		if (*err)
			return false;
	}
	return sworn_journal_has_room(vol);
}

/* Without index segments or memory it is left undone: the runs are good. */
static int step(struct sworn_volume *vol, struct sworn_round *round)
{
	SWORN_WATCH_SCOPE(&vol->watch, SWORN_STAGE_MERGE_STEP, round->cursor, 0);
	int err;

	err = sworn_compact_step(&vol->compact, round);
	if (!err)
		err = publish(vol, round);
	if (!err && round == &vol->compact.deep && !round->on) {
		WRITE_ONCE(vol->live_at_round,
			   READ_ONCE(vol->segments.live_blocks));
		sworn_space_look(vol, true);
	}
	if (!err && vol->compact.ended)
		err = drop_epochs(vol);
	if (!err || vol->commit_error)
		return err;
	abandon_moved(vol);
	round->on = false;
	if (err == -ENOSPC || err == -ENOMEM)
		return 0;
	sworn_err_limited(vol, "merging index runs failed: error %d", err);
	/* the device may do better next time; a bad node has made it read-only */
	return err == -EUCLEAN ? err : 0;
}

int sworn_merge_new(struct sworn_volume *vol)
{
	struct sworn_compact *c = &vol->compact;
	int err;

	if (!has_room(vol, &err))
		return err;
	return sworn_compact_plan_front(c) ? step(vol, &c->front) : 0;
}

int sworn_merge_all(struct sworn_volume *vol, bool *more)
{
	struct sworn_compact *c = &vol->compact;
	int err;

	*more = false;
	if (!has_room(vol, &err))
		return err;
	if (sworn_compact_plan_deep(c, false))
		err = step(vol, &c->deep);
	*more = !err && c->deep.on;
	return err;
}

/* A run that is merged has a BIT at a time that is merged in part. */
bool sworn_index_short(struct sworn_volume *vol)
{
	const struct sworn_catalog *cat = &vol->index.catalog;
	u32 nr_runs = rcu_dereference_protected(cat->version, true)->nr_runs;

	return READ_ONCE(cat->nr_free) < nr_runs + SWORN_MINOR_BITS_MAX / 2;
}
