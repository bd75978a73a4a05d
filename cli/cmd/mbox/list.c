// SPDX-License-Identifier: GPL-2.0-only
/* swornadm mbox list, and swornadm mbox remove. */
#include <errno.h>
#include <stdlib.h>

#include "show.h"

/* Without the module there are none, which is no failure. */
static int list_run(struct context *c)
{
	struct back_mbox *boxes = NULL;
	size_t nr = 0;
	int err = c->back->mbox->prepare(false, c->failure);

	if (!err)
		err = c->back->mbox->list(&boxes, &nr, c->failure);
	if (err && (err != -ENOENT || c->failure->err))
		return err;
	out_list_begin(c->out, "mailboxes", true, "There is no mailbox.");
	for (size_t i = 0; i < nr; i++) {
		out_object_begin(c->out, NULL, NULL);
		show_mbox(c, &boxes[i]);
		out_object_end(c->out);
	}
	out_list_end(c->out);
	free(boxes);
	return 0;
}

static int remove_run(struct context *c)
{
	int err = c->back->mbox->prepare(true, c->failure);

	if (!err)
		err = c->back->mbox->remove(c->args[0], c->failure);
	if (err)
		return err;
	out_text(c->out, "name", NULL, c->args[0]);
	out_bool(c->out, "removed", NULL, true);
	out_say(c->out, "Removed mailbox \"%s\".", c->args[0]);
	return 0;
}

const struct command command_mbox_list = {
	.name = "mbox list",
	.args = "",
	.options = (const enum option_id[]){ OPT_END },
	.help = "list the mailboxes, and what state they are in",
	.doc = "List the mailboxes and their states.",
	.run = list_run,
};

const struct command command_mbox_remove = {
	.name = "mbox remove",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "remove a mailbox, and wipe what is in it",
	.doc = "Remove the mailbox NAME, and wipe what is in it.  Whoever waits for it is told that it is gone.",
	.run = remove_run,
};
