// SPDX-License-Identifier: GPL-2.0-only
/* Records, plans and BIT sizes. */
#include "../format/record.h"
#include "../format/superblock.h"
#include "../format/bit.h"
#include "../journal/journal.h"
#include "selftest.h"

static bool record_round_trip(void)
{
	struct sworn_record in = {
		.lba = SWORN_BLOCK_NR_MAX, .hba = 0xab12345678ULL,
		.counter = 0xfedcba98, .epoch = 0x1234, .mac = { 1, 2, 3 },
	}, out;
	struct sworn_disk_record d;
	bool ok = true;

	sworn_record_encode(&d, &in);
	sworn_record_decode(&out, &d);
	SELFTEST_CHECK(out.lba == in.lba);
	SELFTEST_CHECK(out.hba == in.hba);
	SELFTEST_CHECK(out.counter == in.counter);
	SELFTEST_CHECK(out.epoch == in.epoch);
	SELFTEST_CHECK(!memcmp(out.mac, in.mac, sizeof(in.mac)));
	SELFTEST_CHECK(sworn_disk_record_lba(&d) == in.lba);

	sworn_record_tombstone(&in, 7, 1ULL << 39);
	sworn_record_encode(&d, &in);
	sworn_record_decode(&out, &d);
	SELFTEST_CHECK(sworn_record_is_tombstone(&out));
	SELFTEST_CHECK(sworn_record_blocks(&out) == 1ULL << 39);
	return ok;
}

static bool plans_are_sane(void)
{
	struct sworn_layout_request req = {};
	struct sworn_geometry geo;
	const char *why;
	u32 shift, records;
	bool ok = true;

	for (shift = 16; shift <= 34; shift++) {
		req.data_area_blocks = 1ULL << shift;
		req.meta_area_blocks = 1ULL << shift;
		req.one_device = shift & 1;
		SELFTEST_CHECK(!sworn_layout_plan(&req, &geo, &why));
		SELFTEST_CHECK(!sworn_geometry_check(&geo, &why));
		records = sworn_bit_max_leaves(geo.index_segment_blocks) *
			  SWORN_NODE_LEAF_MAX;
		SELFTEST_CHECK(records >= geo.memtable_records);
	}
	req.data_area_blocks = 100;
	SELFTEST_CHECK(sworn_layout_plan(&req, &geo, &why) == -ENOSPC);
	return ok;
}

/* What is sealed of a journal block holds the payload and ends with it. */
static bool journal_steps(void)
{
	bool ok = true;
	u32 bytes;

	for (bytes = 1; bytes <= SWORN_JOURNAL_PAYLOAD; bytes++) {
		u32 sealed = sworn_journal_sealed(bytes);

		SELFTEST_CHECK(sealed >= bytes);
		SELFTEST_CHECK(sealed <= SWORN_JOURNAL_PAYLOAD);
		SELFTEST_CHECK(sealed - bytes < SWORN_JOURNAL_SEALED);
		SELFTEST_CHECK(sealed % SWORN_JOURNAL_SEALED == 0);
	}
	return ok;
}

bool sworn_selftest_format(void)
{
	bool records = record_round_trip(), plans = plans_are_sane();

	return journal_steps() && records && plans;
}
