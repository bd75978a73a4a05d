// SPDX-License-Identifier: GPL-2.0-only
/* swornadm ram monitor. */
#include <errno.h>
#include <string.h>

#include "../../args/size.h"
#include "show.h"

static void say_event(struct context *c, const char *event, const struct back_ram_disk *disk)
{
	char size[SIZE_TEXT_MAX], used[SIZE_TEXT_MAX];

	if (!disk)
		out_say(c->out, "%s", event);
	else if (!strcmp(event, "limit"))
		out_say(c->out, "limit    %s  %s of memory used, reached: %s", disk->name,
			size_text(used, disk->memory_bytes), disk->reason);
	else
		out_say(c->out, "%-8s %s  %s", event, disk->name, size_text(size, disk->size_bytes));
}

/* Each event is an answer of its own, written at once. */
static int take_event(const char *event, const struct back_ram_disk *disk, void *arg)
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
	if (out_is_json(out) && disk) {
		out_object_begin(c->out, "disk", NULL);
		show_disk(c, disk);
		out_object_end(c->out);
	}
	say_event(c, event, disk);
	err = out_finish(c->out);
	out_destroy(c->out);
	c->out = out;
	return err;
}

static int monitor_run(struct context *c)
{
	int err = c->back->ram->prepare(false, c->failure);

	if (err == -ENOENT && !c->failure->err) {
		fail(c->failure, ENOENT, "module sworn_ram is not loaded: there is nothing to watch");
		return fail_hint(c->failure, "\"modprobe sworn_ram\", or make a disk first");
	}
	return err ? err : c->back->ram->watch(take_event, c, c->failure);
}

const struct command command_ram_monitor = {
	.name = "ram monitor",
	.args = "",
	.options = (const enum option_id[]){ OPT_END },
	.help = "show what happens to RAM disks, as it does",
	.doc = "Show RAM disks being added, removed and changed, and running out of memory, until it is interrupted.  With --json, each event is a JSON object.",
	.run = monitor_run,
};
