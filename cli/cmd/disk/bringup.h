/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What create and open have in common: devices, a key, a disk that comes up.
 *
 * Whatever fails, nothing stays behind: image files and key files made here
 * are removed until they are kept, loop devices detach with the last close,
 * and activate() takes back the device.
 */
#ifndef SWORNADM_CMD_DISK_BRINGUP_H
#define SWORNADM_CMD_DISK_BRINGUP_H

#include "../../command.h"
#include "../../disk/activate.h"
#include "../../disk/device.h"
#include "../../disk/key.h"

/**
 * struct bringup - a disk being brought up
 * @meta_path: NULL in the one-device form
 */
struct bringup {
	struct context *c;
	const char *name;
	const char *data_path;
	const char *meta_path;
	struct device data;
	struct device meta;
	struct root_key key;
};

/* By the arguments NAME DATA [META] of a context. */
#define BRINGUP_OF(context) {			\
	.c = (context),				\
	.name = (context)->args[0],		\
	.data_path = (context)->args[1],	\
	.meta_path = (context)->args[2],	\
	.data = DEVICE_NONE,			\
	.meta = DEVICE_NONE,			\
}

/**
 * bringup_run() - check name and options, take the steps, tidy up
 * @steps: brings the disk up; signals wait until it has returned
 */
int bringup_run(struct bringup *b, int (*steps)(void *arg), void *arg);

/* Is none of the devices in use?  0 or a negative errno, noted. */
int bringup_idle(struct bringup *b);

/**
 * bringup_activate() - load the key, attach the devices, make the disk
 * @a: verb, UUID, length and what is to be done before anything is written
 * @t: what only the one or the other wants in its table
 * @what: what goes on meanwhile: "opening"
 *
 * Return: 0 or a negative errno, noted.
 */
int bringup_activate(struct bringup *b, struct activation *a,
		     struct table_request *t, const char *what);

/* Tell what every disk that is up has: name, UUID, size and devices. */
void bringup_report(struct bringup *b, const uint8_t uuid[UUID_BYTES],
		    uint64_t bytes);

#endif /* SWORNADM_CMD_DISK_BRINGUP_H */
