// SPDX-License-Identifier: GPL-2.0-only
/* swornadm check. */
#include <errno.h>
#include <inttypes.h>

#include "../../out/progress.h"
#include "begin.h"

static const char *verdict_name(enum journal_verdict v)
{
	static const char *const names[] = {
		[JOURNAL_WHOLE] = "whole",
		[JOURNAL_TORN] = "torn",
		[JOURNAL_DAMAGED] = "damaged",
		[JOURNAL_UNREADABLE] = "unreadable",
		[JOURNAL_WRONG] = "wrong",
	};

	return names[v];
}

static void put_recovery(struct out *out, const struct check *c)
{
	const struct recovery *r = &c->recovery;
	const struct pack *p = &r->pack[r->used];

	out_number(out, "commit_id", "generation", r->state.commit_id);
	out_number(out, "checkpoint", "checkpoint", p->state.generation);
	out_textf(out, NULL, "journal", "%" PRIu64 " commits in %" PRIu64 " blocks, its end is %s",
		  r->end.groups, r->end.next_seq - p->state.replay_seq,
		  verdict_name(r->end.verdict));
	if (!out_is_json(out))
		return;
	out_object_begin(out, "journal", NULL);
	out_number(out, "first_seq", NULL, p->state.replay_seq);
	out_number(out, "next_seq", NULL, r->end.next_seq);
	out_number(out, "groups", NULL, r->end.groups);
	out_text(out, "end", NULL, verdict_name(r->end.verdict));
	out_object_end(out);
}

static void say_counts(struct out *out, const struct check *c)
{
	const struct walk_counts *w = &c->counts;

	out_textf(out, NULL, "index", "%zu tables in %" PRIu64 " runs, %" PRIu64 " nodes, %" PRIu64 " records",
		  c->recovery.state.nr_bits, w->runs, w->nodes, w->records);
	out_textf(out, NULL, "data blocks", "%" PRIu64 " live, %" PRIu64 " superseded, %" PRIu64 " marked used without a record",
		  c->live, c->superseded, c->unreferenced);
	if (c->data)
		out_textf(out, NULL, "verified", "%" PRIu64 " data blocks", c->verified);
}

static void put_counts(struct out *out, const struct check *c)
{
	const struct walk_counts *w = &c->counts;

	out_object_begin(out, "index", NULL);
	out_number(out, "runs", NULL, w->runs);
	out_number(out, "bits", NULL, c->recovery.state.nr_bits);
	out_number(out, "nodes", NULL, w->nodes);
	out_number(out, "records", NULL, w->records);
	out_number(out, "tombstones", NULL, w->tombstones);
	out_number(out, "lost_nodes", NULL, w->lost);
	out_number(out, "epochs", NULL, c->recovery.state.nr_keys);
	out_object_end(out);
	out_object_begin(out, "data", NULL);
	out_number(out, "referenced_blocks", NULL, c->recovery.state.referenced);
	out_number(out, "live_blocks", NULL, c->live);
	out_number(out, "superseded_blocks", NULL, c->superseded);
	out_number(out, "unreferenced_blocks", NULL, c->unreferenced);
	out_number(out, "verified_blocks", NULL, c->verified);
	out_object_end(out);
}

static void put_check(struct context *c, const struct image *img,
		      const struct check *check)
{
	struct out *out = c->out;

	put_image(out, img);
	out_bool(out, "clean", NULL, !check->report.errors);
	out_bool(out, "data_checked", NULL, check->data && check->recovery.used >= 0);
	if (check->recovery.used >= 0) {
		put_recovery(out, check);
		if (out_is_json(out))
			put_counts(out, check);
		else
			say_counts(out, check);
	}
	put_findings(out, &check->report);
	if (!check->report.errors)
		out_say(out, check->data ? "The disk is clean." :
			"The disk is clean.  Its data were not read; --data does that.");
	else
		out_say(out, "The disk is damaged: see above.");
}

static int check_run(struct context *c)
{
	struct image img = IMAGE_NONE;
	struct check check = {
		.data = c->options.given[OPT_DATA],
		.min_commit = c->options.min_commit,
	};
	int err;

	err = begin_image(c, &img, 0, BEGIN_READ, true);
	if (!err) {
		progress_start("checking");
		err = check_image(&check, &img);
		progress_stop();
		if (err == -ECANCELED)
			fail(c->failure, err, "interrupted before the end; nothing was written");
	}
	if (!err) {
		put_check(c, &img, &check);
		c->exit = check.report.errors ? EXIT_FSCK_ERRORS : EXIT_DONE;
	}
	check_free(&check);
	image_close(&img);
	return err;
}

const struct command command_check = {
	.name = "check",
	.args = "DATA [META]",
	.min_args = 1,
	.max_args = 2,
	.fsck = true,
	.options = (const enum option_id[]){ OPT_KEY_FILE, OPT_KEY_DESC, OPT_KEY_SIZE,
					     OPT_DATA, OPT_MIN_COMMIT, OPT_END },
	.help = "verify everything on a closed disk",
	.doc = "Verify superblocks, checkpoints, journal, index and tables of a closed disk on DATA, or on DATA and META; with --data also all that is stored on it.  Nothing is written.  Devices and image files are read as they are; the driver is not needed."
	       "\vExit status: 0 clean, 4 errors were found, 8 it could not be checked, 16 wrong usage, 32 interrupted.",
	.run = check_run,
};
