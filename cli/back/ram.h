/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What swornadm asks of the module sworn_ram.  As in back.h: one set of
 * operations talks to the kernel, another answers from files, and all return
 * 0 or a negative errno with @f filled in.
 */
#ifndef SWORNADM_BACK_RAM_H
#define SWORNADM_BACK_RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../failure.h"

#define RAM_NAME_BYTES	32

/**
 * struct back_ram_disk - a RAM disk
 * @node: NUMA node, -1: any
 * @deferred: it is removed once nobody has it open
 * @limit_bytes: of memory; 0: none of its own
 * @limit_hits: requests refused for want of memory
 * @reason: why the last of them was: "disk", "total", "memory", "none"
 */
struct back_ram_disk {
	char name[RAM_NAME_BYTES];
	uint32_t index;
	uint32_t major;
	uint32_t minor;
	uint64_t size_bytes;
	uint32_t sector_bytes;
	uint32_t queues;
	uint32_t depth;
	int node;
	bool read_only;
	bool deferred;
	uint32_t openers;
	uint64_t limit_bytes;
	uint64_t memory_bytes;
	uint64_t limit_hits;
	const char *reason;
	uint64_t read_bytes;
	uint64_t written_bytes;
	uint64_t discarded_bytes;
};

/**
 * struct back_ram_spec - a disk to be made
 * @name: NULL: the driver's choice
 * @size_bytes: @sector_bytes: @queues: @depth: 0: the driver's default
 * @node: -1: any
 */
struct back_ram_spec {
	const char *name;
	uint64_t size_bytes;
	uint32_t sector_bytes;
	uint32_t queues;
	uint32_t depth;
	int node;
	bool read_only;
	uint64_t limit_bytes;
};

/**
 * struct back_ram_change - what is to be another
 * @size_bytes: @limit_bytes: only if @set_size, @set_limit
 * @force: make smaller although open
 */
struct back_ram_change {
	bool set_size;
	uint64_t size_bytes;
	bool set_limit;
	uint64_t limit_bytes;
	bool force;
};

/**
 * struct back_ram_totals - what all disks use together
 * @freeing_bytes: of @memory_bytes, on their way back to the kernel
 */
struct back_ram_totals {
	uint32_t disks;
	uint64_t memory_bytes;
	uint64_t limit_bytes;
	uint64_t reserve_bytes;
	uint64_t freeing_bytes;
};

/*
 * An event: "added", "removed", "changed", "limit"; or "lost", without a disk,
 * when events came faster than they were taken.  Anything but 0 ends the watch.
 */
typedef int back_ram_event(const char *event, const struct back_ram_disk *disk, void *arg);

struct back_ram {
	/*
	 * With @change: may we, and is the module there?  It is loaded if need
	 * be.  Otherwise: -ENOENT without filling in @f when it is not.
	 */
	int (*prepare)(bool change, struct failure *f);
	int (*create)(const struct back_ram_spec *spec, struct back_ram_disk *made,
		      struct failure *f);
	/* @disks: allocated */
	int (*list)(struct back_ram_disk **disks, size_t *nr, struct failure *f);
	int (*query)(const char *name, struct back_ram_disk *disk, struct failure *f);
	int (*totals)(struct back_ram_totals *totals, struct failure *f);
	int (*change)(const char *name, const struct back_ram_change *change,
		      struct back_ram_disk *disk, struct failure *f);
	int (*remove)(const char *name, bool deferred, struct failure *f);
	int (*watch)(back_ram_event *take, void *arg, struct failure *f);
	/* Its path: the link with its name, if there is one. */
	void (*path)(const struct back_ram_disk *disk, char *text, size_t bytes);
};

extern const struct back_ram back_ram_kernel;
extern const struct back_ram back_ram_fake;

#endif /* SWORNADM_BACK_RAM_H */
