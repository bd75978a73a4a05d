// SPDX-License-Identifier: GPL-2.0-only
/* swornadm dump. */
#include "dump.h"

#include <errno.h>
#include <string.h>

enum part {
	PART_SUPERBLOCK = 1 << 0,
	PART_PACKS = 1 << 1,
	PART_JOURNAL = 1 << 2,
	PART_EPOCHS = 1 << 3,
	PART_BITS = 1 << 4,
	PART_SEGMENTS = 1 << 5,
	PART_RECORDS = 1 << 6,
	/* records are as many as there are blocks: they must be asked for */
	PART_ALL = PART_RECORDS - 1,
};

static const struct {
	const char *name;
	unsigned int parts;
} parts[] = {
	{ "superblock", PART_SUPERBLOCK },
	{ "packs", PART_PACKS },
	{ "journal", PART_JOURNAL },
	{ "epochs", PART_EPOCHS },
	{ "bits", PART_BITS },
	{ "segments", PART_SEGMENTS },
	{ "records", PART_RECORDS },
	{ "all", PART_ALL },
};

static int parse_part(const char *name, unsigned int *wanted, struct failure *f)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!strcmp(parts[i].name, name)) {
			*wanted = parts[i].parts;
			return 0;
		}
	}
	return fail_exit(f, EINVAL, EXIT_USAGE,
			 "\"%s\" is no part of a disk: expected superblock, packs, journal, epochs, bits, segments, records or all",
			 name);
}

static int dump_locked(struct context *c, const struct image *img,
		       unsigned int wanted)
{
	static const char sentence[] =
		"Without the root key only what is not encrypted can be shown.  The key (--key-file or --key-desc) would show what the checkpoints and the journal hold, the catalog of index tables, the segments in use, and where each block of the disk lies.";
	int err = 0;

	if (wanted & PART_SUPERBLOCK)
		dump_superblocks(c->out, img);
	if (wanted & PART_PACKS)
		err = dump_packs_locked(c->out, img);
	if (!err && wanted & PART_JOURNAL)
		err = dump_journal_locked(c->out, img);
	out_text(c->out, "locked", NULL, sentence);
	out_say(c->out, "%s", sentence);
	return err;
}

static int dump_state(struct context *c, const struct image *img,
		      struct recovery *r, unsigned int wanted)
{
	int err = 0;

	out_number(c->out, "commit_id", "generation", r->state.commit_id);
	if (wanted & PART_EPOCHS)
		dump_epochs(c->out, r);
	if (wanted & PART_BITS)
		err = dump_bits(c->out, img, r);
	if (!err && wanted & PART_SEGMENTS)
		dump_segments(c->out, img, r);
	if (!err && wanted & PART_RECORDS)
		err = dump_records(c->out, img, r);
	return err;
}

static int dump_unlocked(struct context *c, const struct image *img,
			 struct recovery *r, unsigned int wanted)
{
	int err = recover(r, img, true, NULL);

	if (err)
		return err;
	if (wanted & PART_SUPERBLOCK)
		dump_superblocks(c->out, img);
	if (wanted & PART_PACKS)
		dump_packs(c->out, img, r);
	if (wanted & PART_JOURNAL)
		err = dump_journal(c->out, img, r);
	if (err)
		return err;
	if (r->used >= 0)
		return dump_state(c, img, r, wanted);
	out_warn(c->out, "packs and journal do not lead to a state: \"swornadm check\" says why");
	return 0;
}

static int dump_run(struct context *c)
{
	struct image img = IMAGE_NONE;
	struct recovery r = { 0 };
	unsigned int wanted = 0;
	int err;

	err = parse_part(c->args[0], &wanted, c->failure);
	if (!err)
		err = begin_image(c, &img, 1, BEGIN_READ_WARN, false);
	if (!err) {
		put_image(c->out, &img);
		err = img.unlocked ? dump_unlocked(c, &img, &r, wanted) :
				     dump_locked(c, &img, wanted);
	}
	recovery_free(&r);
	image_close(&img);
	return err;
}

const struct command command_dump = {
	.name = "dump",
	.args = "PART DATA [META]",
	.min_args = 2,
	.max_args = 3,
	.options = (const enum option_id[]){ OPT_KEY_FILE, OPT_KEY_DESC, OPT_KEY_SIZE,
					     OPT_END },
	.help = "show the structures of a closed disk",
	.doc = "Show what is on a disk on DATA, or on DATA and META.  PART is superblock, packs, journal, epochs, bits, segments, records, or all (all but records).  Without a key what is not encrypted is shown.  Keys are never shown."
	       "\vNothing is written.",
	.run = dump_run,
};
