// SPDX-License-Identifier: GPL-2.0-only
/* swornadm create. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../../args/size.h"
#include "../../args/uuid.h"
#include "../../disk/plan.h"
#include "../../disk/signature.h"
#include "../../disk/superblock.h"
#include "bringup.h"
#include "include/uapi/sworndisk_target.h"

struct creation {
	struct bringup up;
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
	struct failure *f = cr->up.c->failure;

	if (!strncmp(path, "/dev/", 5))
		return fail(f, ENOENT, "device %s does not exist", path);
	if (!cr->logical_blocks && path == cr->up.data_path) {
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
		return device_open(dev, cr->up.c->back, path, false, cr->up.c->failure);
	err = check_make(cr, path);
	return err ? err : device_make(dev, path, blocks * SWORN_BLOCK_SIZE,
				       cr->up.c->failure);
}

static int open_devices(struct creation *cr)
{
	u64 blocks = 0;
	int err;

	if (cr->logical_blocks)
		blocks = plan_data_blocks(cr->logical_blocks, cr->segment_blocks,
					  !cr->up.meta_path);
	err = open_or_make(cr, &cr->up.data, cr->up.data_path, blocks);
	if (err || !cr->up.meta_path)
		return err;
	blocks = sworn_layout_meta_for(cr->up.data.bytes / SWORN_BLOCK_SIZE,
				       cr->logical_blocks, cr->segment_blocks);
	return open_or_make(cr, &cr->up.meta, cr->up.meta_path, blocks);
}

static int plan(struct creation *cr)
{
	const struct sworn_layout_request req = {
		.one_device = !cr->up.meta_path,
		.data_area_blocks = cr->up.data.bytes / SWORN_BLOCK_SIZE,
		.meta_area_blocks = cr->up.meta.bytes / SWORN_BLOCK_SIZE,
		.logical_blocks = cr->logical_blocks,
		.segment_blocks = cr->segment_blocks,
		.overcommit = cr->up.c->options.given[OPT_OVERCOMMIT],
	};

	return plan_check(&req, cr->up.data_path, cr->up.meta_path, &cr->geo,
			  cr->up.c->failure);
}

/* Refuse a device that holds anything; --force gets past it. */
static int check_empty(struct creation *cr, struct device *dev)
{
	char what[256], uuid[UUID_TEXT_MAX], size[SIZE_TEXT_MAX];
	struct failure *f = cr->up.c->failure, found = { 0 };
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
	struct device *all[] = { &cr->up.data, &cr->up.meta };
	int err = bringup_idle(&cr->up);

	if (cr->up.c->options.given[OPT_FORCE])
		return err;
	for (int i = 0; !err && i < (cr->up.meta_path ? 2 : 1); i++)
		err = check_empty(cr, all[i]);
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

	if (!cr->up.c->options.given[OPT_FORCE])
		return 0;
	err = signature_wipe(cr->up.data.fd, cr->up.data.path, f);
	if (!err && cr->up.meta_path)
		err = signature_wipe(cr->up.meta.fd, cr->up.meta.path, f);
	/* The target writes superblocks to the metadata device alone. */
	if (!err && cr->up.meta_path)
		err = superblock_destroy(cr->up.data.fd, cr->up.data.path,
					 cr->up.data.bytes, f);
	return err;
}

static int bring_up(struct creation *cr)
{
	const struct options *o = &cr->up.c->options;
	char uuid[UUID_TEXT_MAX];
	struct table_request table = {
		.format = o->given[OPT_FORCE] ? SWORN_FORMAT_FORCE : SWORN_FORMAT_TRUE,
		.cipher = o->cipher,
		.segment_bytes = o->segment_bytes,
		.uuid = uuid_text(uuid, cr->uuid),
		.overcommit = o->given[OPT_OVERCOMMIT],
	};
	struct activation a = {
		.verb = "create",
		.length_sectors = cr->geo.logical_blocks * SWORN_BLOCK_SECTORS,
		.ready = wipe_old,
		.arg = cr,
	};

	memcpy(a.uuid, cr->uuid, sizeof(a.uuid));
	return bringup_activate(&cr->up, &a, &table, "formatting");
}

static void say_attached(struct out *out, const struct device *dev)
{
	if (dev->file)
		out_say(out, "%s is attached as %s until the disk is closed.",
			dev->path, dev->node);
}

static void report(struct creation *cr)
{
	const char *key_file = cr->up.c->options.generate_key;
	struct out *out = cr->up.c->out;
	u64 bytes = cr->geo.logical_blocks * SWORN_BLOCK_SIZE;
	char size[SIZE_TEXT_MAX];

	bringup_report(&cr->up, cr->uuid, bytes);
	out_say(out, "Created disk \"%s\", %s: /dev/mapper/%s", cr->up.name,
		size_text(size, bytes), cr->up.name);
	say_attached(out, &cr->up.data);
	if (cr->up.meta_path)
		say_attached(out, &cr->up.meta);
	if (cr->up.c->options.given[OPT_GENERATE_KEY]) {
		out_text(out, "key_file", NULL, key_file);
		out_say(out, "The root key is in %s: without it the data are lost, so keep a copy elsewhere.",
			key_file);
	}
}

static int create_steps(void *arg)
{
	struct creation *cr = arg;
	int err;

	err = open_devices(cr);
	if (!err)
		err = check_devices(cr);
	if (!err)
		err = plan(cr);
	if (!err)
		err = bring_up(cr);
	if (err)
		return err;
	device_keep(&cr->up.data);
	device_keep(&cr->up.meta);
	key_keep(&cr->up.key);
	report(cr);
	return 0;
}

static int check_options(struct creation *cr)
{
	const struct options *o = &cr->up.c->options;
	struct failure *f = cr->up.c->failure;

	cr->logical_blocks = (o->size_bytes + SWORN_BLOCK_SIZE - 1) / SWORN_BLOCK_SIZE;
	cr->segment_blocks = (u32)(o->segment_bytes / SWORN_BLOCK_SIZE);
	if (o->given[OPT_OVERCOMMIT] && !o->given[OPT_SIZE])
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--overcommit needs --size: without it the capacity is what the device holds");
	if (cr->up.meta_path && !strcmp(cr->up.data_path, cr->up.meta_path))
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "DATA and META are both %s: leave META out to have data and metadata on one device",
				 cr->up.data_path);
	if (o->uuid)
		return uuid_parse(o->uuid, cr->uuid);
	return uuid_random(cr->uuid);
}

static int create_run(struct context *c)
{
	struct creation cr = { .up = BRINGUP_OF(c) };
	int err = check_options(&cr);

	return err ? err : bringup_run(&cr.up, create_steps, &cr);
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
