/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device-mapper without dmsetup: a program that suspends, reloads and removes
 * devices thousands of times cannot start another one each time.  Functions
 * return 0 or an errno.
 */
#ifndef LAB_DMCTL_H
#define LAB_DMCTL_H

#include "tool.h"

#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DMCTL_BYTES 8192u

struct dmctl {
	struct dm_ioctl head;
	char payload[DMCTL_BYTES];
};

static inline void dmctl_begin(struct dmctl *d, const char *name, uint32_t flags)
{
	memset(d, 0, sizeof(*d));
	d->head.version[0] = 4;
	d->head.data_size = sizeof(*d);
	d->head.data_start = offsetof(struct dmctl, payload);
	d->head.flags = flags;
	snprintf(d->head.name, sizeof(d->head.name), "%s", name);
}

static inline int dmctl_do(struct dmctl *d, unsigned long request)
{
	static int control = -1;

	if (control < 0)
		control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);
	if (control < 0)
		die("/dev/mapper/control: %s", strerror(errno));
	return ioctl(control, request, d) ? errno : 0;
}

/* dmctl_make() - a device without a table; *number is its minor number */
static inline int dmctl_make(const char *name, unsigned int *number)
{
	struct dmctl d;
	int err;

	dmctl_begin(&d, name, 0);
	err = dmctl_do(&d, DM_DEV_CREATE);
	*number = minor(d.head.dev);
	return err;
}

/* dmctl_load() - "sectors type words" */
static inline int dmctl_load(const char *name, uint64_t sectors, const char *type,
			     const char *words)
{
	struct dmctl d;
	struct dm_target_spec *spec = (struct dm_target_spec *)d.payload;

	dmctl_begin(&d, name, 0);
	d.head.target_count = 1;
	spec->length = sectors;
	spec->next = sizeof(d.payload);
	snprintf(spec->target_type, sizeof(spec->target_type), "%s", type);
	snprintf((char *)(spec + 1), sizeof(d.payload) - sizeof(*spec), "%s", words);
	return dmctl_do(&d, DM_TABLE_LOAD);
}

/* dmctl_suspend() - hastily: without waiting for what is above, or queued */
static inline int dmctl_suspend(const char *name, bool hastily)
{
	struct dmctl d;

	dmctl_begin(&d, name, DM_SUSPEND_FLAG |
		    (hastily ? DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG : 0));
	return dmctl_do(&d, DM_DEV_SUSPEND);
}

static inline int dmctl_resume(const char *name)
{
	struct dmctl d;

	dmctl_begin(&d, name, 0);
	return dmctl_do(&d, DM_DEV_SUSPEND);
}

/* dmctl_remove() - somebody may look at a device for a moment */
static inline int dmctl_remove(const char *name)
{
	struct dmctl d;
	int i, err = EBUSY;

	for (i = 0; i < 200 && err == EBUSY; i++) {
		if (i)
			usleep(50000);
		dmctl_begin(&d, name, 0);
		err = dmctl_do(&d, DM_DEV_REMOVE);
	}
	return err;
}

static inline int dmctl_message(const char *name, const char *message)
{
	struct dmctl d;
	struct dm_target_msg *msg = (struct dm_target_msg *)d.payload;

	dmctl_begin(&d, name, 0);
	snprintf(msg->message, sizeof(d.payload) - sizeof(*msg), "%s", message);
	return dmctl_do(&d, DM_TARGET_MSG);
}

/* dmctl_status() - what follows the target's name in the status */
static inline int dmctl_status(const char *name, char *text, size_t size)
{
	struct dmctl d;
	int err;

	dmctl_begin(&d, name, DM_NOFLUSH_FLAG);
	err = dmctl_do(&d, DM_TABLE_STATUS);
	/* Where the answer begins is said by the kernel. */
	snprintf(text, size, "%s", err ? "" : (char *)&d + d.head.data_start +
						      sizeof(struct dm_target_spec));
	return err;
}

#endif /* LAB_DMCTL_H */
