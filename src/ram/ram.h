/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of sworn_ram share; docs/ram.md. */
#ifndef SWORN_RAM_RAM_H
#define SWORN_RAM_RAM_H

#include <linux/blk-mq.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "include/uapi/sworn_ram.h"
#include "ram/store.h"

#define RAM_QUEUES_DEFAULT	4
#define RAM_DEPTH_DEFAULT	64
#define RAM_MIB_DEFAULT		32

struct netlink_ext_ack;
struct sk_buff;

/**
 * struct ram_spec - a disk to be made
 * @name: empty: that of the device
 * @size: bytes
 * @sector_size: bytes, 512 or 4096
 * @queues: hardware queues
 * @depth: requests in each
 * @node: NUMA node, or %NUMA_NO_NODE
 * @read_only: nobody may write
 * @limit: bytes of memory; 0: none
 */
struct ram_spec {
	char name[SWORN_RAM_NAME_MAX + 1];
	u64 size;
	u32 sector_size;
	u32 queues;
	u32 depth;
	int node;
	bool read_only;
	u64 limit;
};

extern const struct ram_spec ram_spec_default;

/**
 * struct ram_disk - a disk
 * @store: its contents
 * @gendisk: its device
 * @tags: its queues
 * @spec: as it is now; changes under the registry's mutex
 * @index: N of swornramN
 * @lock: protects @openers, @removing and @deferred
 * @openers: opens of the disk, and of partitions that are open
 * @removing: nobody may open it any more
 * @deferred: the last release has it removed
 * @refused: requests for which there was no memory
 * @reason: why the last of them was refused
 * @limit_work: tells of that
 * @told_at: jiffies, when it last did; 0: never
 */
struct ram_disk {
	struct ram_store store;
	struct gendisk *gendisk;
	struct blk_mq_tag_set tags;
	struct ram_spec spec;
	int index;

	spinlock_t lock;
	unsigned int openers;
	bool removing;
	bool deferred;

	atomic64_t refused;
	u32 reason;
	struct delayed_work limit_work;
	unsigned long told_at;
};

/* main.c: for what may be needed to free memory */
extern struct workqueue_struct *ram_workqueue;

/* queue.c */
bool ram_queues_init(struct ram_disk *disk);
void ram_queue_told(struct ram_disk *disk);

/* disk.c */
struct ram_disk *ram_disk_create(const struct ram_spec *spec, int index);
void ram_disk_stop(struct ram_disk *disk);
void ram_disk_destroy(struct ram_disk *disk);
bool ram_disk_claim(struct ram_disk *disk, bool deferred);
bool ram_disk_is_due(struct ram_disk *disk);
unsigned int ram_disk_openers(struct ram_disk *disk);
void ram_disk_resize(struct ram_disk *disk, u64 size);
void ram_disk_set_limit(struct ram_disk *disk, u64 limit);

/* registry.c */
void ram_registry_lock(void);
void ram_registry_unlock(void);
u32 ram_registry_generation(void);
u32 ram_registry_count(void);
struct ram_disk *ram_registry_find(const char *name);
struct ram_disk *ram_registry_at(int index);
struct ram_disk *ram_registry_next(int *index);
struct ram_disk *ram_registry_add(const struct ram_spec *spec, struct netlink_ext_ack *extack);
int ram_registry_remove(struct ram_disk *disk, bool deferred, struct netlink_ext_ack *extack);
void ram_registry_changed(struct ram_disk *disk);
void ram_registry_sweep(void);
void ram_registry_empty(void);

/* message.c */
int ram_message_fill(struct sk_buff *skb, struct ram_disk *disk);
size_t ram_message_bytes(void);

/* netlink.c */
int ram_netlink_init(void);
void ram_netlink_exit(void);
void ram_netlink_tell(enum sworn_ram_command event, struct ram_disk *disk);

#endif /* SWORN_RAM_RAM_H */
