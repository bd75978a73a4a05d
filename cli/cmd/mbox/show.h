/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands for mailboxes print alike. */
#ifndef SWORNADM_CMD_MBOX_SHOW_H
#define SWORNADM_CMD_MBOX_SHOW_H

#include "../../back/mbox.h"
#include "../../command.h"

/*
 * All of a mailbox, as fields of the object that was begun; in text, as a row
 * of a table.
 */
void show_mbox(struct context *c, const struct back_mbox *box);

#endif /* SWORNADM_CMD_MBOX_SHOW_H */
