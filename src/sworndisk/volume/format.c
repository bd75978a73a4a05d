// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formatting: the superblocks come last, so that a crash before leaves a
 * device without one, or with the old ones of a volume whose packs are gone.
 * What is written does not grow with the device but for the first pack, which
 * is empty.
 */
#include <linux/random.h>
#include <linux/uuid.h>

#include "volume.h"

int sworn_volume_plan(struct sworn_volume *vol, const char **why)
{
	const struct sworn_params *p = &vol->params;
	struct sworn_superblock *sb = &vol->super.sb;
	struct sworn_layout_request req = {
		.one_device = p->data_bdev == p->meta_bdev,
		.data_area_blocks = vol->data.blocks,
		.meta_area_blocks = vol->meta.blocks,
		.logical_blocks = p->len_blocks,
		.segment_blocks = p->segment_blocks,
		.overcommit = p->overcommit,
	};
	int err;

	memset(&vol->super, 0, sizeof(vol->super));
	err = wait_for_random_bytes();
	if (!err)
		err = sworn_layout_plan(&req, &sb->geo, why);
	if (err)
		return err;
	sb->generation = 1;
	sb->cipher = p->cipher ? p->cipher : SWORN_CIPHER_AES_256_GCM;
	sb->incompat = req.one_device ? SWORN_INCOMPAT_ONE_DEVICE : 0;
	if (p->has_uuid)
		memcpy(sb->uuid, p->uuid, SWORN_UUID_SIZE);
	else
		generate_random_uuid(sb->uuid);
	get_random_bytes(vol->super.volume_key, sizeof(vol->super.volume_key));
	return sworn_geometry_check(&sb->geo, why);
}

static int first_pack(struct sworn_volume *vol)
{
	struct sworn_pack_state state = {
		.replay_seq = 1,
		.state_seq = 1,
		.record_seq = 1,
		.next_bit_id = 1,
		.next_run = 1,
		.next_segment_seq = 1,
	};
	int err;

	err = sworn_pack_wipe(&vol->packs, 0);
	if (!err)
		err = sworn_pack_wipe(&vol->packs, 1);
	return err ? err : sworn_checkpoint_write(vol, &state);
}

int sworn_volume_format(struct sworn_volume *vol)
{
	int err;

	mutex_lock(&vol->commit_mutex);
	vol->commit_id = 0;
	vol->pack_generation = 0;
	vol->journal.next_seq = 1;
	vol->journal.retained_seq = 1;
	vol->replay_seq = 1;
	err = first_pack(vol);
	if (!err) {
		/* there is no older one that needs the journal */
		vol->pack_replay_seq[0] = ~0ULL;
		err = sworn_super_write(&vol->meta, &vol->params.root,
					&vol->super, (1U << SWORN_SB_COPIES) - 1);
	}
	mutex_unlock(&vol->commit_mutex);
	if (err)
		sworn_err(vol, "formatting failed: error %d", err);
	else
		sworn_info(vol, "formatted: %llu data segments of %u blocks, %llu logical blocks",
			   vol->geo->data_segments, vol->geo->segment_blocks,
			   vol->geo->logical_blocks);
	return err;
}
