// SPDX-License-Identifier: GPL-2.0-only
/* Messages; see send.h. */
#include "send.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "klog.h"
#include "../out/progress.h"

int send_message(const struct back *back, const char *name,
		 const char *message, const char *what, char **reply,
		 struct failure *f)
{
	struct open_disk *disk = malloc(sizeof(*disk));
	struct failure raw = { 0 };
	char text[200], *log;
	int err;

	*reply = NULL;
	if (!disk)
		return fail(f, ENOMEM, "out of memory");
	err = find_disk(back, name, disk, f);
	if (err)
		goto out;
	back->log_mark();
	if (what) {
		snprintf(text, sizeof(text), "%s: %s", name, what);
		progress_start(text);
	}
	err = back->dm_message(name, message, reply, &raw);
	progress_stop();
	if (err) {
		fail(f, err, "disk \"%s\": message \"%s\" failed: %s", name,
		     message, strerror(-err));
		log = back->log_read();
		klog_sentences(log, disk->dm.major, disk->dm.minor, f->kernel,
			       sizeof(f->kernel));
		free(log);
		if (err == -EROFS)
			fail_hint(f, "the disk can only be read: see \"swornadm status %s\"",
				  name);
		else if (err == -EINTR)
			fail_hint(f, "the disk was suspended meanwhile: what was done stands, and the rest can be asked for again");
		else if (err == -EINVAL)
			fail_hint(f, "the driver does not know this message, or does not take it in mode \"%s\"",
				  disk->alive ? disk->status.mode : "inactive");
	}
	open_disk_free(disk);
out:
	free(disk);
	return err;
}
