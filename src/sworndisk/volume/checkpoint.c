// SPDX-License-Identifier: GPL-2.0-only
/* Checkpoints: the tables as they are, so that the journal can be shortened. */
#include "volume.h"

int sworn_checkpoint_write(struct sworn_volume *vol,
			   struct sworn_pack_state *state)
{
	const struct sworn_tables_ref tables = {
		.segments = &vol->segments,
		.catalog = &vol->index.catalog,
		.epochs = &vol->epochs,
	};
	const struct sworn_commit c = { .items = sworn_commit_checkpoint };
	u64 generation = vol->pack_generation + 1;
	int err;

	state->sb_generation = vol->super.sb.generation;
	err = sworn_pack_write_body(&vol->packs, generation, &tables);
	if (!err)
		err = sworn_commit(vol, &c);
	if (err)
		return err;
	memcpy(state->record_tag, vol->journal.prev_tag, SWORN_TAG_SIZE);
	err = sworn_pack_write_header(&vol->packs, state);
	if (err)
		return err;
	vol->pack_generation = generation;
	WRITE_ONCE(vol->pack_replay_seq[generation % SWORN_PACKS],
		   state->replay_seq);
	return 0;
}

/* commit_mutex is held, so that the tables stand still. */
static int __checkpoint(struct sworn_volume *vol)
{
	SWORN_WATCH_SCOPE(&vol->watch, SWORN_STAGE_CHECKPOINT,
			  vol->pack_generation + 1, 0);
	struct sworn_pack_state state = {
		.state_seq = vol->journal.next_seq,
		.record_seq = vol->journal.next_seq,
		.commit_id = vol->commit_id,
		.next_bit_id = vol->index.catalog.next_id,
		.next_run = vol->index.catalog.next_run,
		.next_segment_seq = vol->segments.next_seq,
	};
	int err;

	/* nothing in the MemTables: nothing before this needs to be replayed */
	if (!rcu_access_pointer(vol->index.tables.frozen) &&
	    sworn_tables_active_empty(&vol->index.tables)) {
		vol->replay_seq = vol->journal.next_seq;
		memcpy(vol->replay_prev_tag, vol->journal.prev_tag,
		       SWORN_TAG_SIZE);
	}
	state.replay_seq = vol->replay_seq;
	memcpy(state.replay_prev_tag, vol->replay_prev_tag, SWORN_TAG_SIZE);

	err = sworn_checkpoint_write(vol, &state);
	if (!err)
		WRITE_ONCE(vol->journal.retained_seq,
			   min(vol->pack_replay_seq[0],
			       vol->pack_replay_seq[1]));
	return err;
}

int sworn_checkpoint(struct sworn_volume *vol)
{
	int err;

	/* its records would be in no BIT and before the replay's beginning */
	if (WARN_ON_ONCE(rcu_access_pointer(vol->index.tables.frozen)))
		return -EBUSY;
	mutex_lock(&vol->commit_mutex);
	err = vol->commit_error;
	if (!err) {
		err = __checkpoint(vol);
		if (err)
			sworn_volume_set_mode(vol, SWORN_RO,
					      "writing a checkpoint failed");
	}
	mutex_unlock(&vol->commit_mutex);
	sworn_space_look(vol, false);
	wake_up_all(&vol->room);
	return err;
}
