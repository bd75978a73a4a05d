// SPDX-License-Identifier: GPL-2.0-only
/* swornadm list. */
#include "../../command.h"
#include "../../disk/find.h"

static int list_one(const struct open_disk *disk, void *arg)
{
	struct out *out = arg;
	char text[PLACE_TEXT_MAX];
	const char *uuid = disk->alive ? status_word(&disk->status, "uuid") : NULL;

	out_object_begin(out, NULL, NULL);
	out_text(out, "name", "NAME", disk->dm.name);
	out_bytes(out, "capacity_bytes", "CAPACITY",
		  disk->dm.length_sectors * 512);
	out_text(out, "mode", "MODE",
		 disk->alive ? disk->status.mode : "inactive");
	out_bool(out, "in_use", "IN USE", disk->dm.open_count > 0);
	out_text(out, "uuid", "UUID", uuid ? uuid : "-");
	out_text(out, "data_device", NULL, disk->data.node);
	out_text(out, "meta_device", NULL, disk->meta.node);
	if (disk->data.file[0])
		out_text(out, "data_file", NULL, disk->data.file);
	if (disk->meta.file[0])
		out_text(out, "meta_file", NULL, disk->meta.file);
	out_text(out, NULL, "DATA", place_text(text, &disk->data));
	out_text(out, NULL, "META", disk->one_device ? "same" :
		 place_text(text, &disk->meta));
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
