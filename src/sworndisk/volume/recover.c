// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recovery: a checkpoint pack, then the journal.  docs/design.md, section 8.
 *
 * The state that a pack holds is that before journal block state_seq; blocks
 * from replay_seq to there only refill the MemTables.  Values are checked
 * although they were authentic.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "volume.h"

/*
 * struct recovery - one attempt
 * @newest: the newest pack whose header verifies, be it this one or not
 * @seen_record: the journal reached the pack's CHECKPOINT item
 * @seen_newest: it reached that of the newest pack
 * @checkpoint: generation in a CHECKPOINT item of the group under way, or 0
 * @rotated: the group under way froze the MemTable
 * @tail: the last group
 */
struct recovery {
	struct sworn_volume *vol;
	struct sworn_tail *tail;
	struct sworn_pack_state pack;
	struct sworn_pack_state newest;
	bool seen_record;
	bool seen_newest;
	bool rotated;
	u64 checkpoint;
};

static bool edits_tables(const struct recovery *r, u64 base_seq)
{
	return base_seq >= r->pack.state_seq;
}

/* Nothing points at a block any more. */
static int forget(struct sworn_volume *vol, u64 hba)
{
	return __sworn_segments_unref(&vol->segments, hba) ? 0 : -EUCLEAN;
}

static int replay_range(struct sworn_volume *vol, const struct sworn_record *r)
{
	return sworn_tables_insert_range(&vol->index.tables, r->lba, r->hba,
					 false) ? -EUCLEAN : 0;
}

/* Of a group that was written beside its data. */
static int keep_record(struct sworn_tail *tail, const struct sworn_disk_record *d)
{
	if (!tail->beside)
		return 0;
	if (tail->nr == SWORN_BESIDE_RECORDS)
		return -EUCLEAN;
	tail->rec[tail->nr++] = *d;
	return 0;
}

static int replay_records(struct recovery *rec, u64 base_seq, const void *body,
			  u32 bytes)
{
	struct sworn_volume *vol = rec->vol;
	const struct sworn_geometry *geo = vol->geo;
	const struct sworn_disk_record *d = body;
	u64 data_blocks = geo->data_segments * geo->segment_blocks;
	u32 i, n = bytes / sizeof(*d);
	bool nomem;

	if (bytes % sizeof(*d))
		return -EUCLEAN;
	for (i = 0; i < n; i++) {
		struct sworn_record r;
		u64 old;
		int err;

		sworn_record_decode(&r, &d[i]);
		if (!sworn_record_valid(&r, geo->logical_blocks, data_blocks,
					geo->max_epochs) || r.settled)
			return -EUCLEAN;
		if (sworn_record_is_tombstone(&r)) {
			err = replay_range(vol, &r);
			if (err)
				return err;
			continue;
		}
		if (sworn_tables_insert(&vol->index.tables, &d[i], 1, false,
					&old, &nomem) != 1)
			return -EUCLEAN;
		if (!edits_tables(rec, base_seq))
			continue;
		err = keep_record(rec->tail, &d[i]);
		if (!err)
			err = sworn_segments_replay(&vol->segments, r.hba);
		if (!err && old != SWORN_HBA_NONE)
			err = forget(vol, old);
		if (err)
			return err;
	}
	return 0;
}

static int replay_rotate(struct recovery *rec)
{
	struct sworn_tables *t = &rec->vol->index.tables;
	struct sworn_cut cut;

	if (rcu_access_pointer(t->frozen))
		return -EUCLEAN;
	sworn_tables_cut(t, &cut, true);
	rec->rotated = true;
	return 0;
}

static int replay_bit_add(struct sworn_volume *vol, const void *d)
{
	struct sworn_bit bit;
	int err = sworn_bit_decode(&bit, d, vol->geo);

	return err ? err : sworn_catalog_insert(&vol->index.catalog, &bit);
}

static int replay_bit_del(struct sworn_volume *vol, const void *d)
{
	return sworn_catalog_remove(&vol->index.catalog, le64_to_cpup(d));
}

static int replay_bit_trim(struct sworn_volume *vol, const void *d)
{
	return sworn_catalog_trim(&vol->index.catalog, d);
}

static int replay_epoch_drop(struct sworn_volume *vol, const void *d)
{
	return sworn_epochs_forget(&vol->epochs, le64_to_cpup(d));
}

/* Records point at these blocks now. */
static int replay_live(struct sworn_volume *vol, const void *d)
{
	struct sworn_extent e;
	int err = sworn_extent_decode(&e, d, vol->geo);

	for (; !err && e.n; e.hba++, e.n--)
		err = sworn_segments_replay(&vol->segments, e.hba);
	return err;
}

/* They do no more. */
static int replay_dead(struct sworn_volume *vol, const void *d)
{
	struct sworn_extent e;
	int err = sworn_extent_decode(&e, d, vol->geo);

	for (; !err && e.n; e.hba++, e.n--)
		err = forget(vol, e.hba);
	return err;
}

/*
 * struct edit_kind - items that are any number of one kind of edit
 * @bytes: of an edit
 */
struct edit_kind {
	u32 bytes;
	int (*replay)(struct sworn_volume *vol, const void *edit);
};

static const struct edit_kind edit_kinds[] = {
	[SWORN_ITEM_BIT_ADD] = { sizeof(struct sworn_disk_bit), replay_bit_add },
	[SWORN_ITEM_BIT_DEL] = { sizeof(__le64), replay_bit_del },
	[SWORN_ITEM_BIT_TRIM] = { sizeof(struct sworn_disk_trim), replay_bit_trim },
	[SWORN_ITEM_LIVE] = { sizeof(struct sworn_disk_extent), replay_live },
	[SWORN_ITEM_DEAD] = { sizeof(struct sworn_disk_extent), replay_dead },
	[SWORN_ITEM_EPOCH_DROP] = { sizeof(__le64), replay_epoch_drop },
};

static int replay_edits(struct recovery *rec, u32 type, const void *body,
			u32 bytes)
{
	const struct edit_kind *kind;
	u32 at;
	int err = 0;

	if (type >= ARRAY_SIZE(edit_kinds) || !edit_kinds[type].replay)
		return -EOPNOTSUPP;
	kind = &edit_kinds[type];
	if (bytes % kind->bytes)
		return -EUCLEAN;
	for (at = 0; !err && at < bytes; at += kind->bytes)
		err = kind->replay(rec->vol, body + at);
	return err;
}

static int replay_epoch(struct recovery *rec, const void *body, u32 bytes)
{
	if (bytes != sizeof(struct sworn_disk_epoch))
		return -EUCLEAN;
	return sworn_epochs_load(&rec->vol->epochs, body);
}

static int replay_minor_done(struct recovery *rec)
{
	struct sworn_tables *t = &rec->vol->index.tables;

	if (!rcu_access_pointer(t->frozen))
		return -EUCLEAN;
	sworn_tables_retire(t);
	return 0;
}

static int replay_number(const void *body, u32 bytes, u64 *number)
{
	if (bytes != sizeof(__le64))
		return -EUCLEAN;
	*number = le64_to_cpup(body);
	return 0;
}

/* Is the group that was just replayed the one that a pack names? */
static bool is_record_of(const struct recovery *rec,
			 const struct sworn_pack_state *pack)
{
	return rec->tail->base_seq == pack->record_seq &&
	       rec->checkpoint == pack->generation &&
	       !memcmp(rec->vol->journal.prev_tag, pack->record_tag,
		       SWORN_TAG_SIZE);
}

/* Items that change what a pack holds; before state_seq the pack has them. */
static int replay_edit(struct recovery *rec, u32 type, const void *body,
		       u32 bytes)
{
	switch (type) {
	case SWORN_ITEM_EPOCH:
		return replay_epoch(rec, body, bytes);
	case SWORN_ITEM_ROTATE:
		return replay_rotate(rec);
	case SWORN_ITEM_MINOR_DONE:
		return replay_minor_done(rec);
	default:
		return replay_edits(rec, type, body, bytes);
	}
}

static int replay_item(void *data, u64 base_seq, u32 type, const void *body,
		       u32 bytes)
{
	struct recovery *rec = data;
	struct sworn_tail *tail = rec->tail;

	if (tail->base_seq != base_seq) {
		tail->base_seq = base_seq;
		tail->beside = false;
		tail->nr = 0;
	}
	switch (type) {
	case SWORN_ITEM_RECORDS:
		return replay_records(rec, base_seq, body, bytes);
	case SWORN_ITEM_BESIDE:
		tail->beside = true;
		return bytes ? -EUCLEAN : 0;
	case SWORN_ITEM_CHECKPOINT:
		return replay_number(body, bytes, &rec->checkpoint);
	case SWORN_ITEM_COMMIT:
		return replay_number(body, bytes, &rec->vol->commit_id);
	case SWORN_ITEM_ROTATE:
		/* a pack's replay begins behind the last one */
		if (!edits_tables(rec, base_seq))
			return -EUCLEAN;
		fallthrough;
	default:
		return edits_tables(rec, base_seq) ?
			replay_edit(rec, type, body, bytes) : 0;
	}
}

/* As in sworn_commit(): a replay need not begin before a rotation. */
static void replay_group(void *data)
{
	struct recovery *rec = data;
	struct sworn_volume *vol = rec->vol;

	rec->seen_record |= is_record_of(rec, &rec->pack);
	rec->seen_newest |= is_record_of(rec, &rec->newest);
	rec->checkpoint = 0;
	if (!rec->rotated)
		return;
	rec->rotated = false;
	vol->replay_seq = vol->journal.next_seq;
	memcpy(vol->replay_prev_tag, vol->journal.prev_tag, SWORN_TAG_SIZE);
}

/* Find what the pack in a place says; 0 if its header verifies. */
static int read_header(struct sworn_volume *vol, u32 place,
		       struct sworn_pack_state *pack)
{
	int err = sworn_pack_read_header(&vol->packs, place, pack);

	if (!err && pack->sb_generation != vol->super.sb.generation) {
		sworn_err(vol, "checkpoint %llu belongs to superblock generation %llu, found %llu: one of them was rolled back",
			  pack->generation, pack->sb_generation,
			  vol->super.sb.generation);
		err = -EUCLEAN;
	}
	return err;
}

static int load(struct recovery *rec)
{
	struct sworn_volume *vol = rec->vol;
	const struct sworn_tables_ref tables = {
		.segments = &vol->segments,
		.catalog = &vol->index.catalog,
		.epochs = &vol->epochs,
	};
	int err = sworn_pack_read_body(&vol->packs, &tables);

	if (err)
		return err;
	vol->commit_id = rec->pack.commit_id;
	vol->index.catalog.next_id = max(vol->index.catalog.next_id,
					 rec->pack.next_bit_id);
	vol->index.catalog.next_run = max(vol->index.catalog.next_run,
					  rec->pack.next_run);
	vol->segments.next_seq = rec->pack.next_segment_seq;
	return 0;
}

static int replay(struct recovery *rec)
{
	static const struct sworn_replay_ops ops = {
		.item = replay_item,
		.group = replay_group,
	};
	struct sworn_volume *vol = rec->vol;
	int err;

	vol->replay_seq = rec->pack.replay_seq;
	memcpy(vol->replay_prev_tag, rec->pack.replay_prev_tag, SWORN_TAG_SIZE);
	err = sworn_journal_replay(&vol->journal, rec->pack.replay_seq,
				   rec->pack.replay_prev_tag,
				   rec->tail->end_seq, &ops, rec);
	if (err == -EUCLEAN)
		sworn_err(vol, "journal damaged or partly rolled back behind block %llu",
			  vol->journal.next_seq);
	/* a header is written after its item is in the journal, so it proves that */
	if (!err && !(rec->seen_record && rec->seen_newest)) {
		sworn_err(vol, "journal ends at block %llu, before checkpoint %llu: damaged or rolled back",
			  vol->journal.next_seq, rec->newest.generation);
		err = -EUCLEAN;
	}
	return err;
}

/* An old pack that was put back must not hold the journal's tail. */
static bool in_ring(const struct sworn_volume *vol, u64 replay_seq)
{
	return replay_seq <= vol->journal.next_seq &&
	       vol->journal.next_seq - replay_seq <= vol->geo->journal_blocks / 4 * 3;
}

/* Recover from the pack in a place, into fresh tables. */
static int attempt(struct sworn_volume *vol, u32 place,
		   const struct sworn_pack_state *newest, struct sworn_tail *tail)
{
	struct recovery rec = { .vol = vol, .newest = *newest, .tail = tail };
	int err = read_header(vol, place, &rec.pack);

	tail->base_seq = ~0ULL;
	tail->beside = false;
	if (!err)
		err = load(&rec);
	if (!err)
		err = replay(&rec);
	if (err)
		return err;
	vol->compact.unsettled = sworn_catalog_upper(&vol->index.catalog);
	/* the active one, and one that was frozen */
	vol->compact.old_tables = 1 +
		!!rcu_access_pointer(vol->index.tables.frozen);
	vol->pack_generation = rec.pack.generation;
	vol->pack_replay_seq[place] = rec.pack.replay_seq;
	if (!in_ring(vol, vol->pack_replay_seq[!place]))
		vol->pack_replay_seq[!place] = ~0ULL;
	vol->journal.retained_seq = min(vol->pack_replay_seq[0],
					vol->pack_replay_seq[1]);
	return 0;
}

/* Fresh tables for another attempt. */
static int start_over(struct sworn_volume *vol)
{
	sworn_volume_free(vol);
	return sworn_volume_alloc(vol);
}

/* From the newest pack, or else from the other. */
static int from_packs(struct sworn_volume *vol, struct sworn_tail *tail)
{
	struct sworn_pack_state pack[SWORN_PACKS];
	int head[SWORN_PACKS], err, second;
	u32 i, newest;

	for (i = 0; i < SWORN_PACKS; i++) {
		head[i] = read_header(vol, i, &pack[i]);
		vol->pack_replay_seq[i] = head[i] ? ~0ULL : pack[i].replay_seq;
	}
	if (head[0] && head[1]) {
		sworn_err(vol, "no valid checkpoint: metadata damaged, or of another disk");
		return head[0] == -ENODATA || head[1] == -ENODATA ? -EUCLEAN :
			head[0];
	}
	newest = head[0] || (!head[1] &&
			     pack[1].generation > pack[0].generation);
	err = attempt(vol, newest, &pack[newest], tail);
	if (!err || head[!newest])
		return err;

	sworn_warn(vol, "checkpoint %llu cannot be used (error %d): trying checkpoint %llu",
		   pack[newest].generation, err, pack[!newest].generation);
	vol->pack_replay_seq[newest] = ~0ULL;
	second = start_over(vol);
	if (!second)
		second = attempt(vol, !newest, &pack[newest], tail);
	return second;
}

/*
 * The last group may have been on its way at the same time as its data.  If not
 * all of that has arrived it was not acknowledged, and is as if it had not been
 * written.  It has been replayed by then, so all begins anew without it.  Not if
 * the group behind it was begun: then all was there once.
 */
static int with_tail(struct sworn_volume *vol, struct sworn_tail *tail)
{
	int err;

	tail->end_seq = ~0ULL;
	err = from_packs(vol, tail);
	if (err || !tail->beside || vol->journal.begun)
		return err;
	err = sworn_prove(vol, tail);
	vol->unproven = !err;
	if (err != -EBADMSG)
		return err;
	sworn_warn(vol, "commit %llu was cut off: its data is not all there, so the disk is as the commit before left it",
		   vol->commit_id);
	tail->end_seq = tail->base_seq;
	err = start_over(vol);
	return err ? err : from_packs(vol, tail);
}

int sworn_volume_recover(struct sworn_volume *vol)
{
	struct sworn_tail *tail = kvzalloc(sizeof(*tail), GFP_KERNEL);
	int err;

	if (!tail)
		return -ENOMEM;
	err = with_tail(vol, tail);
	kvfree(tail);
	return err;
}
