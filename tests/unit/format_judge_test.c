// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: journal items, pack sections, extents, table entries and verify notes are judged before they are used
 * links: format/geometry.c format/journal.c format/pack.c format/verify.c
 */
#include "unit.h"
#include "format/journal.h"
#include "format/pack.h"
#include "format/seal.h"
#include "format/tables.h"
#include "format/verify.h"

static void a_journal_block_claims_its_number(void)
{
	struct sworn_disk_journal_block b = {
		.magic = cpu_to_le32(SWORN_JOURNAL_MAGIC),
		.seq = cpu_to_le64(9),
		.base_seq = cpu_to_le64(7),
		.payload_bytes = cpu_to_le32(4000),
	};

	CHECK(sworn_journal_claims(&b, 9));
	CHECK(!sworn_journal_claims(&b, 8));
	b.base_seq = cpu_to_le64(10);
	CHECK(!sworn_journal_claims(&b, 9));
	b.base_seq = cpu_to_le64(9);
	b.flags = cpu_to_le32(1U << 31);
	CHECK(!sworn_journal_claims(&b, 9));
	b.flags = cpu_to_le32(SWORN_JF_KNOWN);
	CHECK(sworn_journal_claims(&b, 9));
	b.payload_bytes = cpu_to_le32(4001);
	CHECK(!sworn_journal_claims(&b, 9));
	b.payload_bytes = 0;
	b.reserved = cpu_to_le32(1);
	CHECK(!sworn_journal_claims(&b, 9));
}

static void a_journal_block_is_chained_to_the_one_before(void)
{
	static const u8 tag[SWORN_TAG_SIZE] = { 1, 2, 3 }, other[SWORN_TAG_SIZE] = { 1, 2, 4 };
	struct sworn_disk_journal_block b = {
		.magic = cpu_to_le32(SWORN_JOURNAL_MAGIC),
		.seq = cpu_to_le64(9),
		.base_seq = cpu_to_le64(7),
	};

	memcpy(b.prev_tag, tag, sizeof(tag));
	CHECK(sworn_journal_follows(&b, 9, tag, 7));
	CHECK(!sworn_journal_follows(&b, 8, tag, 7));
	CHECK(!sworn_journal_follows(&b, 9, other, 7));
	CHECK(!sworn_journal_follows(&b, 9, tag, 8));
	b.base_seq = cpu_to_le64(8);
	CHECK(!sworn_journal_follows(&b, 9, tag, 7));
}

static void sealed_bytes_are_whole_steps(void)
{
	CHECK_EQ(sworn_journal_sealed(0), 0);
	CHECK_EQ(sworn_journal_sealed(1), 160);
	CHECK_EQ(sworn_journal_sealed(160), 160);
	CHECK_EQ(sworn_journal_sealed(161), 320);
	CHECK_EQ(sworn_journal_sealed(4000), 4000);
}

static void items_end_where_the_payload_does(void)
{
	struct {
		struct sworn_disk_item first;
		__le64 number;
		struct sworn_disk_item second;
	} payload = {
		.first = { .type = cpu_to_le16(7), .bytes = cpu_to_le32(8) },
		.number = cpu_to_le64(5),
		.second = { .type = cpu_to_le16(3) },
	};
	struct sworn_item item;
	size_t at = 0;

	CHECK_EQ(sworn_item_next(&payload, sizeof(payload), &at, &item), 1);
	CHECK_EQ(item.type, 7);
	CHECK_EQ(item.bytes, 8);
	CHECK(item.body == &payload.number);
	CHECK_EQ(sworn_item_next(&payload, sizeof(payload), &at, &item), 1);
	CHECK_EQ(item.type, 3);
	CHECK_EQ(sworn_item_next(&payload, sizeof(payload), &at, &item), 0);
	/* half a header, and a body that is longer than what is left */
	at = 0;
	CHECK_EQ(sworn_item_next(&payload, 4, &at, &item), -EUCLEAN);
	CHECK_EQ(sworn_item_next(&payload, 15, &at, &item), -EUCLEAN);
	payload.first.bytes = cpu_to_le32(~0U);
	CHECK_EQ(sworn_item_next(&payload, sizeof(payload), &at, &item), -EUCLEAN);
	payload.first.bytes = cpu_to_le32(8);
	payload.first.reserved = cpu_to_le16(1);
	CHECK_EQ(sworn_item_next(&payload, sizeof(payload), &at, &item), -EUCLEAN);
}

static void sections_follow_each_other(void)
{
	struct sworn_pack_contents c = {
		.body_blocks = 3,
		.nr_sections = 2,
		.section = {
			{ .type = cpu_to_le32(SWORN_SECTION_DST),
			  .bytes = cpu_to_le64(256 * 16) },
			{ .type = cpu_to_le32(SWORN_SECTION_KEYS),
			  .first_block = cpu_to_le64(2),
			  .bytes = cpu_to_le64(48) },
		},
	};
	struct sworn_pack_section s;
	u64 block = 0;

	CHECK_EQ(sworn_pack_section(&c, 0, &block, &s), 0);
	CHECK_EQ(s.nr, 256);
	CHECK_EQ(s.per_block, 255);
	CHECK_EQ(block, 2);
	CHECK_EQ(sworn_pack_section(&c, 1, &block, &s), 0);
	CHECK_EQ(s.nr, 1);
	CHECK_EQ(block, 3);

	block = 1;
	CHECK_EQ(sworn_pack_section(&c, 1, &block, &s), -EUCLEAN);
	block = 2;
	c.section[1].bytes = cpu_to_le64(86 * 48);
	CHECK_EQ(sworn_pack_section(&c, 1, &block, &s), -EUCLEAN);
	c.section[1].bytes = cpu_to_le64(47);
	CHECK_EQ(sworn_pack_section(&c, 1, &block, &s), -EUCLEAN);
	c.section[1].bytes = cpu_to_le64(~0ULL / 48 * 48);
	CHECK_EQ(sworn_pack_section(&c, 1, &block, &s), -EUCLEAN);
	c.section[1].bytes = cpu_to_le64(48);
	c.section[1].type = cpu_to_le32(9);
	CHECK_EQ(sworn_pack_section(&c, 1, &block, &s), -EUCLEAN);
}

static void a_pack_state_comes_back_and_stays_in_range(void)
{
	const struct sworn_geometry geo = { .pack_blocks = 4, .journal_blocks = 100 };
	const struct sworn_pack_contents c = { .body_blocks = 3, .nr_sections = 1 };
	struct sworn_pack_state s = { .sb_generation = 1, .replay_seq = 5,
		.state_seq = 50, .record_seq = 105, .commit_id = 7 }, t;
	struct sworn_disk_pack_state d;
	struct sworn_pack_contents got;

	sworn_pack_state_encode(&d, &s, &c);
	CHECK_EQ(sworn_pack_state_decode(&d, &geo, &t, &got), 0);
	CHECK_EQ(t.record_seq, 105);
	CHECK_EQ(got.body_blocks, 3);
	d.record_seq = cpu_to_le64(106);
	CHECK_EQ(sworn_pack_state_decode(&d, &geo, &t, &got), -EUCLEAN);
	d.record_seq = cpu_to_le64(49);
	CHECK_EQ(sworn_pack_state_decode(&d, &geo, &t, &got), -EUCLEAN);
	d.record_seq = cpu_to_le64(105);
	d.body_blocks = cpu_to_le64(4);
	CHECK_EQ(sworn_pack_state_decode(&d, &geo, &t, &got), -EUCLEAN);
}

static void extents_lie_in_the_data_region(void)
{
	const struct sworn_geometry geo = { .data_segments = 8, .segment_blocks = 64 };
	struct sworn_disk_extent d = { cpu_to_le64(500ULL << 24 | 12) };
	struct sworn_extent e;

	CHECK_EQ(sworn_extent_decode(&e, &d, &geo), 0);
	CHECK_EQ(e.hba, 500);
	CHECK_EQ(e.n, 12);
	e = (struct sworn_extent){ .hba = (1ULL << 40) - 1, .n = SWORN_EXTENT_MAX };
	sworn_extent_encode(&d, &e);
	CHECK_EQ(le64_to_cpu(d.start_count), 0xffffffffff000400);
	d.start_count = cpu_to_le64(500ULL << 24 | 13);
	CHECK_EQ(sworn_extent_decode(&e, &d, &geo), -EUCLEAN);
	d.start_count = cpu_to_le64(500ULL << 24);
	CHECK_EQ(sworn_extent_decode(&e, &d, &geo), -EUCLEAN);
}

static void table_entries_agree_with_themselves(void)
{
	struct sworn_disk_dst_entry d = { .valid_blocks = cpu_to_le16(64),
		.state = SWORN_SEGMENT_USED };
	struct sworn_disk_epoch e = { .slot = cpu_to_le16(3) };

	CHECK(sworn_dst_valid(&d, 64));
	CHECK(!sworn_dst_valid(&d, 32));
	d.state = SWORN_SEGMENT_FREE;
	CHECK(!sworn_dst_valid(&d, 64));
	d.valid_blocks = 0;
	CHECK(sworn_dst_valid(&d, 64));
	d.heat = 1;
	CHECK(!sworn_dst_valid(&d, 64));
	CHECK(sworn_epoch_valid(&e, 4));
	CHECK(!sworn_epoch_valid(&e, 3));
	e.reserved1 = cpu_to_le32(1);
	CHECK(!sworn_epoch_valid(&e, 4));
	CHECK_EQ(sworn_svt_parts(64), 1);
	CHECK_EQ(sworn_svt_parts(1024), 1);
	CHECK_EQ(sworn_svt_parts(2048), 2);
}

static void a_verify_note_comes_back_and_stays_in_range(void)
{
	static struct sworn_disk_verify_state d;
	static struct sworn_verify_bad got[SWORN_VERIFY_BAD_MAX];
	const struct sworn_geometry geo = { .logical_blocks = 1000,
		.meta_area_blocks = 5000 };
	const struct sworn_verify_bad bad[] = {
		{ SWORN_VERIFY_DATA, 7, 9, 0 },
		{ SWORN_VERIFY_NODE_UNREAD, 0, 999, 4999 },
	};
	const struct sworn_verify_at at = { SWORN_VERIFY_PAUSED, 1000, 2, 3, 4, 5,
		6, 1, 8, 9, 2 };
	struct sworn_verify_at t;
	u64 commit_id;

	sworn_verify_encode(&d, &at, bad, 42);
	CHECK_EQ(sworn_verify_decode(&d, &geo, &t, got, &commit_id), 0);
	CHECK_EQ(commit_id, 42);
	CHECK_EQ(t.phase, SWORN_VERIFY_PAUSED);
	CHECK_EQ(t.next_lba, 1000);
	CHECK_EQ(t.next_bit, 2);
	CHECK_EQ(t.end_bit, 3);
	CHECK_EQ(t.data_blocks, 4);
	CHECK_EQ(t.nodes, 5);
	CHECK_EQ(t.errors, 6);
	CHECK_EQ(t.unlisted, 1);
	CHECK_EQ(t.started_s, 8);
	CHECK_EQ(t.ended_s, 9);
	CHECK_EQ(t.nr_bad, 2);
	CHECK_MEM(got, bad, sizeof(bad));

#define REFUSED(field, value, good) do { \
		d.field = (value); \
		CHECK_EQ(sworn_verify_decode(&d, &geo, &t, got, &commit_id), -EUCLEAN); \
		d.field = (good); \
	} while (0)
	REFUSED(phase, cpu_to_le32(4), cpu_to_le32(2));
	REFUSED(nr_bad, cpu_to_le32(1001), cpu_to_le32(2));
	REFUSED(nr_bad, cpu_to_le32(3), cpu_to_le32(2));
	REFUSED(next_lba, cpu_to_le64(1001), cpu_to_le64(1000));
	REFUSED(unlisted, cpu_to_le64(7), cpu_to_le64(1));
	REFUSED(reserved[4], cpu_to_le64(1), 0);
	REFUSED(bad[0].kind, cpu_to_le32(5), cpu_to_le32(1));
	REFUSED(bad[0].reserved, cpu_to_le32(1), 0);
	REFUSED(bad[0].last_lba, cpu_to_le64(6), cpu_to_le64(9));
	REFUSED(bad[1].last_lba, cpu_to_le64(1000), cpu_to_le64(999));
	REFUSED(bad[1].block, cpu_to_le64(5000), cpu_to_le64(4999));
	CHECK_EQ(sworn_verify_decode(&d, &geo, &t, got, &commit_id), 0);
#undef REFUSED
}

static void messages_and_nonces_are_little_endian_and_padded(void)
{
	static const u8 seq[SWORN_IV_BYTES] = { 8, 7, 6, 5, 4, 3, 2, 1 };
	static const u8 counter[SWORN_IV_BYTES] = { 4, 3, 2, 1 };
	static const char kek[SWORN_LABEL_BYTES] = "kek";
	u8 salt[SWORN_SALT_SIZE], uuid[SWORN_UUID_SIZE], iv[SWORN_IV_BYTES];
	struct sworn_kdf_message m;

	memset(salt, 0xaa, sizeof(salt));
	memset(uuid, 0xbb, sizeof(uuid));
	sworn_kdf_message_set(&m, SWORN_LABEL_KEK, salt, uuid);
	CHECK_MEM(&m, kek, sizeof(kek));
	CHECK_EQ(((u8 *)&m)[16], 0xaa);
	CHECK_EQ(((u8 *)&m)[47], 0xaa);
	CHECK_EQ(((u8 *)&m)[48], 0xbb);
	sworn_iv_seq(iv, 0x0102030405060708);
	CHECK_MEM(iv, seq, sizeof(iv));
	sworn_iv_counter(iv, 0x01020304);
	CHECK_MEM(iv, counter, sizeof(iv));
}

UNIT_TESTS(a_journal_block_claims_its_number, a_journal_block_is_chained_to_the_one_before,
	   sealed_bytes_are_whole_steps,
	   items_end_where_the_payload_does, sections_follow_each_other,
	   a_pack_state_comes_back_and_stays_in_range,
	   extents_lie_in_the_data_region, table_entries_agree_with_themselves,
	   a_verify_note_comes_back_and_stays_in_range,
	   messages_and_nonces_are_little_endian_and_padded)
