// SPDX-License-Identifier: GPL-2.0-only
/* swornadm ram resize, and swornadm ram remove. */
#include <errno.h>

#include "show.h"

static int resize_run(struct context *c)
{
	const struct options *o = &c->options;
	const struct back_ram_change change = {
		.set_size = o->given[OPT_RAM_SIZE],
		.size_bytes = o->size_bytes,
		.set_limit = o->given[OPT_LIMIT],
		.limit_bytes = o->limit_bytes,
		.force = o->given[OPT_RAM_FORCE],
	};
	struct back_ram_disk disk;
	int err;

	if (!change.set_size && !change.set_limit) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "nothing is to be changed: expected --size, --limit or both");
		return fail_hint(c->failure, "\"swornadm ram resize --help\" tells more");
	}
	err = c->back->ram->prepare(true, c->failure);
	if (!err)
		err = c->back->ram->change(c->args[0], &change, &disk, c->failure);
	if (!err)
		show_made(c, "Changed", &disk);
	return err;
}

static int remove_run(struct context *c)
{
	bool deferred = c->options.given[OPT_DEFERRED];
	struct failure ignored = { 0 };
	struct back_ram_disk disk;
	bool gone;
	int err = c->back->ram->prepare(true, c->failure);

	if (!err)
		err = c->back->ram->remove(c->args[0], deferred, c->failure);
	if (err)
		return err;
	gone = !deferred || c->back->ram->query(c->args[0], &disk, &ignored);
	out_text(c->out, "name", NULL, c->args[0]);
	out_bool(c->out, "removed", NULL, gone);
	out_say(c->out, gone ? "Removed RAM disk \"%s\"." :
			       "RAM disk \"%s\" is open: it is removed when it no longer is.",
		c->args[0]);
	return 0;
}

const struct command command_ram_resize = {
	.name = "ram resize",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_RAM_SIZE, OPT_LIMIT, OPT_RAM_FORCE, OPT_END },
	.help = "give a RAM disk another size or limit",
	.doc = "Make the RAM disk NAME larger or smaller, or give it another limit of memory.  It may be open; to be made smaller then, --force is needed."
	       "\vWhat lies beyond a smaller size is lost.",
	.run = resize_run,
};

const struct command command_ram_remove = {
	.name = "ram remove",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_DEFERRED, OPT_END },
	.help = "remove a RAM disk, and what is on it",
	.doc = "Remove the RAM disk NAME, and what is on it.  One that is open is not removed.",
	.run = remove_run,
};
