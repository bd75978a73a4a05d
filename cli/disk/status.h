/* SPDX-License-Identifier: GPL-2.0-only */
/* The target's status line. */
#ifndef SWORNADM_DISK_STATUS_H
#define SWORNADM_DISK_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATUS_WORDS_MAX 96

/**
 * struct disk_status - a status line
 * @words: the NAME:VALUE words, also those that this program does not know
 * @text: what the words point into
 */
struct disk_status {
	char mode[16];
	uint64_t free_segments;
	uint64_t segments;
	uint64_t journal_used;
	uint64_t journal_blocks;
	uint64_t commit_id;
	int nr_words;
	struct {
		const char *name;
		const char *value;
	} words[STATUS_WORDS_MAX];
	char text[4096];
};

/**
 * status_parse() - take a status line apart
 *
 * Return: 0, or -EINVAL if the fixed fields are not there.
 */
int status_parse(const char *line, struct disk_status *s);

/* Value of a word, NULL if there is none of that name. */
const char *status_word(const struct disk_status *s, const char *name);

/* The same as a number; 0 if there is none. */
uint64_t status_number(const struct disk_status *s, const char *name);

/* Is the value of a word a decimal number? */
bool status_is_number(const char *value);

/* Blocks written to the devices for each block the user wrote; NAN: none. */
double status_write_amplification(const struct disk_status *s);

#endif /* SWORNADM_DISK_STATUS_H */
