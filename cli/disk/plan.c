// SPDX-License-Identifier: GPL-2.0-only
/* Sizes; see plan.h. */
#include "plan.h"

#include <errno.h>

#include "../args/size.h"

static u64 default_logical(u64 data_blocks, u32 segment_blocks)
{
	const struct sworn_layout_request req = {
		.data_area_blocks = data_blocks,
		.meta_area_blocks = SWORN_BLOCK_NR_MAX,
		.segment_blocks = segment_blocks,
	};

	return sworn_layout_default_logical(&req);
}

u64 plan_data_blocks(u64 logical_blocks, u32 segment_blocks, bool one_device)
{
	u32 segment = segment_blocks ? segment_blocks : SWORN_SEGMENT_BLOCKS_DEFAULT;
	u64 lo = SWORN_SEGMENTS_MIN - 1;
	u64 hi = logical_blocks / segment * 2 + 16;

	if (one_device)
		return sworn_layout_area_for(logical_blocks, segment_blocks);
	/* More than lo segments are needed, hi are enough. */
	while (hi - lo > 1) {
		u64 mid = lo + (hi - lo) / 2;

		if (default_logical(mid * segment, segment_blocks) >= logical_blocks)
			hi = mid;
		else
			lo = mid;
	}
	return hi * segment;
}

static int note_too_small(const struct sworn_layout_request *req,
			  const struct sworn_geometry *geo, const char *data,
			  const char *meta, const char *why, struct failure *f)
{
	char has[SIZE_TEXT_MAX], needs[SIZE_TEXT_MAX], exact[SIZE_TEXT_MAX];
	u64 data_needed = geo->data_area_blocks;

	if (req->logical_blocks)
		data_needed = plan_data_blocks(req->logical_blocks,
					       req->segment_blocks, req->one_device);
	if (!req->one_device && geo->meta_area_blocks > req->meta_area_blocks &&
	    req->data_area_blocks >= data_needed)
		return fail(f, ENOSPC,
			    "metadata device %s is too small: it has %s, %s (%s) are needed",
			    meta, size_text(has, req->meta_area_blocks * SWORN_BLOCK_SIZE),
			    size_text(needs, geo->meta_area_blocks * SWORN_BLOCK_SIZE),
			    size_exact(exact, geo->meta_area_blocks * SWORN_BLOCK_SIZE));
	if (req->data_area_blocks >= data_needed)
		return fail(f, ENOSPC, "device %s: %s", data, why);
	return fail(f, ENOSPC, "device %s is too small: it has %s, %s (%s) are needed",
		    data, size_text(has, req->data_area_blocks * SWORN_BLOCK_SIZE),
		    size_text(needs, data_needed * SWORN_BLOCK_SIZE),
		    size_exact(exact, data_needed * SWORN_BLOCK_SIZE));
}

static int check_reserve(const struct sworn_layout_request *req,
			 const char *data, struct failure *f)
{
	u64 needed = plan_data_blocks(req->logical_blocks, req->segment_blocks,
				      req->one_device);
	char size[SIZE_TEXT_MAX], most[SIZE_TEXT_MAX], exact[SIZE_TEXT_MAX];
	u64 most_bytes;

	if (req->overcommit || needed <= req->data_area_blocks)
		return 0;
	most_bytes = sworn_layout_default_logical(req) * SWORN_BLOCK_SIZE;
	fail(f, ENOSPC,
	     "--size %s leaves device %s no reserve: it holds %s (%s) with an eighth kept free for cleaning",
	     size_exact(size, req->logical_blocks * SWORN_BLOCK_SIZE), data,
	     size_text(most, most_bytes), size_exact(exact, most_bytes));
	return fail_hint(f, "give a smaller --size, or --overcommit if writes may become slow and fail when the device is full");
}

int plan_check(const struct sworn_layout_request *req, const char *data,
	       const char *meta, struct sworn_geometry *geo,
	       struct failure *f)
{
	struct sworn_layout_request lenient = *req;
	const char *why = "";
	int err;

	/* First without regard to the capacity: check_reserve() says more. */
	lenient.overcommit = true;
	err = sworn_layout_plan(&lenient, geo, &why);
	if (!err && req->logical_blocks && check_reserve(req, data, f))
		return -f->err;
	if (!err)
		err = sworn_layout_plan(req, geo, &why);
	if (err == -ENOSPC) {
		note_too_small(req, geo, data, meta, why, f);
		if (req->logical_blocks)
			fail_hint(f, "use a larger device or a smaller --size");
		else
			fail_hint(f, "use a larger device or a smaller --segment-size");
		return err;
	}
	if (err)
		return fail(f, err, "device %s: %s", data, why);
	return 0;
}
