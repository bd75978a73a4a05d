/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What swornadm asks of the machine: device-mapper, loop devices, keyring,
 * modules, kernel log.  One set of operations talks to the kernel; another, for
 * tests, answers from files.
 *
 * All return 0 or a negative errno; those with a &struct failure fill it in.
 */
#ifndef SWORNADM_BACK_BACK_H
#define SWORNADM_BACK_BACK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../failure.h"
#include "mbox.h"
#include "ram.h"

#define BACK_NAME_MAX	128
#define BACK_UUID_MAX	129

/**
 * struct back_disk - a device-mapper device
 * @target: type of its first target, "" if it has no table
 * @length_sectors: of its first target
 * @table: @status: parameters of its first target, allocated; back_disk_free()
 */
struct back_disk {
	char name[BACK_NAME_MAX];
	char uuid[BACK_UUID_MAX];
	char target[32];
	unsigned int major;
	unsigned int minor;
	int open_count;
	bool suspended;
	bool read_only;
	uint64_t length_sectors;
	char *table;
	char *status;
};

void back_disk_free(struct back_disk *disk);

/**
 * struct back_loop - a loop device
 * @node: its path
 * @fd: it is detached when nobody has it open any more
 */
struct back_loop {
	char node[PATH_MAX];
	int fd;
};

/**
 * struct back_versions - who speaks to whom
 *
 * Empty strings are unknown: the part is not there or not loaded.
 */
struct back_versions {
	char library[32];
	char driver[32];
	char target[32];
};

/**
 * struct back_event - an event of a disk
 * @text: NAME=VALUE words, each ended by NUL, an empty one last
 */
struct back_event {
	char text[4096];
};

/* A variable of an event; NULL if it has none of that name. */
const char *back_event_get(const struct back_event *event, const char *name);

struct back {
	/* RAM disks have operations of their own. */
	const struct back_ram *ram;
	/* So have mailboxes. */
	const struct back_mboxes *mbox;

	/*
	 * May we?  And with @target: is the target there?  Its module is loaded
	 * if need be; without it, there is no disk to be looked at.
	 */
	int (*prepare)(bool target, struct failure *f);

	/* Make a device without a table. */
	int (*dm_create)(const char *name, const char *uuid, bool read_only,
			 struct failure *f);
	/*
	 * Give it a table (the target's constructor runs) and bring it to life
	 * (the target formats or recovers).  Failures carry the bare errno, and
	 * what device-mapper's library said about it if that was more.
	 */
	int (*dm_load)(const char *name, uint64_t length_sectors,
		       const char *table, bool read_only, struct failure *f);
	int (*dm_resume)(const char *name, struct failure *f);
	int (*dm_remove)(const char *name, struct failure *f);

	/*
	 * Names of all devices, one after the other, each ended by NUL, an
	 * empty one last; allocated.
	 */
	int (*dm_names)(char **names, struct failure *f);
	/* -ENXIO without filling in @f when there is no such device. */
	int (*dm_query)(const char *name, struct back_disk *disk,
			struct failure *f);
	/* @reply: the target's answer, allocated, NULL if it gave none. */
	int (*dm_message)(const char *name, const char *message, char **reply,
			  struct failure *f);
	int (*versions)(struct back_versions *v, struct failure *f);

	/* Attach a file; -EBUSY when it is attached already. */
	int (*loop_attach)(const char *file, bool read_only,
			   struct back_loop *loop, struct failure *f);

	/* Is a file attached to a loop device?  -EBUSY, noted in @f. */
	int (*file_idle)(const char *file, struct failure *f);

	/* Is the path a device that a table may name? */
	bool (*is_device)(const char *path);
	/* Is it held by somebody?  -EBUSY, and who in @f. */
	int (*device_idle)(const char *path, struct failure *f);
	/*
	 * Who has the device open: "mounted on /mnt", "process 12 (fio)", ...
	 * Empty if nobody was found.
	 */
	void (*device_users)(unsigned int major, unsigned int minor,
			     char *text, size_t bytes);

	/*
	 * Add a "logon" key where this process alone finds it; it is gone with
	 * the process at the latest.
	 */
	int (*key_add)(const char *description, const void *key, size_t bytes,
		       int32_t *id, struct failure *f);
	void (*key_drop)(int32_t id);
	/*
	 * Read a key that processes may read; its size, or a negative errno,
	 * not noted.
	 */
	ssize_t (*key_read)(const char *type, const char *description,
			    void *key, size_t room);

	/*
	 * Follow events: a file descriptor that can be read when there is one.
	 * events_next() returns 1 with an event of a SwornDisk, 0 if it was
	 * another's, -ENODATA if no more will come, or another error; the
	 * latter noted in @f.
	 */
	int (*events_open)(struct failure *f);
	int (*events_next)(int fd, struct back_event *event, struct failure *f);

	/* The kernel's log from a call of log_mark() on; allocated. */
	void (*log_mark)(void);
	char *(*log_read)(void);
};

extern const struct back back_kernel;

/* The fake in folder @dir; NULL if the folder cannot be used. */
const struct back *back_fake(const char *dir);

#endif /* SWORNADM_BACK_BACK_H */
