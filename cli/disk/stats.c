// SPDX-License-Identifier: GPL-2.0-only
/* The driver's answer to "stats"; see stats.h. */
#include "stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../args/number.h"
#include "send.h"
#include "include/uapi/sworndisk_target.h"

/* The value of a word NAME:VALUE; NULL if it is no such word. */
static char *split(char *word)
{
	char *colon = strchr(word, ':');

	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

static void take_buckets(struct stats_stage *stage, char *text)
{
	char *save = NULL, *word;

	for (word = strtok_r(text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		unsigned int i;
		uint64_t n;

		if (sscanf(word, "%u=%" SCNu64, &i, &n) == 2 && i < STATS_BUCKETS)
			stage->bucket[i] = n;
	}
}

static void take_stage(struct stats *s, char **save)
{
	const char *name = strtok_r(NULL, " ", save);
	struct stats_stage *stage;
	char *word;

	if (!name || s->nr_stages == STATS_STAGES_MAX)
		return;
	stage = &s->stage[s->nr_stages++];
	snprintf(stage->name, sizeof(stage->name), "%s", name);
	while ((word = strtok_r(NULL, " ", save))) {
		char *value = split(word);

		if (!value)
			continue;
		if (!strcmp(word, "count"))
			number_parse(value, &stage->count);
		else if (!strcmp(word, "blocks"))
			number_parse(value, &stage->blocks);
		else if (!strcmp(word, "ns"))
			number_parse(value, &stage->ns);
		else if (!strcmp(word, "max_ns"))
			number_parse(value, &stage->max_ns);
		else if (!strcmp(word, "log2_ns"))
			take_buckets(stage, value);
	}
}

static void take_bytes(struct stats *s, char **save)
{
	char *word;

	while ((word = strtok_r(NULL, " ", save))) {
		char *value = split(word);

		if (!value || s->nr_bytes == STATS_BYTES_MAX)
			continue;
		snprintf(s->bytes[s->nr_bytes].name, STATS_NAME_MAX, "%s", word);
		if (!number_parse(value, &s->bytes[s->nr_bytes].bytes))
			s->nr_bytes++;
	}
}

static bool take_head(struct stats *s, char **save)
{
	bool there = false;
	uint64_t number;
	char *word;

	while ((word = strtok_r(NULL, " ", save))) {
		char *value = split(word);

		if (!value || number_parse(value, &number))
			continue;
		if (!strcmp(word, "on")) {
			s->on = number;
			there = true;
		} else if (!strcmp(word, "since_ms")) {
			s->since_ms = number;
		}
	}
	return there;
}

int stats_parse(const char *reply, struct stats *s)
{
	char *text = strdup(reply), *lines = NULL, *line;
	bool there = false;

	memset(s, 0, sizeof(*s));
	if (!text)
		return -ENOMEM;
	for (line = strtok_r(text, "\n", &lines); line;
	     line = strtok_r(NULL, "\n", &lines)) {
		char *words = NULL;
		const char *what = strtok_r(line, " ", &words);

		if (!what)
			continue;
		if (!strcmp(what, "stats"))
			there = take_head(s, &words);
		else if (!strcmp(what, "bytes"))
			take_bytes(s, &words);
		else if (!strcmp(what, "stage"))
			take_stage(s, &words);
	}
	free(text);
	return there ? 0 : -EINVAL;
}

int stats_read(const struct back *back, const char *name, struct stats *s,
	       struct failure *f)
{
	char *reply = NULL;
	int err = send_message(back, name, SWORN_MSG_STATS, NULL, &reply, f);

	if (!err && (!reply || stats_parse(reply, s)))
		err = fail(f, EPROTO,
			   "disk \"%s\": the driver's answer to \"%s\" is not understood",
			   name, SWORN_MSG_STATS);
	free(reply);
	return err;
}

const struct stats_stage *stats_stage(const struct stats *s, const char *name)
{
	for (int i = 0; i < s->nr_stages; i++)
		if (!strcmp(s->stage[i].name, name))
			return &s->stage[i];
	return NULL;
}

uint64_t stats_quantile(const struct stats_stage *s, double part)
{
	uint64_t seen = 0, all = 0;

	for (int i = 0; i < STATS_BUCKETS; i++)
		all += s->bucket[i];
	for (int i = 0; all && i < STATS_BUCKETS - 1; i++) {
		uint64_t end = 2ULL << i;

		seen += s->bucket[i];
		if ((double)seen >= part * (double)all)
			return s->max_ns && s->max_ns < end ? s->max_ns : end;
	}
	return all ? s->max_ns : 0;
}

void stats_since(const struct stats_stage *before, const struct stats_stage *now,
		 struct stats_stage *difference)
{
	*difference = *now;
	/* emptied meanwhile: what there is came since */
	if (now->count < before->count)
		return;
	difference->count -= before->count;
	difference->blocks -= before->blocks;
	difference->ns -= before->ns;
	for (int i = 0; i < STATS_BUCKETS; i++)
		difference->bucket[i] -= before->bucket[i];
}

const char *stats_time(char text[STATS_TIME_MAX], uint64_t ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = (double)ns;
	int n = 0;

	while (value >= 1000 && n < 3) {
		value /= 1000;
		n++;
	}
	snprintf(text, STATS_TIME_MAX, "%.*f %s", !n || value >= 100 ? 0 :
		 value >= 10 ? 1 : 2, value, units[n]);
	return text;
}
