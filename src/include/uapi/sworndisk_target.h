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
#define SWORN_OPT_OVERCOMMIT	"overcommit"	/* format: len may exceed the data device */

#define SWORN_MSG_COMPACT	"compact"
#define SWORN_MSG_CLEAN		"clean"
#define SWORN_MSG_CHECKPOINT	"checkpoint"

/*
 * Status: <mode> <free_segments>/<segments> <journal_used>/<journal_blocks>
 *	<commit_id> then NAME:VALUE words, append-only.
 */
#define SWORN_MODE_RW		"rw"
#define SWORN_MODE_NOSPC	"out_of_space"
#define SWORN_MODE_RO		"ro"
#define SWORN_MODE_FAILED	"failed"

#endif /* _UAPI_SWORNDISK_TARGET_H */
