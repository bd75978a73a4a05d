/* SPDX-License-Identifier: GPL-2.0-only */
/* How far verifying an open disk got, and what it found: the driver's report. */
#ifndef SWORNADM_DISK_VERIFY_H
#define SWORNADM_DISK_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "../back/back.h"
#include "../failure.h"

/**
 * struct verify_place - a bad place
 * @kind: the driver's word for it
 * @block: of the metadata area, where a node lies
 */
struct verify_place {
	char kind[24];
	uint64_t first_lba;
	uint64_t last_lba;
	uint64_t block;
};

/**
 * struct verify_report - what the driver says of a verification
 * @phase: idle, running, paused or done
 * @started_s, @ended_s: seconds since 1970; 0: not yet
 * @unlisted: errors whose places it has not kept
 */
struct verify_report {
	char phase[16];
	uint64_t percent;
	uint64_t lba;
	uint64_t data_blocks;
	uint64_t nodes;
	uint64_t errors;
	uint64_t unlisted;
	uint64_t started_s;
	uint64_t ended_s;
	struct verify_place *place;
	size_t nr_places;
};

/**
 * verify_parse() - take an answer to the message apart
 * @r: its places are added to those that are there
 * @all: receives how many places there are
 *
 * Return: 0, -EPROTO if it is no such answer, -ENOMEM.
 */
int verify_parse(const char *answer, struct verify_report *r, uint64_t *all);

/**
 * verify_read() - ask the driver, as often as it takes
 * @r: to be given to verify_free()
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int verify_read(const struct back *back, const char *name,
		struct verify_report *r, struct failure *f);
void verify_free(struct verify_report *r);

#endif /* SWORNADM_DISK_VERIFY_H */
