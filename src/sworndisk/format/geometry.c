// SPDX-License-Identifier: GPL-2.0-only
/* Where everything lies on a volume; see docs/format.md, "Sizing". */
#include "geometry.h"

#define RECORDS_PER_JOURNAL_BLOCK \
	((SWORN_JOURNAL_PAYLOAD - (u32)sizeof(struct sworn_disk_item)) / \
	 (u32)sizeof(struct sworn_disk_record))

#define MEMTABLE_RECORDS_MIN	4096U
#define MEMTABLE_RECORDS_MAX	65536U
#define JOURNAL_BLOCKS_MIN	2048ULL
#define JOURNAL_BLOCKS_MAX	32768ULL
/* a ring as long as two packs, so that packs are not the most that is written */
#define JOURNAL_PACKS_MAX	262144ULL
#define INDEX_SEGMENTS_MIN	24ULL
#define EPOCHS_DEFAULT		4096U
/* 1 GiB of table in memory; larger disks have larger segments */
#define SEGMENTS_MAX		(1ULL << 26)
/* so that no sum or number of sectors overflows */
#define AREA_BLOCKS_MAX		(1ULL << 44)

static u64 div_round_up(u64 n, u32 d)
{
	return div_u64(n + d - 1, d);
}

static u64 clamp_blocks(u64 n, u64 lo, u64 hi)
{
	return n < lo ? lo : n > hi ? hi : n;
}

u64 sworn_journal_blocks_for(u64 records)
{
	return div_round_up(records, RECORDS_PER_JOURNAL_BLOCK) + 1;
}

u64 sworn_pack_section_blocks(u64 bytes)
{
	return div_round_up(bytes, SWORN_PACK_BODY_PAYLOAD);
}

static u32 memtable_records_for(u64 logical_blocks)
{
	u32 records = MEMTABLE_RECORDS_MIN;

	while (records < MEMTABLE_RECORDS_MAX && records < logical_blocks / 8)
		records *= 2;
	return records;
}

/* Leaves, their inner nodes and a root: what a MemTable's run takes. */
static u32 index_segment_blocks_for(u32 memtable_records)
{
	u32 leaves = (u32)div_round_up(memtable_records, SWORN_NODE_LEAF_MAX);
	u32 inner = (u32)div_round_up(leaves, SWORN_NODE_INNER_MAX);

	/* a multiple of 64 KiB, with a little room for split tombstones */
	return (leaves + inner + 1 + 16 + 15) & ~15U;
}

static u32 svt_entries(u32 segment_blocks)
{
	return (u32)div_round_up(segment_blocks, SWORN_SVT_BLOCKS);
}

static u64 pack_blocks_for(const struct sworn_geometry *geo)
{
	/* a header, and every section begins a block */
	return 1 +
	       sworn_pack_section_blocks(geo->data_segments *
					 sizeof(struct sworn_disk_dst_entry)) +
	       sworn_pack_section_blocks(geo->data_segments *
					 svt_entries(geo->segment_blocks) *
					 sizeof(struct sworn_disk_svt_entry)) +
	       sworn_pack_section_blocks(geo->index_segments *
					 sizeof(struct sworn_disk_bit)) +
	       sworn_pack_section_blocks((u64)geo->max_epochs *
					 sizeof(struct sworn_disk_epoch));
}

static u64 journal_blocks_for(const struct sworn_geometry *geo)
{
	u64 need = 16 * sworn_journal_blocks_for(geo->memtable_records);
	u64 blocks = clamp_blocks(geo->logical_blocks / 32, JOURNAL_BLOCKS_MIN,
				  JOURNAL_BLOCKS_MAX);

	if (blocks < need)
		blocks = need;
	need = clamp_blocks(2 * geo->pack_blocks, 0, JOURNAL_PACKS_MAX);
	return blocks < need ? need : blocks;
}

/*
 * Every data block has one record at the most that accounts for it.  Three
 * quarters more is for settled-away records of blocks that are others' by now,
 * for BITs that are not full, or trimmed, and for what compaction writes.
 */
static u64 index_segments_for(const struct sworn_geometry *geo)
{
	u64 leaves = div_round_up(geo->data_segments * geo->segment_blocks,
				  SWORN_NODE_LEAF_MAX);
	u64 blocks = leaves + leaves / 4 * 3 + leaves / 128;
	u64 n = div_round_up(blocks, geo->index_segment_blocks);

	return n < INDEX_SEGMENTS_MIN ? INDEX_SEGMENTS_MIN : n;
}

/* Everything that follows from the number of data segments. */
static void place_metadata(struct sworn_geometry *geo)
{
	u64 at = SWORN_RESERVED_BLOCKS + SWORN_SB_AREA_BLOCKS;

	geo->memtable_records = memtable_records_for(geo->logical_blocks);
	geo->index_segment_blocks = index_segment_blocks_for(geo->memtable_records);
	geo->index_segments = index_segments_for(geo);
	geo->max_epochs = EPOCHS_DEFAULT;

	geo->pack_start_block = at;
	geo->pack_blocks = pack_blocks_for(geo);
	at += SWORN_PACKS * geo->pack_blocks;

	geo->journal_start_block = at;
	geo->journal_blocks = journal_blocks_for(geo);
	at += geo->journal_blocks;

	geo->rit_start_block = at;
	geo->rit_blocks = geo->data_segments *
			  div_round_up(geo->segment_blocks, SWORN_RIT_LBAS);
	at += geo->rit_blocks;

	geo->index_start_block = at;
	at += geo->index_segments * geo->index_segment_blocks;
	geo->meta_area_blocks = at;
}

static u64 reserve_segments(u64 segments)
{
	u64 n = segments / 8;

	return n < 4 ? 4 : n;
}

static u64 logical_for_segments(u64 segments, u32 segment_blocks)
{
	u64 reserve = reserve_segments(segments);

	return segments <= reserve ? 0 : (segments - reserve) * segment_blocks;
}

/* Lay out with a given number of data segments. */
static void place_all(struct sworn_geometry *geo, u64 segments,
		      u64 logical_blocks)
{
	geo->data_segments = segments;
	geo->logical_blocks = logical_blocks ? logical_blocks :
		logical_for_segments(segments, geo->segment_blocks);
	place_metadata(geo);
	geo->data_start_block = geo->one_device ? geo->meta_area_blocks : 0;
	geo->data_area_blocks = geo->data_start_block +
				segments * geo->segment_blocks;
}

/* The most data segments that fit; on one device the metadata grows too. */
static u64 segments_that_fit(struct sworn_geometry *geo,
			     const struct sworn_layout_request *req)
{
	u64 lo = 0, hi = div_u64(req->data_area_blocks, geo->segment_blocks);

	if (!geo->one_device)
		return hi;
	while (lo < hi) {
		u64 mid = lo + (hi - lo + 1) / 2;

		place_all(geo, mid, req->logical_blocks);
		if (geo->data_area_blocks <= req->data_area_blocks)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

static int check_request(const struct sworn_layout_request *req, u32 segment,
			 const char **why)
{
	if (segment < SWORN_SEGMENT_BLOCKS_MIN ||
	    segment > SWORN_SEGMENT_BLOCKS_MAX || segment & (segment - 1)) {
		*why = "segment size must be a power of two from 256 KiB to 64 MiB";
		return -EINVAL;
	}
	if (req->data_area_blocks > SWORN_BLOCK_NR_MAX ||
	    req->logical_blocks > SWORN_BLOCK_NR_MAX) {
		*why = "more than 4 PiB";
		return -EINVAL;
	}
	return 0;
}

int sworn_layout_plan(const struct sworn_layout_request *req,
		      struct sworn_geometry *geo, const char **why)
{
	u64 segments, most;
	int err;

	memset(geo, 0, sizeof(*geo));
	geo->one_device = req->one_device;
	geo->segment_blocks = req->segment_blocks ? req->segment_blocks :
						    SWORN_SEGMENT_BLOCKS_DEFAULT;
	err = check_request(req, geo->segment_blocks, why);
	if (err)
		return err;

	segments = segments_that_fit(geo, req);
	if (segments > SEGMENTS_MAX) {
		*why = "too many segments: choose a larger segment size";
		return -EINVAL;
	}
	if (segments < SWORN_SEGMENTS_MIN) {
		place_all(geo, SWORN_SEGMENTS_MIN, req->logical_blocks);
		*why = "data device too small: it must hold eight segments";
		return -ENOSPC;
	}
	place_all(geo, segments, req->logical_blocks);
	if (!geo->one_device && geo->meta_area_blocks > req->meta_area_blocks) {
		*why = "metadata device too small";
		return -ENOSPC;
	}
	/* The whole data device may be asked for, reserve and all. */
	most = geo->one_device ? segments * geo->segment_blocks :
				 req->data_area_blocks;
	if (geo->logical_blocks > most && !req->overcommit) {
		*why = "data device too small for this length (see the option overcommit)";
		return -ENOSPC;
	}
	if (!geo->logical_blocks) {
		*why = "data device too small";
		return -ENOSPC;
	}
	return 0;
}

u64 sworn_layout_default_logical(const struct sworn_layout_request *req)
{
	struct sworn_layout_request r = *req;
	struct sworn_geometry geo;
	const char *why;

	r.logical_blocks = 0;
	return sworn_layout_plan(&r, &geo, &why) ? 0 : geo.logical_blocks;
}

/* The least number of segments whose default logical size is enough. */
static u64 segments_for_logical(u64 logical_blocks, u32 segment_blocks)
{
	u64 n = div_round_up(logical_blocks, segment_blocks);
	u64 segments = n + n / 7;

	while (logical_for_segments(segments, segment_blocks) < logical_blocks)
		segments++;
	return segments < SWORN_SEGMENTS_MIN ? SWORN_SEGMENTS_MIN : segments;
}

u64 sworn_layout_area_for(u64 logical_blocks, u32 segment_blocks)
{
	struct sworn_geometry geo = {
		.one_device = true,
		.segment_blocks = segment_blocks ? segment_blocks :
						   SWORN_SEGMENT_BLOCKS_DEFAULT,
	};

	place_all(&geo, segments_for_logical(logical_blocks, geo.segment_blocks),
		  logical_blocks);
	return geo.data_area_blocks;
}

u64 sworn_layout_meta_for(u64 data_area_blocks, u64 logical_blocks,
			  u32 segment_blocks)
{
	struct sworn_geometry geo = {
		.segment_blocks = segment_blocks ? segment_blocks :
						   SWORN_SEGMENT_BLOCKS_DEFAULT,
	};

	place_all(&geo, div_u64(data_area_blocks, geo.segment_blocks),
		  logical_blocks);
	return geo.meta_area_blocks;
}

/* One region after the other, nothing between that overlaps. */
static bool region_fits(u64 *at, u64 start, u64 blocks)
{
	if (start < *at || blocks > SWORN_BLOCK_NR_MAX ||
	    start > SWORN_BLOCK_NR_MAX)
		return false;
	*at = start + blocks;
	return true;
}

static const char *check_sizes(const struct sworn_geometry *geo)
{
	if (!geo->logical_blocks || geo->logical_blocks > SWORN_BLOCK_NR_MAX)
		return "superblock: logical_blocks out of range";
	if (geo->data_area_blocks > AREA_BLOCKS_MAX ||
	    geo->meta_area_blocks > AREA_BLOCKS_MAX)
		return "superblock: data_area_blocks or meta_area_blocks out of range";
	if (geo->segment_blocks < SWORN_SEGMENT_BLOCKS_MIN ||
	    geo->segment_blocks > SWORN_SEGMENT_BLOCKS_MAX ||
	    geo->segment_blocks & (geo->segment_blocks - 1))
		return "superblock: segment_blocks out of range";
	if (geo->data_segments < SWORN_SEGMENTS_MIN ||
	    geo->data_segments > SWORN_BLOCK_NR_MAX / geo->segment_blocks ||
	    geo->data_segments > SEGMENTS_MAX)
		return "superblock: data_segments out of range";
	if (geo->memtable_records < 64 || geo->memtable_records > (1U << 20))
		return "superblock: memtable_records out of range";
	if (geo->index_segment_blocks < 4 || geo->index_segment_blocks > (1U << 16))
		return "superblock: index_segment_blocks out of range";
	if (!geo->index_segments ||
	    geo->index_segments > SWORN_BLOCK_NR_MAX / geo->index_segment_blocks ||
	    geo->index_segments > 0xffffffffULL)
		return "superblock: index_segments out of range";
	if (!geo->max_epochs || geo->max_epochs > SWORN_EPOCHS_MAX)
		return "superblock: max_epochs out of range";
	if (geo->journal_blocks < 8 * sworn_journal_blocks_for(geo->memtable_records) ||
	    geo->journal_blocks > (1ULL << 24))
		return "superblock: journal_blocks out of range";
	if (geo->pack_blocks < pack_blocks_for(geo) ||
	    geo->pack_blocks > (1ULL << 32))
		return "superblock: pack_blocks out of range";
	if (geo->rit_blocks < geo->data_segments *
			      div_round_up(geo->segment_blocks, SWORN_RIT_LBAS))
		return "superblock: rit_blocks out of range";
	return NULL;
}

int sworn_geometry_check(const struct sworn_geometry *geo, const char **why)
{
	u64 at = SWORN_RESERVED_BLOCKS + SWORN_SB_AREA_BLOCKS;
	u64 data_blocks;

	*why = check_sizes(geo);
	if (*why)
		return -EUCLEAN;

	data_blocks = geo->data_segments * geo->segment_blocks;
	*why = "superblock: regions overlap or leave their area";
	if (!region_fits(&at, geo->pack_start_block, SWORN_PACKS * geo->pack_blocks) ||
	    !region_fits(&at, geo->journal_start_block, geo->journal_blocks) ||
	    !region_fits(&at, geo->rit_start_block, geo->rit_blocks) ||
	    !region_fits(&at, geo->index_start_block,
			 geo->index_segments * geo->index_segment_blocks) ||
	    at > geo->meta_area_blocks)
		return -EUCLEAN;
	if (!geo->one_device)
		at = 0;
	if (!region_fits(&at, geo->data_start_block, data_blocks) ||
	    at > geo->data_area_blocks)
		return -EUCLEAN;
	*why = NULL;
	return 0;
}
