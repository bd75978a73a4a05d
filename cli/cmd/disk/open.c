// SPDX-License-Identifier: GPL-2.0-only
/* swornadm open. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../args/name.h"
#include "../../args/size.h"
#include "../../args/uuid.h"
#include "../../command.h"
#include "../../disk/activate.h"
#include "../../disk/device.h"
#include "../../disk/find.h"
#include "../../disk/key.h"
#include "../../disk/superblock.h"
#include "../../hold.h"
#include "include/uapi/sworndisk_target.h"
#include "../../out/progress.h"

/**
 * struct opening - a disk being opened
 * @meta_path: NULL in the one-device form
 */
struct opening {
	struct context *c;
	const char *name;
	const char *data_path;
	const char *meta_path;
	struct device data;
	struct device meta;
	struct root_key key;
	struct sworn_superblock sb;
};

/* Nothing here: is it where the caller did not mean it to be? */
static void hint_elsewhere(struct opening *op)
{
	struct superblock_view view;
	struct failure ignored = { 0 };

	if (!op->meta_path)
		fail_hint(op->c->failure,
			  "if its metadata are on another device, name that one after %s",
			  op->data_path);
	else if (!superblock_read(op->data.fd, op->data_path, &view, &ignored))
		fail_hint(op->c->failure, view.best->sb.geo.one_device ?
			  "%s has one: leave %s out" :
			  "%s has one: change the order of %s and the other",
			  op->data_path, op->meta_path);
	else
		fail_hint(op->c->failure, "\"swornadm create\" makes a new disk");
}

static int check_form(struct opening *op)
{
	struct failure *f = op->c->failure;

	if (op->sb.geo.one_device && op->meta_path) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "the disk on %s has data and metadata on one device: expected DATA alone",
			  op->meta_path);
		return fail_hint(f, "swornadm open %s %s ...", op->name, op->meta_path);
	}
	if (!op->sb.geo.one_device && !op->meta_path) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "%s holds the metadata of a disk whose data are on another device: expected DATA and META",
			  op->data_path);
		return fail_hint(f, "swornadm open %s DATA %s ...", op->name, op->data_path);
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
	bool read_only = op->c->options.given[OPT_READ_ONLY];
	struct context *c = op->c;
	int err;

	err = device_open(&op->data, c->back, op->data_path, read_only, c->failure);
	if (!err && op->meta_path)
		err = device_open(&op->meta, c->back, op->meta_path, read_only,
				  c->failure);
	if (err == -EROFS || err == -EACCES)
		fail_hint(c->failure, "open it with --read-only");
	return err;
}

static int read_superblock(struct opening *op)
{
	struct device *holder = op->meta_path ? &op->meta : &op->data;
	struct failure *f = op->c->failure;
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
		err = check_size(&op->data, op->sb.geo.data_area_blocks, f);
	if (!err && op->meta_path)
		err = check_size(&op->meta, op->sb.geo.meta_area_blocks, f);
	return err;
}

static int check_free(struct opening *op)
{
	struct context *c = op->c;
	int err;

	err = find_uuid_closed(c->back, op->sb.uuid, op->data_path, c->failure);
	if (!err)
		err = device_idle(&op->data, c->back, c->failure);
	if (!err && op->meta_path)
		err = device_idle(&op->meta, c->back, c->failure);
	return err;
}

static int attach_devices(struct opening *op)
{
	int err = device_attach(&op->data, op->c->back, op->c->failure);

	if (!err && op->meta_path)
		err = device_attach(&op->meta, op->c->back, op->c->failure);
	return err;
}

static int bring_up(struct opening *op)
{
	const struct options *o = &op->c->options;
	char what[160], on[2 * PATH_MAX];
	const struct table_request table = {
		.data = op->data.node,
		.meta = op->meta_path ? op->meta.node : op->data.node,
		.format = SWORN_FORMAT_FALSE,
		.key = op->key.word,
		.cache_bytes = o->cache_bytes,
		.heads = o->heads,
		.min_commit_given = o->given[OPT_MIN_COMMIT],
		.min_commit = o->min_commit,
		.read_only = o->given[OPT_READ_ONLY],
	};
	struct activation a = {
		.name = op->name,
		.verb = "open",
		.on = on,
		.length_sectors = op->sb.geo.logical_blocks * SWORN_BLOCK_SECTORS,
		.table = &table,
	};
	int err;

	memcpy(a.uuid, op->sb.uuid, sizeof(a.uuid));
	snprintf(on, sizeof(on), "%s%s%s", op->data_path,
		 op->meta_path ? " and " : "", op->meta_path ? op->meta_path : "");
	snprintf(what, sizeof(what), "opening %s", op->name);
	progress_start(what);
	err = activate(op->c->back, &a, op->c->failure);
	progress_stop();
	return err;
}

static void report(struct opening *op)
{
	struct out *out = op->c->out;
	u64 bytes = op->sb.geo.logical_blocks * SWORN_BLOCK_SIZE;
	bool read_only = op->c->options.given[OPT_READ_ONLY];
	char uuid[UUID_TEXT_MAX], size[SIZE_TEXT_MAX];

	out_text(out, "name", NULL, op->name);
	out_textf(out, "device", NULL, "/dev/mapper/%s", op->name);
	out_text(out, "uuid", NULL, uuid_text(uuid, op->sb.uuid));
	out_bytes(out, "capacity_bytes", NULL, bytes);
	out_bool(out, "read_only", NULL, read_only);
	out_text(out, "data_device", NULL, op->data.node);
	out_text(out, "meta_device", NULL,
		 op->meta_path ? op->meta.node : op->data.node);
	out_say(out, "Opened disk \"%s\", %s%s: /dev/mapper/%s", op->name,
		size_text(size, bytes), read_only ? ", read-only" : "", op->name);
}

static int open_steps(struct opening *op)
{
	struct context *c = op->c;
	char uuid[UUID_TEXT_MAX];
	int err;

	err = open_devices(op);
	if (!err)
		err = read_superblock(op);
	if (!err)
		err = check_free(op);
	if (!err)
		err = key_load(&op->key, &c->options, c->failure);
	if (!err && op->key.remark)
		out_warn(c->out, "%s", op->key.remark);
	if (!err)
		err = attach_devices(op);
	if (!err)
		err = key_install(&op->key, c->back,
				  uuid_text(uuid, op->sb.uuid), c->failure);
	if (!err)
		err = bring_up(op);
	if (!err)
		report(op);
	return err;
}

static int open_run(struct context *c)
{
	struct opening op = {
		.c = c,
		.name = c->args[0],
		.data_path = c->args[1],
		.meta_path = c->args[2],
		.data = DEVICE_NONE,
		.meta = DEVICE_NONE,
	};
	sigset_t old;
	int err;

	err = name_check(op.name, c->failure);
	if (!err)
		err = key_check_options(&c->options, c->failure);
	if (!err)
		err = c->back->prepare(true, c->failure);
	if (!err)
		err = find_name_free(c->back, op.name, c->failure);
	if (err)
		return err;
	signals_hold(&old);
	err = open_steps(&op);
	key_drop(&op.key, c->back);
	device_close(&op.meta);
	device_close(&op.data);
	signals_release(&old);
	return err;
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
