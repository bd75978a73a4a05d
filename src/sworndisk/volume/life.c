// SPDX-License-Identifier: GPL-2.0-only
/* Activation and rest. */
#include <linux/random.h>
#include <linux/sched/mm.h>

#include "volume.h"

/* What must be true before anything is written. */
static int check_recovered(struct sworn_volume *vol)
{
	if (vol->commit_id < vol->params.min_commit) {
		sworn_err(vol, "commit id is %llu, option min_commit asks for %llu: the disk was rolled back",
			  vol->commit_id, vol->params.min_commit);
		return -ESTALE;
	}
	return 0;
}

static int prepare_writing(struct sworn_volume *vol)
{
	int err;

	/*
	 * What recovery has read need not be durable, if it was this machine
	 * that stopped and not the devices.  It must be before anything is
	 * written that takes it for granted.
	 */
	sworn_area_wrote(&vol->data);
	sworn_area_wrote(&vol->meta);
	if (sworn_areas_flush(&vol->data, &vol->meta)) {
		sworn_volume_set_mode(vol, SWORN_RO, "a flush failed");
		return 0;
	}
	err = sworn_epochs_start(&vol->epochs, vol->commit_id);
	if (err == -ENOSPC) {
		sworn_volume_set_mode(vol, SWORN_RO, "the key table is full");
		return 0;
	}
	if (!err && vol->super.stale_copies) {
		sworn_warn(vol, "superblock copy %u is damaged or stale: writing it anew",
			   vol->super.stale_copies >> 1);
		err = sworn_super_write(&vol->meta, &vol->params.root,
					&vol->super, vol->super.stale_copies);
		vol->super.stale_copies = 0;
	}
	return err;
}

static int activate(struct sworn_volume *vol)
{
	bool formatting = vol->needs_format;
	int err;

	if (formatting && vol->params.read_only) {
		sworn_err(vol, "cannot format: read-only");
		return -EROFS;
	}
	/* an attempt before this one may have left these */
	vol->mode = SWORN_RW;
	vol->commit_error = 0;
	vol->unproven = false;
	vol->index_full = false;
	vol->space_wanted = false;
	vol->low_space = false;
	vol->keys_looked_at = false;
	vol->needs_check = false;
	/* equal keys in two copies of a machine would be the end of it */
	err = wait_for_random_bytes();
	if (!err)
		err = sworn_volume_alloc(vol);
	if (err)
		return err;
	err = formatting ? sworn_volume_format(vol) : sworn_volume_recover(vol);
	if (!err)
		err = check_recovered(vol);
	if (!err && !formatting)
		sworn_verify_recall(vol);
	if (!err && !vol->params.read_only)
		err = prepare_writing(vol);
	if (err) {
		sworn_volume_free(vol);
		return err;
	}
	/* the root key has done its work */
	memzero_explicit(&vol->params.root, sizeof(vol->params.root));
	vol->needs_format = false;
	vol->active = true;
	if (vol->params.read_only)
		vol->mode = SWORN_RO;
	sworn_info(vol, "active: commit %llu, checkpoint %llu, %u BITs, %llu blocks referenced",
		   vol->commit_id, vol->pack_generation,
		   sworn_catalog_size(&vol->index.catalog).bits,
		   vol->segments.live_blocks);
	return 0;
}

int sworn_volume_resume(struct sworn_volume *vol)
{
	int err = 0;

	if (!vol->active)
		err = activate(vol);
	if (!err) {
		vol->running = true;
		/* what happened while nobody could be told */
		queue_delayed_work(system_wq, &vol->event_work, 0);
		/* what recovery left undone */
		if (sworn_volume_mode(vol) < SWORN_RO)
			sworn_maint_kick(vol);
		sworn_verify_wake(vol);
	}
	return err;
}

void sworn_volume_quiesce(struct sworn_volume *vol)
{
	vol->running = false;
	sworn_verify_quiesce(vol);
}

/*
 * The journal is left short enough for the next open to be quick.  A disk that
 * nothing was written to is left as it is.
 */
void sworn_volume_suspend(struct sworn_volume *vol)
{
	const struct sworn_commit last = { .last = true };
	unsigned int noio;

	if (!vol->active)
		return;
	sworn_idle_stop(vol);
	sworn_verify_rest(vol);
	noio = memalloc_noio_save();
	flush_workqueue(vol->read_wq);
	flush_workqueue(vol->decrypt_wq);
	flush_workqueue(vol->commit_wq);
	flush_workqueue(vol->maint_wq);
	if (sworn_volume_mode(vol) < SWORN_RO) {
		sworn_maintain(vol, 0);
		mutex_lock(&vol->commit_mutex);
		sworn_commit(vol, &last);
		mutex_unlock(&vol->commit_mutex);
	}
	/* whatever the mode: the buffers may go next */
	sworn_units_rest(&vol->units);
	flush_workqueue(vol->maint_wq);
	flush_delayed_work(&vol->event_work);
	memalloc_noio_restore(noio);
}
