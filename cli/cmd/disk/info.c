// SPDX-License-Identifier: GPL-2.0-only
/* swornadm info. */
#include <errno.h>
#include <inttypes.h>

#include "../../args/size.h"
#include "../../args/uuid.h"
#include "../../command.h"
#include "../../disk/device.h"
#include "../../disk/signature.h"
#include "../../disk/superblock.h"

static void put_geometry(struct out *out, const struct sworn_geometry *geo)
{
	out_bytes(out, "capacity_bytes", "capacity",
		  geo->logical_blocks * SWORN_BLOCK_SIZE);
	out_bool(out, "one_device", NULL, geo->one_device);
	out_text(out, NULL, "metadata", geo->one_device ?
		 "on this device, with the data" :
		 "on this device, the data on another");
	out_bytes(out, "data_area_bytes", "data area",
		  geo->data_area_blocks * SWORN_BLOCK_SIZE);
	out_bytes(out, "meta_area_bytes", "metadata area",
		  geo->meta_area_blocks * SWORN_BLOCK_SIZE);
	out_bytes(out, "segment_bytes", "segment",
		  (uint64_t)geo->segment_blocks * SWORN_BLOCK_SIZE);
	out_number(out, "data_segments", "segments", geo->data_segments);
	out_number(out, "data_start_block", NULL, geo->data_start_block);
	out_number(out, "pack_start_block", NULL, geo->pack_start_block);
	out_number(out, "pack_blocks", NULL, geo->pack_blocks);
	out_number(out, "journal_start_block", NULL, geo->journal_start_block);
	out_number(out, "journal_blocks", NULL, geo->journal_blocks);
	out_bytes(out, NULL, "journal", geo->journal_blocks * SWORN_BLOCK_SIZE);
	out_number(out, "rit_start_block", NULL, geo->rit_start_block);
	out_number(out, "rit_blocks", NULL, geo->rit_blocks);
	out_number(out, "index_start_block", NULL, geo->index_start_block);
	out_number(out, "index_segments", NULL, geo->index_segments);
	out_number(out, "index_segment_blocks", NULL, geo->index_segment_blocks);
	out_bytes(out, NULL, "index", geo->index_segments *
		  geo->index_segment_blocks * SWORN_BLOCK_SIZE);
	out_number(out, "memtable_records", NULL, geo->memtable_records);
	out_number(out, "max_epochs", NULL, geo->max_epochs);
}

static void put_copies(struct out *out, const struct superblock_view *view)
{
	static const char *const labels[SWORN_SB_COPIES] = {
		"first copy", "second copy" };

	out_list_begin(out, "copies", false, NULL);
	for (u32 i = 0; i < SWORN_SB_COPIES; i++) {
		const struct superblock_copy *copy = &view->copy[i];

		if (out_is_json(out)) {
			out_object_begin(out, NULL, NULL);
			out_bool(out, "sound", NULL, !copy->err);
			if (copy->err)
				out_text(out, "problem", NULL, copy->why);
			else
				out_number(out, "generation", NULL, copy->sb.generation);
			out_object_end(out);
		} else {
			out_text(out, NULL, labels[i],
				 copy->err ? copy->why : "sound");
		}
	}
	out_list_end(out);
}

static void put_view(struct out *out, const char *path,
		     const struct superblock_view *view)
{
	const struct sworn_superblock *sb = &view->best->sb;
	char uuid[UUID_TEXT_MAX];

	out_text(out, "device", "device", path);
	out_text(out, "uuid", "UUID", uuid_text(uuid, sb->uuid));
	out_number(out, "format_version", "format version", SWORN_SB_VERSION);
	out_text(out, "cipher", "cipher", sworn_cipher_name(sb->cipher));
	out_number(out, "superblock_generation", "superblock", sb->generation);
	put_geometry(out, &sb->geo);
	put_copies(out, view);
}

static int nothing_here(struct context *c, const struct device *dev)
{
	char what[256];
	int err;

	err = signature_find(dev->fd, dev->path, what, sizeof(what), c->failure);
	if (err)
		return err;
	if (what[0])
		return fail(c->failure, ENODATA,
			    "device %s holds no SwornDisk superblock but %s",
			    dev->path, what);
	fail(c->failure, ENODATA, "device %s holds no SwornDisk superblock",
	     dev->path);
	return fail_hint(c->failure, "of a disk on two devices, the superblock is on the metadata device");
}

static int info_run(struct context *c)
{
	struct device dev = DEVICE_NONE;
	struct superblock_view view;
	int err;

	err = device_open(&dev, c->back, c->args[0], true, c->failure);
	if (!err) {
		err = superblock_read(dev.fd, dev.path, &view, c->failure);
		if (err == -ENODATA)
			err = nothing_here(c, &dev);
	}
	if (!err)
		put_view(c->out, dev.path, &view);
	device_close(&dev);
	return err;
}

const struct command command_info = {
	.name = "info",
	.args = "DEVICE",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "say what SwornDisk is on a device",
	.doc = "Show what the superblock on DEVICE (a block device or image file) says.  No key is needed; without the key nothing of it is proven."
	       "\vThe disk may be open or closed.",
	.run = info_run,
};
