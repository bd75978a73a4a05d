/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands for RAM disks print alike. */
#ifndef SWORNADM_CMD_RAM_SHOW_H
#define SWORNADM_CMD_RAM_SHOW_H

#include "../../back/ram.h"
#include "../../command.h"

/* All of a disk, as fields of the object that was begun. */
void show_disk(struct context *c, const struct back_ram_disk *disk);

/* Size and path of a disk that was made or changed. */
void show_made(struct context *c, const char *what, const struct back_ram_disk *disk);

#endif /* SWORNADM_CMD_RAM_SHOW_H */
