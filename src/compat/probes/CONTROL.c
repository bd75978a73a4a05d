// SPDX-License-Identifier: GPL-2.0-only
/* Not a question: what every supported kernel compiles. */
#include <linux/module.h>
#include <linux/device-mapper.h>

int sworn_probe(struct dm_target *ti);

int sworn_probe(struct dm_target *ti)
{
	return ti->num_flush_bios;
}
