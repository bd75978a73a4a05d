/* SPDX-License-Identifier: GPL-2.0-only */
/* What compact and clean have in common: a message, and what came of it. */
#ifndef SWORNADM_CMD_DISK_UPKEEP_H
#define SWORNADM_CMD_DISK_UPKEEP_H

#include "../../command.h"

/**
 * upkeep_run() - have the disk NAME put itself in order, and tell what changed
 * @message: that asks for it
 * @doing: what goes on meanwhile: "compacting"
 * @done: what was done: "Compacted"
 *
 * Return: 0 or a negative errno, noted in the context's failure.
 */
int upkeep_run(struct context *c, const char *message, const char *doing,
	       const char *done);

#endif /* SWORNADM_CMD_DISK_UPKEEP_H */
