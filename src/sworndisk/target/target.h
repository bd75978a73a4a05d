/* SPDX-License-Identifier: GPL-2.0-only */
/* The "sworndisk" device-mapper target: glue between device-mapper and volume. */
#ifndef SWORNDISK_TARGET_TARGET_H
#define SWORNDISK_TARGET_TARGET_H

#include <linux/device-mapper.h>

#include "../volume/io.h"

/**
 * struct sworn_target - one target of a table
 * @key_name: the key as the table named it, if that tells nothing; else NULL
 */
struct sworn_target {
	struct dm_target *ti;
	struct dm_dev *data;
	struct dm_dev *meta;
	struct sworn_volume *vol;
	struct sworn_params params;
	char *key_name;
};

/**
 * sworn_args_parse() - read a table line
 * @st: zeroed; devices are opened, parameters filled in
 * @why: on error, a sentence that names the word
 *
 * Context: process; allocates, asks the keyring.
 */
int sworn_args_parse(struct sworn_target *st, unsigned int argc, char **argv,
		     char **why);

/* Write the table line's arguments, no key among them. */
ssize_t sworn_args_emit(const struct sworn_target *st, char *result,
			unsigned int maxlen);

/**
 * sworn_key_parse() - a root key from hex digits or from a keyring
 * @word: hex, or :<bytes>:<type>:<description>
 * @named: set when it was the second
 *
 * Return: 0, -EINVAL, -ENOKEY and what else the keyring says.
 */
int sworn_key_parse(const char *word, struct sworn_root_key *key, bool *named,
		    char **why);

/* Write a status line. */
ssize_t sworn_status_emit(struct sworn_volume *vol, char *result,
			  unsigned int maxlen);

int sworn_message(struct dm_target *ti, unsigned int argc, char **argv,
		  char *result, unsigned int maxlen);

int sworn_target_register(void);
void sworn_target_unregister(void);

#endif /* SWORNDISK_TARGET_TARGET_H */
