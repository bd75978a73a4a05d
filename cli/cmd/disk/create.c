// SPDX-License-Identifier: GPL-2.0-only
/*
 * swornadm create.
 *
 * Whatever fails, nothing stays behind: image files and key files made here
 * are removed until the disk is alive, loop devices detach with the last close,
 * and activate() takes back the device.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../args/name.h"
#include "../../args/size.h"
#include "../../args/uuid.h"
#include "../../command.h"
#include "../../disk/activate.h"
#include "../../disk/device.h"
#include "../../disk/find.h"
#include "../../disk/key.h"
#include "../../disk/plan.h"
#include "../../disk/signature.h"
#include "../../disk/superblock.h"
#include "../../hold.h"
#include "include/uapi/sworndisk_target.h"
#include "../../out/progress.h"

/**
 * struct creation - a disk being created
 * @meta_path: NULL in the one-device form
 */
struct creation {
	struct context *c;
	const char *name;
	const char *data_path;
	const char *meta_path;
	struct device data;
	struct device meta;
	struct root_key key;
	uint8_t uuid[UUID_BYTES];
	u64 logical_blocks;
	u32 segment_blocks;
	struct sworn_geometry geo;
};

static bool absent(const char *path)
{
	return access(path, F_OK) && errno == ENOENT;
}

/* A path that was mistyped must not become a file. */
static int check_make(const struct creation *cr, const char *path)
{
	struct failure *f = cr->c->failure;

	if (!strncmp(path, "/dev/", 5))
		return fail(f, ENOENT, "device %s does not exist", path);
	if (!cr->logical_blocks && path == cr->data_path) {
		fail(f, ENOENT, "%s does not exist", path);
		return fail_hint(f, "give --size to make an image file of that name");
	}
	return 0;
}

static int open_or_make(struct creation *cr, struct device *dev,
			const char *path, u64 blocks)
{
	int err;

	if (!absent(path))
		return device_open(dev, cr->c->back, path, false, cr->c->failure);
	err = check_make(cr, path);
	return err ? err : device_make(dev, path, blocks * SWORN_BLOCK_SIZE,
				       cr->c->failure);
}

static int open_devices(struct creation *cr)
{
	u64 blocks = 0;
	int err;

	if (cr->logical_blocks)
		blocks = plan_data_blocks(cr->logical_blocks, cr->segment_blocks,
					  !cr->meta_path);
	err = open_or_make(cr, &cr->data, cr->data_path, blocks);
	if (err || !cr->meta_path)
		return err;
	blocks = sworn_layout_meta_for(cr->data.bytes / SWORN_BLOCK_SIZE,
				       cr->logical_blocks, cr->segment_blocks);
	return open_or_make(cr, &cr->meta, cr->meta_path, blocks);
}

static int plan(struct creation *cr)
{
	const struct sworn_layout_request req = {
		.one_device = !cr->meta_path,
		.data_area_blocks = cr->data.bytes / SWORN_BLOCK_SIZE,
		.meta_area_blocks = cr->meta.bytes / SWORN_BLOCK_SIZE,
		.logical_blocks = cr->logical_blocks,
		.segment_blocks = cr->segment_blocks,
		.overcommit = cr->c->options.given[OPT_OVERCOMMIT],
	};

	return plan_check(&req, cr->data_path, cr->meta_path, &cr->geo,
			  cr->c->failure);
}

/* Refuse a device that holds anything; --force gets past it. */
static int check_empty(struct creation *cr, struct device *dev)
{
	char what[256], uuid[UUID_TEXT_MAX], size[SIZE_TEXT_MAX];
	struct failure *f = cr->c->failure, found = { 0 };
	struct superblock_view view;
	int err;

	if (dev->made)
		return 0;
	err = superblock_read(dev->fd, dev->path, &view, &found);
	if (err && err != -ENODATA && !superblock_claimed(&view))
		return fail(f, err, "%s", found.text);
	if (superblock_claimed(&view) && view.best)
		fail(f, EEXIST, "device %s holds a SwornDisk: UUID %s, %s",
		     dev->path, uuid_text(uuid, view.best->sb.uuid),
		     size_text(size, view.best->sb.geo.logical_blocks * SWORN_BLOCK_SIZE));
	else if (superblock_claimed(&view))
		fail(f, EEXIST, "device %s holds a SwornDisk whose superblock is not usable",
		     dev->path);
	if (!f->err) {
		err = signature_find(dev->fd, dev->path, what, sizeof(what), f);
		if (err)
			return err;
		if (what[0])
			fail(f, EEXIST, "device %s holds %s", dev->path, what);
	}
	if (f->err)
		fail_hint(f, "nothing was changed; --force destroys what is there");
	return -f->err;
}

static int check_devices(struct creation *cr)
{
	struct device *all[] = { &cr->data, &cr->meta };
	int err = 0;

	for (int i = 0; !err && i < (cr->meta_path ? 2 : 1); i++) {
		err = device_idle(all[i], cr->c->back, cr->c->failure);
		if (!err && !cr->c->options.given[OPT_FORCE])
			err = check_empty(cr, all[i]);
	}
	return err;
}

static int attach_devices(struct creation *cr)
{
	int err = device_attach(&cr->data, cr->c->back, cr->c->failure);

	if (!err && cr->meta_path)
		err = device_attach(&cr->meta, cr->c->back, cr->c->failure);
	return err;
}

/*
 * With --force: what was there must not be found any more, or somebody mounts
 * it.  Done when the target has accepted everything, so that a wrong key or a
 * missing cipher has destroyed nothing yet.
 */
static int wipe_old(void *arg, struct failure *f)
{
	struct creation *cr = arg;
	int err;

	if (!cr->c->options.given[OPT_FORCE])
		return 0;
	err = signature_wipe(cr->data.fd, cr->data.path, f);
	if (!err && cr->meta_path)
		err = signature_wipe(cr->meta.fd, cr->meta.path, f);
	/* The target writes superblocks to the metadata device alone. */
	if (!err && cr->meta_path)
		err = superblock_destroy(cr->data.fd, cr->data.path,
					 cr->data.bytes, f);
	return err;
}

static int bring_up(struct creation *cr)
{
	const struct options *o = &cr->c->options;
	char uuid[UUID_TEXT_MAX], what[160], on[2 * PATH_MAX];
	const struct table_request table = {
		.data = cr->data.node,
		.meta = cr->meta_path ? cr->meta.node : cr->data.node,
		.format = o->given[OPT_FORCE] ? SWORN_FORMAT_FORCE : SWORN_FORMAT_TRUE,
		.key = cr->key.word,
		.cipher = o->cipher,
		.segment_bytes = o->segment_bytes,
		.uuid = uuid_text(uuid, cr->uuid),
		.overcommit = o->given[OPT_OVERCOMMIT],
		.cache_bytes = o->cache_bytes,
		.heads = o->heads,
	};
	struct activation a = {
		.name = cr->name,
		.verb = "create",
		.on = on,
		.length_sectors = cr->geo.logical_blocks * SWORN_BLOCK_SECTORS,
		.table = &table,
		.ready = wipe_old,
		.arg = cr,
	};
	int err;

	memcpy(a.uuid, cr->uuid, sizeof(a.uuid));
	snprintf(on, sizeof(on), "%s%s%s", cr->data_path,
		 cr->meta_path ? " and " : "", cr->meta_path ? cr->meta_path : "");
	snprintf(what, sizeof(what), "formatting %s", cr->name);
	progress_start(what);
	err = activate(cr->c->back, &a, cr->c->failure);
	progress_stop();
	return err;
}

static void report(struct creation *cr)
{
	struct out *out = cr->c->out;
	u64 bytes = cr->geo.logical_blocks * SWORN_BLOCK_SIZE;
	char uuid[UUID_TEXT_MAX], size[SIZE_TEXT_MAX];

	out_text(out, "name", NULL, cr->name);
	out_textf(out, "device", NULL, "/dev/mapper/%s", cr->name);
	out_text(out, "uuid", NULL, uuid_text(uuid, cr->uuid));
	out_bytes(out, "capacity_bytes", NULL, bytes);
	out_text(out, "data_device", NULL, cr->data.node);
	out_text(out, "meta_device", NULL,
		 cr->meta_path ? cr->meta.node : cr->data.node);
	out_say(out, "Created disk \"%s\", %s: /dev/mapper/%s", cr->name,
		size_text(size, bytes), cr->name);
	if (cr->data.file)
		out_say(out, "%s is attached as %s until the disk is closed.",
			cr->data_path, cr->data.node);
	if (cr->meta_path && cr->meta.file)
		out_say(out, "%s is attached as %s until the disk is closed.",
			cr->meta_path, cr->meta.node);
	if (cr->c->options.given[OPT_GENERATE_KEY]) {
		out_text(out, "key_file", NULL, cr->c->options.generate_key);
		out_say(out, "The root key is in %s: without it the data are lost, so keep a copy elsewhere.",
			cr->c->options.generate_key);
	}
}

static int create_steps(struct creation *cr)
{
	struct context *c = cr->c;
	char uuid[UUID_TEXT_MAX];
	int err;

	err = open_devices(cr);
	if (!err)
		err = check_devices(cr);
	if (!err)
		err = plan(cr);
	if (!err)
		err = key_load(&cr->key, &c->options, c->failure);
	if (!err && cr->key.remark)
		out_warn(c->out, "%s", cr->key.remark);
	if (!err)
		err = attach_devices(cr);
	if (!err)
		err = key_install(&cr->key, c->back, uuid_text(uuid, cr->uuid),
				  c->failure);
	if (!err)
		err = bring_up(cr);
	if (err)
		return err;
	device_keep(&cr->data);
	device_keep(&cr->meta);
	key_keep(&cr->key);
	report(cr);
	return 0;
}

static int check_options(struct creation *cr)
{
	const struct options *o = &cr->c->options;
	struct failure *f = cr->c->failure;

	cr->logical_blocks = (o->size_bytes + SWORN_BLOCK_SIZE - 1) / SWORN_BLOCK_SIZE;
	cr->segment_blocks = (u32)(o->segment_bytes / SWORN_BLOCK_SIZE);
	if (o->given[OPT_OVERCOMMIT] && !o->given[OPT_SIZE])
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--overcommit needs --size: without it the capacity is what the device holds");
	if (cr->meta_path && !strcmp(cr->data_path, cr->meta_path))
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "DATA and META are both %s: leave META out to have data and metadata on one device",
				 cr->data_path);
	if (o->uuid)
		return uuid_parse(o->uuid, cr->uuid);
	return uuid_random(cr->uuid);
}

static int create_run(struct context *c)
{
	struct creation cr = {
		.c = c,
		.name = c->args[0],
		.data_path = c->args[1],
		.meta_path = c->args[2],
		.data = DEVICE_NONE,
		.meta = DEVICE_NONE,
	};
	sigset_t old;
	int err;

	err = name_check(cr.name, c->failure);
	if (!err)
		err = check_options(&cr);
	if (!err)
		err = key_check_options(&c->options, c->failure);
	if (!err)
		err = c->back->prepare(true, c->failure);
	if (!err)
		err = find_name_free(c->back, cr.name, c->failure);
	if (err)
		return err;
	signals_hold(&old);
	err = create_steps(&cr);
	key_drop(&cr.key, c->back);
	device_close(&cr.meta);
	device_close(&cr.data);
	signals_release(&old);
	return err;
}

const struct command command_create = {
	.name = "create",
	.args = "NAME DATA [META]",
	.min_args = 2,
	.max_args = 3,
	.options = (const enum option_id[]){
		OPT_SIZE, OPT_SEGMENT_SIZE, OPT_CIPHER, OPT_UUID, OPT_OVERCOMMIT,
		OPT_KEY_FILE, OPT_KEY_DESC, OPT_KEY_SIZE, OPT_GENERATE_KEY,
		OPT_CACHE_SIZE, OPT_HEADS, OPT_FORCE, OPT_END },
	.help = "make a new disk and open it",
	.doc = "Format DATA (a block device or image file) as a SwornDisk and open it as /dev/mapper/NAME.  With META, the metadata lie there.  An image file that does not exist is made."
	       "\vSizes are written as 10G, 512MiB, 1.5T or 4096s (sectors); a number alone is bytes.",
	.run = create_run,
};
