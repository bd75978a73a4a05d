// SPDX-License-Identifier: GPL-2.0-only
/* swornadm message. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../command.h"
#include "../../disk/send.h"

static int join_words(struct context *c, char *text, size_t bytes)
{
	size_t used = 0;

	for (int i = 1; i < c->nr_args; i++) {
		int n = snprintf(text + used, bytes - used, "%s%s",
				 i > 1 ? " " : "", c->args[i]);

		if (n < 0 || (size_t)n >= bytes - used)
			return fail_exit(c->failure, E2BIG, EXIT_USAGE,
					 "the message is too long: expected at most %zu characters",
					 bytes - 1);
		used += (size_t)n;
	}
	return 0;
}

static int message_run(struct context *c)
{
	char text[1024], *reply = NULL;
	int err;

	err = join_words(c, text, sizeof(text));
	if (!err)
		err = c->back->prepare(false, c->failure);
	if (!err)
		err = send_message(c->back, c->args[0], text, text, &reply, c->failure);
	if (err)
		return err;
	out_text(c->out, "name", NULL, c->args[0]);
	out_text(c->out, "message", NULL, text);
	if (reply) {
		while (*reply && reply[strlen(reply) - 1] == '\n')
			reply[strlen(reply) - 1] = '\0';
		out_text(c->out, "reply", NULL, reply);
		out_say(c->out, "%s", reply);
	}
	free(reply);
	return 0;
}

const struct command command_message = {
	.name = "message",
	.args = "NAME WORD...",
	.min_args = 2,
	.max_args = COMMAND_ARGS_MAX,
	.words = true,
	.options = (const enum option_id[]){ OPT_END },
	.help = "send a message to the driver of a disk",
	.doc = "Send a message to the driver of the disk NAME and show its answer.  \"help\" is one, and lists the others.",
	.run = message_run,
};
