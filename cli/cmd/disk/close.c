// SPDX-License-Identifier: GPL-2.0-only
/* swornadm close. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../command.h"
#include "../../disk/find.h"
#include "../../disk/shut.h"
#include "../../hold.h"

static int close_run(struct context *c)
{
	const char *name = c->args[0];
	struct open_disk disk;
	sigset_t old;
	int err;

	err = c->back->prepare(false, c->failure);
	if (!err)
		err = find_disk(c->back, name, &disk, c->failure);
	if (err)
		return err;
	signals_hold(&old);
	err = shut_disk(c->back, &disk, c->failure);
	signals_release(&old);
	if (!err) {
		out_text(c->out, "name", NULL, name);
		out_say(c->out, "Closed disk \"%s\".", name);
	}
	open_disk_free(&disk);
	return err;
}

const struct command command_close = {
	.name = "close",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "close a disk",
	.doc = "Write out what the disk NAME still holds in memory and close it.  Image files are detached.",
	.run = close_run,
};
