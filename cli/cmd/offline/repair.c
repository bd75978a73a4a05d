// SPDX-License-Identifier: GPL-2.0-only
/* swornadm repair. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../hold.h"
#include "../../out/ask.h"
#include "../../out/progress.h"
#include "begin.h"

/*
 * What can be done without a guess: a copy of the superblock can be written
 * from the other one, which the root key vouches for.  All else is either put
 * right by the driver itself, or could only be guessed.
 */
static const char *refusal(const struct finding *f)
{
	if (!strcmp(f->structure, "pack"))
		return "the driver goes by the other checkpoint, and writes this one anew by itself";
	if (!strcmp(f->structure, "journal"))
		return "what the missing commits said is nowhere else; to go on without them would be to accept a rollback";
	if (!strcmp(f->structure, "index"))
		return "the records in the node are nowhere else";
	if (!strcmp(f->structure, "data"))
		return "the contents are nowhere else";
	if (!strcmp(f->structure, "device"))
		return "a device cannot be made larger here";
	return "which of the two is right cannot be told";
}

static void put_refused(struct out *out, const struct report *r)
{
	out_list_begin(out, "refused", false, NULL);
	for (size_t i = 0; i < r->nr; i++) {
		const struct finding *f = &r->finding[i];

		if (f->level != FINDING_ERROR || !strcmp(f->structure, "superblock"))
			continue;
		if (!out_is_json(out)) {
			out_say(out, "not repaired: %s: %s", f->what, refusal(f));
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_text(out, "message", NULL, f->what);
		out_text(out, "reason", NULL, refusal(f));
		out_object_end(out);
	}
	out_list_end(out);
}

static void put_copies(struct out *out, u32 copies, bool done)
{
	out_list_begin(out, "superblock_copies", false, NULL);
	for (u32 i = 0; i < SWORN_SB_COPIES; i++) {
		if (!(copies & 1U << i))
			continue;
		if (!out_is_json(out)) {
			out_say(out, done ? "Superblock copy %u was written anew." :
				"Superblock copy %u would be written anew.", i);
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_number(out, "copy", NULL, i);
		out_number(out, "block", NULL, SWORN_SB_COPY_BLOCK(i));
		out_object_end(out);
	}
	out_list_end(out);
}

static int write_copies(struct context *c, struct image *img, u32 copies)
{
	sigset_t old;
	int err = 0;

	signals_hold(&old);
	for (u32 i = 0; !err && i < SWORN_SB_COPIES; i++)
		if (copies & 1U << i)
			err = image_write_superblock(img, i, c->failure);
	signals_release(&old);
	return err;
}

static int repair(struct context *c, struct image *img, struct check *check)
{
	bool dry = c->options.given[OPT_DRY_RUN];
	struct report ignored = { 0 };
	char what[512];
	u32 copies;
	int err;

	err = check_image(check, img);
	progress_stop();
	if (err == -ECANCELED)
		return fail(c->failure, err, "interrupted before the end; nothing was written");
	if (err)
		return err;
	copies = check_superblocks(img, &ignored);
	report_free(&ignored);
	if (copies && !dry) {
		snprintf(what, sizeof(what),
			 "Copy %u of the superblock on %s, which is damaged, will be overwritten.",
			 copies >> 1, image_path(img, AREA_META));
		err = ask_yes(what, c->options.given[OPT_YES], c->failure);
		if (!err)
			err = write_copies(c, img, copies);
	}
	if (err)
		return err;
	put_image(c->out, img);
	out_bool(c->out, "dry_run", NULL, dry);
	out_number(c->out, "errors_found", "errors found", check->report.errors);
	put_copies(c->out, copies, !dry);
	put_refused(c->out, &check->report);
	if (!check->report.errors)
		out_say(c->out, "There is nothing to repair.");
	/* each bad copy is one error, and nothing else is put right */
	if (check->report.errors > (copies ? 1 : 0) || (copies && dry))
		c->exit = EXIT_FSCK_ERRORS;
	else if (copies)
		c->exit = EXIT_FSCK_CORRECTED;
	return 0;
}

static int repair_run(struct context *c)
{
	struct image img = IMAGE_NONE;
	struct check check = { 0 };
	int err;

	err = begin_image(c, &img, 0, c->options.given[OPT_DRY_RUN] ?
			  BEGIN_READ : BEGIN_WRITE, true);
	if (!err) {
		progress_start("checking");
		err = repair(c, &img, &check);
		progress_stop();
	}
	check_free(&check);
	image_close(&img);
	return err;
}

const struct command command_repair = {
	.name = "repair",
	.args = "DATA [META]",
	.min_args = 1,
	.max_args = 2,
	.fsck = true,
	.options = (const enum option_id[]){ OPT_KEY_FILE, OPT_KEY_DESC, OPT_KEY_SIZE,
					     OPT_DRY_RUN, OPT_YES, OPT_END },
	.help = "put right what needs no guess",
	.doc = "Check a closed disk and write a damaged copy of its superblock anew from the other one, after asking.  Nothing else is repaired: what is lost cannot be made up, and for each error that stays the reason is given."
	       "\vExit status: 0 nothing to do, 1 all errors were corrected, 4 errors are left, 8 it could not be done, 16 wrong usage, 32 interrupted or not confirmed.",
	.run = repair_run,
};
