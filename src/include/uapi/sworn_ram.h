/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic netlink family of sworn_ram; docs/netlink/sworn_ram.yaml describes
 * the messages, docs/ram.md what they do.
 */
#ifndef _UAPI_SWORN_RAM_H
#define _UAPI_SWORN_RAM_H

#define SWORN_RAM_GENL_NAME	"sworn_ram"
#define SWORN_RAM_GENL_VERSION	1
#define SWORN_RAM_GENL_EVENTS	"events"

/* Characters of a disk's name; with the NUL, one more. */
#define SWORN_RAM_NAME_MAX	31

#define SWORN_RAM_SIZE_MAX	(1ULL << 60)
#define SWORN_RAM_QUEUES_MAX	256
#define SWORN_RAM_DEPTH_MAX	4096

/* Operations; those that end in _NTF are events, and not to be sent. */
enum sworn_ram_command {
	SWORN_RAM_CMD_UNSPEC,
	SWORN_RAM_CMD_CREATE,
	SWORN_RAM_CMD_REMOVE,
	SWORN_RAM_CMD_CHANGE,
	SWORN_RAM_CMD_GET,
	SWORN_RAM_CMD_TOTALS,
	SWORN_RAM_CMD_ADDED_NTF,
	SWORN_RAM_CMD_REMOVED_NTF,
	SWORN_RAM_CMD_CHANGED_NTF,
	SWORN_RAM_CMD_LIMIT_NTF,

	__SWORN_RAM_CMD_MAX,
	SWORN_RAM_CMD_MAX = __SWORN_RAM_CMD_MAX - 1
};

enum sworn_ram_attribute {
	SWORN_RAM_A_UNSPEC,
	SWORN_RAM_A_PAD,
	SWORN_RAM_A_INDEX,		/* u32: N of swornramN */
	SWORN_RAM_A_NAME,		/* string */
	SWORN_RAM_A_SIZE,		/* u64, bytes */
	SWORN_RAM_A_SECTOR_SIZE,	/* u32: 512 or 4096 */
	SWORN_RAM_A_QUEUES,		/* u32 */
	SWORN_RAM_A_DEPTH,		/* u32 */
	SWORN_RAM_A_NODE,		/* u32: NUMA node; absent: any */
	SWORN_RAM_A_READ_ONLY,		/* flag */
	SWORN_RAM_A_LIMIT,		/* u64, bytes; 0: none */
	SWORN_RAM_A_DEFERRED,		/* flag: remove once nobody has it open */
	SWORN_RAM_A_FORCE,		/* flag: make smaller although open */
	SWORN_RAM_A_MAJOR,		/* u32 */
	SWORN_RAM_A_MINOR,		/* u32 */
	SWORN_RAM_A_OPENERS,		/* u32 */
	SWORN_RAM_A_MEMORY,		/* u64, bytes */
	SWORN_RAM_A_LIMIT_HITS,		/* u64: requests refused for want of memory */
	SWORN_RAM_A_REASON,		/* u32: enum sworn_ram_reason */
	SWORN_RAM_A_READ,		/* u64, bytes */
	SWORN_RAM_A_WRITTEN,		/* u64, bytes */
	SWORN_RAM_A_DISCARDED,		/* u64, bytes */
	SWORN_RAM_A_DISKS,		/* u32: how many there are */
	SWORN_RAM_A_RESERVE,		/* u64, bytes: left to others */
	SWORN_RAM_A_FREEING,		/* u64, bytes: of MEMORY, on its way back */

	__SWORN_RAM_A_MAX,
	SWORN_RAM_A_MAX = __SWORN_RAM_A_MAX - 1
};

/* Which limit refused memory. */
enum sworn_ram_reason {
	SWORN_RAM_REASON_NONE,
	SWORN_RAM_REASON_DISK,		/* the disk's own */
	SWORN_RAM_REASON_TOTAL,		/* that of all disks */
	SWORN_RAM_REASON_MEMORY		/* the machine has no more to spare */
};

#endif /* _UAPI_SWORN_RAM_H */
