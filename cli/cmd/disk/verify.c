// SPDX-License-Identifier: GPL-2.0-only
/* swornadm verify. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../command.h"
#include "../../disk/find.h"
#include "../../disk/send.h"
#include "../../disk/verify.h"
#include "../../interrupt.h"
#include "../../out/progress.h"
#include "include/uapi/sworndisk_format.h"
#include "include/uapi/sworndisk_target.h"

/* Time between two looks. */
#define LOOK_MS		250

/* struct look - what the status says */
struct look {
	char phase[16];
	uint64_t percent;
	uint64_t lba;
	uint64_t lbas;
};

static int look(struct context *c, struct look *l)
{
	struct open_disk *disk = malloc(sizeof(*disk));
	const char *phase;
	int err;

	if (!disk)
		return fail(c->failure, ENOMEM, "out of memory");
	err = find_disk(c->back, c->args[0], disk, c->failure);
	if (err) {
		free(disk);
		return err;
	}
	phase = disk->alive ? status_word(&disk->status, "verify") : NULL;
	if (phase) {
		snprintf(l->phase, sizeof(l->phase), "%s", phase);
		l->percent = status_number(&disk->status, "verify_percent");
		l->lba = status_number(&disk->status, "verify_lba");
		l->lbas = status_number(&disk->status, "logical_blocks");
	} else if (!disk->alive) {
		err = fail(c->failure, EINVAL, "disk \"%s\" is not active", c->args[0]);
	} else {
		err = fail(c->failure, EOPNOTSUPP,
			   "the driver of disk \"%s\" does not know how to verify it while it is open",
			   c->args[0]);
		fail_hint(c->failure, "close the disk, and use \"swornadm check --data\"");
	}
	open_disk_free(disk);
	free(disk);
	return err;
}

static bool is(const struct look *l, const char *phase)
{
	return !strcmp(l->phase, phase);
}

static int order(struct context *c, const char *word)
{
	char message[64], *reply = NULL;
	int err;

	snprintf(message, sizeof(message), SWORN_MSG_VERIFY " %s", word);
	err = send_message(c->back, c->args[0], message, NULL, &reply, c->failure);
	free(reply);
	return err;
}

/* The rate is in whole MiB; less than one is one. */
static int set_rate(struct context *c)
{
	uint64_t mib = (c->options.rate_bytes + (1 << 20) - 1) >> 20;
	char message[64], *reply = NULL;
	int err;

	snprintf(message, sizeof(message),
		 SWORN_MSG_SET " " SWORN_OPT_VERIFY_RATE " %" PRIu64, mib);
	err = send_message(c->back, c->args[0], message, NULL, &reply, c->failure);
	free(reply);
	return err;
}

/* Options that each say what to do: one at the most. */
static int one_deed(struct context *c)
{
	const struct {
		enum option_id id;
		const char *name;
	} deeds[] = {
		{ OPT_PAUSE, "--pause" },
		{ OPT_RESUME, "--resume" },
		{ OPT_CANCEL, "--cancel" },
		{ OPT_REPORT, "--report" },
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		if (!c->options.given[deeds[i].id])
			continue;
		if (first)
			return fail_exit(c->failure, EINVAL, EXIT_USAGE,
					 "%s and %s cannot be given together",
					 first, deeds[i].name);
		first = deeds[i].name;
	}
	if (c->options.given[OPT_WAIT_TIMEOUT] && !c->options.given[OPT_WAIT])
		return fail_exit(c->failure, EINVAL, EXIT_USAGE,
				 "--timeout says how long --wait waits: give both");
	if (c->options.given[OPT_WAIT] &&
	    (c->options.given[OPT_PAUSE] || c->options.given[OPT_CANCEL]))
		return fail_exit(c->failure, EINVAL, EXIT_USAGE,
				 "%s and --wait cannot be given together", first);
	return 0;
}

static int wrong_time(struct context *c, const struct look *l, const char *must)
{
	fail_exit(c->failure, EBUSY, EXIT_REFUSED,
		  "disk \"%s\": verifying is %s, expected %s", c->args[0],
		  l->phase, must);
	if (is(l, SWORN_VERIFY_IS_PAUSED))
		fail_hint(c->failure, "\"swornadm verify %s --resume\" goes on, and --cancel forgets it",
			  c->args[0]);
	else
		fail_hint(c->failure, "\"swornadm verify %s\" begins",
			  c->args[0]);
	return -EBUSY;
}

/* Do what was asked for; one that is running is joined. */
static int act(struct context *c, const struct look *l)
{
	if (c->options.given[OPT_REPORT])
		return 0;
	if (c->options.given[OPT_PAUSE])
		return is(l, SWORN_VERIFY_IS_RUNNING) ?
			order(c, SWORN_VERIFY_DO_PAUSE) :
			wrong_time(c, l, SWORN_VERIFY_IS_RUNNING);
	if (c->options.given[OPT_CANCEL])
		return is(l, SWORN_VERIFY_IS_IDLE) ?
			wrong_time(c, l, "one that was begun") :
			order(c, SWORN_VERIFY_DO_CANCEL);
	if (is(l, SWORN_VERIFY_IS_RUNNING))
		return 0;
	if (c->options.given[OPT_RESUME])
		return is(l, SWORN_VERIFY_IS_PAUSED) ?
			order(c, SWORN_VERIFY_DO_RESUME) :
			wrong_time(c, l, SWORN_VERIFY_IS_PAUSED);
	if (is(l, SWORN_VERIFY_IS_PAUSED))
		return wrong_time(c, l, "none");
	return order(c, SWORN_VERIFY_DO_START);
}

static uint64_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec;
}

/* Until it runs no more: 0; -EINTR: told to end; -ETIME: for long enough. */
static int wait_for_end(struct context *c)
{
	uint64_t begun = seconds_now(), from;
	struct look l;
	char what[160];
	int err = look(c, &l);

	from = l.lba;
	snprintf(what, sizeof(what), "%s: verifying", c->args[0]);
	interrupt_begin();
	progress_start(what);
	while (!err && is(&l, SWORN_VERIFY_IS_RUNNING)) {
		/* the rate is of what it does from now on */
		if (l.lba >= from)
			progress_at((l.lba - from) * SWORN_BLOCK_SIZE,
				    (l.lbas - from) * SWORN_BLOCK_SIZE);
		if (c->options.given[OPT_WAIT_TIMEOUT] &&
		    seconds_now() - begun >= c->options.wait_s)
			err = -ETIME;
		else
			err = interrupt_wait(-1, LOOK_MS);
		if (!err)
			err = look(c, &l);
	}
	progress_stop();
	return err;
}

static const char *place_says(const struct verify_place *p)
{
	if (!strcmp(p->kind, SWORN_VERIFY_OF_DATA) ||
	    !strcmp(p->kind, SWORN_VERIFY_OF_NODE))
		return "does not verify";
	return "cannot be read";
}

static void put_place(struct out *out, const struct verify_place *p)
{
	char lbas[64];

	if (p->first_lba == p->last_lba)
		snprintf(lbas, sizeof(lbas), "LBA %" PRIu64, p->first_lba);
	else
		snprintf(lbas, sizeof(lbas), "LBAs %" PRIu64 " to %" PRIu64,
			 p->first_lba, p->last_lba);
	if (!out_is_json(out)) {
		if (p->block)
			out_say(out, "block %" PRIu64 " of the metadata device, an index node of %s: %s",
				p->block, lbas, place_says(p));
		else
			out_say(out, "%s: data %s", lbas, place_says(p));
		return;
	}
	out_object_begin(out, NULL, NULL);
	out_text(out, "kind", NULL, p->kind);
	out_number(out, "first_lba", NULL, p->first_lba);
	out_number(out, "last_lba", NULL, p->last_lba);
	if (p->block)
		out_number(out, "block", NULL, p->block);
	out_object_end(out);
}

static void say_outcome(struct context *c, const struct verify_report *r)
{
	const char *name = c->args[0];

	if (!strcmp(r->phase, SWORN_VERIFY_IS_DONE))
		out_say(c->out, "Verified disk \"%s\": %" PRIu64 " data blocks and %" PRIu64 " index nodes are in order, %" PRIu64 " are not.",
			name, r->data_blocks, r->nodes, r->errors);
	else if (!strcmp(r->phase, SWORN_VERIFY_IS_RUNNING))
		out_say(c->out, "Disk \"%s\" is being verified, %" PRIu64 "%% so far, %" PRIu64 " errors; \"swornadm verify %s --wait\" waits for the end.",
			name, r->percent, r->errors, name);
	else if (!strcmp(r->phase, SWORN_VERIFY_IS_PAUSED))
		out_say(c->out, "Verifying disk \"%s\" is paused at %" PRIu64 "%%, %" PRIu64 " errors so far; \"swornadm verify %s --resume\" goes on.",
			name, r->percent, r->errors, name);
	else
		out_say(c->out, "Disk \"%s\" is not being verified.", name);
	if (r->unlisted)
		out_say(c->out, "%" PRIu64 " more errors were counted, but the list was full.",
			r->unlisted);
}

/* Waiting has ended, and verifying has not come to its end. */
static void not_through(struct context *c, const struct verify_report *r, int why)
{
	const char *name = c->args[0];

	c->exit |= EXIT_FSCK_CANCELLED;
	if (why == -EINTR)
		out_warn(c->out, "interrupted: disk \"%s\" goes on being verified; \"swornadm verify %s --pause\" or --cancel stops that",
			 name, name);
	else if (why == -ETIME)
		out_warn(c->out, "not through after %" PRIu64 " s: disk \"%s\" goes on being verified",
			 c->options.wait_s, name);
	else
		out_warn(c->out, "not through: verifying disk \"%s\" is %s, expected %s; somebody else has paused, cancelled or begun it",
			 name, r->phase, SWORN_VERIFY_IS_DONE);
}

/* @why: what has ended the waiting before the disk was through, or 0 */
static int tell(struct context *c, int why)
{
	struct verify_report r;
	int err = verify_read(c->back, c->args[0], &r, c->failure);

	if (!err) {
		out_text(c->out, "name", NULL, c->args[0]);
		out_text(c->out, "phase", NULL, r.phase);
		out_number(c->out, "percent", NULL, r.percent);
		out_number(c->out, "next_lba", NULL, r.lba);
		out_number(c->out, "data_blocks", NULL, r.data_blocks);
		out_number(c->out, "nodes", NULL, r.nodes);
		out_number(c->out, "errors", NULL, r.errors);
		out_number(c->out, "unlisted", NULL, r.unlisted);
		out_number(c->out, "started", NULL, r.started_s);
		out_number(c->out, "ended", NULL, r.ended_s);
		out_list_begin(c->out, "bad", false, NULL);
		for (size_t i = 0; i < r.nr_places; i++)
			put_place(c->out, &r.place[i]);
		out_list_end(c->out);
		say_outcome(c, &r);
		if (r.errors)
			c->exit |= EXIT_FSCK_ERRORS;
		if (c->options.given[OPT_WAIT] &&
		    strcmp(r.phase, SWORN_VERIFY_IS_DONE))
			not_through(c, &r, why);
	}
	verify_free(&r);
	return err;
}

static int verify_run(struct context *c)
{
	struct look l;
	int err = one_deed(c), why = 0;

	if (!err)
		err = c->back->prepare(false, c->failure);
	if (!err)
		err = look(c, &l);
	if (!err && c->options.given[OPT_RATE])
		err = set_rate(c);
	if (!err)
		err = act(c, &l);
	if (!err && c->options.given[OPT_WAIT]) {
		why = wait_for_end(c);
		err = why == -EINTR || why == -ETIME ? 0 : why;
	}
	if (!err)
		err = tell(c, why);
	return err;
}

const struct command command_verify = {
	.name = "verify",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.fsck = true,
	.options = (const enum option_id[]){ OPT_PAUSE, OPT_RESUME, OPT_CANCEL, OPT_REPORT,
					     OPT_WAIT, OPT_WAIT_TIMEOUT, OPT_RATE, OPT_END },
	.help = "verify all that is in use on an open disk",
	.doc = "Have the driver read and verify all data and all of the index of the disk NAME in the background, and say how far it got and what it found.  The disk can be used meanwhile, and comes first.  Where it got is kept when the disk is closed."
	       "\vExit status: 0 no errors so far, 4 errors were found, 8 it could not be done, 16 wrong usage, 32 --wait ended before the disk was through: it was interrupted, its time was over (the disk goes on being verified), or somebody else paused or cancelled it.  These are added up: 36 is 32 and 4.",
	.run = verify_run,
};
