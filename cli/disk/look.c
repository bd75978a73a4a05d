// SPDX-License-Identifier: GPL-2.0-only
/* Looks at disks; see look.h. */
#include "look.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "include/uapi/sworndisk_format.h"

struct taking {
	const struct back *back;
	struct looks *looks;
	struct failure *failure;
};

static uint64_t bytes_of(const struct disk_status *s, const char *name)
{
	return status_number(s, name) * SWORN_BLOCK_SIZE;
}

static double part_of(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static void take_status(struct look *l, const struct disk_status *s)
{
	uint64_t all = s->segments * bytes_of(s, "segment_blocks");

	snprintf(l->mode, sizeof(l->mode), "%s", s->mode);
	l->low_space = status_number(s, "low_space");
	l->integrity_failures = status_number(s, "integrity_failures");
	l->read_bytes = bytes_of(s, "user_read_blocks");
	l->written_bytes = bytes_of(s, "user_written_blocks");
	l->moved_bytes = bytes_of(s, "moved_blocks");
	l->storage_bytes = bytes_of(s, "data_written_blocks") +
			   bytes_of(s, "index_written_blocks") +
			   bytes_of(s, "journal_written_blocks") +
			   bytes_of(s, "checkpoint_written_blocks");
	l->used_part = part_of(bytes_of(s, "live_blocks"), all);
	l->journal_part = part_of(s->journal_used, s->journal_blocks);
}

/* A disk that goes just now, or a driver without statistics, is no error. */
static struct stats *take_stats(const struct back *back, const char *name)
{
	struct failure ignored = { 0 };
	struct stats *s = malloc(sizeof(*s));

	if (s && stats_read(back, name, s, &ignored)) {
		free(s);
		s = NULL;
	}
	return s;
}

static int take_one(const struct open_disk *disk, void *arg)
{
	struct taking *t = arg;
	struct look *more = reallocarray(t->looks->look, (size_t)t->looks->nr + 1,
					 sizeof(*more));
	struct look *l;

	if (!more)
		return fail(t->failure, ENOMEM, "out of memory");
	t->looks->look = more;
	l = &more[t->looks->nr++];
	memset(l, 0, sizeof(*l));
	snprintf(l->name, sizeof(l->name), "%s", disk->dm.name);
	l->alive = disk->alive;
	l->suspended = disk->dm.suspended;
	if (!disk->alive)
		return 0;
	take_status(l, &disk->status);
	if (status_number(&disk->status, "stats"))
		l->stats = take_stats(t->back, disk->dm.name);
	return 0;
}

int looks_take(const struct back *back, const char *name, struct looks *l,
	       struct failure *f)
{
	struct taking t = { back, l, f };
	struct open_disk disk;
	int err;

	memset(l, 0, sizeof(*l));
	clock_gettime(CLOCK_MONOTONIC, &l->at);
	if (name) {
		err = find_disk(back, name, &disk, f);
		if (!err) {
			err = take_one(&disk, &t);
			open_disk_free(&disk);
		}
	} else {
		err = find_each(back, take_one, &t, f);
	}
	if (err)
		looks_free(l);
	return err;
}

void looks_free(struct looks *l)
{
	for (int i = 0; i < l->nr; i++)
		free(l->look[i].stats);
	free(l->look);
	memset(l, 0, sizeof(*l));
}

double looks_seconds(const struct looks *before, const struct looks *now)
{
	if (!before)
		return 0;
	return (double)(now->at.tv_sec - before->at.tv_sec) +
	       (double)(now->at.tv_nsec - before->at.tv_nsec) / 1e9;
}

static const struct look *find_look(const struct looks *l, const char *name)
{
	for (int i = 0; l && i < l->nr; i++)
		if (!strcmp(l->look[i].name, name))
			return &l->look[i];
	return NULL;
}

static bool stage_since(const struct stats *before, const struct stats *now,
			const char *name, struct stats_stage *d)
{
	const struct stats_stage *a = stats_stage(before, name);
	const struct stats_stage *b = stats_stage(now, name);

	if (!a || !b)
		return false;
	stats_since(a, b, d);
	return true;
}

/* Counters begin anew when a disk is closed and opened: that is no change. */
static double rate(uint64_t before, uint64_t now, double seconds)
{
	return now < before || seconds <= 0 ? (double)NAN :
	       (double)(now - before) / seconds;
}

void looks_change(const struct looks *before, const struct looks *now, int i,
		  struct change *d)
{
	const struct look *b = &now->look[i], *a = find_look(before, b->name);
	double seconds = looks_seconds(before, now);

	memset(d, 0, sizeof(*d));
	d->read = d->written = d->moved = d->amplification = (double)NAN;
	if (!a || !a->alive || !b->alive)
		return;
	d->read = rate(a->read_bytes, b->read_bytes, seconds);
	d->written = rate(a->written_bytes, b->written_bytes, seconds);
	d->moved = rate(a->moved_bytes, b->moved_bytes, seconds);
	if (b->written_bytes > a->written_bytes && b->storage_bytes >= a->storage_bytes)
		d->amplification = (double)(b->storage_bytes - a->storage_bytes) /
				   (double)(b->written_bytes - a->written_bytes);
	d->timed = a->stats && b->stats &&
		   stage_since(a->stats, b->stats, "read", &d->read_stage) &&
		   stage_since(a->stats, b->stats, "write", &d->write_stage) &&
		   stage_since(a->stats, b->stats, "flush", &d->flush_stage);
	if (d->timed && seconds > 0) {
		d->reads = (double)d->read_stage.count / seconds;
		d->writes = (double)d->write_stage.count / seconds;
	}
}
