// SPDX-License-Identifier: GPL-2.0-only
/* swornadm events. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../args/number.h"
#include "../../args/size.h"
#include "../../command.h"
#include "../../disk/find.h"
#include "../../interrupt.h"
#include "include/uapi/sworndisk_format.h"
#include "include/uapi/sworndisk_target.h"

#define TIME_MAX 32

static const char *now_text(char text[TIME_MAX])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}

static uint64_t number_of(const struct back_event *e, const char *name)
{
	const char *text = back_event_get(e, name);
	uint64_t n;

	return text && !number_parse(text, &n) ? n : 0;
}

/* A sentence for people. */
static void explain(const struct back_event *e, const char *what,
		    char *text, size_t bytes)
{
	uint64_t failures = number_of(e, SWORN_UEVENT_FAILURES);
	const char *mode = back_event_get(e, SWORN_UEVENT_STATE);
	char size[SIZE_TEXT_MAX];

	size_text(size, number_of(e, SWORN_UEVENT_FREE) * SWORN_BLOCK_SIZE);
	if (!strcmp(what, SWORN_UEVENT_CORRUPTION))
		snprintf(text, bytes, "%" PRIu64 " integrity failure%s so far: see the kernel's log",
			 failures, failures == 1 ? "" : "s");
	else if (!strcmp(what, SWORN_UEVENT_MODE))
		snprintf(text, bytes, "the mode is %s now", mode ? mode : "?");
	else if (!strcmp(what, SWORN_UEVENT_LOW_SPACE))
		snprintf(text, bytes, "%s: %s can be given out",
			 number_of(e, SWORN_UEVENT_LOW) ? "space is low" :
			 "space is low no more", size);
	else if (!strcmp(what, SWORN_UEVENT_VERIFY))
		snprintf(text, bytes, "verified, with %" PRIu64 " errors: see \"swornadm verify --report\"",
			 number_of(e, SWORN_UEVENT_BAD));
	else
		snprintf(text, bytes, "an event that this program does not know");
}

static int tell(struct out *out, const struct back_event *e, const char *name)
{
	const char *what = back_event_get(e, SWORN_UEVENT);
	const char *uuid = back_event_get(e, SWORN_UEVENT_UUID);
	const char *mode = back_event_get(e, SWORN_UEVENT_STATE);
	char when[TIME_MAX], text[160];

	now_text(when);
	explain(e, what, text, sizeof(text));
	out_line_begin(out);
	out_text(out, "time", NULL, when);
	out_text(out, "name", NULL, name);
	out_text(out, "event", NULL, what);
	out_text(out, "uuid", NULL, uuid ? uuid : "");
	out_text(out, "mode", NULL, mode ? mode : "");
	out_number(out, "integrity_failures", NULL, number_of(e, SWORN_UEVENT_FAILURES));
	out_number(out, "free_bytes", NULL,
		   number_of(e, SWORN_UEVENT_FREE) * SWORN_BLOCK_SIZE);
	out_bool(out, "low_space", NULL, number_of(e, SWORN_UEVENT_LOW));
	out_number(out, "verify_errors", NULL, number_of(e, SWORN_UEVENT_BAD));
	out_text(out, "text", NULL, text);
	out_say(out, "%s  %s  %-10s  %s", when, name, what, text);
	return out_line_end(out);
}

/* 1: told; 0: none of what was asked for. */
static int take(struct context *c, int fd, struct back_event *e)
{
	const char *name;
	int err = c->back->events_next(fd, e, c->failure);

	if (err <= 0)
		return err;
	name = back_event_get(e, SWORN_UEVENT_NAME);
	if (!name || (c->nr_args && strcmp(name, c->args[0]) != 0))
		return 0;
	err = tell(c->out, e, name);
	return err ? fail(c->failure, err, "standard output: %s", strerror(-err)) : 1;
}

static int follow(struct context *c, int fd)
{
	uint64_t left = c->options.given[OPT_COUNT] ? c->options.count : UINT64_MAX;
	struct back_event *e = malloc(sizeof(*e));
	int err = 0;

	if (!e)
		return fail(c->failure, ENOMEM, "out of memory");
	while (err >= 0 && left) {
		err = interrupt_wait(fd, -1);
		if (err > 0) {
			err = take(c, fd, e);
			left -= err == 1;
		}
	}
	free(e);
	/* told to end, or nothing more to come: that is how it ends */
	return err == -EINTR || err == -ENODATA || err > 0 ? 0 : err;
}

static int check_name(struct context *c)
{
	struct open_disk disk;
	int err;

	if (!c->nr_args)
		return 0;
	err = find_disk(c->back, c->args[0], &disk, c->failure);
	if (!err)
		open_disk_free(&disk);
	return err;
}

static int events_run(struct context *c)
{
	int fd, err = c->back->prepare(false, c->failure);

	/* what happens while the name is looked up is not missed */
	fd = err ? err : c->back->events_open(c->failure);
	if (fd < 0)
		return fd;
	interrupt_begin();
	err = check_name(c);
	if (!err)
		err = follow(c, fd);
	close(fd);
	if (!err) {
		/* even if there was nothing: no answer of the usual form */
		out_line_begin(c->out);
		out_line_drop(c->out);
	}
	return err;
}

const struct command command_events = {
	.name = "events",
	.args = "[NAME]",
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_COUNT, OPT_END },
	.help = "follow what happens to disks",
	.doc = "Say when a block of the disk NAME, or of any disk, fails to verify, when its mode changes, when its space is low or no longer is, and when it has been verified; go on until interrupted.",
	.run = events_run,
};
