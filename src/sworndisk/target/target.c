// SPDX-License-Identifier: GPL-2.0-only
/* What device-mapper calls. */
#define DM_MSG_PREFIX "sworndisk"

#include <linux/module.h>
#include <linux/slab.h>

#include "../../compat/compat.h"
#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

static void target_free(struct sworn_target *st)
{
	if (st->vol)
		sworn_volume_put(st->vol);
	if (st->meta)
		dm_put_device(st->ti, st->meta);
	if (st->data)
		dm_put_device(st->ti, st->data);
	kfree_sensitive(st->key_name);
	kfree_sensitive(st);
}

static void set_features(struct dm_target *ti, const struct sworn_volume *vol)
{
	ti->num_flush_bios = 1;
	ti->flush_supported = true;
	ti->num_discard_bios = 1;
	ti->discards_supported = true;
	ti->num_write_zeroes_bios = 1;
	ti->per_io_data_size = sworn_io_bytes(vol->cryptor_bytes);
}

static int sworn_ctr(struct dm_target *ti, unsigned int argc, char **argv)
{
	struct sworn_target *st = kzalloc(sizeof(*st), GFP_KERNEL);
	const char *why = "out of memory";
	struct sworn_volume *vol;
	int err;

	ti->error = (char *)why;
	if (!st)
		return -ENOMEM;
	st->ti = ti;
	err = sworn_args_parse(st, argc, argv, &ti->error);
	if (err)
		goto err_free;
	vol = sworn_volume_get(&st->params, dm_table_get_md(ti->table),
			       dm_device_name(dm_table_get_md(ti->table)), &why);
	memzero_explicit(&st->params.root, sizeof(st->params.root));
	if (IS_ERR(vol)) {
		ti->error = (char *)why;
		err = PTR_ERR(vol);
		goto err_free;
	}
	st->vol = vol;
	vol->watch.dev = disk_devt(dm_disk(dm_table_get_md(ti->table)));
	err = dm_set_target_max_io_len(ti, SWORN_RUN_BLOCKS * SWORN_BLOCK_SECTORS);
	if (err) {
		ti->error = "cannot set the largest request";
		goto err_free;
	}
	set_features(ti, vol);
	ti->private = st;
	return 0;

err_free:
	target_free(st);
	return err;
}

static void sworn_dtr(struct dm_target *ti)
{
	target_free(ti->private);
}

static enum sworn_stage stage_of(const struct bio *bio)
{
	if (bio->bi_opf & REQ_PREFLUSH)
		return SWORN_STAGE_FLUSH;
	switch (bio_op(bio)) {
	case REQ_OP_READ:
		return SWORN_STAGE_READ;
	case REQ_OP_WRITE:
		return SWORN_STAGE_WRITE;
	default:
		return SWORN_STAGE_DISCARD;
	}
}

/* What is known of a bio now may be gone when it comes back. */
static void watch_arrival(struct sworn_io *io, const struct dm_target *ti,
			  const struct bio *bio)
{
	io->begun = sworn_watch_begin();
	if (!sworn_watching())
		return;
	io->watched = stage_of(bio);
	io->lba = dm_target_offset(ti, bio->bi_iter.bi_sector) /
		  SWORN_BLOCK_SECTORS;
	io->nr = bio->bi_iter.bi_size >> SWORN_BLOCK_SHIFT;
}

static int sworn_map(struct dm_target *ti, struct bio *bio)
{
	struct sworn_target *st = ti->private;
	struct sworn_io *io = dm_per_bio_data(bio, ti->per_io_data_size);

	io->stage = SWORN_IO_OWN;
	watch_arrival(io, ti, bio);
	if (bio->bi_opf & REQ_PREFLUSH) {
		sworn_commit_bio(st->vol, bio);
		return DM_MAPIO_SUBMITTED;
	}
	bio->bi_iter.bi_sector = dm_target_offset(ti, bio->bi_iter.bi_sector);
	if (unlikely((bio->bi_iter.bi_sector | bio_sectors(bio)) %
		     SWORN_BLOCK_SECTORS))
		return DM_MAPIO_KILL;
	switch (bio_op(bio)) {
	case REQ_OP_READ:
		return sworn_read(st->vol, bio, io);
	case REQ_OP_WRITE:
		return sworn_write(st->vol, bio, io);
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		return sworn_discard(st->vol, bio);
	default:
		return DM_MAPIO_KILL;
	}
}

static int sworn_end_io(struct dm_target *ti, struct bio *bio,
			blk_status_t *error)
{
	struct sworn_io *io = dm_per_bio_data(bio, ti->per_io_data_size);

	struct sworn_target *st = ti->private;

	if (!sworn_read_endio(io, error))
		return DM_ENDIO_INCOMPLETE;
	sworn_watch_end(&st->vol->watch, io->watched, io->begun, io->lba, io->nr);
	return DM_ENDIO_DONE;
}

static void sworn_status(struct dm_target *ti, status_type_t type,
			 unsigned int flags, char *result, unsigned int maxlen)
{
	struct sworn_target *st = ti->private;
	ssize_t sz = 0;

	switch (type) {
	case STATUSTYPE_INFO:
		sworn_status_emit(st->vol, result, maxlen);
		break;
	case STATUSTYPE_TABLE:
		sworn_args_emit(st, result, maxlen);
		break;
	case STATUSTYPE_IMA:
		DMEMIT_TARGET_NAME_VERSION(ti->type);
		DMEMIT(",data_device=%s,meta_device=%s,uuid=%pUb,cipher=%s;",
		       st->data->name, st->meta->name, st->vol->super.sb.uuid,
		       sworn_cipher_name(st->vol->super.sb.cipher));
		break;
	}
}

static int sworn_iterate_devices(struct dm_target *ti,
				 iterate_devices_callout_fn fn, void *data)
{
	struct sworn_target *st = ti->private;
	const struct sworn_geometry *geo = st->vol->geo;
	sector_t start = st->params.data_start_sector;
	int err;

	err = fn(ti, st->data, start,
		 geo->data_area_blocks * SWORN_BLOCK_SECTORS, data);
	if (!err && st->meta->bdev != st->data->bdev)
		err = fn(ti, st->meta, 0,
			 geo->meta_area_blocks * SWORN_BLOCK_SECTORS, data);
	return err;
}

static void sworn_io_hints(struct dm_target *ti, struct queue_limits *limits)
{
	limits->logical_block_size = SWORN_BLOCK_SIZE;
	limits->physical_block_size = SWORN_BLOCK_SIZE;
	limits->io_min = SWORN_BLOCK_SIZE;
	/* so that a block comes in few pieces: see SWORN_BLOCK_PIECES */
	limits->dma_alignment = max(limits->dma_alignment, SECTOR_SIZE - 1U);
	limits->io_opt = SWORN_RUN_BLOCKS * SWORN_BLOCK_SIZE;
	/* as many as a bio can say; the lower device's limit may cut blocks */
	limits->max_write_zeroes_sectors = round_down(UINT_MAX >> SECTOR_SHIFT,
						      SWORN_BLOCK_SECTORS);
	sworn_limits_set_discard(limits, round_down(UINT_MAX >> SECTOR_SHIFT,
						    SWORN_BLOCK_SECTORS),
				 SWORN_BLOCK_SIZE);
}

static int sworn_preresume(struct dm_target *ti)
{
	struct sworn_target *st = ti->private;

	if (st->vol->active && st->params.cache_bytes)
		sworn_volume_set_cache(st->vol, st->params.cache_bytes);
	if (st->params.low_space_percent)
		sworn_volume_set_low_space(st->vol, st->params.low_space_percent);
	if (st->params.verify_rate)
		sworn_volume_set_verify_rate(st->vol, st->params.verify_rate);
	st->vol->event_data = st;
	st->vol->event = sworn_event_raise;
	return sworn_volume_resume(st->vol);
}

static void sworn_presuspend(struct dm_target *ti)
{
	struct sworn_target *st = ti->private;

	sworn_volume_quiesce(st->vol);
}

static void sworn_postsuspend(struct dm_target *ti)
{
	struct sworn_target *st = ti->private;

	sworn_volume_suspend(st->vol);
	/* the next table to resume sets its own */
	st->vol->event = NULL;
}

static struct target_type sworn_target = {
	.name = SWORN_TARGET_NAME,
	.version = { 0, 1, 0 },
	.features = DM_TARGET_SINGLETON,
	.module = THIS_MODULE,
	.ctr = sworn_ctr,
	.dtr = sworn_dtr,
	.map = sworn_map,
	.end_io = sworn_end_io,
	.status = sworn_status,
	.message = sworn_message,
	.iterate_devices = sworn_iterate_devices,
	.io_hints = sworn_io_hints,
	.preresume = sworn_preresume,
	.presuspend = sworn_presuspend,
	.postsuspend = sworn_postsuspend,
};

int sworn_target_register(void)
{
	return dm_register_target(&sworn_target);
}

void sworn_target_unregister(void)
{
	dm_unregister_target(&sworn_target);
}
