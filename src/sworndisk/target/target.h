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

/* ---- options.c: one table of them ---- */

int sworn_options_parse(struct sworn_target *st, struct dm_arg_set *as,
			char **why);

/* Add their number and words to a table line of @sz bytes; its new length. */
ssize_t sworn_options_emit(const struct sworn_target *st, char *result,
			   unsigned int maxlen, ssize_t sz);

/**
 * sworn_options_set() - change an option of a live volume
 *
 * Context: process.
 * Return: 0, or -EINVAL with a line in the log.
 */
int sworn_options_set(struct sworn_target *st, const char *name,
		      const char *value);

/* What can be changed: a line each, of name, value, least, most and purpose. */
ssize_t sworn_options_get(const struct sworn_target *st, char *result,
			  unsigned int maxlen);

/* A line for each. */
ssize_t sworn_options_help(char *result, unsigned int maxlen, ssize_t sz);

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

/* ---- stats.c, segments.c, verify.c: answers to messages ---- */

/* What was read and written since activation, in blocks. */
void sworn_totals(const struct sworn_volume *vol, struct sworn_totals *t);

/**
 * sworn_stats_message() - print, switch or empty the statistics
 * @word: what to do; NULL: print them
 *
 * Context: process; may sleep.
 * Return: 1 with an answer, 0 without, -EINVAL, -ENOMEM.
 */
int sworn_stats_message(struct sworn_volume *vol, const char *word,
			char *result, unsigned int maxlen);

/**
 * sworn_segments_message() - print how much of each segment is referenced
 * @n: how many at the most; fewer if the answer has no room for more
 *
 * Context: process; may sleep.
 * Return: 1, -EINVAL, -ENOMEM.
 */
int sworn_segments_message(struct sworn_volume *vol, u32 from, u32 n,
			   char *result, unsigned int maxlen);

/* What the status calls a phase of verifying. */
const char *sworn_verify_phase_name(enum sworn_verify_phase phase);

/**
 * sworn_verify_message() - start, pause, ..., or print what was found
 * @argv: what to do; for a report, which of the bad places comes first
 *
 * Context: process; may sleep.
 * Return: 1 with an answer, 0 without, a negative errno with a line in the log.
 */
int sworn_verify_message(struct sworn_volume *vol, unsigned int argc,
			 char **argv, char *result, unsigned int maxlen);

/* event.c: what the volume calls; @data: the target.  Context: process. */
void sworn_event_raise(void *data, unsigned long events);

int sworn_message(struct dm_target *ti, unsigned int argc, char **argv,
		  char *result, unsigned int maxlen);

int sworn_target_register(void);
void sworn_target_unregister(void);

#endif /* SWORNDISK_TARGET_TARGET_H */
