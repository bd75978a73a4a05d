// SPDX-License-Identifier: GPL-2.0-only
/* The back end that talks to the kernel; see back.h. */
#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "include/uapi/sworndisk_target.h"

void back_disk_free(struct back_disk *disk)
{
	free(disk->table);
	free(disk->status);
	disk->table = NULL;
	disk->status = NULL;
}

const char *back_event_get(const struct back_event *event, const char *name)
{
	size_t n = strlen(name);
	const char *word;

	for (word = event->text; *word; word += strlen(word) + 1)
		if (!strncmp(word, name, n) && word[n] == '=')
			return word + n + 1;
	return NULL;
}

static int prepare(bool target, struct failure *f)
{
	char version[32];
	int err;

	if (geteuid()) {
		fail(f, EPERM, "must be run as root: device-mapper obeys nobody else");
		return fail_hint(f, "try again with sudo");
	}
	dm_start();
	if (!target)
		return 0;
	err = dm_target_version(SWORN_TARGET_NAME, version, sizeof(version));
	if (!err)
		return 0;
	err = kmod_load("dm_sworndisk", f);
	if (err)
		return err;
	if (!dm_target_version(SWORN_TARGET_NAME, version, sizeof(version)))
		return 0;
	return fail(f, ENODEV,
		    "module dm_sworndisk is loaded, but device-mapper does not know the target \"%s\"",
		    SWORN_TARGET_NAME);
}

const struct back back_kernel = {
	.ram = &back_ram_kernel,
	.mbox = &back_mbox_kernel,
	.prepare = prepare,
	.dm_create = dm_back_create,
	.dm_load = dm_back_load,
	.dm_resume = dm_back_resume,
	.dm_remove = dm_back_remove,
	.dm_names = dm_back_names,
	.dm_query = dm_back_query,
	.dm_message = dm_back_message,
	.versions = dm_back_versions,
	.loop_attach = loop_back_attach,
	.file_idle = loop_back_idle,
	.is_device = users_is_device,
	.device_idle = users_device_idle,
	.device_users = users_describe,
	.key_add = keyring_add,
	.key_drop = keyring_drop,
	.key_read = keyring_read,
	.events_open = uevent_open,
	.events_next = uevent_next,
	.log_mark = kmsg_mark,
	.log_read = kmsg_read,
};
