/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What swornadm asks of the module sworn_mbox.  As in ram.h: one set of
 * operations talks to the kernel, another answers from files, and all return
 * 0 or a negative errno with @f filled in.
 */
#ifndef SWORNADM_BACK_MBOX_H
#define SWORNADM_BACK_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../failure.h"

#define MBOX_NAME_BYTES	32

/**
 * struct back_mbox - a mailbox
 * @kind: "rendezvous", "buffer", "unknown"
 * @state: "empty", "filling", "full", "reading", "spent", "unknown"
 * @timeout_ms: 0: none
 * @waiting: readers that wait
 * @expired: contents wiped because of the timeout
 */
struct back_mbox {
	char name[MBOX_NAME_BYTES];
	uint32_t index;
	uint32_t major;
	uint32_t minor;
	const char *kind;
	const char *state;
	uint32_t size_bytes;
	bool once;
	uint32_t uid;
	uint32_t gid;
	uint32_t mode;
	uint32_t timeout_ms;
	uint32_t openers;
	uint32_t waiting;
	uint64_t written;
	uint64_t taken;
	uint64_t expired;
};

/**
 * struct back_mbox_spec - a mailbox to be made
 * @size_bytes: 0: the driver's default
 * @mode: only if @set_mode
 */
struct back_mbox_spec {
	const char *name;
	bool buffer;
	bool once;
	uint32_t size_bytes;
	uint32_t uid;
	uint32_t gid;
	bool set_mode;
	uint32_t mode;
	uint32_t timeout_ms;
};

/*
 * An event: "added", "removed", "expired", "spent"; or "lost", without a
 * mailbox, when events came faster than they were taken.  Anything but 0 ends
 * the watch.
 */
typedef int back_mbox_event(const char *event, const struct back_mbox *box, void *arg);

struct back_mboxes {
	/*
	 * With @change: may we, and is the module there?  It is loaded if need
	 * be.  Otherwise: -ENOENT without filling in @f when it is not.
	 */
	int (*prepare)(bool change, struct failure *f);
	int (*create)(const struct back_mbox_spec *spec, struct back_mbox *made,
		      struct failure *f);
	/* @boxes: allocated */
	int (*list)(struct back_mbox **boxes, size_t *nr, struct failure *f);
	int (*remove)(const char *name, struct failure *f);
	int (*watch)(back_mbox_event *take, void *arg, struct failure *f);
};

extern const struct back_mboxes back_mbox_kernel;
extern const struct back_mboxes back_mbox_fake;

#endif /* SWORNADM_BACK_MBOX_H */
