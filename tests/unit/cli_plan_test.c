// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: swornadm's image files are as large as a disk needs, and hardly larger
 * links: /cli/disk/plan.c /cli/args/size.c /cli/failure.c format/geometry.c
 */
#include <errno.h>

#include "../../cli/disk/plan.h"
#include "unit.h"

/* Does a disk of that capacity fit with its reserve? */
static int plan(u64 logical_blocks, u32 segment_blocks, u64 data_blocks,
		bool one_device)
{
	const struct sworn_layout_request req = {
		.one_device = one_device,
		.data_area_blocks = data_blocks,
		.meta_area_blocks = sworn_layout_meta_for(data_blocks,
							  logical_blocks,
							  segment_blocks),
		.logical_blocks = logical_blocks,
		.segment_blocks = segment_blocks,
	};
	struct failure f = { 0 };
	struct sworn_geometry geo;
	int err = plan_check(&req, "data", "meta", &geo, &f);

	CHECK_EQ(f.err, -err);
	CHECK(!err == !f.text[0]);
	if (!err)
		CHECK_EQ(geo.logical_blocks, logical_blocks);
	return err;
}

static void images_are_just_large_enough(void)
{
	static const u32 segments[] = { 0, 64, 1024, 16384 };

	for (unsigned int s = 0; s < 4; s++) {
		for (u64 logical = 1; logical < 1ULL << 36; logical = logical * 5 + 3) {
			u32 segment = segments[s] ? segments[s] : 1024;

			/* Far from what a format can count. */
			if (logical / segment > 1 << 24)
				break;
			for (int one = 0; one < 2; one++) {
				u64 data = plan_data_blocks(logical, segments[s], one);

				CHECK_EQ(plan(logical, segments[s], data, one), 0);
				/* One segment less will not do, unless it is the least. */
				if (logical > 8 * segment)
					CHECK_EQ(plan(logical, segments[s], data - segment, one),
						 -ENOSPC);
			}
		}
	}
}

static void errors_name_sizes(void)
{
	struct sworn_layout_request req = {
		.data_area_blocks = 1 << 18, .meta_area_blocks = 10,
		.logical_blocks = 1000,
	};
	struct sworn_geometry geo;
	struct failure f = { 0 };

	CHECK_EQ(plan_check(&req, "DDD", "MMM", &geo, &f), -ENOSPC);
	CHECK(strstr(f.text, "metadata device MMM is too small: it has 40.0 KiB"));
	CHECK(f.hint[0]);

	memset(&f, 0, sizeof(f));
	req.one_device = true;
	req.logical_blocks = 1 << 18;
	CHECK_EQ(plan_check(&req, "DDD", "MMM", &geo, &f), -ENOSPC);
	CHECK(strstr(f.text, "--size 1G leaves device DDD no reserve"));
	memset(&f, 0, sizeof(f));
	req.overcommit = true;
	CHECK_EQ(plan_check(&req, "DDD", "MMM", &geo, &f), 0);
}

UNIT_TESTS(images_are_just_large_enough, errors_name_sizes)
