// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upkeep: minor compaction and checkpoints.  docs/design.md, section 7.
 */
#include <linux/sched/mm.h>

#include "volume.h"

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

static int add_new_bits(struct sworn_volume *vol, const struct sworn_bit *bits,
			u32 nr)
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

static int add_minor(struct sworn_volume *vol, void *data)
{
	struct sworn_minor *m = data;
	int err = add_new_bits(vol, m->bits, m->nr_bits);
	u32 i;

	/* one entry a dead block: few, for only discards make them */
	for (i = 0; !err && i < m->nr_dead; i++) {
		struct sworn_disk_dst_delta delta = {
			.segment = cpu_to_le32(m->dead[i]),
			.dead_blocks = cpu_to_le32(1),
		};

		while (i + 1 < m->nr_dead && m->dead[i + 1] == m->dead[i]) {
			le32_add_cpu(&delta.dead_blocks, 1);
			i++;
		}
		err = sworn_journal_add(&vol->journal, SWORN_ITEM_DST_DELTA,
					&delta, sizeof(delta));
	}
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
	int err;
	u32 i;

	mutex_lock(&vol->commit_mutex);
	err = sworn_commit(vol, &c);
	if (!err) {
		for (i = 0; i < m->nr_dead; i++)
			sworn_segments_unref_many(&vol->segments, m->dead[i], 1);
		err = sworn_catalog_add(&vol->index.catalog, m->bits, m->nr_bits,
					false);
	}
	mutex_unlock(&vol->commit_mutex);
	if (err)
		return err;
	sworn_catalog_settle(&vol->index.catalog);
	sworn_tables_retire(&vol->index.tables);
	wake_up_all(&vol->room);
	return 0;
}

static int minor_compaction(struct sworn_volume *vol)
{
	int err = sworn_minor_run(&vol->minor);

	vol->index_full = err == -ENOSPC;
	if (!err)
		return publish(vol);
	if (err == -ENOSPC)
		sworn_volume_set_mode(vol, SWORN_OUT_OF_SPACE,
				      "no free index segment");
	else
		sworn_volume_set_mode(vol, SWORN_RO, "writing index nodes failed");
	return err;
}

static int add_compaction(struct sworn_volume *vol, void *data)
{
	struct sworn_compact *c = data;
	struct sworn_catalog *cat = &vol->index.catalog;
	const struct sworn_version *v = rcu_dereference_protected(cat->version,
								  true);
	int err = 0;
	u32 i;

	for (i = 0; !err && i < v->first[c->nr_runs]; i++) {
		__le64 id = cpu_to_le64(cat->bit[v->order[i]].id);

		err = sworn_journal_add(&vol->journal, SWORN_ITEM_BIT_DEL, &id,
					sizeof(id));
	}
	if (!err)
		err = add_new_bits(vol, c->bits, c->nr_bits);
	for (i = 0; !err && i < vol->segments.nr; i++) {
		struct sworn_disk_dst_delta delta = {
			.segment = cpu_to_le32(i),
			.dead_blocks = cpu_to_le32(c->dead[i]),
		};

		if (c->dead[i])
			err = sworn_journal_add(&vol->journal,
						SWORN_ITEM_DST_DELTA, &delta,
						sizeof(delta));
	}
	return err;
}

/* The merged run takes the place of those it was made of. */
static int publish_compaction(struct sworn_volume *vol)
{
	struct sworn_compact *c = &vol->compact;
	const struct sworn_commit commit = { .items = add_compaction, .data = c };
	int err;
	u32 i;

	mutex_lock(&vol->commit_mutex);
	err = sworn_commit(vol, &commit);
	if (!err) {
		for (i = 0; i < vol->segments.nr; i++)
			if (c->dead[i])
				sworn_segments_unref_many(&vol->segments, i,
							  c->dead[i]);
		sworn_catalog_replace(&vol->index.catalog, c->bits, c->nr_bits,
				      c->nr_runs);
	}
	mutex_unlock(&vol->commit_mutex);
	if (!err)
		sworn_catalog_settle(&vol->index.catalog);
	return err;
}

/* Without a free index segment it is left undone: the runs are good as is. */
static int compaction(struct sworn_volume *vol)
{
	int err = sworn_compact_run(&vol->compact);

	if (!err)
		return publish_compaction(vol);
	if (err == -ENOSPC || err == -ENOMEM)
		return 0;
	sworn_volume_set_mode(vol, SWORN_RO, "merging index runs failed");
	return err;
}

/* Not into the part of the journal that is kept for a checkpoint. */
static bool compaction_due(struct sworn_volume *vol, bool all)
{
	return sworn_journal_has_room(vol) &&
	       sworn_compact_choose(&vol->compact, all);
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

/* commit_mutex is held, so that the tables stand still. */
static int __checkpoint(struct sworn_volume *vol)
{
	const struct sworn_tables_ref tables = {
		.segments = &vol->segments,
		.catalog = &vol->index.catalog,
		.epochs = &vol->epochs,
	};
	const struct sworn_commit c = { .items = sworn_commit_checkpoint };
	struct sworn_pack_state state = {
		.sb_generation = vol->super.sb.generation,
		.state_seq = vol->journal.next_seq,
		.record_seq = vol->journal.next_seq,
		.commit_id = vol->commit_id,
		.next_bit_id = vol->index.catalog.next_id,
		.next_run = vol->index.catalog.next_run,
		.next_segment_seq = vol->segments.next_seq,
	};
	u64 generation = vol->pack_generation + 1;
	int err;

	/* nothing in the MemTables: nothing before this needs to be replayed */
	if (!has_frozen(vol) && sworn_tables_active_empty(&vol->index.tables)) {
		vol->replay_seq = vol->journal.next_seq;
		memcpy(vol->replay_prev_tag, vol->journal.prev_tag,
		       SWORN_TAG_SIZE);
	}
	state.replay_seq = vol->replay_seq;
	memcpy(state.replay_prev_tag, vol->replay_prev_tag, SWORN_TAG_SIZE);

	err = sworn_pack_write_body(&vol->packs, generation, &tables);
	if (!err)
		err = sworn_commit(vol, &c);
	if (!err) {
		memcpy(state.record_tag, vol->journal.prev_tag, SWORN_TAG_SIZE);
		err = sworn_pack_write_header(&vol->packs, &state);
	}
	if (err)
		return err;
	vol->pack_generation = generation;
	WRITE_ONCE(vol->pack_replay_seq[generation % SWORN_PACKS],
		   state.replay_seq);
	WRITE_ONCE(vol->journal.retained_seq,
		   min(vol->pack_replay_seq[0], vol->pack_replay_seq[1]));
	return 0;
}

static int checkpoint(struct sworn_volume *vol)
{
	int err;

	mutex_lock(&vol->commit_mutex);
	err = vol->commit_error;
	if (!err) {
		err = __checkpoint(vol);
		if (err)
			sworn_volume_set_mode(vol, SWORN_RO,
					      "writing a checkpoint failed");
	}
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

/* The maint_mutex is held. */
static int __maintain(struct sworn_volume *vol, u32 flags)
{
	struct sworn_tables *t = &vol->index.tables;
	int err = 0;

	/* in vain: writing goes on until the key is used up, then fails */
	if (sworn_epochs_worn(&vol->epochs))
		next_epoch(vol);
	if (has_frozen(vol))
		err = minor_compaction(vol);
	if (!err && (sworn_tables_want_rotation(t) || sworn_journal_long(vol) ||
		     (flags & SWORN_MAINT_ROTATE)) &&
	    !sworn_tables_active_empty(t)) {
		err = rotate(vol);
		if (!err)
			err = minor_compaction(vol);
	}
	if (!err && compaction_due(vol, flags & SWORN_MAINT_COMPACT))
		err = compaction(vol);
	/* what came out may be the fourth of its size */
	if (!err && compaction_due(vol, false))
		err = compaction(vol);
	if (!err && (sworn_journal_long(vol) || flags & SWORN_MAINT_CHECKPOINT))
		err = checkpoint(vol);
	/* the older pack still holds the ring: let it be the newer one */
	if (!err && !sworn_journal_has_room(vol))
		err = checkpoint(vol);
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
	err = __maintain(vol, flags);
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
	sworn_maintain(container_of(work, struct sworn_volume, maint_work), 0);
}
