/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the back end that talks to the kernel; see back.h. */
#ifndef SWORNADM_BACK_KERNEL_H
#define SWORNADM_BACK_KERNEL_H

#include "back.h"

/* dm.c */
void dm_start(void);
int dm_target_version(const char *target, char *text, size_t bytes);
int dm_back_create(const char *name, const char *uuid, bool read_only,
		   struct failure *f);
int dm_back_load(const char *name, uint64_t length_sectors, const char *table,
		 bool read_only, struct failure *f);
int dm_back_resume(const char *name, struct failure *f);
int dm_back_remove(const char *name, struct failure *f);
int dm_back_names(char **names, struct failure *f);
int dm_back_query(const char *name, struct back_disk *disk, struct failure *f);
int dm_back_message(const char *name, const char *message, char **reply,
		    struct failure *f);
int dm_back_versions(struct back_versions *v, struct failure *f);

/* loop.c */
int loop_back_attach(const char *file, bool read_only, struct back_loop *loop,
		     struct failure *f);
int loop_back_idle(const char *file, struct failure *f);

/* users.c */
bool users_is_device(const char *path);
int users_device_idle(const char *path, struct failure *f);
void users_describe(unsigned int major, unsigned int minor, char *text,
		    size_t bytes);

/* keyring.c */
int keyring_add(const char *description, const void *key, size_t bytes,
		int32_t *id, struct failure *f);
void keyring_drop(int32_t id);
ssize_t keyring_read(const char *type, const char *description, void *key,
		     size_t room);

/* kmod.c */
int kmod_load(const char *module, struct failure *f);

/* uevent.c */
int uevent_open(struct failure *f);
int uevent_next(int fd, struct back_event *event, struct failure *f);

/* kmsg.c */
void kmsg_mark(void);
char *kmsg_read(void);

#endif /* SWORNADM_BACK_KERNEL_H */
