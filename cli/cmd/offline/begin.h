/* SPDX-License-Identifier: GPL-2.0-only */
/* What check, dump and repair begin with, and how they tell what was found. */
#ifndef SWORNADM_CMD_OFFLINE_BEGIN_H
#define SWORNADM_CMD_OFFLINE_BEGIN_H

#include "../../command.h"
#include "../../offline/check.h"

/* How the devices are opened. */
enum begin_how {
	BEGIN_READ_WARN,	/* if they are in use, a warning */
	BEGIN_READ,		/* refused if they are in use */
	BEGIN_WRITE,
};

/**
 * begin_image() - open the devices that the arguments from @first on name
 * @key: a key must be given; else it is taken if it is
 *
 * Return: 0 or a negative errno, noted in the context's failure.
 */
int begin_image(struct context *c, struct image *img, int first,
		enum begin_how how, bool key);

/* Which disk it is: UUID, devices. */
void put_image(struct out *out, const struct image *img);

/* All findings. */
void put_findings(struct out *out, const struct report *r);

#endif /* SWORNADM_CMD_OFFLINE_BEGIN_H */
