/* SPDX-License-Identifier: GPL-2.0-only */
/* The target's table line. */
#ifndef SWORNADM_DISK_TABLE_H
#define SWORNADM_DISK_TABLE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../args/uuid.h"

#define TABLE_MAX	(2 * PATH_MAX + 1024)

/**
 * struct table_request - what a table is to say
 * @format: the format word
 * @key: reference to the root key, as key_install() made it
 * @cipher: @segment_bytes: @uuid: @overcommit: for formatting only
 *
 * 0 and NULL leave the choice to the target.
 */
struct table_request {
	const char *data;
	const char *meta;
	const char *format;
	const char *key;
	const char *cipher;
	uint64_t segment_bytes;
	const char *uuid;
	bool overcommit;
	uint64_t cache_bytes;
	uint64_t heads;
	bool min_commit_given;
	uint64_t min_commit;
	bool read_only;
};

/* The parameters of the table line; 0 or -E2BIG. */
int table_text(const struct table_request *r, char *text, size_t bytes);

/**
 * struct table_devices - the devices that a table names
 */
struct table_devices {
	char data[PATH_MAX];
	char meta[PATH_MAX];
};

/* From the parameters of a table line; 0 or -EINVAL. */
int table_devices(const char *params, struct table_devices *devices);

/* "SWORNDISK-<32 digits>-<name>"; returns @text. */
#define TABLE_DM_UUID_MAX 129
const char *table_dm_uuid(char text[TABLE_DM_UUID_MAX],
			  const uint8_t uuid[UUID_BYTES], const char *name);

/* Does a device-mapper UUID say that it is the disk with this UUID? */
bool table_dm_uuid_is(const char *text, const uint8_t uuid[UUID_BYTES]);

/* Was the device made by swornadm? */
bool table_dm_uuid_ours(const char *text);

#endif /* SWORNADM_DISK_TABLE_H */
