/* SPDX-License-Identifier: GPL-2.0-only */
/* What an open disk lies on, for list and status. */
#ifndef SWORNADM_CMD_DISK_PLACES_H
#define SWORNADM_CMD_DISK_PLACES_H

#include "../../disk/find.h"
#include "../../out/out.h"

/**
 * put_places() - tell devices and, of loop devices, files
 * @data_label: @meta_label: for people
 * @same: for people, what to say of metadata that lie where the data do
 */
void put_places(struct out *out, const struct open_disk *disk,
		const char *data_label, const char *meta_label,
		const char *same);

#endif /* SWORNADM_CMD_DISK_PLACES_H */
