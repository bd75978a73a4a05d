// SPDX-License-Identifier: GPL-2.0-only
/* swornadm wipe. */
#include <errno.h>
#include <stdio.h>

#include "../../command.h"
#include "../../disk/device.h"
#include "../../disk/find.h"
#include "../../disk/superblock.h"
#include "../../disk/wipe.h"
#include "../../hold.h"
#include "../../out/ask.h"

/* Sound or damaged: is there a disk to be wiped? */
static int look(struct context *c, const struct device *dev,
		struct superblock_view *view)
{
	struct failure found = { 0 };
	int err = superblock_read(dev->fd, dev->path, view, &found);

	if (!err || superblock_claimed(view))
		return 0;
	if (err != -ENODATA)
		return fail(c->failure, err, "%s", found.text);
	fail(c->failure, err, "device %s holds no SwornDisk superblock: nothing was changed",
	     dev->path);
	return fail_hint(c->failure, "of a disk on two devices, the superblock is on the metadata device; other signatures are wiped by wipefs(8)");
}

static int check_free(struct context *c, const struct device *dev,
		      const struct superblock_view *view)
{
	int err = 0;

	if (view->best)
		err = find_uuid_closed(c->back, view->best->sb.uuid, dev->path,
				       c->failure);
	if (!err)
		err = device_idle(dev, c->back, c->failure);
	if (err)
		fail_hint(c->failure, "\"swornadm remove NAME\" closes and wipes a disk that is open");
	return err;
}

static int wipe_steps(struct context *c, struct device *dev)
{
	char what[WIPE_TEXT_MAX];
	struct superblock_view view;
	sigset_t old;
	int err;

	err = device_open(dev, c->back, c->args[0], false, c->failure);
	if (!err)
		err = look(c, dev, &view);
	if (!err)
		err = check_free(c, dev, &view);
	if (!err)
		err = ask_yes(wipe_text(what, dev->path, &view),
			      c->options.given[OPT_YES], c->failure);
	if (err)
		return err;
	signals_hold(&old);
	err = superblock_destroy(dev->fd, dev->path, dev->bytes, c->failure);
	signals_release(&old);
	return err;
}

static int wipe_run(struct context *c)
{
	struct device dev = DEVICE_NONE;
	int err;

	err = c->back->prepare(false, c->failure);
	if (!err)
		err = wipe_steps(c, &dev);
	device_close(&dev);
	if (err)
		return err;
	out_text(c->out, "device", NULL, c->args[0]);
	out_bool(c->out, "wiped", NULL, true);
	out_say(c->out, "Wiped the SwornDisk on %s.", c->args[0]);
	return 0;
}

const struct command command_wipe = {
	.name = "wipe",
	.args = "DEVICE",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_YES, OPT_END },
	.help = "destroy the disk on a device",
	.doc = "Destroy the superblocks on DEVICE, the metadata device of a closed disk, after asking.  The volume key is lost with them, and so are the data."
	       "\vWithout a terminal to ask at, --yes is needed.",
	.run = wipe_run,
};
