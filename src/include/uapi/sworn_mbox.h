/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic netlink family of sworn_mbox; docs/netlink/sworn_mbox.yaml describes
 * the messages, docs/mbox.md what they do.
 */
#ifndef _UAPI_SWORN_MBOX_H
#define _UAPI_SWORN_MBOX_H

#define SWORN_MBOX_GENL_NAME	"sworn_mbox"
#define SWORN_MBOX_GENL_VERSION	1
#define SWORN_MBOX_GENL_EVENTS	"events"

/* Characters of a mailbox's name; with the NUL, one more. */
#define SWORN_MBOX_NAME_MAX	31

#define SWORN_MBOX_SIZE_MAX	1048576
#define SWORN_MBOX_MODE_MAX	511
#define SWORN_MBOX_TIMEOUT_MAX	2147483647
#define SWORN_MBOX_COUNT_MAX	1024

/* Operations; those that end in _NTF are events, and not to be sent. */
enum sworn_mbox_command {
	SWORN_MBOX_CMD_UNSPEC,
	SWORN_MBOX_CMD_CREATE,
	SWORN_MBOX_CMD_REMOVE,
	SWORN_MBOX_CMD_GET,
	SWORN_MBOX_CMD_ADDED_NTF,
	SWORN_MBOX_CMD_REMOVED_NTF,
	SWORN_MBOX_CMD_EXPIRED_NTF,
	SWORN_MBOX_CMD_SPENT_NTF,

	__SWORN_MBOX_CMD_MAX,
	SWORN_MBOX_CMD_MAX = __SWORN_MBOX_CMD_MAX - 1
};

enum sworn_mbox_attribute {
	SWORN_MBOX_A_UNSPEC,
	SWORN_MBOX_A_PAD,
	SWORN_MBOX_A_INDEX,		/* u32 */
	SWORN_MBOX_A_NAME,		/* string */
	SWORN_MBOX_A_KIND,		/* u32: enum sworn_mbox_kind */
	SWORN_MBOX_A_SIZE,		/* u32, bytes */
	SWORN_MBOX_A_ONCE,		/* flag: one message, one reader */
	SWORN_MBOX_A_UID,		/* u32: owner of the node */
	SWORN_MBOX_A_GID,		/* u32: its group */
	SWORN_MBOX_A_MODE,		/* u32: its permission bits */
	SWORN_MBOX_A_TIMEOUT,		/* u32, ms; 0: none */
	SWORN_MBOX_A_STATE,		/* u32: enum sworn_mbox_state */
	SWORN_MBOX_A_MAJOR,		/* u32 */
	SWORN_MBOX_A_MINOR,		/* u32 */
	SWORN_MBOX_A_OPENERS,		/* u32: open files */
	SWORN_MBOX_A_WAITING,		/* u32: readers that wait */
	SWORN_MBOX_A_WRITTEN,		/* u64: messages, or writes */
	SWORN_MBOX_A_TAKEN,		/* u64: messages read to their end */
	SWORN_MBOX_A_EXPIRED,		/* u64: wiped because of the timeout */

	__SWORN_MBOX_A_MAX,
	SWORN_MBOX_A_MAX = __SWORN_MBOX_A_MAX - 1
};

enum sworn_mbox_kind {
	SWORN_MBOX_KIND_RENDEZVOUS,
	SWORN_MBOX_KIND_BUFFER
};

enum sworn_mbox_state {
	SWORN_MBOX_STATE_EMPTY,
	SWORN_MBOX_STATE_FILLING,	/* a writer is copying */
	SWORN_MBOX_STATE_FULL,
	SWORN_MBOX_STATE_READING,	/* a reader has claimed the message */
	SWORN_MBOX_STATE_SPENT
};

#endif /* _UAPI_SWORN_MBOX_H */
