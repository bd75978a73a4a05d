// SPDX-License-Identifier: GPL-2.0-only
/* Checking superblocks, and that the devices are as large as they say. */
#include <inttypes.h>
#include <string.h>

#include "check.h"

static const char advice_copy[] =
	"\"swornadm repair\" writes it anew from the other copy; so does opening the disk for writing";
static const char advice_size[] =
	"give the devices that the disk was created on, in their full size";

static struct finding *copy_finding(const struct image *img, u32 copy,
				    const char *why, struct report *report)
{
	struct finding *f;

	f = report_add(report, FINDING_ERROR, "superblock",
		       "superblock copy %u: %s", copy, why);
	finding_at(f, image_path(img, AREA_META), SWORN_SB_COPY_BLOCK(copy), 1);
	finding_lost(f, "nothing, as long as the other copy is whole");
	f->advice = advice_copy;
	return f;
}

/* Do the two say the same, but for what differs between copies? */
static bool same(const struct sworn_superblock *a, const struct sworn_superblock *b)
{
	struct sworn_disk_superblock x, y;

	sworn_sb_encode(&x, 0, a);
	sworn_sb_encode(&y, 0, b);
	return !memcmp(&x, &y, sizeof(x));
}

static bool check_copy(const struct image *img, u32 copy, struct report *report)
{
	const struct superblock_copy *c = &img->view.copy[copy];
	struct finding *f;

	if (c->err) {
		copy_finding(img, copy, c->why, report);
		return false;
	}
	if (img->unlocked && !img->opened[copy]) {
		copy_finding(img, copy, "the root key does not open it, but the other copy: forged or of another disk",
			     report);
		return false;
	}
	if (c->sb.generation != img->sb.generation) {
		f = copy_finding(img, copy, "it is older than the other one", report);
		finding_value(f, "generation", c->sb.generation, img->sb.generation);
		return false;
	}
	if (!same(&c->sb, &img->sb)) {
		copy_finding(img, copy, "it does not say the same as the other one", report);
		return false;
	}
	return true;
}

static void check_size(const struct image *img, enum image_area area, u64 need,
		       const char *field, struct report *report)
{
	u64 have = image_blocks(img, area);
	struct finding *f;

	if (have >= need)
		return;
	f = report_add(report, FINDING_ERROR, "device",
		       "device %s is smaller than the superblock says", image_path(img, area));
	finding_at(f, image_path(img, area), have, need - have);
	finding_value(f, field, have, need);
	finding_lost(f, "what was in its last %" PRIu64 " blocks", need - have);
	f->advice = advice_size;
}

u32 check_superblocks(const struct image *img, struct report *report)
{
	const struct sworn_geometry *geo = &img->sb.geo;
	u32 bad = 0;

	for (u32 i = 0; i < SWORN_SB_COPIES; i++)
		if (!check_copy(img, i, report))
			bad |= 1U << i;
	check_size(img, AREA_META, geo->meta_area_blocks, "meta_area_blocks", report);
	check_size(img, AREA_DATA, geo->data_area_blocks, "data_area_blocks", report);
	return bad;
}
