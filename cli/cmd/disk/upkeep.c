// SPDX-License-Identifier: GPL-2.0-only
/* What compact and clean have in common; see upkeep.h. */
#include "upkeep.h"

#include <inttypes.h>
#include <stdlib.h>

#include "../../args/size.h"
#include "../../disk/find.h"
#include "../../disk/send.h"
#include "include/uapi/sworndisk_format.h"

/* struct order - how well in order a disk is */
struct order {
	uint64_t bits;
	uint64_t runs;
	uint64_t free_segments;
	uint64_t moved_blocks;
};

static int look(struct context *c, struct order *o)
{
	struct open_disk disk;
	int err = find_disk(c->back, c->args[0], &disk, c->failure);

	if (err)
		return err;
	*o = (struct order){ 0 };
	if (disk.alive) {
		o->bits = status_number(&disk.status, "bits");
		o->runs = status_number(&disk.status, "runs");
		o->free_segments = disk.status.free_segments;
		o->moved_blocks = status_number(&disk.status, "moved_blocks");
	}
	open_disk_free(&disk);
	return 0;
}

static void report(struct context *c, const char *done,
		   const struct order *before, const struct order *after)
{
	uint64_t moved = (after->moved_blocks - before->moved_blocks) *
			 SWORN_BLOCK_SIZE;
	char size[SIZE_TEXT_MAX];

	out_text(c->out, "name", NULL, c->args[0]);
	out_number(c->out, "bits_before", NULL, before->bits);
	out_number(c->out, "bits", NULL, after->bits);
	out_number(c->out, "runs_before", NULL, before->runs);
	out_number(c->out, "runs", NULL, after->runs);
	out_number(c->out, "free_segments_before", NULL, before->free_segments);
	out_number(c->out, "free_segments", NULL, after->free_segments);
	out_number(c->out, "moved_bytes", NULL, moved);
	out_say(c->out, "%s disk \"%s\": %s of data moved.", done, c->args[0],
		size_text(size, moved));
	out_say(c->out, "Free segments: %" PRIu64 ", before %" PRIu64 ".",
		after->free_segments, before->free_segments);
	out_say(c->out, "Index tables: %" PRIu64 ", before %" PRIu64
		"; runs of them: %" PRIu64 ", before %" PRIu64 ".",
		after->bits, before->bits, after->runs, before->runs);
}

int upkeep_run(struct context *c, const char *message, const char *doing,
	       const char *done)
{
	struct order before, after;
	char *reply = NULL;
	int err;

	err = c->back->prepare(false, c->failure);
	if (!err)
		err = look(c, &before);
	if (!err)
		err = send_message(c->back, c->args[0], message, doing, &reply,
				   c->failure);
	free(reply);
	if (!err)
		err = look(c, &after);
	if (!err)
		report(c, done, &before, &after);
	return err;
}
