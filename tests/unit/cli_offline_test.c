// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: a checker's MemTable knows what is hidden by what, and its report joins ranges of LBAs
 * links: /cli/offline/memtable.c /cli/offline/report.c
 */
#include "unit.h"

#include "../../cli/offline/report.h"
#include "../../cli/offline/state.h"

static u64 next_seq;

static u64 put(struct memtable *t, u64 lba, u64 hba)
{
	const struct sworn_record r = { .lba = lba, .hba = hba };
	bool replaced;
	u64 old = 0;

	CHECK_EQ(memtable_insert(t, &r, ++next_seq, &old, &replaced), 0);
	return replaced ? old : 0;
}

static void put_range(struct memtable *t, u64 lba, u64 blocks)
{
	struct sworn_record r;

	sworn_record_tombstone(&r, lba, blocks);
	CHECK_EQ(memtable_insert_range(t, &r, ++next_seq), 0);
}

static void a_later_record_replaces_an_earlier_one(void)
{
	struct memtable t = { 0 };

	CHECK_EQ(put(&t, 5, 100), 0);
	CHECK_EQ(put(&t, 5, 101), 100);
	CHECK_EQ(put(&t, 4, 102), 0);
	CHECK_EQ(memtable_sort(&t), 0);
	CHECK_EQ(t.nr, 2);
	CHECK_EQ(t.record[0].rec.lba, 4);
	CHECK_EQ(t.record[1].rec.hba, 101);
	CHECK_EQ(t.nr_hidden, 0);
	memtable_free(&t);
}

static void a_tombstone_hides_what_came_before_it(void)
{
	struct memtable t = { 0 };

	put(&t, 9, 1);
	put(&t, 10, 2);
	put(&t, 19, 3);
	put(&t, 20, 4);
	put_range(&t, 10, 10);
	put(&t, 15, 5);
	CHECK_EQ(memtable_sort(&t), 0);
	CHECK_EQ(t.nr, 3);
	CHECK_EQ(t.record[0].rec.lba, 9);
	CHECK_EQ(t.record[1].rec.lba, 15);
	CHECK_EQ(t.record[2].rec.lba, 20);
	CHECK_EQ(t.nr_hidden, 2);
	CHECK_EQ(t.hidden[0].rec.lba, 10);
	CHECK_EQ(t.hidden[1].rec.lba, 19);
	memtable_free(&t);
}

static void a_hidden_record_still_has_its_block(void)
{
	struct memtable t = { 0 };

	put(&t, 7, 70);
	put_range(&t, 0, 100);
	/* what it replaces is given back, covered or not */
	CHECK_EQ(put(&t, 7, 71), 70);
	CHECK_EQ(memtable_sort(&t), 0);
	CHECK_EQ(t.nr, 1);
	CHECK_EQ(t.nr_hidden, 0);
	memtable_free(&t);
}

static void ranges_become_one_where_they_touch(void)
{
	struct memtable t = { 0 };

	put_range(&t, 30, 10);
	put_range(&t, 0, 10);
	put_range(&t, 5, 10);
	put_range(&t, 15, 1);
	CHECK_EQ(memtable_sort(&t), 0);
	CHECK_EQ(t.nr_ranges, 2);
	CHECK_EQ(t.range[0].rec.lba, 0);
	CHECK_EQ(t.range[0].rec.hba, 16);
	CHECK_EQ(t.range[1].rec.lba, 30);
	memtable_free(&t);
}

static void many_records_are_found_again(void)
{
	struct memtable t = { 0 };

	for (u64 i = 0; i < 5000; i++)
		CHECK_EQ(put(&t, i * 1031 % 5003, i + 1), 0);
	for (u64 i = 0; i < 5000; i++)
		CHECK_EQ(put(&t, i * 1031 % 5003, i + 9001), i + 1);
	CHECK_EQ(memtable_sort(&t), 0);
	CHECK_EQ(t.nr, 5000);
	for (size_t i = 1; i < t.nr; i++)
		CHECK(t.record[i].rec.lba > t.record[i - 1].rec.lba);
	memtable_free(&t);
}

static void bad_lbas_are_told_as_ranges(void)
{
	struct report r = { 0 };

	report_bad_lbas(&r, 10, 12);
	report_bad_lbas(&r, 13, 13);
	report_bad_lbas(&r, 15, 16);
	report_bad_lbas(&r, 1, 2);
	report_bad_lbas(&r, 3, 9);
	report_sort_bad(&r);
	CHECK_EQ(r.bad.nr, 2);
	CHECK_EQ(r.bad.range[0].first, 1);
	CHECK_EQ(r.bad.range[0].last, 13);
	CHECK_EQ(r.bad.range[1].first, 15);
	CHECK_EQ(r.bad.blocks, 15);
	report_free(&r);
}

static void findings_beyond_the_room_are_counted(void)
{
	struct report r = { 0 };

	for (u32 i = 0; i < REPORT_FINDINGS_MAX + 5; i++) {
		struct finding *f = report_add(&r, FINDING_ERROR, "data", "%u", i);

		finding_at(f, "device", i, 1);
		finding_lost(f, "something");
	}
	CHECK_EQ(r.nr, REPORT_FINDINGS_MAX);
	CHECK_EQ(r.errors, REPORT_FINDINGS_MAX + 5);
	CHECK_EQ(r.finding[7].block, 7);
	CHECK(!r.out_of_memory);
	report_free(&r);
}

UNIT_TESTS(a_later_record_replaces_an_earlier_one,
	   a_tombstone_hides_what_came_before_it,
	   a_hidden_record_still_has_its_block,
	   ranges_become_one_where_they_touch, many_records_are_found_again,
	   bad_lbas_are_told_as_ranges, findings_beyond_the_room_are_counted)
