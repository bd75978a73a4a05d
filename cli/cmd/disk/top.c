// SPDX-License-Identifier: GPL-2.0-only
/* swornadm top. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../args/size.h"
#include "../../command.h"
#include "../../disk/look.h"
#include "../../interrupt.h"
#include "../../out/screen.h"
#include "../../out/term.h"
#include "include/uapi/sworndisk_target.h"

#define INTERVAL_S	2
/* From here on there is room for more. */
#define WIDE		130
#define BAR_MAX		40

static const char *mode_text(const struct look *l)
{
	if (!l->alive)
		return "none";
	if (l->suspended)
		return "susp";
	return strcmp(l->mode, SWORN_MODE_NOSPC) ? l->mode : "full";
}

/* "12.3M" */
static const char *rate_text(char text[16], double rate)
{
	static const char units[] = " KMGTP";
	size_t n = 0;

	if (isnan(rate)) {
		snprintf(text, 16, "-");
		return text;
	}
	while (rate >= 1000 && units[n + 1]) {
		rate /= 1024;
		n++;
	}
	snprintf(text, 16, "%.*f%.*s", !n || rate >= 100 ? 0 : 1, rate, n ? 1 : 0,
		 units + n);
	return text;
}

static const char *time_text(char text[STATS_TIME_MAX], const struct change *d,
			     const struct stats_stage *s, double part)
{
	if (!d->timed || !s->count)
		snprintf(text, STATS_TIME_MAX, "-");
	else
		stats_time(text, part ? stats_quantile(s, part) : s->ns / s->count);
	return text;
}

static void bar_text(char *text, size_t bytes, double part, int width)
{
	bool unicode = term_unicode();
	int full = (int)(part * width + 0.5);
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < width && used + 4 < bytes; i++)
		used += (size_t)snprintf(text + used, bytes - used, "%s",
					 i < full ? (unicode ? "█" : "#") :
						    (unicode ? "░" : "."));
}

static void say_head(struct out *out, bool wide, int name)
{
	char head[256];

	if (wide)
		snprintf(head, sizeof(head),
			 "%-*s  %-6s %7s %7s %7s %7s %8s %8s %8s %8s %8s %7s %6s %5s  USED",
			 name, "NAME", "MODE", "READ/s", "WRITE/s", "reads/s", "writes/s",
			 "R MEAN", "R 99%", "W MEAN", "W 99%", "FLUSH", "MOVED/s", "JOURN", "AMPL");
	else
		snprintf(head, sizeof(head), "%-*s  %-6s %7s %7s %7s %7s %7s %5s  USED",
			 name, "NAME", "MODE", "READ/s", "WRITE/s", "R MEAN", "W MEAN",
			 "MOVED/s", "AMPL");
	out_say(out, "%s%s%s", term_colour() ? "\033[7m" : "", head,
		term_colour() ? "\033[0m" : "");
}

/* What is in the way of good health is red, of writing yellow. */
static const char *colour_of(const struct look *l)
{
	if (!term_colour())
		return "";
	if (l->alive && (!strcmp(l->mode, SWORN_MODE_RO) ||
			 !strcmp(l->mode, SWORN_MODE_FAILED) || l->integrity_failures))
		return "\033[31m";
	if (!l->alive || l->suspended || strcmp(l->mode, SWORN_MODE_RW) || l->low_space)
		return "\033[33m";
	return "";
}

static const char *ampl_text(char text[16], double amplification)
{
	if (isfinite(amplification))
		snprintf(text, 16, "%.2f", amplification);
	else
		snprintf(text, 16, "-");
	return text;
}

static void say_disk(struct out *out, const struct look *l, const struct change *d,
		     int name, int width)
{
	char r[5][16], t[5][STATS_TIME_MAX], bar[BAR_MAX * 4 + 1], line[640], journal[16];
	char short_name[BACK_NAME_MAX];
	bool wide = width >= WIDE;
	int used;

	snprintf(short_name, sizeof(short_name), "%s", l->name);
	/* a name that was cut shows it */
	if (strlen(l->name) > (size_t)name)
		snprintf(short_name + name - 1, 2, "~");

	if (wide) {
		snprintf(journal, sizeof(journal), "%.0f%%", 100 * l->journal_part);
		used = snprintf(line, sizeof(line),
				"%-*s  %-6s %7s %7s %7s %7s %8s %8s %8s %8s %8s %7s %6s %5s  ",
				name, short_name, mode_text(l),
				rate_text(r[0], d->read), rate_text(r[1], d->written),
				rate_text(r[2], d->timed ? d->reads : (double)NAN),
				rate_text(r[3], d->timed ? d->writes : (double)NAN),
				time_text(t[0], d, &d->read_stage, 0),
				time_text(t[1], d, &d->read_stage, 0.99),
				time_text(t[2], d, &d->write_stage, 0),
				time_text(t[3], d, &d->write_stage, 0.99),
				time_text(t[4], d, &d->flush_stage, 0),
				rate_text(r[4], d->moved), journal,
				ampl_text(bar, d->amplification));
	} else {
		used = snprintf(line, sizeof(line),
				"%-*s  %-6s %7s %7s %7s %7s %7s %5s  ",
				name, short_name, mode_text(l),
				rate_text(r[0], d->read), rate_text(r[1], d->written),
				time_text(t[0], d, &d->read_stage, 0),
				time_text(t[2], d, &d->write_stage, 0),
				rate_text(r[4], d->moved), ampl_text(bar, d->amplification));
	}
	width = width - used - 5;
	bar_text(bar, sizeof(bar), l->used_part, width < 0 ? 0 : width > BAR_MAX ? BAR_MAX : width);
	out_say(out, "%s%s%s%4.0f%%%s", colour_of(l), line, bar, 100 * l->used_part,
		*colour_of(l) ? "\033[0m" : "");
}

static void put_disk(struct out *out, const struct look *l, const struct change *d)
{
	out_object_begin(out, NULL, NULL);
	out_text(out, "name", NULL, l->name);
	out_text(out, "mode", NULL, l->alive ? l->mode : "inactive");
	out_bool(out, "suspended", NULL, l->suspended);
	out_real(out, "read_bytes_per_s", NULL, d->read);
	out_real(out, "written_bytes_per_s", NULL, d->written);
	out_real(out, "moved_bytes_per_s", NULL, d->moved);
	out_real(out, "write_amplification", NULL, d->amplification);
	out_real(out, "used_percent", NULL, 100 * l->used_part);
	out_real(out, "journal_percent", NULL, 100 * l->journal_part);
	out_bool(out, "low_space", NULL, l->low_space);
	out_number(out, "integrity_failures", NULL, l->integrity_failures);
	out_bool(out, "timed", NULL, d->timed);
	if (d->timed) {
		out_real(out, "reads_per_s", NULL, d->reads);
		out_real(out, "writes_per_s", NULL, d->writes);
		out_number(out, "read_mean_ns", NULL, d->read_stage.count ?
			   d->read_stage.ns / d->read_stage.count : 0);
		out_number(out, "read_99_ns", NULL, stats_quantile(&d->read_stage, 0.99));
		out_number(out, "write_mean_ns", NULL, d->write_stage.count ?
			   d->write_stage.ns / d->write_stage.count : 0);
		out_number(out, "write_99_ns", NULL, stats_quantile(&d->write_stage, 0.99));
		out_number(out, "flush_mean_ns", NULL, d->flush_stage.count ?
			   d->flush_stage.ns / d->flush_stage.count : 0);
	}
	out_object_end(out);
}

static int name_width(const struct looks *now, int width)
{
	int most = width >= 160 ? 32 : width >= WIDE ? 16 : 12, n = 4;

	for (int i = 0; i < now->nr; i++) {
		int len = (int)strlen(now->look[i].name);

		n = len > n ? len : n;
	}
	return n < most ? n : most;
}

static void say_all(struct out *out, const struct looks *before,
		    const struct looks *now, long interval_s)
{
	int width = term_width(), rows = screen_on() ? term_height() - 4 : now->nr;
	int name = name_width(now, width), shown = now->nr < rows ? now->nr : rows;
	bool timed = now->nr;
	struct change d;
	char when[16];
	time_t t = time(NULL);
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(when, sizeof(when), "%H:%M:%S", &tm);
	out_say(out, "swornadm top  %s  %d disk%s, every %ld s%s", when, now->nr,
		now->nr == 1 ? "" : "s", interval_s, screen_on() ? "; q ends" : "");
	say_head(out, width >= WIDE, name);
	for (int i = 0; i < shown; i++) {
		looks_change(before, now, i, &d);
		timed &= d.timed || !now->look[i].alive;
		say_disk(out, &now->look[i], &d, name, width);
	}
	if (shown < now->nr)
		out_say(out, "... and %d more: the window is too small", now->nr - shown);
	if (!now->nr)
		out_say(out, "No disk is open.");
	else if (!timed && screen_on())
		out_say(out, "(times need statistics: swornadm stats NAME on)");
}

static void put_all(struct out *out, const struct looks *before,
		    const struct looks *now)
{
	struct change d;

	out_real(out, "interval_s", NULL, looks_seconds(before, now));
	out_list_begin(out, "disks", false, NULL);
	for (int i = 0; i < now->nr; i++) {
		looks_change(before, now, i, &d);
		put_disk(out, &now->look[i], &d);
	}
	out_list_end(out);
}

static int tell(struct context *c, const struct looks *before,
		const struct looks *now, long interval_s)
{
	int err;

	screen_frame_begin(c->out);
	if (out_is_json(c->out))
		put_all(c->out, before, now);
	else
		say_all(c->out, before, now, interval_s);
	err = screen_frame_end(c->out);
	return err ? fail(c->failure, err, "standard output: %s", strerror(-err)) : 0;
}

static int watch(struct context *c)
{
	long interval = c->options.given[OPT_INTERVAL] ? (long)c->options.interval_s : INTERVAL_S;
	uint64_t left = c->options.given[OPT_COUNT] ? c->options.count : UINT64_MAX;
	const char *name = c->nr_args ? c->args[0] : NULL;
	struct looks before, now;
	int err = looks_take(c->back, name, &before, c->failure);

	if (err)
		return err;
	/* people want to see something at once */
	if (screen_on())
		err = tell(c, NULL, &before, interval);
	while (!err && left--) {
		err = screen_wait(interval * 1000);
		if (!err)
			err = looks_take(c->back, name, &now, c->failure);
		if (err)
			break;
		err = tell(c, &before, &now, interval);
		looks_free(&before);
		before = now;
	}
	looks_free(&before);
	return err == -EINTR ? 0 : err;
}

static int top_run(struct context *c)
{
	int err = c->back->prepare(false, c->failure);

	if (err)
		return err;
	interrupt_begin();
	screen_begin(!out_is_json(c->out));
	err = watch(c);
	screen_end(c->out);
	return err;
}

const struct command command_top = {
	.name = "top",
	.args = "[NAME]",
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_INTERVAL, OPT_COUNT, OPT_END },
	.help = "watch disks: throughput, times, cleaning, space",
	.doc = "Show again and again what the disk NAME, or every disk, does: what is read and written in a second, how long that takes (where statistics are on), what cleaning moves, write amplification, and how full the disk is.  Ends with q, when interrupted, or after --count.",
	.run = top_run,
};
