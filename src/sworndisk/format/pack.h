/* SPDX-License-Identifier: GPL-2.0-only */
/* Checkpoint packs: what a header says, and how the body is cut up. */
#ifndef SWORNDISK_FORMAT_PACK_H
#define SWORNDISK_FORMAT_PACK_H

#include "geometry.h"

/* Associated data of the header: everything in front of the tag. */
#define SWORN_PACK_AAD_BYTES offsetof(struct sworn_disk_pack_header, tag)

/**
 * struct sworn_pack_state - what a pack's header says, see the format
 */
struct sworn_pack_state {
	u64 generation;
	u64 sb_generation;
	u64 replay_seq;
	u64 state_seq;
	u64 record_seq;
	u64 commit_id;
	u64 next_bit_id;
	u64 next_run;
	u64 next_segment_seq;
	u8 replay_prev_tag[SWORN_TAG_SIZE];
	u8 record_tag[SWORN_TAG_SIZE];
};

/**
 * struct sworn_pack_contents - the sections of a body
 */
struct sworn_pack_contents {
	u64 body_blocks;
	u32 nr_sections;
	struct sworn_disk_section section[SWORN_PACK_SECTIONS_MAX];
};

/**
 * struct sworn_pack_section - one section, judged
 * @nr: entries
 * @per_block: entries in a block of the body
 */
struct sworn_pack_section {
	u32 type;
	u32 entry_bytes;
	u32 per_block;
	u64 nr;
	u64 first_block;
};

/* Block of the metadata area where the pack of a place begins. */
static inline u64 sworn_pack_block(const struct sworn_geometry *geo, u32 place)
{
	return geo->pack_start_block + place * geo->pack_blocks;
}

/* Size of an entry of a section; 0 for an unknown type. */
u32 sworn_section_entry_bytes(u32 type);

void sworn_pack_state_encode(struct sworn_disk_pack_state *d,
			     const struct sworn_pack_state *s,
			     const struct sworn_pack_contents *c);

/**
 * sworn_pack_state_decode() - take a header's state that was read and verified
 * @s: filled in but for the generation, which is not in the sealed part
 *
 * Return: 0 or -EUCLEAN.
 */
int sworn_pack_state_decode(const struct sworn_disk_pack_state *d,
			    const struct sworn_geometry *geo,
			    struct sworn_pack_state *s,
			    struct sworn_pack_contents *c);

/**
 * sworn_pack_section() - judge a section
 * @i: below nr_sections
 * @block: block of the body where it must begin; moved behind it
 *
 * Return: 0 or -EUCLEAN.
 */
int sworn_pack_section(const struct sworn_pack_contents *c, u32 i, u64 *block,
		       struct sworn_pack_section *s);

#endif /* SWORNDISK_FORMAT_PACK_H */
