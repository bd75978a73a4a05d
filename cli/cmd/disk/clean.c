// SPDX-License-Identifier: GPL-2.0-only
/* swornadm clean. */
#include "../../command.h"
#include "include/uapi/sworndisk_target.h"
#include "upkeep.h"

static int clean_run(struct context *c)
{
	return upkeep_run(c, SWORN_MSG_CLEAN, "cleaning", "Cleaned");
}

const struct command command_clean = {
	.name = "clean",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "make free segments out of sparse ones",
	.doc = "Find out what was overwritten on the disk NAME, and empty the segments that hold little, so that whole segments become free; wait until that is done.  Writing is fastest afterwards.  The disk can be used meanwhile.",
	.run = clean_run,
};
