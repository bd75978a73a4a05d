/* SPDX-License-Identifier: GPL-2.0-only */
/* How large a disk can be on its devices, and how large these must be. */
#ifndef SWORNADM_DISK_PLAN_H
#define SWORNADM_DISK_PLAN_H

#include "../failure.h"
#include "sworndisk/format/geometry.h"

/**
 * plan_data_blocks() - blocks that a new data device needs
 * @one_device: the metadata go there too
 */
u64 plan_data_blocks(u64 logical_blocks, u32 segment_blocks, bool one_device);

/**
 * plan_check() - lay out, and refuse what would leave no reserve
 * @req: what is asked for
 * @data: @meta: names for messages
 * @geo: filled in
 *
 * The target itself lets the capacity eat up the reserve, for the table's old
 * form, where it is the length of the data device.  People get to know that
 * writing would become slow, unless they say that they want it.
 *
 * Return: 0, -ENOSPC or -EINVAL, noted in @f.
 */
int plan_check(const struct sworn_layout_request *req, const char *data,
	       const char *meta, struct sworn_geometry *geo,
	       struct failure *f);

#endif /* SWORNADM_DISK_PLAN_H */
