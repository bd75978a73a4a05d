/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Words of the "sworndisk" device-mapper target: table options, messages and
 * status fields.  docs/target.md is the prose.
 */
#ifndef _UAPI_SWORNDISK_TARGET_H
#define _UAPI_SWORNDISK_TARGET_H

#define SWORN_TARGET_NAME	"sworndisk"

/*
 * Table: <start> <len> sworndisk <data_dev> <meta_dev> <data_start>
 *	<force|true|false> [<#opts> <opt>...]
 */
#define SWORN_FORMAT_FORCE	"force"	/* format, whatever is there */
#define SWORN_FORMAT_TRUE	"true"	/* format if there is no superblock */
#define SWORN_FORMAT_FALSE	"false"	/* never format */

/* Options, each one word NAME:VALUE or NAME. */
#define SWORN_OPT_KEY		"key"		/* hex, or :<size>:<type>:<description> */
#define SWORN_OPT_CIPHER	"cipher"	/* format: aes-256-gcm, ... */
#define SWORN_OPT_SEGMENT	"segment_sectors"	/* format: sectors of a data segment */
#define SWORN_OPT_UUID		"uuid"		/* format: the new volume's UUID */
#define SWORN_OPT_CACHE		"cache_bytes"	/* limit of the BIT node cache */
#define SWORN_OPT_HEADS		"heads"		/* log heads */
#define SWORN_OPT_MIN_COMMIT	"min_commit"	/* refuse an older state */
#define SWORN_OPT_READ_ONLY	"read_only"
#define SWORN_OPT_LOW_SPACE	"low_space_percent"	/* when to say that space is low */
#define SWORN_OPT_VERIFY_RATE	"verify_rate"	/* MiB a second; 0: no limit */
#define SWORN_OPT_OVERCOMMIT	"overcommit"	/* format: len may exceed the data device */

#define SWORN_MSG_COMPACT	"compact"
#define SWORN_MSG_CLEAN		"clean"
#define SWORN_MSG_CHECKPOINT	"checkpoint"
#define SWORN_MSG_SET		"set"		/* <option> <value> */
#define SWORN_MSG_GET		"get"		/* what can be set */
#define SWORN_MSG_STATS		"stats"		/* [on|off|reset] */
#define SWORN_MSG_SEGMENTS	"segments"	/* [<from> [<count>]] */
#define SWORN_MSG_VERIFY	"verify"	/* one of the next, [<from>] */
#define SWORN_MSG_HELP		"help"		/* options and messages */

#define SWORN_VERIFY_DO_START	"start"
#define SWORN_VERIFY_DO_PAUSE	"pause"
#define SWORN_VERIFY_DO_RESUME	"resume"
#define SWORN_VERIFY_DO_CANCEL	"cancel"
#define SWORN_VERIFY_DO_REPORT	"report"	/* [<from>] */

/* What it says of a verification, in the status and in a report ... */
#define SWORN_VERIFY_IS_IDLE	"idle"
#define SWORN_VERIFY_IS_RUNNING	"running"
#define SWORN_VERIFY_IS_PAUSED	"paused"
#define SWORN_VERIFY_IS_DONE	"done"

/* ... and of each bad place, one a line: <kind> <first_lba> <last_lba> <block> */
#define SWORN_VERIFY_OF_DATA		"data"
#define SWORN_VERIFY_OF_DATA_UNREAD	"data_unread"
#define SWORN_VERIFY_OF_NODE		"node"
#define SWORN_VERIFY_OF_NODE_UNREAD	"node_unread"

#define SWORN_STATS_ON		"on"
#define SWORN_STATS_OFF		"off"
#define SWORN_STATS_RESET	"reset"

/* In the answer to "segments", behind the number of referenced blocks. */
#define SWORN_MAP_FREE	'f'
#define SWORN_MAP_OPEN	'o'	/* a log head fills it */

/*
 * Status: <mode> <free_segments>/<segments> <journal_used>/<journal_blocks>
 *	<commit_id> then NAME:VALUE words, append-only.
 */
#define SWORN_MODE_RW		"rw"
#define SWORN_MODE_NOSPC	"out_of_space"
#define SWORN_MODE_RO		"ro"
#define SWORN_MODE_FAILED	"failed"

/*
 * Uevents: "change" of the block device, with these variables.
 */
#define SWORN_UEVENT		"SWORNDISK_EVENT"	/* one of the next four */
#define SWORN_UEVENT_CORRUPTION	"corruption"
#define SWORN_UEVENT_MODE	"mode"
#define SWORN_UEVENT_LOW_SPACE	"low_space"
#define SWORN_UEVENT_VERIFY	"verify"
#define SWORN_UEVENT_NAME	"SWORNDISK_NAME"	/* of the mapped device */
#define SWORN_UEVENT_UUID	"SWORNDISK_UUID"	/* of the volume */
#define SWORN_UEVENT_STATE	"SWORNDISK_MODE"
#define SWORN_UEVENT_FAILURES	"SWORNDISK_INTEGRITY_FAILURES"
#define SWORN_UEVENT_FREE	"SWORNDISK_FREE_BLOCKS"
#define SWORN_UEVENT_LOW	"SWORNDISK_LOW_SPACE"	/* 1: space is low; else 0 */
#define SWORN_UEVENT_BAD	"SWORNDISK_VERIFY_ERRORS"

#endif /* _UAPI_SWORNDISK_TARGET_H */
