// SPDX-License-Identifier: GPL-2.0-only
/* swornadm mbox monitor. */
#include <errno.h>

#include "show.h"

/* Each event is an answer of its own, written at once. */
static int take_event(const char *event, const struct back_mbox *box, void *arg)
{
	struct context *c = arg;
	struct out *out = c->out;
	int err;

	c->out = out_create(out_is_json(out));
	if (!c->out) {
		c->out = out;
		return -ENOMEM;
	}
	out_text(c->out, "event", NULL, event);
	if (out_is_json(out) && box) {
		out_object_begin(c->out, "mailbox", NULL);
		show_mbox(c, box);
		out_object_end(c->out);
	}
	if (box)
		out_say(c->out, "%-8s %s  %s", event, box->name, box->state);
	else
		out_say(c->out, "%s", event);
	err = out_finish(c->out);
	out_destroy(c->out);
	c->out = out;
	return err;
}

static int monitor_run(struct context *c)
{
	int err = c->back->mbox->prepare(false, c->failure);

	if (err == -ENOENT && !c->failure->err) {
		fail(c->failure, ENOENT, "module sworn_mbox is not loaded: there is nothing to watch");
		return fail_hint(c->failure, "\"modprobe sworn_mbox\", or make a mailbox first");
	}
	return err ? err : c->back->mbox->watch(take_event, c, c->failure);
}

const struct command command_mbox_monitor = {
	.name = "mbox monitor",
	.args = "",
	.options = (const enum option_id[]){ OPT_END },
	.help = "show what happens to mailboxes, as it does",
	.doc = "Show mailboxes being added, removed, spent, and emptied by their timeout, until it is interrupted.  With --json, each event is a JSON object.",
	.run = monitor_run,
};
