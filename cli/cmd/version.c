// SPDX-License-Identifier: GPL-2.0-only
/* swornadm version. */
#include "../command.h"

static int version_run(struct context *c)
{
	struct back_versions v;
	int err = c->back->versions(&v, c->failure);

	if (err)
		return err;
	out_text(c->out, "swornadm", "swornadm", SWORNADM_VERSION);
	out_text(c->out, "target", "target sworndisk",
		 v.target[0] ? v.target : "not loaded");
	out_text(c->out, "device_mapper", "device-mapper",
		 v.driver[0] ? v.driver : "no answer");
	out_text(c->out, "libdevmapper", "libdevmapper", v.library);
	return 0;
}

const struct command command_version = {
	.name = "version",
	.args = "",
	.options = (const enum option_id[]){ OPT_END },
	.help = "show versions",
	.doc = "Show the versions of this program, of the kernel's target, of device-mapper and of its library.",
	.run = version_run,
};
