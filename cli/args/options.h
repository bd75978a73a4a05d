/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options.  One table says of each how it is written, what it means and where
 * its value goes; a command names those it takes.
 */
#ifndef SWORNADM_ARGS_OPTIONS_H
#define SWORNADM_ARGS_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "../failure.h"

enum option_id {
	OPT_END = 0,
	OPT_SIZE,
	OPT_SEGMENT_SIZE,
	OPT_CIPHER,
	OPT_UUID,
	OPT_OVERCOMMIT,
	OPT_KEY_FILE,
	OPT_KEY_DESC,
	OPT_KEY_SIZE,
	OPT_GENERATE_KEY,
	OPT_CACHE_SIZE,
	OPT_HEADS,
	OPT_MIN_COMMIT,
	OPT_READ_ONLY,
	OPT_DATA,
	OPT_DRY_RUN,
	OPT_FORCE,
	OPT_YES,
	OPT_COUNT,
	OPT_INTERVAL,
	OPT_OUTPUT,
	OPT_SVG,
	OPT_PAUSE,
	OPT_RESUME,
	OPT_CANCEL,
	OPT_REPORT,
	OPT_WAIT,
	OPT_WAIT_TIMEOUT,
	OPT_RATE,
	OPT_RAM_SIZE,
	OPT_SECTOR_SIZE,
	OPT_QUEUES,
	OPT_DEPTH,
	OPT_NODE,
	OPT_LIMIT,
	OPT_RAM_READ_ONLY,
	OPT_RAM_FORCE,
	OPT_DEFERRED,
	OPT_MBOX_SIZE,
	OPT_KIND,
	OPT_ONCE,
	OPT_OWNER,
	OPT_MODE,
	OPT_TIMEOUT,
	OPT_JSON,
	OPT_HELP,
	NR_OPTIONS,
};

/**
 * struct options - values of the options
 * @given: by &enum option_id: was it on the command line?
 *
 * Numbers and strings are 0 and NULL when not given.
 */
struct options {
	bool given[NR_OPTIONS];
	uint64_t size_bytes;
	uint64_t segment_bytes;
	uint64_t cache_bytes;
	uint64_t min_commit;
	uint64_t heads;
	uint64_t key_bytes;
	uint64_t sector_bytes;
	uint64_t queues;
	uint64_t depth;
	uint64_t node;
	uint64_t limit_bytes;
	const char *cipher;
	const char *uuid;
	const char *key_file;
	const char *key_desc;
	const char *generate_key;
	uint64_t count;
	uint64_t interval_s;
	uint64_t wait_s;
	uint64_t rate_bytes;
	const char *output;
	const char *svg;
	const char *kind;
	const char *owner;
	const char *mode;
	uint64_t timeout_s;
};

/**
 * options_describe() - fill in argp's record of an option
 * @id: one of &enum option_id
 */
void options_describe(enum option_id id, struct argp_option *option);

/**
 * options_set() - take an option's value from the command line
 * @id: one of &enum option_id
 * @text: the value as written, NULL for an option without one
 *
 * Return: 0, or -EINVAL with @f filled in.
 */
int options_set(struct options *o, enum option_id id, const char *text,
		struct failure *f);

#endif /* SWORNADM_ARGS_OPTIONS_H */
