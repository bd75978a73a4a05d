// SPDX-License-Identifier: GPL-2.0-only
/* swornadm ram list, and swornadm ram status. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "../../args/size.h"
#include "show.h"

static void list_one(struct context *c, const struct back_ram_disk *disk)
{
	char path[PATH_MAX], limit[SIZE_TEXT_MAX];

	c->back->ram->path(disk, path, sizeof(path));
	out_object_begin(c->out, NULL, NULL);
	out_text(c->out, "name", "NAME", disk->name);
	out_bytes(c->out, "size_bytes", "SIZE", disk->size_bytes);
	out_bytes(c->out, "memory_bytes", "MEMORY", disk->memory_bytes);
	out_number(c->out, "limit_bytes", NULL, disk->limit_bytes);
	out_text(c->out, NULL, "LIMIT",
		 disk->limit_bytes ? size_text(limit, disk->limit_bytes) : "-");
	out_bool(c->out, "in_use", "IN USE", disk->openers > 0);
	out_text(c->out, "path", "PATH", path);
	out_object_end(c->out);
}

static void status_one(struct context *c, const struct back_ram_disk *disk)
{
	out_object_begin(c->out, NULL, disk->name);
	show_disk(c, disk);
	out_object_end(c->out);
}

/* Without the module there are no disks, which is no failure. */
static int each(struct context *c, void (*one)(struct context *c, const struct back_ram_disk *disk),
		bool table)
{
	struct back_ram_disk *disks = NULL;
	size_t nr = 0;
	int err = c->back->ram->prepare(false, c->failure);

	if (!err)
		err = c->back->ram->list(&disks, &nr, c->failure);
	if (err && (err != -ENOENT || c->failure->err))
		return err;
	out_list_begin(c->out, "disks", table, "There is no RAM disk.");
	for (size_t i = 0; i < nr; i++)
		one(c, &disks[i]);
	out_list_end(c->out);
	free(disks);
	return 0;
}

static int list_run(struct context *c)
{
	return each(c, list_one, true);
}

static int status_totals(struct context *c)
{
	struct back_ram_totals sum;
	char used[SIZE_TEXT_MAX], limit[SIZE_TEXT_MAX];
	int err = c->back->ram->prepare(false, c->failure);

	if (err == -ENOENT && !c->failure->err)
		return 0;
	if (!err)
		err = c->back->ram->totals(&sum, c->failure);
	if (err)
		return err;
	out_object_begin(c->out, "all", sum.disks ? "all" : NULL);
	out_number(c->out, "memory_bytes", NULL, sum.memory_bytes);
	out_number(c->out, "limit_bytes", NULL, sum.limit_bytes);
	out_textf(c->out, NULL, "memory", "%s of %s", size_text(used, sum.memory_bytes),
		  size_text(limit, sum.limit_bytes));
	out_bytes(c->out, "reserve_bytes", "left to others", sum.reserve_bytes);
	out_number(c->out, "freeing_bytes", NULL, sum.freeing_bytes);
	out_object_end(c->out);
	return 0;
}

static int status_named(struct context *c)
{
	struct back_ram_disk disk;
	int err = c->back->ram->prepare(false, c->failure);

	if (err == -ENOENT && !c->failure->err)
		return fail(c->failure, ENODEV, "there is no RAM disk \"%s\"", c->args[0]);
	if (!err)
		err = c->back->ram->query(c->args[0], &disk, c->failure);
	if (err)
		return err;
	out_list_begin(c->out, "disks", false, NULL);
	status_one(c, &disk);
	out_list_end(c->out);
	return 0;
}

static int status_run(struct context *c)
{
	int err;

	if (c->nr_args)
		return status_named(c);
	err = each(c, status_one, false);
	return err ? err : status_totals(c);
}

const struct command command_ram_list = {
	.name = "ram list",
	.args = "",
	.options = (const enum option_id[]){ OPT_END },
	.help = "list the RAM disks",
	.doc = "List the RAM disks.",
	.run = list_run,
};

const struct command command_ram_status = {
	.name = "ram status",
	.args = "[NAME]",
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "show how a RAM disk, or every one, is doing",
	.doc = "Show size, memory and counters of the RAM disk NAME, or of every one, and what all of them use.",
	.run = status_run,
};
