// SPDX-License-Identifier: GPL-2.0-only
/* swornadm remove: close and wipe. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../command.h"
#include "../../disk/device.h"
#include "../../disk/find.h"
#include "../../disk/shut.h"
#include "../../disk/superblock.h"
#include "../../disk/wipe.h"
#include "../../hold.h"
#include "../../out/ask.h"

/*
 * The metadata device is opened before the disk is closed: a loop device would
 * be gone afterwards, and a name might mean another device.
 */
static int open_meta(struct context *c, const struct open_disk *disk,
		     struct device *dev, struct superblock_view *view)
{
	int err;

	if (!disk->alive) {
		fail(c->failure, ENODATA,
		     "disk \"%s\" is not active: what it lies on is not known",
		     disk->dm.name);
		return fail_hint(c->failure, "close it, and wipe its metadata device with \"swornadm wipe DEVICE\"");
	}
	if (disk->dm.read_only) {
		fail_exit(c->failure, EROFS, EXIT_REFUSED,
			  "disk \"%s\" is open for reading only: nothing was changed",
			  disk->dm.name);
		return fail_hint(c->failure, "close it, and wipe its metadata device with \"swornadm wipe DEVICE\"");
	}
	err = device_open(dev, c->back, disk->meta.node, false, c->failure);
	if (!err)
		err = superblock_read(dev->fd, dev->path, view, c->failure);
	if (err == -ENODATA)
		fail(c->failure, err, "device %s holds no SwornDisk superblock any more",
		     dev->path);
	return err;
}

static int remove_steps(struct context *c, const struct open_disk *disk,
			struct device *dev)
{
	char what[WIPE_TEXT_MAX];
	struct superblock_view view;
	sigset_t old;
	int err;

	err = open_meta(c, disk, dev, &view);
	if (!err)
		err = ask_yes(wipe_text(what, disk->meta.file[0] ? disk->meta.file :
					disk->meta.node, &view),
			      c->options.given[OPT_YES], c->failure);
	if (err)
		return err;
	signals_hold(&old);
	err = shut_disk(c->back, disk, c->failure);
	if (!err)
		err = superblock_destroy(dev->fd, dev->path, dev->bytes, c->failure);
	signals_release(&old);
	return err;
}

static void report(struct context *c, const struct open_disk *disk)
{
	out_text(c->out, "name", NULL, disk->dm.name);
	out_bool(c->out, "wiped", NULL, true);
	out_say(c->out, "Closed and wiped disk \"%s\".", disk->dm.name);
	if (disk->data.file[0])
		out_say(c->out, "The image file %s is still there.", disk->data.file);
	if (!disk->one_device && disk->meta.file[0])
		out_say(c->out, "The image file %s is still there.", disk->meta.file);
}

static int remove_run(struct context *c)
{
	struct open_disk disk;
	struct device dev = DEVICE_NONE;
	int err;

	err = c->back->prepare(false, c->failure);
	if (!err)
		err = find_disk(c->back, c->args[0], &disk, c->failure);
	if (err)
		return err;
	err = remove_steps(c, &disk, &dev);
	if (!err)
		report(c, &disk);
	device_close(&dev);
	open_disk_free(&disk);
	return err;
}

const struct command command_remove = {
	.name = "remove",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_YES, OPT_END },
	.help = "close a disk and destroy it",
	.doc = "Close the disk NAME and destroy its superblocks, after asking.  The volume key is lost with them, and so are the data.  Image files stay."
	       "\vWithout a terminal to ask at, --yes is needed.",
	.run = remove_run,
};
