// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device-mapper through libdevmapper.
 *
 * Creating is three calls here, not libdevmapper's one: each then has an errno
 * of its own, and what must be taken back is known.
 */
#include "kernel.h"

#include <errno.h>
#include <libdevmapper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "include/uapi/sworndisk_target.h"

/* What the library last said; it must not print. */
static char last_words[256];

__attribute__((format(printf, 5, 6)))
static void listen(int level, const char *file, int line, int dm_errno,
		   const char *fmt, ...)
{
	va_list ap;

	(void)file;
	(void)line;
	(void)dm_errno;
	/* Stripped of its flags; 3 and below are errors. */
	if ((level & 7) > 3)
		return;
	va_start(ap, fmt);
	vsnprintf(last_words, sizeof(last_words), fmt, ap);
	va_end(ap);
}

void dm_start(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	dm_log_with_errno_init(listen);
	dm_set_name_mangling_mode(DM_STRING_MANGLING_NONE);
}

/* Without the driver there are no devices; asking would only fail. */
static bool driver_there(void)
{
	return !access("/sys/class/misc/device-mapper", F_OK);
}

static struct dm_task *task_create(int type, const char *name, struct failure *f)
{
	struct dm_task *task = dm_task_create(type);

	last_words[0] = '\0';
	if (task && name && !dm_task_set_name(task, name)) {
		dm_task_destroy(task);
		task = NULL;
	}
	if (!task)
		fail(f, ENOMEM, "device-mapper: no task could be made: %s",
		     last_words[0] ? last_words : "out of memory");
	return task;
}

/* The negative errno of a task that failed. */
static int task_errno(struct dm_task *task)
{
	int err = dm_task_get_errno(task);

	return err ? -err : -EIO;
}

static int note_failure(struct failure *f, int err, const char *verb,
			const char *name)
{
	return fail(f, err, "device-mapper cannot %s \"%s\": %s", verb, name,
		    strerror(-err));
}

int dm_back_create(const char *name, const char *uuid, bool read_only,
		   struct failure *f)
{
	struct dm_task *task = task_create(DM_DEVICE_CREATE, name, f);
	int err = 0;

	if (!task)
		return -ENOMEM;
	if (!dm_task_set_uuid(task, uuid) ||
	    (read_only && !dm_task_set_ro(task)))
		err = note_failure(f, -EINVAL, "create", name);
	else if (!dm_task_run(task))
		err = note_failure(f, task_errno(task), "create", name);
	dm_task_destroy(task);
	return err;
}

int dm_back_load(const char *name, uint64_t length_sectors, const char *table,
		 bool read_only, struct failure *f)
{
	struct dm_task *task = task_create(DM_DEVICE_RELOAD, name, f);
	int err = 0;

	if (!task)
		return -ENOMEM;
	dm_task_secure_data(task);
	if (!dm_task_add_target(task, 0, length_sectors, SWORN_TARGET_NAME, table) ||
	    (read_only && !dm_task_set_ro(task)))
		err = note_failure(f, -EINVAL, "load", name);
	else if (!dm_task_run(task))
		err = note_failure(f, task_errno(task), "load", name);
	dm_task_destroy(task);
	return err;
}

/* Run a task after which udev, or else the library, sees to the node. */
static int run_with_node(struct dm_task *task, const char *verb,
			 const char *name, struct failure *f)
{
	uint32_t cookie = 0;
	int err = 0;

	if (!dm_task_set_cookie(task, &cookie, 0))
		err = note_failure(f, -EIO, verb, name);
	else if (!dm_task_run(task))
		err = note_failure(f, task_errno(task), verb, name);
	/* Also after a failure: it releases the cookie. */
	dm_udev_wait(cookie);
	dm_task_update_nodes();
	return err;
}

int dm_back_resume(const char *name, struct failure *f)
{
	struct dm_task *task = task_create(DM_DEVICE_RESUME, name, f);
	int err;

	if (!task)
		return -ENOMEM;
	dm_task_set_add_node(task, DM_ADD_NODE_ON_RESUME);
	err = run_with_node(task, "resume", name, f);
	dm_task_destroy(task);
	return err;
}

int dm_back_remove(const char *name, struct failure *f)
{
	struct dm_task *task = task_create(DM_DEVICE_REMOVE, name, f);
	int err;

	if (!task)
		return -ENOMEM;
	/* udev's own probing right after a close holds it for a moment. */
	dm_task_retry_remove(task);
	err = run_with_node(task, "remove", name, f);
	dm_task_destroy(task);
	return err;
}

/* The list that device-mapper gives, as back.h wants it. */
static char *names_flatten(const struct dm_names *first)
{
	const struct dm_names *n = first;
	size_t bytes = 1;
	char *text, *p;

	for (; n->dev; n = (const void *)((const char *)n + n->next)) {
		bytes += strlen(n->name) + 1;
		if (!n->next)
			break;
	}
	text = calloc(1, bytes);
	if (!text || !first->dev)
		return text;
	p = text;
	for (n = first;; n = (const void *)((const char *)n + n->next)) {
		p = stpcpy(p, n->name) + 1;
		if (!n->next)
			return text;
	}
}

int dm_back_names(char **names, struct failure *f)
{
	struct dm_task *task;
	struct dm_names *list;
	int err = 0;

	if (!driver_there()) {
		*names = calloc(1, 1);
		return *names ? 0 : fail(f, ENOMEM, "out of memory");
	}
	task = task_create(DM_DEVICE_LIST, NULL, f);
	if (!task)
		return -ENOMEM;
	if (!dm_task_run(task)) {
		err = task_errno(task);
		fail(f, err, "device-mapper does not answer: %s", strerror(-err));
	} else {
		list = dm_task_get_names(task);
		*names = list ? names_flatten(list) : calloc(1, 1);
		if (!*names)
			err = fail(f, ENOMEM, "out of memory");
	}
	dm_task_destroy(task);
	return err;
}

static void take_info(struct back_disk *disk, struct dm_task *task,
		      const struct dm_info *info)
{
	const char *uuid = dm_task_get_uuid(task);

	snprintf(disk->name, sizeof(disk->name), "%s", dm_task_get_name(task));
	snprintf(disk->uuid, sizeof(disk->uuid), "%s", uuid ? uuid : "");
	disk->major = info->major;
	disk->minor = info->minor;
	disk->open_count = info->open_count;
	disk->suspended = info->suspended;
	disk->read_only = info->read_only;
}

/* Ask for status or table; the parameters of the first target to @params. */
static int query_one(int type, const char *name, struct back_disk *disk,
		     char **params, struct failure *f)
{
	struct dm_task *task = task_create(type, name, f);
	char *target = NULL, *words = NULL;
	struct dm_info info;
	uint64_t start;
	int err = 0;

	if (!task)
		return -ENOMEM;
	/* Asking must not make the target write. */
	dm_task_no_flush(task);
	if (!dm_task_run(task)) {
		err = task_errno(task);
		if (err != -ENXIO)
			note_failure(f, err, "query", name);
		goto out;
	}
	if (!dm_task_get_info(task, &info) || !info.exists) {
		err = -ENXIO;
		goto out;
	}
	take_info(disk, task, &info);
	dm_get_next_target(task, NULL, &start, &disk->length_sectors, &target,
			   &words);
	snprintf(disk->target, sizeof(disk->target), "%s", target ? target : "");
	*params = strdup(words ? words : "");
	if (!*params)
		err = fail(f, ENOMEM, "out of memory");
out:
	dm_task_destroy(task);
	return err;
}

int dm_back_query(const char *name, struct back_disk *disk, struct failure *f)
{
	int err;

	memset(disk, 0, sizeof(*disk));
	if (!driver_there())
		return -ENXIO;
	err = query_one(DM_DEVICE_STATUS, name, disk, &disk->status, f);
	if (!err)
		err = query_one(DM_DEVICE_TABLE, name, disk, &disk->table, f);
	if (err)
		back_disk_free(disk);
	return err;
}

int dm_back_message(const char *name, const char *message, char **reply,
		    struct failure *f)
{
	struct dm_task *task = task_create(DM_DEVICE_TARGET_MSG, name, f);
	const char *answer;
	int err = 0;

	*reply = NULL;
	if (!task)
		return -ENOMEM;
	if (!dm_task_set_sector(task, 0) || !dm_task_set_message(task, message)) {
		err = note_failure(f, -EINVAL, "send a message to", name);
	} else if (!dm_task_run(task)) {
		err = task_errno(task);
		note_failure(f, err, "send a message to", name);
	} else {
		answer = dm_task_get_message_response(task);
		*reply = answer ? strdup(answer) : NULL;
	}
	dm_task_destroy(task);
	return err;
}

int dm_target_version(const char *target, char *text, size_t bytes)
{
	struct dm_task *task = dm_task_create(DM_DEVICE_LIST_VERSIONS);
	struct dm_versions *v, *next;
	int err = -ENODEV;

	text[0] = '\0';
	if (!task)
		return -ENOMEM;
	if (!dm_task_run(task)) {
		err = task_errno(task);
		goto out;
	}
	for (v = dm_task_get_versions(task); v; v = next) {
		if (!strcmp(v->name, target)) {
			snprintf(text, bytes, "%u.%u.%u", v->version[0],
				 v->version[1], v->version[2]);
			err = 0;
			break;
		}
		next = v->next ? (void *)((char *)v + v->next) : NULL;
	}
out:
	dm_task_destroy(task);
	return err;
}

int dm_back_versions(struct back_versions *v, struct failure *f)
{
	struct dm_task *task;

	memset(v, 0, sizeof(*v));
	dm_start();
	dm_get_library_version(v->library, sizeof(v->library));
	if (!driver_there())
		return 0;
	task = task_create(DM_DEVICE_VERSION, NULL, f);
	if (!task)
		return -ENOMEM;
	if (dm_task_run(task))
		dm_task_get_driver_version(task, v->driver, sizeof(v->driver));
	dm_task_destroy(task);
	if (v->driver[0])
		dm_target_version(SWORN_TARGET_NAME, v->target, sizeof(v->target));
	return 0;
}
