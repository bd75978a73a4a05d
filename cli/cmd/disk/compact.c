// SPDX-License-Identifier: GPL-2.0-only
/* swornadm compact. */
#include <inttypes.h>
#include <stdlib.h>

#include "../../command.h"
#include "../../disk/find.h"
#include "../../disk/send.h"
#include "include/uapi/sworndisk_target.h"

/* Number of index tables of a disk, before and after. */
static int count_bits(struct context *c, uint64_t *bits)
{
	struct open_disk disk;
	int err = find_disk(c->back, c->args[0], &disk, c->failure);

	if (err)
		return err;
	*bits = disk.alive ? status_number(&disk.status, "bits") : 0;
	open_disk_free(&disk);
	return 0;
}

static int compact_run(struct context *c)
{
	uint64_t before = 0, after = 0;
	char *reply = NULL;
	int err;

	err = c->back->prepare(false, c->failure);
	if (!err)
		err = count_bits(c, &before);
	if (!err)
		err = send_message(c->back, c->args[0], SWORN_MSG_COMPACT,
				   "compacting", &reply, c->failure);
	free(reply);
	if (!err)
		err = count_bits(c, &after);
	if (err)
		return err;
	out_text(c->out, "name", NULL, c->args[0]);
	out_number(c->out, "bits_before", NULL, before);
	out_number(c->out, "bits", NULL, after);
	out_say(c->out, "Compacted disk \"%s\": %" PRIu64 " index tables, %" PRIu64 " before.",
		c->args[0], after, before);
	return 0;
}

const struct command command_compact = {
	.name = "compact",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "move index records from memory to the disk",
	.doc = "Write the index records that the disk NAME holds in memory to its index tables now, and wait until that is done.  The disk does it by itself when need be; it can be used meanwhile.",
	.run = compact_run,
};
