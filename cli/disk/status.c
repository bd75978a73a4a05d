// SPDX-License-Identifier: GPL-2.0-only
/* The status line; see status.h. */
#include "status.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../args/number.h"

int status_parse(const char *line, struct disk_status *s)
{
	char *save = NULL, *word;
	int fixed = 0;

	memset(s, 0, sizeof(*s));
	if (sscanf(line, "%15s %" SCNu64 "/%" SCNu64 " %" SCNu64 "/%" SCNu64 " %" SCNu64 "%n",
		   s->mode, &s->free_segments, &s->segments, &s->journal_used,
		   &s->journal_blocks, &s->commit_id, &fixed) != 6)
		return -EINVAL;
	snprintf(s->text, sizeof(s->text), "%s", line + fixed);
	for (word = strtok_r(s->text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *colon = strchr(word, ':');

		if (!colon || s->nr_words == STATUS_WORDS_MAX)
			continue;
		*colon = '\0';
		s->words[s->nr_words].name = word;
		s->words[s->nr_words].value = colon + 1;
		s->nr_words++;
	}
	return 0;
}

const char *status_word(const struct disk_status *s, const char *name)
{
	for (int i = 0; i < s->nr_words; i++)
		if (!strcmp(s->words[i].name, name))
			return s->words[i].value;
	return NULL;
}

uint64_t status_number(const struct disk_status *s, const char *name)
{
	const char *value = status_word(s, name);
	uint64_t number;

	return value && !number_parse(value, &number) ? number : 0;
}

bool status_is_number(const char *value)
{
	uint64_t number;

	return !number_parse(value, &number);
}

double status_write_amplification(const struct disk_status *s)
{
	uint64_t user = status_number(s, "user_written_blocks");
	uint64_t all = status_number(s, "data_written_blocks") +
		       status_number(s, "index_written_blocks") +
		       status_number(s, "journal_written_blocks") +
		       status_number(s, "checkpoint_written_blocks");

	return user ? (double)all / (double)user : (double)NAN;
}
