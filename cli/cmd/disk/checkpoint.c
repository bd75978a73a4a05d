// SPDX-License-Identifier: GPL-2.0-only
/* swornadm checkpoint. */
#include <inttypes.h>
#include <stdlib.h>

#include "../../command.h"
#include "../../disk/find.h"
#include "../../disk/send.h"
#include "include/uapi/sworndisk_target.h"

static int look(struct context *c, uint64_t *generation, uint64_t *journal)
{
	struct open_disk disk;
	int err = find_disk(c->back, c->args[0], &disk, c->failure);

	if (err)
		return err;
	*generation = disk.alive ? status_number(&disk.status, "checkpoint") : 0;
	*journal = disk.alive ? disk.status.journal_used : 0;
	open_disk_free(&disk);
	return 0;
}

static int checkpoint_run(struct context *c)
{
	uint64_t generation, journal, generation_before, journal_before;
	char *reply = NULL;
	int err;

	err = c->back->prepare(false, c->failure);
	if (!err)
		err = look(c, &generation_before, &journal_before);
	if (!err)
		err = send_message(c->back, c->args[0], SWORN_MSG_CHECKPOINT,
				   "writing a checkpoint", &reply, c->failure);
	free(reply);
	if (!err)
		err = look(c, &generation, &journal);
	if (err)
		return err;
	out_text(c->out, "name", NULL, c->args[0]);
	out_number(c->out, "checkpoint_before", NULL, generation_before);
	out_number(c->out, "checkpoint", NULL, generation);
	out_number(c->out, "journal_used_before", NULL, journal_before);
	out_number(c->out, "journal_used", NULL, journal);
	out_say(c->out, "Wrote checkpoint %" PRIu64 " of disk \"%s\".", generation,
		c->args[0]);
	out_say(c->out, "Journal: %" PRIu64 " blocks for recovery to read, before %" PRIu64 ".",
		journal, journal_before);
	return 0;
}

const struct command command_checkpoint = {
	.name = "checkpoint",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "write a checkpoint, so that the next open is quick",
	.doc = "Write the index records in memory and a checkpoint of the disk NAME; wait until that is done.  All that was written before is durable then, and little of the journal is left to be recovered.",
	.run = checkpoint_run,
};
