/* SPDX-License-Identifier: GPL-2.0-only */
/* Verify notes: how far a verification got, and what it found. */
#ifndef SWORNDISK_FORMAT_VERIFY_H
#define SWORNDISK_FORMAT_VERIFY_H

#include "geometry.h"

/* Associated data of a note: everything in front of the tag. */
#define SWORN_VERIFY_AAD_BYTES offsetof(struct sworn_disk_verify_note, tag)

/**
 * struct sworn_verify_bad - a bad place, see the format
 */
struct sworn_verify_bad {
	enum sworn_verify_kind kind;
	u64 first_lba;
	u64 last_lba;
	u64 block;
};

/**
 * struct sworn_verify_at - how far a verification got, see the format
 */
struct sworn_verify_at {
	enum sworn_verify_phase phase;
	u64 next_lba;
	u64 next_bit;
	u64 end_bit;
	u64 data_blocks;
	u64 nodes;
	u64 errors;
	u64 unlisted;
	u64 started_s;
	u64 ended_s;
	u32 nr_bad;
};

/**
 * sworn_verify_encode() - fill in the part of a note that will be sealed
 * @bad: @at->nr_bad places
 */
void sworn_verify_encode(struct sworn_disk_verify_state *d,
			 const struct sworn_verify_at *at,
			 const struct sworn_verify_bad *bad, u64 commit_id);

/**
 * sworn_verify_decode() - take a note that was read and opened
 * @bad: room for %SWORN_VERIFY_BAD_MAX places
 *
 * Return: 0 or -EUCLEAN; then @at and @bad may be filled in part.
 */
int sworn_verify_decode(const struct sworn_disk_verify_state *d,
			const struct sworn_geometry *geo,
			struct sworn_verify_at *at,
			struct sworn_verify_bad *bad, u64 *commit_id);

#endif /* SWORNDISK_FORMAT_VERIFY_H */
