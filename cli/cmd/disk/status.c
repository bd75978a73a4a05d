// SPDX-License-Identifier: GPL-2.0-only
/* swornadm status. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../../args/number.h"
#include "../../args/size.h"
#include "../../command.h"
#include "../../disk/find.h"
#include "include/uapi/sworndisk_format.h"
#include "include/uapi/sworndisk_target.h"
#include "places.h"

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* What a mode means for those who do not read the manual. */
static const char *mode_text(const char *mode)
{
	if (!strcmp(mode, SWORN_MODE_RW))
		return "rw (healthy)";
	if (!strcmp(mode, SWORN_MODE_NOSPC))
		return "out_of_space (nothing is left to write to: writes fail until blocks are discarded)";
	if (!strcmp(mode, SWORN_MODE_RO))
		return "ro (read-only)";
	if (!strcmp(mode, SWORN_MODE_FAILED))
		return "failed (all I/O fails: close the disk and open it again)";
	return mode;
}

/* The fixed fields, and what they come to. */
static void put_state(struct out *out, const struct open_disk *disk)
{
	const struct disk_status *s = &disk->status;

	out_text(out, "mode", NULL, s->mode);
	out_textf(out, NULL, "mode", "%s%s", mode_text(s->mode),
		  status_number(s, "needs_check") ? ", needs a check: metadata failed" : "");
	out_bytes(out, "capacity_bytes", "capacity", disk->dm.length_sectors * 512);
	out_number(out, "free_segments", NULL, s->free_segments);
	out_number(out, "segments", NULL, s->segments);
	out_number(out, "journal_used", NULL, s->journal_used);
	out_number(out, "journal_blocks", NULL, s->journal_blocks);
	out_number(out, "commit_id", NULL, s->commit_id);
	out_real(out, "write_amplification", NULL, status_write_amplification(s));
}

/* JSON takes every word as it comes, known or not. */
static void put_words(struct out *out, const struct disk_status *s)
{
	for (int i = 0; i < s->nr_words; i++) {
		uint64_t number;

		if (!number_parse(s->words[i].value, &number))
			out_number(out, s->words[i].name, NULL, number);
		else
			out_text(out, s->words[i].name, NULL, s->words[i].value);
	}
}

/* Drivers that did not reuse segments did not count this. */
static void put_free(struct out *out, const struct disk_status *s, uint64_t all)
{
	uint64_t blocks = status_number(s, "free_blocks");
	char size[SIZE_TEXT_MAX];

	if (status_word(s, "free_blocks"))
		out_textf(out, NULL, "free space", "%s, %.1f%%%s",
			  size_text(size, blocks * SWORN_BLOCK_SIZE),
			  percent(blocks, all), status_number(s, "low_space") ?
			  ": low, although all that was overwritten is known" : "");
}

static void put_space(struct out *out, const struct open_disk *disk)
{
	const struct disk_status *s = &disk->status;
	uint64_t segment = status_number(s, "segment_blocks");
	uint64_t all = s->segments * segment;
	uint64_t stored = status_number(s, "live_blocks");
	char size[SIZE_TEXT_MAX], of[SIZE_TEXT_MAX];

	out_textf(out, NULL, "stored data", "%s of %s, %.1f%%, old versions included",
		  size_text(size, stored * SWORN_BLOCK_SIZE),
		  size_text(of, all * SWORN_BLOCK_SIZE), percent(stored, all));
	put_free(out, s, all);
	out_textf(out, NULL, "free segments", "%" PRIu64 " of %" PRIu64 ", %.1f%%, %s each",
		  s->free_segments, s->segments, percent(s->free_segments, s->segments),
		  size_text(size, segment * SWORN_BLOCK_SIZE));
	out_textf(out, NULL, "journal", "%" PRIu64 " of %" PRIu64 " blocks, %.1f%%",
		  s->journal_used, s->journal_blocks,
		  percent(s->journal_used, s->journal_blocks));
	out_textf(out, NULL, "index", "%" PRIu64 " tables in %" PRIu64 " runs",
		  status_number(s, "bits"), status_number(s, "runs"));
	out_textf(out, NULL, "generation", "%" PRIu64, s->commit_id);
}

/* Older drivers do not verify. */
static void put_verify(struct out *out, const struct disk_status *s)
{
	const char *phase = status_word(s, "verify");

	if (!phase)
		return;
	if (!strcmp(phase, SWORN_VERIFY_IS_IDLE))
		out_text(out, NULL, "verified", "-");
	else
		out_textf(out, NULL, "verified", "%s, %" PRIu64 "%%, %" PRIu64 " errors",
			  phase, status_number(s, "verify_percent"),
			  status_number(s, "verify_errors"));
}

static void put_health(struct out *out, const struct disk_status *s)
{
	uint64_t integrity = status_number(s, "integrity_failures");

	out_textf(out, NULL, "integrity failures", "%" PRIu64 "%s", integrity,
		  integrity ? " (blocks that the storage altered: see the kernel's log)" : "");
	put_verify(out, s);
	out_textf(out, NULL, "I/O errors", "%" PRIu64 " reading, %" PRIu64 " writing",
		  status_number(s, "read_errors"), status_number(s, "write_errors"));
}

static void put_speed(struct out *out, const struct disk_status *s)
{
	uint64_t hits = status_number(s, "cache_hits");
	uint64_t misses = status_number(s, "cache_misses");
	char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX];
	double amplification = status_write_amplification(s);

	out_textf(out, NULL, "cache", "%s of %s, %.1f%% hits",
		  size_text(a, status_number(s, "cache_bytes")),
		  size_text(b, status_number(s, "cache_limit")),
		  percent(hits, hits + misses));
	out_textf(out, NULL, "memory", "%s", size_text(a, status_number(s, "memory_bytes")));
	out_textf(out, NULL, "read, written", "%s, %s",
		  size_text(a, status_number(s, "user_read_blocks") * SWORN_BLOCK_SIZE),
		  size_text(b, status_number(s, "user_written_blocks") * SWORN_BLOCK_SIZE));
	out_textf(out, NULL, "data moved", "%s",
		  size_text(a, status_number(s, "moved_blocks") * SWORN_BLOCK_SIZE));
	if (isfinite(amplification))
		out_textf(out, NULL, "write amplification", "%.2f", amplification);
	else
		out_text(out, NULL, "write amplification", "- (nothing written yet)");
}

static void put_identity(struct out *out, const struct disk_status *s)
{
	const char *cipher = status_word(s, "cipher"), *uuid = status_word(s, "uuid");

	out_text(out, NULL, "cipher", cipher ? cipher : "-");
	out_text(out, NULL, "UUID", uuid ? uuid : "-");
}

static int status_one(const struct open_disk *disk, void *arg)
{
	struct out *out = arg;

	out_object_begin(out, NULL, disk->dm.name);
	out_text(out, "name", NULL, disk->dm.name);
	out_textf(out, "device", NULL, "/dev/mapper/%s", disk->dm.name);
	out_number(out, "open_count", NULL, (uint64_t)disk->dm.open_count);
	out_bool(out, "suspended", disk->dm.suspended ? "suspended" : NULL,
		 disk->dm.suspended);
	out_bool(out, "read_only", NULL, disk->dm.read_only);
	if (!disk->alive) {
		out_text(out, "mode", "mode", "inactive");
	} else {
		put_state(out, disk);
		put_space(out, disk);
		put_health(out, &disk->status);
		put_speed(out, &disk->status);
		put_identity(out, &disk->status);
		put_places(out, disk, "data on", "metadata on",
			   "the same device");
		put_words(out, &disk->status);
	}
	out_object_end(out);
	return 0;
}

static int status_named(struct context *c, const char *name)
{
	struct open_disk disk;
	int err = find_disk(c->back, name, &disk, c->failure);

	if (err)
		return err;
	err = status_one(&disk, c->out);
	open_disk_free(&disk);
	return err;
}

static int status_run(struct context *c)
{
	int err = c->back->prepare(false, c->failure);

	if (err)
		return err;
	out_list_begin(c->out, "disks", false, "No disk is open.");
	if (c->nr_args)
		err = status_named(c, c->args[0]);
	else
		err = find_each(c->back, status_one, c->out, c->failure);
	out_list_end(c->out);
	return err;
}

const struct command command_status = {
	.name = "status",
	.args = "[NAME]",
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "show how a disk, or every disk, is doing",
	.doc = "Show capacity, space, health and counters of the disk NAME, or of every disk that is open.",
	.run = status_run,
};
