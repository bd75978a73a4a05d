/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks at all disks, and what happened between two of them. */
#ifndef SWORNADM_DISK_LOOK_H
#define SWORNADM_DISK_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "../back/back.h"
#include "../failure.h"
#include "stats.h"

/**
 * struct look - how a disk is at a moment
 * @storage_bytes: written to the storage, of whatever kind
 * @used_part: @journal_part: 0 to 1
 * @stats: NULL if it keeps none
 */
struct look {
	char name[BACK_NAME_MAX];
	char mode[16];
	bool alive;
	bool suspended;
	bool low_space;
	uint64_t integrity_failures;
	uint64_t read_bytes;
	uint64_t written_bytes;
	uint64_t storage_bytes;
	uint64_t moved_bytes;
	double used_part;
	double journal_part;
	struct stats *stats;
};

struct looks {
	struct timespec at;
	struct look *look;
	int nr;
};

/**
 * struct change - what a disk did between two looks
 * @read, @written, @moved: bytes in a second; NAN: there was no look before
 * @amplification: NAN: nothing was written
 * @timed: @reads, @writes (requests in a second) and the stages are known
 */
struct change {
	double read;
	double written;
	double moved;
	double amplification;
	bool timed;
	double reads;
	double writes;
	struct stats_stage read_stage;
	struct stats_stage write_stage;
	struct stats_stage flush_stage;
};

/**
 * looks_take() - look at a disk, or at all
 * @name: NULL: at all
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int looks_take(const struct back *back, const char *name, struct looks *l,
	       struct failure *f);
void looks_free(struct looks *l);

/* What disk @i of @now did since @before, which may be NULL. */
void looks_change(const struct looks *before, const struct looks *now, int i,
		  struct change *d);

/* Between two looks; 0 without the first. */
double looks_seconds(const struct looks *before, const struct looks *now);

#endif /* SWORNADM_DISK_LOOK_H */
