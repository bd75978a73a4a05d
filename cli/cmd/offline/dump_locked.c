// SPDX-License-Identifier: GPL-2.0-only
/* Parts of a dump that need no key. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../disk/geometry.h"
#include "dump.h"

static void put_copy(struct out *out, const struct image *img, u32 i)
{
	const struct superblock_copy *copy = &img->view.copy[i];

	out_object_begin(out, NULL, NULL);
	out_number(out, "copy", NULL, i);
	out_number(out, "block", NULL, SWORN_SB_COPY_BLOCK(i));
	out_bool(out, "sound", NULL, !copy->err);
	if (copy->err)
		out_text(out, "problem", NULL, copy->why);
	else
		out_number(out, "generation", NULL, copy->sb.generation);
	if (img->unlocked)
		out_bool(out, "opened", NULL, img->opened[i]);
	out_object_end(out);
}

void dump_superblocks(struct out *out, const struct image *img)
{
	out_list_begin(out, "superblocks", false, NULL);
	for (u32 i = 0; i < SWORN_SB_COPIES; i++) {
		const struct superblock_copy *copy = &img->view.copy[i];

		if (out_is_json(out))
			put_copy(out, img, i);
		else if (copy->err)
			out_say(out, "superblock copy %u, block %u: %s", i,
				SWORN_SB_COPY_BLOCK(i), copy->why);
		else
			out_say(out, "superblock copy %u, block %u: generation %" PRIu64 "%s",
				i, SWORN_SB_COPY_BLOCK(i), copy->sb.generation,
				img->unlocked && !img->opened[i] ?
				", not opened by the root key" : "");
	}
	out_list_end(out);
	out_text(out, "cipher", "cipher", sworn_cipher_name(img->sb.cipher));
	if (out_is_json(out))
		out_object_begin(out, "geometry", NULL);
	put_geometry(out, &img->sb.geo);
	if (out_is_json(out))
		out_object_end(out);
}

int dump_packs_locked(struct out *out, const struct image *img)
{
	struct sworn_disk_pack_header *h = malloc(sizeof(*h));

	if (!h)
		return -ENOMEM;
	out_list_begin(out, "packs", false, NULL);
	for (u32 i = 0; i < SWORN_PACKS; i++) {
		u64 block = sworn_pack_block(&img->sb.geo, i);
		bool magic = !image_read(img, AREA_META, block, h, 1) &&
			     le64_to_cpu(h->magic) == SWORN_PACK_MAGIC;

		if (out_is_json(out)) {
			out_object_begin(out, NULL, NULL);
			out_number(out, "place", NULL, i);
			out_number(out, "block", NULL, block);
			out_bool(out, "magic", NULL, magic);
			if (magic)
				out_number(out, "generation", NULL,
					   le64_to_cpu(h->generation));
			out_object_end(out);
		} else if (magic) {
			out_say(out, "pack %u, block %" PRIu64 ": claims to be checkpoint %" PRIu64,
				i, block, le64_to_cpu(h->generation));
		} else {
			out_say(out, "pack %u, block %" PRIu64 ": no checkpoint", i, block);
		}
	}
	out_list_end(out);
	free(h);
	return 0;
}

/* Blocks of the ring that say they are one, and the numbers they give. */
int dump_journal_locked(struct out *out, const struct image *img)
{
	struct sworn_disk_journal_block *b = malloc(sizeof(*b));
	u64 claim = 0, lowest = ~0ULL, highest = 0;

	if (!b)
		return -ENOMEM;
	for (u64 i = 0; i < img->sb.geo.journal_blocks; i++) {
		u64 seq;

		if (image_read(img, AREA_META, journal_block(img, i), b, 1))
			continue;
		seq = le64_to_cpu(b->seq);
		if (seq % img->sb.geo.journal_blocks != i ||
		    !sworn_journal_claims(b, seq))
			continue;
		claim++;
		lowest = seq < lowest ? seq : lowest;
		highest = seq > highest ? seq : highest;
	}
	free(b);
	if (out_is_json(out)) {
		out_object_begin(out, "journal", NULL);
		out_number(out, "block", NULL, img->sb.geo.journal_start_block);
		out_number(out, "ring_blocks", NULL, img->sb.geo.journal_blocks);
		out_number(out, "claimed_blocks", NULL, claim);
		if (claim) {
			out_number(out, "lowest_seq", NULL, lowest);
			out_number(out, "highest_seq", NULL, highest);
		}
		out_object_end(out);
	} else if (claim) {
		out_say(out, "journal: %" PRIu64 " of %" PRIu64 " blocks claim to be journal blocks, with numbers from %" PRIu64 " to %" PRIu64,
			claim, img->sb.geo.journal_blocks, lowest, highest);
	} else {
		out_say(out, "journal: empty");
	}
	return 0;
}
