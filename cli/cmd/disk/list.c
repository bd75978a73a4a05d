// SPDX-License-Identifier: GPL-2.0-only
/* swornadm list. */
#include "../../command.h"
#include "../../disk/find.h"
#include "places.h"

static int list_one(const struct open_disk *disk, void *arg)
{
	struct out *out = arg;
	const char *uuid = disk->alive ? status_word(&disk->status, "uuid") : NULL;

	out_object_begin(out, NULL, NULL);
	out_text(out, "name", "NAME", disk->dm.name);
	out_bytes(out, "capacity_bytes", "CAPACITY",
		  disk->dm.length_sectors * 512);
	out_text(out, "mode", "MODE",
		 disk->alive ? disk->status.mode : "inactive");
	out_bool(out, "in_use", "IN USE", disk->dm.open_count > 0);
	out_text(out, "uuid", "UUID", uuid ? uuid : "-");
	put_places(out, disk, "DATA", "META", "same");
	out_object_end(out);
	return 0;
}

static int list_run(struct context *c)
{
	int err = c->back->prepare(false, c->failure);

	if (err)
		return err;
	out_list_begin(c->out, "disks", true, "No disk is open.");
	err = find_each(c->back, list_one, c->out, c->failure);
	out_list_end(c->out);
	return err;
}

const struct command command_list = {
	.name = "list",
	.args = "",
	.options = (const enum option_id[]){ OPT_END },
	.help = "list the disks that are open",
	.doc = "List the disks that are open.",
	.run = list_run,
};
