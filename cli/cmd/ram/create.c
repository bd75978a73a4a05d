// SPDX-License-Identifier: GPL-2.0-only
/* swornadm ram create. */
#include <errno.h>

#include "show.h"

static int create_run(struct context *c)
{
	const struct options *o = &c->options;
	const struct back_ram_spec spec = {
		.name = c->args[0],
		.size_bytes = o->size_bytes,
		.sector_bytes = (uint32_t)o->sector_bytes,
		.queues = (uint32_t)o->queues,
		.depth = (uint32_t)o->depth,
		.node = o->given[OPT_NODE] ? (int)o->node : -1,
		.read_only = o->given[OPT_RAM_READ_ONLY],
		.limit_bytes = o->limit_bytes,
	};
	struct back_ram_disk made;
	int err;

	if (o->given[OPT_SECTOR_SIZE] && spec.sector_bytes != 512 && spec.sector_bytes != 4096) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE, "--sector-size %u: expected 512 or 4096",
			  spec.sector_bytes);
		return fail_hint(c->failure, "\"swornadm ram create --help\" tells more");
	}
	err = c->back->ram->prepare(true, c->failure);
	if (!err)
		err = c->back->ram->create(&spec, &made, c->failure);
	if (!err)
		show_made(c, "Made", &made);
	return err;
}

const struct command command_ram_create = {
	.name = "ram create",
	.args = "[NAME]",
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_RAM_SIZE, OPT_SECTOR_SIZE, OPT_QUEUES, OPT_DEPTH,
		OPT_NODE, OPT_RAM_READ_ONLY, OPT_LIMIT, OPT_END },
	.help = "make a RAM disk",
	.doc = "Make a RAM disk, /dev/sworn/ram/NAME.  Memory is used for what was written to it only.",
	.run = create_run,
};
