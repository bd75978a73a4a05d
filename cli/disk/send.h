/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to the driver of a disk. */
#ifndef SWORNADM_DISK_SEND_H
#define SWORNADM_DISK_SEND_H

#include "../back/back.h"
#include "../failure.h"

/**
 * send_message() - send a message and wait for its end
 * @what: what goes on meanwhile: "compacting"; NULL: it takes no time
 * @reply: the answer, allocated, NULL if there is none
 *
 * Return: 0 or a negative errno, noted in @f with the kernel's sentence.
 */
int send_message(const struct back *back, const char *name,
		 const char *message, const char *what, char **reply,
		 struct failure *f);

#endif /* SWORNADM_DISK_SEND_H */
