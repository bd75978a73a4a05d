/* SPDX-License-Identifier: GPL-2.0-only */
/* Checkpoint packs of an image. */
#ifndef SWORNADM_OFFLINE_PACK_H
#define SWORNADM_OFFLINE_PACK_H

#include "image.h"
#include "report.h"
#include "state.h"
#include "sworndisk/format/pack.h"

/**
 * struct pack - what is in a place
 * @header: 0: the header verifies; -ENODATA: the block is all zeroes; -EUCLEAN
 *	it is damaged, or errors of reading; @why says it
 * @body: 0: all of the body verifies, and its values are in range
 * @bad_block: block of the body at which that ended
 */
struct pack {
	u32 place;
	int header;
	int body;
	struct sworn_pack_state state;
	struct sworn_pack_contents contents;
	u8 salt[SWORN_SALT_SIZE];
	u64 bad_block;
	char why[160];
};

/* Read and judge the header in a place; 0 but for -ENOMEM. */
int pack_read_header(struct pack *p, const struct image *img, u32 place);

/**
 * pack_read_body() - verify a body and load it
 * @p: its header verifies
 * @s: empty
 *
 * Return: p->body.
 */
int pack_read_body(struct pack *p, const struct image *img, struct state *s);

/* Block of the device where it begins. */
u64 pack_block(const struct pack *p, const struct image *img);

#endif /* SWORNADM_OFFLINE_PACK_H */
