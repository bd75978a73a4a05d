// SPDX-License-Identifier: GPL-2.0-only
/* swornadm open. */
#include <errno.h>
#include <string.h>

#include "../../args/size.h"
#include "../../disk/find.h"
#include "../../disk/superblock.h"
#include "bringup.h"
#include "include/uapi/sworndisk_target.h"

struct opening {
	struct bringup up;
	struct sworn_superblock sb;
};

/* Nothing here: is it where the caller did not mean it to be? */
static void hint_elsewhere(struct opening *op)
{
	struct superblock_view view;
	struct failure ignored = { 0 };

	if (!op->up.meta_path)
		fail_hint(op->up.c->failure,
			  "if its metadata are on another device, name that one after %s",
			  op->up.data_path);
	else if (!superblock_read(op->up.data.fd, op->up.data_path, &view, &ignored))
		fail_hint(op->up.c->failure, view.best->sb.geo.one_device ?
			  "%s has one: leave %s out" :
			  "%s has one: change the order of %s and the other",
			  op->up.data_path, op->up.meta_path);
	else
		fail_hint(op->up.c->failure, "\"swornadm create\" makes a new disk");
}

static int check_form(struct opening *op)
{
	struct failure *f = op->up.c->failure;

	if (op->sb.geo.one_device && op->up.meta_path) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "the disk on %s has data and metadata on one device: expected DATA alone",
			  op->up.meta_path);
		return fail_hint(f, "swornadm open %s %s ...", op->up.name, op->up.meta_path);
	}
	if (!op->sb.geo.one_device && !op->up.meta_path) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "%s holds the metadata of a disk whose data are on another device: expected DATA and META",
			  op->up.data_path);
		return fail_hint(f, "swornadm open %s DATA %s ...", op->up.name, op->up.data_path);
	}
	return 0;
}

static int check_size(const struct device *dev, u64 needed_blocks,
		      struct failure *f)
{
	char has[SIZE_TEXT_MAX], needs[SIZE_TEXT_MAX];
	u64 needed = needed_blocks * SWORN_BLOCK_SIZE;

	if (dev->bytes >= needed)
		return 0;
	fail(f, ENOSPC, "device %s is too small: it has %s (%llu bytes), the disk needs %s (%llu bytes)",
	     dev->path, size_text(has, dev->bytes), (unsigned long long)dev->bytes,
	     size_text(needs, needed), (unsigned long long)needed);
	return fail_hint(f, "was it truncated, or is it another device than the one the disk was created on?");
}

static int open_devices(struct opening *op)
{
	bool read_only = op->up.c->options.given[OPT_READ_ONLY];
	struct context *c = op->up.c;
	int err;

	err = device_open(&op->up.data, c->back, op->up.data_path, read_only, c->failure);
	if (!err && op->up.meta_path)
		err = device_open(&op->up.meta, c->back, op->up.meta_path, read_only,
				  c->failure);
	if (err == -EROFS || err == -EACCES)
		fail_hint(c->failure, "open it with --read-only");
	return err;
}

static int read_superblock(struct opening *op)
{
	struct device *holder = op->up.meta_path ? &op->up.meta : &op->up.data;
	struct failure *f = op->up.c->failure;
	struct superblock_view view;
	int err;

	err = superblock_read(holder->fd, holder->path, &view, f);
	if (err == -ENODATA) {
		fail(f, err, "device %s holds no SwornDisk", holder->path);
		hint_elsewhere(op);
	}
	if (err)
		return err;
	op->sb = view.best->sb;
	err = check_form(op);
	if (!err)
		err = check_size(&op->up.data, op->sb.geo.data_area_blocks, f);
	if (!err && op->up.meta_path)
		err = check_size(&op->up.meta, op->sb.geo.meta_area_blocks, f);
	return err;
}

static int check_free(struct opening *op)
{
	struct context *c = op->up.c;
	int err = find_uuid_closed(c->back, op->sb.uuid, op->up.data_path,
				   c->failure);

	return err ? err : bringup_idle(&op->up);
}

static int bring_up(struct opening *op)
{
	const struct options *o = &op->up.c->options;
	struct table_request table = {
		.format = SWORN_FORMAT_FALSE,
		.min_commit_given = o->given[OPT_MIN_COMMIT],
		.min_commit = o->min_commit,
		.read_only = o->given[OPT_READ_ONLY],
	};
	struct activation a = {
		.verb = "open",
		.length_sectors = op->sb.geo.logical_blocks * SWORN_BLOCK_SECTORS,
	};

	memcpy(a.uuid, op->sb.uuid, sizeof(a.uuid));
	return bringup_activate(&op->up, &a, &table, "opening");
}

static void report(struct opening *op)
{
	struct out *out = op->up.c->out;
	u64 bytes = op->sb.geo.logical_blocks * SWORN_BLOCK_SIZE;
	bool read_only = op->up.c->options.given[OPT_READ_ONLY];
	char size[SIZE_TEXT_MAX];

	bringup_report(&op->up, op->sb.uuid, bytes);
	out_bool(out, "read_only", NULL, read_only);
	out_say(out, "Opened disk \"%s\", %s%s: /dev/mapper/%s", op->up.name,
		size_text(size, bytes), read_only ? ", read-only" : "",
		op->up.name);
}

static int open_steps(void *arg)
{
	struct opening *op = arg;
	int err;

	err = open_devices(op);
	if (!err)
		err = read_superblock(op);
	if (!err)
		err = check_free(op);
	if (!err)
		err = bring_up(op);
	if (!err)
		report(op);
	return err;
}

static int open_run(struct context *c)
{
	struct opening op = { .up = BRINGUP_OF(c) };

	return bringup_run(&op.up, open_steps, &op);
}

const struct command command_open = {
	.name = "open",
	.args = "NAME DATA [META]",
	.min_args = 2,
	.max_args = 3,
	.options = (const enum option_id[]){
		OPT_KEY_FILE, OPT_KEY_DESC, OPT_KEY_SIZE, OPT_READ_ONLY,
		OPT_MIN_COMMIT, OPT_CACHE_SIZE, OPT_HEADS, OPT_END },
	.help = "open a disk",
	.doc = "Open the SwornDisk on DATA (a block device or image file), with its metadata on META if it was created so, as /dev/mapper/NAME.",
	.run = open_run,
};
