// SPDX-License-Identifier: GPL-2.0-only
/* swornadm tune. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../args/number.h"
#include "../../args/size.h"
#include "../../command.h"
#include "../../disk/send.h"
#include "include/uapi/sworndisk_target.h"

#define SETTINGS_MAX	32

/* struct setting - a line of the driver's answer to "get" */
struct setting {
	const char *name;
	uint64_t value;
	uint64_t min;
	uint64_t max;
	const char *help;
};

/**
 * struct settings - what can be tuned
 * @text: what the names point into
 */
struct settings {
	int nr;
	struct setting setting[SETTINGS_MAX];
	char *text;
};

static bool take_line(char *line, struct setting *s)
{
	uint64_t *const numbers[] = { &s->value, &s->min, &s->max };
	char *save = NULL;

	s->name = strtok_r(line, " ", &save);
	for (int i = 0; i < 3; i++) {
		const char *word = strtok_r(NULL, " ", &save);

		if (!word || number_parse(word, numbers[i]))
			return false;
	}
	s->help = save ? save : "";
	return s->name;
}

static int read_settings(struct context *c, struct settings *s)
{
	char *line, *save = NULL;
	int err;

	memset(s, 0, sizeof(*s));
	err = send_message(c->back, c->args[0], SWORN_MSG_GET, NULL, &s->text,
			   c->failure);
	if (err)
		return err;
	for (line = s->text ? strtok_r(s->text, "\n", &save) : NULL;
	     line && s->nr < SETTINGS_MAX; line = strtok_r(NULL, "\n", &save))
		if (take_line(line, &s->setting[s->nr]))
			s->nr++;
	return 0;
}

static bool is_bytes(const char *name)
{
	size_t n = strlen(name);

	return n > 6 && !strcmp(name + n - 6, "_bytes");
}

static const char *value_text(char text[SIZE_TEXT_MAX], const char *name,
			      uint64_t value)
{
	if (is_bytes(name))
		return size_exact(text, value);
	snprintf(text, SIZE_TEXT_MAX, "%" PRIu64, value);
	return text;
}

static void show(struct context *c, const struct settings *s)
{
	char text[3][SIZE_TEXT_MAX];

	out_text(c->out, "name", NULL, c->args[0]);
	out_list_begin(c->out, "settings", true, "Nothing can be tuned.");
	for (int i = 0; i < s->nr; i++) {
		const struct setting *o = &s->setting[i];

		out_object_begin(c->out, NULL, NULL);
		out_text(c->out, "name", "NAME", o->name);
		out_number(c->out, "value", NULL, o->value);
		out_text(c->out, NULL, "VALUE", value_text(text[0], o->name, o->value));
		out_number(c->out, "min", NULL, o->min);
		out_number(c->out, "max", NULL, o->max);
		out_textf(c->out, NULL, "RANGE", "%s to %s",
			  value_text(text[1], o->name, o->min),
			  value_text(text[2], o->name, o->max));
		out_text(c->out, "help", "MEANING", o->help);
		out_object_end(c->out);
	}
	out_list_end(c->out);
}

static const struct setting *find(const struct settings *s, const char *name,
				  size_t n)
{
	for (int i = 0; i < s->nr; i++)
		if (strlen(s->setting[i].name) == n &&
		    !strncmp(s->setting[i].name, name, n))
			return &s->setting[i];
	return NULL;
}

static int unknown(struct context *c, const struct settings *s,
		   const char *name, size_t n)
{
	char names[512] = "";

	for (int i = 0; i < s->nr; i++) {
		size_t used = strlen(names);

		snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
			 s->setting[i].name);
	}
	fail_exit(c->failure, EINVAL, EXIT_USAGE,
		  "\"%.*s\" cannot be tuned on disk \"%s\"", (int)n, name, c->args[0]);
	return fail_hint(c->failure, "what can be: %s", names);
}

/* NAME=VALUE; the value within its range. */
static int take_change(struct context *c, const struct settings *s,
		       const char *word, const struct setting **which,
		       uint64_t *value)
{
	size_t n = strcspn(word, "=");
	char lo[SIZE_TEXT_MAX], hi[SIZE_TEXT_MAX];
	int err;

	if (!word[n])
		return fail_exit(c->failure, EINVAL, EXIT_USAGE,
				 "\"%s\" is not understood: expected NAME=VALUE", word);
	*which = find(s, word, n);
	if (!*which)
		return unknown(c, s, word, n);
	err = is_bytes((*which)->name) ? size_parse(word + n + 1, value) :
					 number_parse(word + n + 1, value);
	if (err || *value < (*which)->min || *value > (*which)->max)
		return fail_exit(c->failure, EINVAL, EXIT_USAGE,
				 "%s \"%s\": expected a %s from %s to %s",
				 (*which)->name, word + n + 1,
				 is_bytes((*which)->name) ? "size" : "number",
				 value_text(lo, (*which)->name, (*which)->min),
				 value_text(hi, (*which)->name, (*which)->max));
	return 0;
}

/* All are looked at before the first is sent. */
static int change(struct context *c, const struct settings *s)
{
	const struct setting *which;
	char message[128], *reply;
	uint64_t value;
	int err = 0;

	for (int i = 1; !err && i < c->nr_args; i++)
		err = take_change(c, s, c->args[i], &which, &value);
	for (int i = 1; !err && i < c->nr_args; i++) {
		take_change(c, s, c->args[i], &which, &value);
		snprintf(message, sizeof(message), SWORN_MSG_SET " %s %" PRIu64,
			 which->name, value);
		err = send_message(c->back, c->args[0], message, NULL, &reply,
				   c->failure);
		free(reply);
	}
	return err;
}

static int tune_run(struct context *c)
{
	struct settings s;
	int err = c->back->prepare(false, c->failure);

	if (err)
		return err;
	err = read_settings(c, &s);
	if (!err && c->nr_args > 1) {
		err = change(c, &s);
		free(s.text);
		s.text = NULL;
		if (!err)
			err = read_settings(c, &s);
	}
	if (!err)
		show(c, &s);
	free(s.text);
	return err;
}

const struct command command_tune = {
	.name = "tune",
	.args = "NAME [SETTING=VALUE...]",
	.min_args = 1,
	.max_args = COMMAND_ARGS_MAX,
	.options = (const enum option_id[]){ OPT_END },
	.help = "show or change how an open disk works",
	.doc = "Show what can be changed while the disk NAME is open, with the values in force, or change it.  Sizes may have units: cache_bytes=256M.  A change takes effect at once and lasts until the disk is closed.",
	.run = tune_run,
};
