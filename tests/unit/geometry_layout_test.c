// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: planned regions lie inside their area, apart from each other
 * links: format/geometry.c
 */
#include <errno.h>

#include "format/geometry.h"
#include "unit.h"

struct region {
	u64 start;
	u64 blocks;
};

static bool apart(const struct region *a, const struct region *b)
{
	return a->start + a->blocks <= b->start || b->start + b->blocks <= a->start;
}

static void check_layout(const struct sworn_geometry *geo)
{
	struct region regions[] = {
		{ geo->pack_start_block, geo->pack_blocks },
		{ geo->journal_start_block, geo->journal_blocks },
		{ geo->rit_start_block, geo->rit_blocks },
		{ geo->index_start_block,
		  geo->index_segments * geo->index_segment_blocks },
		{ geo->data_start_block,
		  geo->data_segments * geo->segment_blocks },
	};
	/* With two devices, the data region shares no device with the others. */
	unsigned int count = geo->one_device ? 5 : 4;
	u64 area = geo->one_device ? geo->data_area_blocks : geo->meta_area_blocks;

	for (unsigned int i = 0; i < count; i++) {
		CHECK(regions[i].blocks > 0);
		CHECK(regions[i].start + regions[i].blocks <= area);
		for (unsigned int j = i + 1; j < count; j++)
			CHECK(apart(&regions[i], &regions[j]));
	}
	CHECK(regions[4].start + regions[4].blocks <= geo->data_area_blocks);
	CHECK(geo->logical_blocks < regions[4].blocks);
}

static void layouts_of_many_sizes(void)
{
	unsigned int planned = 0;

	for (unsigned int shift = 12; shift < 30; shift++) {
		for (int one_device = 0; one_device < 2; one_device++) {
			struct sworn_layout_request req = {
				.one_device = one_device,
				.data_area_blocks = (1ULL << shift) + shift,
				.meta_area_blocks = 1ULL << shift,
			};
			struct sworn_geometry geo;
			const char *why = NULL;

			if (sworn_layout_plan(&req, &geo, &why)) {
				CHECK(why != NULL);
				continue;
			}
			planned++;
			CHECK(geo.data_area_blocks <= req.data_area_blocks);
			check_layout(&geo);
		}
	}
	CHECK(planned > 20);
}

static void too_small_is_refused(void)
{
	struct sworn_layout_request req = {
		.one_device = true,
		.data_area_blocks = 16,
	};
	struct sworn_geometry geo;
	const char *why = NULL;

	CHECK_EQ(sworn_layout_plan(&req, &geo, &why), -ENOSPC);
	CHECK(why != NULL);
}

UNIT_TESTS(layouts_of_many_sizes, too_small_is_refused)
