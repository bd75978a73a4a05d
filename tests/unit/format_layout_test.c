// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: records and superblocks round-trip, bad fields are refused, plans pass the check
 * links: format/geometry.c format/superblock.c
 */
#include "format/record.h"
#include "format/superblock.h"
#include "unit.h"

#define MIB_BLOCKS	256ULL
#define TIB_BLOCKS	(1ULL << 28)

/* --- records --- */

static void check_record(u64 lba, u64 hba, u16 epoch, u32 counter, bool settled)
{
	struct sworn_record in = {
		.lba = lba, .hba = hba, .epoch = epoch, .counter = counter,
		.settled = settled,
	}, out;
	struct sworn_disk_record d;

	memset(in.mac, 0xa5, sizeof(in.mac));
	memset(&d, 0xff, sizeof(d));
	sworn_record_encode(&d, &in);
	sworn_record_decode(&out, &d);
	CHECK(out.lba == lba);
	CHECK(out.hba == hba);
	CHECK(out.epoch == epoch);
	/* a tombstone has none */
	CHECK(out.counter == (epoch == SWORN_EPOCH_TOMBSTONE ? settled : counter));
	CHECK(out.settled == settled);
	CHECK(!memcmp(out.mac, in.mac, sizeof(in.mac)));
	CHECK(sworn_disk_record_lba(&d) == lba);
}

static void record_round_trip(void)
{
	static const u64 blocks[] = { 0, 1, 0xffffffff, 0x100000000ULL,
				      SWORN_BLOCK_NR_MAX };
	static const u16 epochs[] = { 0, 1, SWORN_EPOCHS_MAX - 1,
				      SWORN_EPOCH_TOMBSTONE };
	static const u32 counters[] = { 0, 1, 0xffffffff };
	size_t i, j, k, l;

	for (i = 0; i < 5; i++)
		for (j = 0; j < 5; j++)
			for (k = 0; k < 4; k++)
				for (l = 0; l < 6; l++)
					check_record(blocks[i], blocks[j],
						     epochs[k], counters[l / 2],
						     l % 2);
}

/* The bytes themselves: another reader depends on them. */
static void record_bytes(void)
{
	static const u8 want[16] = {
		0xab, 0x34, 0x12, 0x05, 0x04, 0x03, 0x02, 0x01,
		0x78, 0x56, 0x34, 0x12, 0x0f, 0x0e, 0x0d, 0x0c,
	};
	struct sworn_record r = {
		.lba = 0x0102030405, .epoch = 0x1234,
		.hba = 0xab0c0d0e0f, .counter = 0x12345678,
	};
	struct sworn_disk_record d;

	sworn_record_encode(&d, &r);
	CHECK(!memcmp(&d, want, sizeof(want)));
}

static void record_order(void)
{
	struct sworn_disk_record a, b;
	struct sworn_record lower = { .lba = 6, .hba = SWORN_BLOCK_NR_MAX,
				      .epoch = SWORN_EPOCHS_MAX };
	struct sworn_record higher = { .lba = 7 };

	sworn_record_encode(&a, &lower);
	sworn_record_encode(&b, &higher);
	CHECK(le64_to_cpu(a.w0) < le64_to_cpu(b.w0));
}

static void record_valid(void)
{
	struct sworn_record r = { .lba = 99, .hba = 199, .epoch = 3 };

	CHECK(sworn_record_valid(&r, 100, 200, 4));
	CHECK(sworn_record_blocks(&r) == 1);
	CHECK(!sworn_record_valid(&r, 99, 200, 4));
	CHECK(!sworn_record_valid(&r, 100, 199, 4));
	CHECK(!sworn_record_valid(&r, 100, 200, 3));

	sworn_record_tombstone(&r, 90, 10);
	CHECK(sworn_record_is_tombstone(&r));
	CHECK(sworn_record_blocks(&r) == 10);
	/* its length is no address */
	CHECK(sworn_record_valid(&r, 100, 1, 1));
	CHECK(!sworn_record_valid(&r, 99, 200, 4));
	r.hba = 0;
	CHECK(!sworn_record_valid(&r, 100, 200, 4));
	r.hba = ~0ULL;
	CHECK(!sworn_record_valid(&r, 100, 200, 4));
}

/* --- superblocks --- */

static void good_superblock(struct sworn_superblock *sb, bool one_device)
{
	struct sworn_layout_request req = {
		.one_device = one_device,
		.data_area_blocks = 1024 * MIB_BLOCKS,
		.meta_area_blocks = 1024 * MIB_BLOCKS,
	};
	const char *why = NULL;

	memset(sb, 0, sizeof(*sb));
	CHECK(!sworn_layout_plan(&req, &sb->geo, &why));
	sb->generation = 7;
	sb->compat = 1ULL << 63;
	sb->compat_ro = 1ULL << 62;
	sb->incompat = one_device ? SWORN_INCOMPAT_ONE_DEVICE : 0;
	sb->cipher = SWORN_CIPHER_CHACHA20_POLY1305;
	memset(sb->uuid, 0x5a, sizeof(sb->uuid));
}

static void check_superblock_round_trip(bool one_device, u32 copy)
{
	struct sworn_disk_superblock d, again;
	struct sworn_superblock in, out;
	const char *why = NULL;

	good_superblock(&in, one_device);
	memset(&d, 0xff, sizeof(d));
	sworn_sb_encode(&d, copy, &in);
	CHECK(sworn_sb_has_magic(&d));
	CHECK(!sworn_sb_decode(&d, copy, &out, &why));
	CHECK(out.geo.one_device == one_device);
	CHECK(out.generation == in.generation);
	CHECK(out.compat == in.compat && out.compat_ro == in.compat_ro);
	CHECK(!memcmp(out.uuid, in.uuid, sizeof(in.uuid)));
	CHECK(out.geo.logical_blocks == in.geo.logical_blocks);
	CHECK(out.geo.index_start_block == in.geo.index_start_block);
	CHECK(out.geo.max_epochs == in.geo.max_epochs);
	/* every field that encode knows: it comes back the same */
	sworn_sb_encode(&again, copy, &out);
	CHECK(!memcmp(&d, &again, sizeof(d)));
}

static void superblock_round_trip(void)
{
	check_superblock_round_trip(false, 0);
	check_superblock_round_trip(false, 1);
	check_superblock_round_trip(true, 0);
	check_superblock_round_trip(true, 1);
}

/* A field by its place, what to put there, and what decode must say. */
struct bad_field {
	const char *name;
	size_t offset;
	size_t bytes;
	u64 value;
	int err;
};

#define BAD(field, value, err) \
	{ #field, offsetof(struct sworn_disk_superblock, field), \
	  sizeof(((struct sworn_disk_superblock *)0)->field), value, err }

static const struct bad_field bad_fields[] = {
	BAD(version, 0, -EOPNOTSUPP),
	BAD(version, 2, -EOPNOTSUPP),
	BAD(block_size, 512, -EUCLEAN),
	BAD(incompat, 2, -EOPNOTSUPP),
	BAD(incompat, 1ULL << 63, -EOPNOTSUPP),
	/* the metadata of two devices lies where the data would have to */
	BAD(incompat, SWORN_INCOMPAT_ONE_DEVICE, -EUCLEAN),
	BAD(logical_blocks, 0, -EUCLEAN),
	BAD(logical_blocks, SWORN_BLOCK_NR_MAX + 1, -EUCLEAN),
	BAD(data_area_blocks, 0, -EUCLEAN),
	BAD(data_area_blocks, 262143, -EUCLEAN),
	BAD(meta_area_blocks, 0, -EUCLEAN),
	BAD(meta_area_blocks, 13829, -EUCLEAN),
	BAD(segment_blocks, 0, -EUCLEAN),
	BAD(segment_blocks, 32, -EUCLEAN),
	BAD(segment_blocks, 1000, -EUCLEAN),
	BAD(segment_blocks, 32768, -EUCLEAN),
	BAD(segment_blocks, 0x80000000, -EUCLEAN),
	BAD(cipher, 0, -EOPNOTSUPP),
	BAD(cipher, 4, -EOPNOTSUPP),
	BAD(data_start_block, 1, -EUCLEAN),
	BAD(data_start_block, ~0ULL, -EUCLEAN),
	BAD(data_segments, 0, -EUCLEAN),
	BAD(data_segments, 7, -EUCLEAN),
	BAD(data_segments, 257, -EUCLEAN),
	BAD(data_segments, ~0ULL, -EUCLEAN),
	BAD(data_segments, 1ULL << 54, -EUCLEAN),
	BAD(pack_start_block, 0, -EUCLEAN),
	BAD(pack_start_block, 4351, -EUCLEAN),
	BAD(pack_start_block, 4353, -EUCLEAN),
	BAD(pack_start_block, ~0ULL, -EUCLEAN),
	BAD(pack_blocks, 0, -EUCLEAN),
	BAD(pack_blocks, 61, -EUCLEAN),
	BAD(pack_blocks, 63, -EUCLEAN),
	BAD(pack_blocks, 1ULL << 63, -EUCLEAN),
	BAD(journal_start_block, 0, -EUCLEAN),
	BAD(journal_start_block, 4475, -EUCLEAN),
	BAD(journal_start_block, 4477, -EUCLEAN),
	BAD(journal_start_block, ~0ULL, -EUCLEAN),
	BAD(journal_blocks, 0, -EUCLEAN),
	BAD(journal_blocks, 2127, -EUCLEAN),
	BAD(journal_blocks, 7169, -EUCLEAN),
	BAD(journal_blocks, ~0ULL, -EUCLEAN),
	BAD(rit_start_block, 0, -EUCLEAN),
	BAD(rit_start_block, 11643, -EUCLEAN),
	BAD(rit_start_block, 11645, -EUCLEAN),
	BAD(rit_blocks, 0, -EUCLEAN),
	BAD(rit_blocks, 511, -EUCLEAN),
	BAD(rit_blocks, 513, -EUCLEAN),
	BAD(rit_blocks, ~0ULL, -EUCLEAN),
	BAD(index_start_block, 0, -EUCLEAN),
	BAD(index_start_block, 12155, -EUCLEAN),
	BAD(index_start_block, 12157, -EUCLEAN),
	BAD(index_start_block, ~0ULL, -EUCLEAN),
	BAD(index_segments, 0, -EUCLEAN),
	BAD(index_segments, 25, -EUCLEAN),
	BAD(index_segments, ~0ULL, -EUCLEAN),
	BAD(index_segment_blocks, 0, -EUCLEAN),
	BAD(index_segment_blocks, 3, -EUCLEAN),
	BAD(index_segment_blocks, 289, -EUCLEAN),
	BAD(index_segment_blocks, 65537, -EUCLEAN),
	BAD(memtable_records, 0, -EUCLEAN),
	BAD(memtable_records, 63, -EUCLEAN),
	BAD(memtable_records, (1 << 20) + 1, -EUCLEAN),
	/* the journal is too short for such MemTables */
	BAD(memtable_records, 1 << 20, -EUCLEAN),
	BAD(max_epochs, 0, -EUCLEAN),
	BAD(max_epochs, SWORN_EPOCHS_MAX + 1, -EUCLEAN),
	/* the packs have no room for so many keys */
	BAD(max_epochs, SWORN_EPOCHS_MAX, -EUCLEAN),
	BAD(copy, 1, -EUCLEAN),
	BAD(copy, 2, -EUCLEAN),
};

static void put_le(u8 *p, u64 value, size_t bytes)
{
	while (bytes--) {
		*p++ = (u8)value;
		value >>= 8;
	}
}

static void check_refused(const struct sworn_disk_superblock *d, int want,
			  const char *name)
{
	struct sworn_superblock out;
	const char *why = NULL;
	int err = sworn_sb_decode(d, 0, &out, &why);

	if (err != want || !why || !*why)
		fprintf(stderr, "%s: %d, expected %d, why: %s\n", name, err,
			want, why ? why : "(nothing)");
	CHECK(err == want);
	CHECK(why && *why);
}

static void superblock_bad_fields(void)
{
	struct sworn_disk_superblock good, d;
	struct sworn_superblock sb;
	size_t i;

	good_superblock(&sb, false);
	sworn_sb_encode(&good, 0, &sb);
	for (i = 0; i < sizeof(bad_fields) / sizeof(bad_fields[0]); i++) {
		const struct bad_field *f = &bad_fields[i];

		d = good;
		put_le((u8 *)&d + f->offset, f->value, f->bytes);
		check_refused(&d, f->err, f->name);
	}
	for (i = 0; i < sizeof(d.magic); i++) {
		d = good;
		d.magic[i] ^= 0x20;
		CHECK(!sworn_sb_has_magic(&d));
		check_refused(&d, -EINVAL, "magic");
	}
	for (i = 0; i < sizeof(d.reserved); i++) {
		d = good;
		d.reserved[i] = 1;
		check_refused(&d, -EUCLEAN, "reserved");
	}
}

/* One device: data must not begin inside the metadata. */
static void superblock_one_device_overlap(void)
{
	struct sworn_disk_superblock d;
	struct sworn_superblock sb;

	good_superblock(&sb, true);
	sb.geo.data_start_block--;
	sworn_sb_encode(&d, 0, &sb);
	check_refused(&d, -EUCLEAN, "data_start_block");
}

/* A geometry with room around every region, so that only one limit speaks. */
static void roomy(struct sworn_geometry *geo)
{
	*geo = (struct sworn_geometry){
		.logical_blocks = 1 << 20,
		.data_area_blocks = 1ULL << 41,
		.meta_area_blocks = 1ULL << 44,
		.segment_blocks = 64,
		.data_segments = 64,
		.pack_start_block = 1ULL << 13,
		.pack_blocks = 1ULL << 22,
		.journal_start_block = 1ULL << 35,
		.journal_blocks = 1ULL << 20,
		.rit_start_block = 1ULL << 36,
		.rit_blocks = 1ULL << 30,
		.index_start_block = 1ULL << 39,
		.index_segments = 16,
		.index_segment_blocks = 64,
		.memtable_records = 4096,
		.max_epochs = 4096,
	};
}

#define LIMIT(field, limit, step) \
	do { \
		struct sworn_geometry geo; \
		const char *why = NULL; \
		\
		roomy(&geo); \
		geo.field = (limit); \
		CHECK_EQ(sworn_geometry_check(&geo, &why), 0); \
		geo.field = (limit) + (step); \
		CHECK_EQ(sworn_geometry_check(&geo, &why), -EUCLEAN); \
		CHECK(why && strstr(why, #field)); \
	} while (0)

/* What is just allowed, and one further. */
static void limits(void)
{
	LIMIT(logical_blocks, 1, -1);
	LIMIT(logical_blocks, SWORN_BLOCK_NR_MAX, 1);
	LIMIT(data_area_blocks, 1ULL << 44, 1);
	LIMIT(meta_area_blocks, 1ULL << 44, 1);
	LIMIT(data_segments, SWORN_SEGMENTS_MIN, -1);
	LIMIT(data_segments, 1ULL << 26, 1);
	LIMIT(memtable_records, 64, -1);
	LIMIT(memtable_records, 1 << 20, 1);
	LIMIT(index_segment_blocks, 4, -1);
	LIMIT(index_segment_blocks, 1 << 16, 1);
	LIMIT(index_segments, 1, -1);
	LIMIT(max_epochs, 1, -1);
	LIMIT(max_epochs, SWORN_EPOCHS_MAX, 1);
	LIMIT(journal_blocks, 8 * sworn_journal_blocks_for(4096), -1);
	LIMIT(journal_blocks, 1ULL << 24, 1);
	LIMIT(pack_blocks, 1ULL << 32, 1);
	LIMIT(rit_blocks, 64, -1);
}

static void ciphers(void)
{
	u32 n;

	for (n = SWORN_CIPHER_AES_256_GCM; n <= SWORN_CIPHER_CHACHA20_POLY1305; n++) {
		CHECK(sworn_cipher_name(n));
		CHECK(sworn_cipher_parse(sworn_cipher_name(n)) == n);
	}
	CHECK(sworn_cipher_key_bytes(SWORN_CIPHER_AES_256_GCM) == 32);
	CHECK(sworn_cipher_key_bytes(SWORN_CIPHER_AES_128_GCM) == 16);
	CHECK(sworn_cipher_key_bytes(SWORN_CIPHER_CHACHA20_POLY1305) == 32);
	CHECK(!sworn_cipher_name(0) && !sworn_cipher_name(4));
	CHECK(!sworn_cipher_key_bytes(0) && !sworn_cipher_parse("aes"));
}

/* --- layout --- */

static void check_plan(u64 blocks, bool one_device, u32 segment_blocks)
{
	struct sworn_layout_request req = {
		.one_device = one_device,
		.data_area_blocks = blocks,
		.meta_area_blocks = SWORN_BLOCK_NR_MAX,
		.segment_blocks = segment_blocks,
	};
	struct sworn_geometry geo;
	const char *why = NULL;
	u64 data_blocks, reserve;
	int err = sworn_layout_plan(&req, &geo, &why);

	if (err)
		fprintf(stderr, "%llu blocks, %d device(s): %d, %s\n",
			(unsigned long long)blocks, one_device ? 1 : 2, err, why);
	CHECK(!err);
	CHECK(!sworn_geometry_check(&geo, &why));
	CHECK(geo.one_device == one_device);
	CHECK(geo.data_area_blocks <= blocks);
	if (one_device)
		CHECK(geo.data_start_block == geo.meta_area_blocks);
	else
		CHECK(blocks - geo.data_area_blocks < geo.segment_blocks);

	/* the reserve stands, so cleaning always finds room */
	data_blocks = geo.data_segments * geo.segment_blocks;
	reserve = geo.data_segments / 8 < 4 ? 4 : geo.data_segments / 8;
	CHECK(geo.logical_blocks == data_blocks - reserve * geo.segment_blocks);
	CHECK(sworn_layout_default_logical(&req) == geo.logical_blocks);

	/* all records of a full device fit into leaves of the index */
	CHECK(geo.index_segments * geo.index_segment_blocks * 127 > data_blocks);
	if (!one_device)
		CHECK(sworn_layout_meta_for(blocks, 0, segment_blocks) ==
		      geo.meta_area_blocks);
}

static void plan_sizes(void)
{
	static const u64 odd[] = { 0, 1, 777 };
	u64 blocks;
	size_t i;

	for (blocks = 64 * MIB_BLOCKS; blocks <= 16 * TIB_BLOCKS; blocks *= 2)
		for (i = 0; i < 3; i++) {
			check_plan(blocks + odd[i], false, 0);
			check_plan(blocks + odd[i], true, 0);
		}
	for (blocks = 64 * MIB_BLOCKS; blocks <= 16 * TIB_BLOCKS;
	     blocks += blocks / 7) {
		check_plan(blocks, false, 0);
		check_plan(blocks, true, 0);
	}
}

static void plan_segment_sizes(void)
{
	u32 segment;

	for (segment = SWORN_SEGMENT_BLOCKS_MIN;
	     segment <= SWORN_SEGMENT_BLOCKS_MAX; segment *= 2) {
		check_plan(1024 * MIB_BLOCKS, false, segment);
		check_plan(1024 * MIB_BLOCKS, true, segment);
		check_plan(TIB_BLOCKS, false, segment);
		check_plan(TIB_BLOCKS, true, segment);
	}
}

/* One segment more and it would not have fitted. */
static void plan_one_device_is_full(void)
{
	struct sworn_layout_request req = { .one_device = true };
	u64 blocks;

	for (blocks = 64 * MIB_BLOCKS; blocks <= 16 * TIB_BLOCKS; blocks *= 4) {
		struct sworn_geometry geo;
		const char *why;

		req.data_area_blocks = blocks;
		CHECK(!sworn_layout_plan(&req, &geo, &why));
		/* a segment and what describes it */
		CHECK(blocks - geo.data_area_blocks <
		      geo.segment_blocks + geo.index_segment_blocks + 64);
	}
}

static int plan(const struct sworn_layout_request *req, struct sworn_geometry *geo)
{
	const char *why = NULL;
	int err = sworn_layout_plan(req, geo, &why);

	CHECK(!err || (why && *why));
	return err;
}

static void too_small(void)
{
	struct sworn_layout_request req = { .meta_area_blocks = 1ULL << 20 };
	struct sworn_geometry geo;
	u64 need;

	/* eight segments, not a block less */
	req.data_area_blocks = 8 * 1024 - 1;
	CHECK_EQ(plan(&req, &geo), -ENOSPC);
	CHECK(geo.data_area_blocks == 8 * 1024);
	CHECK(!sworn_layout_default_logical(&req));
	req.data_area_blocks = 8 * 1024;
	CHECK_EQ(plan(&req, &geo), 0);

	/* the metadata device, with the size that it would take */
	need = geo.meta_area_blocks;
	req.meta_area_blocks = need - 1;
	CHECK_EQ(plan(&req, &geo), -ENOSPC);
	CHECK(geo.meta_area_blocks == need);
	req.meta_area_blocks = need;
	CHECK_EQ(plan(&req, &geo), 0);
	req.meta_area_blocks = 0;
	CHECK_EQ(plan(&req, &geo), -ENOSPC);

	/* one device: both together */
	req.one_device = true;
	req.data_area_blocks = 0;
	CHECK_EQ(plan(&req, &geo), -ENOSPC);
	need = geo.data_area_blocks;
	req.data_area_blocks = need - 1;
	CHECK_EQ(plan(&req, &geo), -ENOSPC);
	req.data_area_blocks = need;
	CHECK_EQ(plan(&req, &geo), 0);
}

static void bad_requests(void)
{
	struct sworn_layout_request good = {
		.data_area_blocks = 1024 * MIB_BLOCKS,
		.meta_area_blocks = 1024 * MIB_BLOCKS,
	}, req;
	static const u32 segments[] = { 1, 32, 65, 1000, 32768, 0x80000000 };
	struct sworn_geometry geo;
	size_t i;

	for (i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		req = good;
		req.segment_blocks = segments[i];
		CHECK_EQ(plan(&req, &geo), -EINVAL);
	}
	req = good;
	req.data_area_blocks = SWORN_BLOCK_NR_MAX + 1;
	CHECK_EQ(plan(&req, &geo), -EINVAL);
	req = good;
	req.logical_blocks = SWORN_BLOCK_NR_MAX + 1;
	CHECK_EQ(plan(&req, &geo), -EINVAL);
}

static void length_asked_for(void)
{
	struct sworn_layout_request req = {
		.data_area_blocks = 1024 * MIB_BLOCKS,
		.meta_area_blocks = 1024 * MIB_BLOCKS,
	};
	struct sworn_geometry geo;
	const char *why;

	/* the whole data device, as the plain table line asks */
	req.logical_blocks = req.data_area_blocks;
	CHECK_EQ(plan(&req, &geo), 0);
	CHECK(geo.logical_blocks == req.data_area_blocks);
	req.logical_blocks++;
	CHECK_EQ(plan(&req, &geo), -ENOSPC);
	req.overcommit = true;
	CHECK_EQ(plan(&req, &geo), 0);
	CHECK(!sworn_geometry_check(&geo, &why));
}

/* What is said to be enough for a size is enough, with the reserve. */
static void area_for(void)
{
	u64 logical;

	for (logical = 1; logical < 4 * TIB_BLOCKS; logical += logical / 5 + 1) {
		struct sworn_layout_request req = {
			.one_device = true,
			.data_area_blocks = sworn_layout_area_for(logical, 0),
			.logical_blocks = logical,
		};
		struct sworn_geometry geo;
		u64 reserve;

		CHECK_EQ(plan(&req, &geo), 0);
		reserve = geo.data_segments / 8 < 4 ? 4 : geo.data_segments / 8;
		CHECK((geo.data_segments - reserve) * geo.segment_blocks >= logical);
	}
}

UNIT_TESTS(record_round_trip,
	   record_bytes,
	   record_order,
	   record_valid,
	   superblock_round_trip,
	   superblock_bad_fields,
	   superblock_one_device_overlap,
	   limits,
	   ciphers,
	   plan_sizes,
	   plan_segment_sizes,
	   plan_one_device_is_full,
	   too_small,
	   bad_requests,
	   length_asked_for,
	   area_for)
