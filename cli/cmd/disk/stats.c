// SPDX-License-Identifier: GPL-2.0-only
/* swornadm stats. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../args/size.h"
#include "../../command.h"
#include "../../disk/send.h"
#include "../../disk/stats.h"
#include "include/uapi/sworndisk_target.h"

static void put_histogram(struct out *out, const struct stats_stage *s)
{
	if (!out_is_json(out))
		return;
	out_list_begin(out, "histogram", false, NULL);
	for (int i = 0; i < STATS_BUCKETS; i++) {
		if (!s->bucket[i])
			continue;
		out_object_begin(out, NULL, NULL);
		out_number(out, "from_ns", NULL, i ? 1ULL << i : 0);
		out_number(out, "count", NULL, s->bucket[i]);
		out_object_end(out);
	}
	out_list_end(out);
}

static void put_stage(struct out *out, const struct stats_stage *s)
{
	char text[STATS_TIME_MAX];

	if (!s->count && !out_is_json(out))
		return;
	out_object_begin(out, NULL, NULL);
	out_text(out, "stage", "STAGE", s->name);
	out_number(out, "count", "COUNT", s->count);
	out_number(out, "blocks", "BLOCKS", s->blocks);
	out_number(out, "ns", NULL, s->ns);
	out_number(out, "max_ns", NULL, s->max_ns);
	out_text(out, NULL, "MEAN", stats_time(text, s->count ? s->ns / s->count : 0));
	out_text(out, NULL, "50% <", stats_time(text, stats_quantile(s, 0.5)));
	out_text(out, NULL, "99% <", stats_time(text, stats_quantile(s, 0.99)));
	out_text(out, NULL, "MAX", stats_time(text, s->max_ns));
	put_histogram(out, s);
	out_object_end(out);
}

static void put_bytes(struct out *out, const struct stats *s)
{
	char line[256] = "", size[SIZE_TEXT_MAX];
	size_t used = 0;

	out_object_begin(out, "bytes", NULL);
	for (int i = 0; i < s->nr_bytes; i++)
		out_number(out, s->bytes[i].name, NULL, s->bytes[i].bytes);
	out_object_end(out);
	if (out_is_json(out))
		return;
	for (int i = 0; i < s->nr_bytes; i++) {
		int n = snprintf(line + used, sizeof(line) - used, "%s%s %s",
				 used ? ", " : "", s->bytes[i].name,
				 size_text(size, s->bytes[i].bytes));

		used += (size_t)n;
		/* a line has room for about three */
		if (used > 50 || i == s->nr_bytes - 1) {
			out_say(out, "  %s", line);
			used = 0;
		}
	}
}

static void show(struct context *c, const struct stats *s)
{
	out_text(c->out, "name", NULL, c->args[0]);
	out_bool(c->out, "on", NULL, s->on);
	out_number(c->out, "since_ms", NULL, s->since_ms);
	out_say(c->out, "%s: statistics are %s; bytes since %" PRIu64 ".%" PRIu64 " s ago:",
		c->args[0], s->on ? "on" : "off", s->since_ms / 1000,
		s->since_ms % 1000 / 100);
	put_bytes(c->out, s);
	out_list_begin(c->out, "stages", true, s->on ? "No stage was passed yet." :
		       "No stage was timed; \"swornadm stats NAME on\" begins.");
	for (int i = 0; i < s->nr_stages; i++)
		put_stage(c->out, &s->stage[i]);
	out_list_end(c->out);
}

static int say(struct context *c, const char *word)
{
	static const struct {
		const char *word;
		const char *done;
	} words[] = {
		{ SWORN_STATS_ON, "on" },
		{ SWORN_STATS_OFF, "off" },
		{ SWORN_STATS_RESET, "empty" },
	};
	char message[64], *reply = NULL;
	int err;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		snprintf(message, sizeof(message), SWORN_MSG_STATS " %s", word);
		err = send_message(c->back, c->args[0], message, NULL, &reply,
				   c->failure);
		free(reply);
		if (err)
			return err;
		out_text(c->out, "name", NULL, c->args[0]);
		out_text(c->out, "done", NULL, word);
		out_say(c->out, "Statistics of disk \"%s\" are %s.", c->args[0],
			words[i].done);
		return 0;
	}
	return fail_exit(c->failure, EINVAL, EXIT_USAGE,
			 "\"%s\" is not understood: expected on, off, reset or nothing",
			 word);
}

static int stats_run(struct context *c)
{
	struct stats *s;
	int err = c->back->prepare(false, c->failure);

	if (err)
		return err;
	if (c->nr_args > 1)
		return say(c, c->args[1]);
	s = malloc(sizeof(*s));
	if (!s)
		return fail(c->failure, ENOMEM, "out of memory");
	err = stats_read(c->back, c->args[0], s, c->failure);
	if (!err)
		show(c, s);
	free(s);
	return err;
}

const struct command command_stats = {
	.name = "stats",
	.args = "NAME [ACTION]",
	.min_args = 1,
	.max_args = 2,
	.options = (const enum option_id[]){ OPT_END },
	.help = "show how long each stage takes, and bytes",
	.doc = "Show what the disk NAME read and wrote, and how often each stage of its work was passed and how long that took.  Times are kept only while statistics are on: the actions \"on\", \"off\" and \"reset\" switch and empty them.",
	.run = stats_run,
};
