// SPDX-License-Identifier: GPL-2.0-only
/* What check, dump and repair have in common; see begin.h. */
#include "begin.h"

#include <errno.h>
#include <inttypes.h>

#include "../../args/uuid.h"
#include "../../disk/key.h"

static int check_use(struct context *c, const struct image *img,
		     enum begin_how how)
{
	struct failure busy = { 0 };
	int err;

	if (how == BEGIN_READ_WARN) {
		if (image_in_use(img, c->back, &busy) == -EBUSY)
			out_warn(c->out, "%s; what is shown may be a mixture of what was and what is",
				 busy.text);
		return 0;
	}
	err = image_in_use(img, c->back, c->failure);
	if (err == -EBUSY)
		fail_hint(c->failure, "close the disk first: what changes meanwhile cannot be judged");
	return err;
}

static int note_open(struct context *c, const struct image *img, int err)
{
	if (err != -ENODATA)
		return err;
	fail(c->failure, ENODATA, "device %s holds no SwornDisk superblock",
	     image_path(img, AREA_META));
	return fail_hint(c->failure, "of a disk on two devices, give the data device, and behind it the metadata device");
}

static bool key_named(const struct options *o)
{
	return o->given[OPT_KEY_FILE] || o->given[OPT_KEY_DESC] ||
	       o->given[OPT_KEY_SIZE];
}

int begin_image(struct context *c, struct image *img, int first,
		enum begin_how how, bool key)
{
	int err = 0;

	if (key_named(&c->options))
		err = key_check_options(&c->options, c->failure);
	else if (key)
		err = fail_exit(c->failure, EINVAL, EXIT_USAGE,
				"no key is named: expected --key-file or --key-desc");
	if (!err)
		err = image_open(img, c->back, c->args + first,
				 c->nr_args - first, how == BEGIN_WRITE,
				 c->failure);
	if (err)
		return note_open(c, img, err);
	err = check_use(c, img, how);
	if (!err && key_named(&c->options)) {
		err = image_unlock(img, c->back, &c->options, c->failure);
		if (!err && img->key_remark)
			out_warn(c->out, "%s", img->key_remark);
	}
	/* from here on: a key that does not come must not hold anybody up */
	image_catch_signals();
	return err;
}

void put_image(struct out *out, const struct image *img)
{
	char uuid[UUID_TEXT_MAX];

	out_text(out, "data_device", img->meta.path ? "data device" : "device",
		 img->data.path);
	if (img->meta.path)
		out_text(out, "metadata_device", "metadata device", img->meta.path);
	out_text(out, "uuid", "UUID", uuid_text(uuid, img->sb.uuid));
}

static void say_finding(struct out *out, const struct finding *f)
{
	const char *level = f->level == FINDING_ERROR ? "error" : "note";

	if (f->device && f->blocks > 1)
		out_say(out, "%s: %s, blocks %" PRIu64 " to %" PRIu64 ": %s", level,
			f->device, f->block, f->block + f->blocks - 1, f->what);
	else if (f->device)
		out_say(out, "%s: %s, block %" PRIu64 ": %s", level, f->device,
			f->block, f->what);
	else
		out_say(out, "%s: %s", level, f->what);
	if (f->has_lbas && f->first_lba == f->last_lba)
		out_say(out, "  LBA: %" PRIu64, f->first_lba);
	else if (f->has_lbas)
		out_say(out, "  LBAs: %" PRIu64 " to %" PRIu64, f->first_lba, f->last_lba);
	if (f->field[0] && f->expected[0])
		out_say(out, "  %s: found %s, expected %s", f->field, f->found,
			f->expected);
	else if (f->field[0])
		out_say(out, "  %s: %s", f->field, f->found);
	if (f->lost[0])
		out_say(out, "  lost: %s", f->lost);
	if (f->advice)
		out_say(out, "  to do: %s", f->advice);
}

static void put_finding(struct out *out, const struct finding *f)
{
	out_object_begin(out, NULL, NULL);
	out_text(out, "level", NULL, f->level == FINDING_ERROR ? "error" : "note");
	out_text(out, "structure", NULL, f->structure);
	if (f->device) {
		out_text(out, "device", NULL, f->device);
		out_number(out, "block", NULL, f->block);
		out_number(out, "blocks", NULL, f->blocks);
	}
	out_text(out, "message", NULL, f->what);
	if (f->field[0]) {
		out_text(out, "field", NULL, f->field);
		out_text(out, "found", NULL, f->found);
		if (f->expected[0])
			out_text(out, "expected", NULL, f->expected);
	}
	if (f->has_lbas) {
		out_number(out, "first_lba", NULL, f->first_lba);
		out_number(out, "last_lba", NULL, f->last_lba);
	}
	if (f->lost[0])
		out_text(out, "lost", NULL, f->lost);
	if (f->advice)
		out_text(out, "advice", NULL, f->advice);
	out_object_end(out);
}

static void put_bad(struct out *out, const struct report *r)
{
	out_list_begin(out, "bad_lbas", false, NULL);
	for (size_t i = 0; i < r->bad.nr; i++) {
		const struct lba_range *b = &r->bad.range[i];

		if (!out_is_json(out)) {
			out_say(out, "bad LBAs: %" PRIu64 " to %" PRIu64, b->first, b->last);
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_number(out, "first", NULL, b->first);
		out_number(out, "last", NULL, b->last);
		out_object_end(out);
	}
	out_list_end(out);
}

void put_findings(struct out *out, const struct report *r)
{
	out_number(out, "errors", "errors", r->errors);
	out_number(out, "notes", NULL, r->notes);
	out_list_begin(out, "findings", false, NULL);
	for (size_t i = 0; i < r->nr; i++) {
		if (out_is_json(out))
			put_finding(out, &r->finding[i]);
		else
			say_finding(out, &r->finding[i]);
	}
	out_list_end(out);
	if (r->errors + r->notes > r->nr)
		out_say(out, "%" PRIu64 " more are not shown",
			r->errors + r->notes - r->nr);
	put_bad(out, r);
}
