/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's answers to "segments": how much of each is referenced. */
#ifndef SWORNADM_DISK_SEGMENTS_H
#define SWORNADM_DISK_SEGMENTS_H

#include <stdint.h>

#include "../back/back.h"
#include "../failure.h"

enum segment_state { SEGMENT_USED, SEGMENT_FREE, SEGMENT_OPEN };

struct segment {
	uint32_t live_blocks;
	enum segment_state state;
};

/**
 * struct segments - all data segments of a disk
 * @segment: nr of them, allocated; segments_free()
 */
struct segments {
	uint64_t nr;
	uint64_t segment_blocks;
	struct segment *segment;
};

/**
 * segments_read() - ask a disk, piece by piece
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int segments_read(const struct back *back, const char *name,
		  struct segments *s, struct failure *f);
void segments_free(struct segments *s);

/* Name of a state: "used", "free", "open". */
const char *segment_state_name(enum segment_state state);

#endif /* SWORNADM_DISK_SEGMENTS_H */
