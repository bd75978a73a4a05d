// SPDX-License-Identifier: GPL-2.0-only
/* Closing a disk; see shut.h. */
#include "shut.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../out/progress.h"

static int note_busy(const struct open_disk *disk, const char *who,
		     struct failure *f)
{
	fail(f, EBUSY, "disk \"%s\" is in use: %s", disk->dm.name,
	     who[0] ? who : "somebody has it open");
	if (strstr(who, "mounted on "))
		return fail_hint(f, "unmount it first: \"umount /dev/mapper/%s\"",
				 disk->dm.name);
	if (strstr(who, "part of device "))
		return fail_hint(f, "close what lies on it first: see \"lsblk /dev/mapper/%s\"",
				 disk->dm.name);
	return fail_hint(f, "let whoever uses it finish; \"lsblk\" and \"fuser -v /dev/mapper/%s\" tell more",
			 disk->dm.name);
}

static bool stays(const char *who)
{
	return strstr(who, "mounted on ") || strstr(who, "part of device ") ||
	       strstr(who, "used as swap");
}

int shut_disk(const struct back *back, const struct open_disk *disk,
	      struct failure *f)
{
	struct failure raw = { 0 };
	char what[160], who[512] = "";
	int err;

	if (disk->dm.open_count > 0)
		back->device_users(disk->dm.major, disk->dm.minor, who, sizeof(who));
	/*
	 * Removing waits some seconds for whoever has it open, as udev does for
	 * moments.  Those who stay need not be waited for.
	 */
	if (stays(who))
		return note_busy(disk, who, f);
	snprintf(what, sizeof(what), "closing %s", disk->dm.name);
	progress_start(what);
	err = back->dm_remove(disk->dm.name, &raw);
	progress_stop();
	if (!err)
		return 0;
	if (err == -EBUSY) {
		back->device_users(disk->dm.major, disk->dm.minor, who, sizeof(who));
		return note_busy(disk, who, f);
	}
	return fail(f, err, "disk \"%s\" cannot be closed: %s", disk->dm.name,
		    strerror(-err));
}
