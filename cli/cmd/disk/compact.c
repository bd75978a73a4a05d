// SPDX-License-Identifier: GPL-2.0-only
/* swornadm compact. */
#include "../../command.h"
#include "include/uapi/sworndisk_target.h"
#include "upkeep.h"

static int compact_run(struct context *c)
{
	return upkeep_run(c, SWORN_MSG_COMPACT, "compacting", "Compacted");
}

const struct command command_compact = {
	.name = "compact",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "put the index and the data of a disk in order",
	.doc = "Merge all index tables of the disk NAME into one sorted run, drop what was overwritten, and put data that belong together side by side; wait until that is done.  Reading is fastest afterwards.  The disk can be used meanwhile.",
	.run = compact_run,
};
