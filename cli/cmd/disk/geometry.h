/* SPDX-License-Identifier: GPL-2.0-only */
/* What a superblock says of sizes and places, for info and dump. */
#ifndef SWORNADM_CMD_DISK_GEOMETRY_H
#define SWORNADM_CMD_DISK_GEOMETRY_H

#include "../../out/out.h"
#include "sworndisk/format/geometry.h"

void put_geometry(struct out *out, const struct sworn_geometry *geo);

#endif /* SWORNADM_CMD_DISK_GEOMETRY_H */
