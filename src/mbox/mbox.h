/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of sworn_mbox share; docs/mbox.md. */
#ifndef SWORN_MBOX_MBOX_H
#define SWORN_MBOX_MBOX_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "include/uapi/sworn_mbox.h"

#define MBOX_BYTES_DEFAULT	4096
#define MBOX_MODE_DEFAULT	0600

struct mbox_file;
struct netlink_ext_ack;
struct sk_buff;

/**
 * struct mbox_spec - a mailbox to be made
 * @name: without "mbox-"
 * @kind: of its contents
 * @size: bytes it can hold
 * @once: one message, one reader
 * @uid: owner of the node
 * @gid: group of the node
 * @mode: permission bits of the node
 * @timeout_ms: contents are wiped so long after they were written; 0: never
 */
struct mbox_spec {
	char name[SWORN_MBOX_NAME_MAX + 1];
	enum sworn_mbox_kind kind;
	u32 size;
	bool once;
	kuid_t uid;
	kgid_t gid;
	u32 mode;
	u32 timeout_ms;
};

/**
 * struct mbox - a mailbox
 * @dev: its device; also counts references
 * @cdev: its node
 * @spec: as it was made
 * @index: in the registry, and minor number
 * @data: contents; belongs to whoever has set @busy, else to @lock
 * @room: bytes of @data, whole pages for a buffer
 * @readers: who waits to read
 * @writers: who waits to write, or for a buffer's memory
 * @fasync: who wants SIGIO
 * @all: in the list of hibernation.c, and under its lock
 * @lock: protects what follows
 * @state: see docs/mbox.md section 4
 * @busy: a system call copies, without the lock
 * @gone: it was removed
 * @expired: the timeout passed while somebody copied
 * @length: bytes of the contents
 * @at: how many of the message were read
 * @taker: open file that has claimed the message
 * @deadline: jiffies, when the contents are wiped
 * @expiry: does so
 * @mappings: of a buffer's memory, that may write
 * @openers: open files
 * @waiting: readers that wait
 * @written: messages, or writes
 * @taken: messages read to their end
 * @wiped: contents that nobody read in time
 */
struct mbox {
	struct device dev;
	struct cdev cdev;
	struct mbox_spec spec;
	int index;
	char *data;
	size_t room;
	wait_queue_head_t readers;
	wait_queue_head_t writers;
	struct fasync_struct *fasync;
	struct list_head all;

	spinlock_t lock;
	enum sworn_mbox_state state;
	bool busy;
	bool gone;
	bool expired;
	size_t length;
	size_t at;
	struct mbox_file *taker;
	unsigned long deadline;
	struct delayed_work expiry;
	unsigned int mappings;
	unsigned int openers;
	unsigned int waiting;
	u64 written;
	u64 taken;
	u64 wiped;
};

/**
 * struct mbox_file - an open file of a mailbox
 * @box: it
 * @at_end: it has had a message, and is told so by a read of nothing; under
 *	the mailbox's lock, as is
 * @error: errno that it is told, once
 */
struct mbox_file {
	struct mbox *box;
	bool at_end;
	int error;
};

/* What has changed, for mbox_tell(). */
enum mbox_news {
	MBOX_READABLE	= 1 << 0,
	MBOX_WRITABLE	= 1 << 1,
	MBOX_EXPIRED	= 1 << 2,
	MBOX_SPENT	= 1 << 3,
	MBOX_REMOVED	= 1 << 4,
	/* To readers that share an open file, and to nobody's signal handler. */
	MBOX_AGAIN	= 1 << 5,
};

/* main.c */
extern struct workqueue_struct *mbox_workqueue;
dev_t mbox_number(int index);

/* hibernation.c */
bool mbox_hibernating(void);
void mbox_hibernation_add(struct mbox *box);
void mbox_hibernation_forget(struct mbox *box);
int mbox_hibernation_init(void);
void mbox_hibernation_exit(void);

/* mbox.c */
struct mbox *mbox_create(const struct mbox_spec *spec, int index);
void mbox_remove(struct mbox *box);
bool mbox_holds(struct mbox *box);
unsigned int mbox_drop(struct mbox *box);
unsigned int mbox_settle(struct mbox *box);
void mbox_renew(struct mbox *box);
void mbox_tell(struct mbox *box, unsigned int news);
int mbox_class_init(void);
void mbox_class_exit(void);

/* file.c */
extern const struct file_operations mbox_rendezvous_fops;
extern const struct file_operations mbox_buffer_fops;
bool mbox_may_wait(const struct kiocb *iocb);

/* rendezvous.c */
bool mbox_read_is_due(const struct mbox *box, const struct mbox_file *file);
bool mbox_write_is_due(const struct mbox *box);
ssize_t mbox_rendezvous_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t mbox_rendezvous_write(struct kiocb *iocb, struct iov_iter *from);
void mbox_rendezvous_leave(struct mbox_file *file);

/* buffer.c */
ssize_t mbox_buffer_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t mbox_buffer_write(struct kiocb *iocb, struct iov_iter *from);
loff_t mbox_buffer_seek(struct file *filp, loff_t offset, int whence);
int mbox_buffer_map(struct file *filp, struct vm_area_struct *vma);
int mbox_buffer_truncate(struct mbox *box, bool may_wait);

/* registry.c */
void mbox_registry_lock(void);
void mbox_registry_unlock(void);
u32 mbox_registry_generation(void);
struct mbox *mbox_registry_find(const char *name);
struct mbox *mbox_registry_at(int index);
struct mbox *mbox_registry_next(int *index);
struct mbox *mbox_registry_add(const struct mbox_spec *spec, struct netlink_ext_ack *extack);
void mbox_registry_remove(struct mbox *box);
void mbox_registry_empty(void);

/* message.c */
int mbox_message_fill(struct sk_buff *skb, struct mbox *box);
size_t mbox_message_bytes(void);

/* netlink.c */
int mbox_netlink_init(void);
void mbox_netlink_exit(void);
void mbox_netlink_tell(enum sworn_mbox_command event, struct mbox *box);

#endif /* SWORN_MBOX_MBOX_H */
