/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where everything lies on a volume, and how much of each there is for a
 * device of a given size.  Pure: no allocation, no I/O.
 */
#ifndef SWORNDISK_FORMAT_GEOMETRY_H
#define SWORNDISK_FORMAT_GEOMETRY_H

#include "port.h"

#define SWORN_SEGMENT_BLOCKS_DEFAULT	1024U	/* 4 MiB */
#define SWORN_SEGMENT_BLOCKS_MIN	64U	/* one write unit */
#define SWORN_SEGMENT_BLOCKS_MAX	16384U
#define SWORN_SEGMENTS_MIN		8U

/**
 * struct sworn_geometry - sizes and places, in blocks unless named otherwise.
 * @one_device: the metadata area and the data area are the same area
 * @logical_blocks: exported size
 * @data_area_blocks: blocks that must exist on the data device
 * @meta_area_blocks: blocks that must exist on the metadata device
 *
 * Places are counted from the start of the data area (@data_start_block) or
 * the metadata area (all the others).
 */
struct sworn_geometry {
	bool one_device;
	u64 logical_blocks;
	u64 data_area_blocks;
	u64 meta_area_blocks;
	u32 segment_blocks;
	u64 data_start_block;
	u64 data_segments;
	u64 pack_start_block;
	u64 pack_blocks;
	u64 journal_start_block;
	u64 journal_blocks;
	u64 rit_start_block;
	u64 rit_blocks;
	u64 index_start_block;
	u64 index_segments;
	u32 index_segment_blocks;
	u32 memtable_records;
	u32 max_epochs;
};

/**
 * struct sworn_layout_request - what a format is asked for.
 * @data_area_blocks: blocks at hand on the data device; in the one-device form
 *	the metadata lies in them too
 * @meta_area_blocks: blocks at hand on the metadata device; unused when
 *	@one_device
 * @logical_blocks: exported size wanted; 0: as large as leaves the reserve
 * @segment_blocks: 0: default
 * @overcommit: @logical_blocks may exceed what the data area holds
 */
struct sworn_layout_request {
	bool one_device;
	u64 data_area_blocks;
	u64 meta_area_blocks;
	u64 logical_blocks;
	u32 segment_blocks;
	bool overcommit;
};

/**
 * sworn_layout_plan() - lay out a new volume
 * @req: what is asked for
 * @geo: filled in
 * @why: on error, a sentence that names the cause
 *
 * Return: 0, -ENOSPC (a device is too small, @geo then still names the sizes
 * that would be needed in data_area_blocks and meta_area_blocks), -EINVAL.
 */
int sworn_layout_plan(const struct sworn_layout_request *req,
		      struct sworn_geometry *geo, const char **why);

/**
 * sworn_layout_default_logical() - logical size for a data area
 * @req: the request; its logical_blocks is ignored
 *
 * Leaves an eighth of the data segments, four at the least, as the reserve
 * that keeps cleaning cheap.
 *
 * Return: blocks; 0 if the area is too small for a volume.
 */
u64 sworn_layout_default_logical(const struct sworn_layout_request *req);

/**
 * sworn_layout_area_for() - size of a one-device area for a logical size
 * @logical_blocks: exported size wanted
 * @segment_blocks: 0: default
 *
 * Return: blocks that the area needs so that the default reserve is kept.
 */
u64 sworn_layout_area_for(u64 logical_blocks, u32 segment_blocks);

/**
 * sworn_layout_meta_for() - size of a metadata device for a data device
 * @data_area_blocks: blocks of the data device
 * @logical_blocks: exported size wanted; 0: default
 * @segment_blocks: 0: default
 *
 * Return: blocks that the metadata device needs.
 */
u64 sworn_layout_meta_for(u64 data_area_blocks, u64 logical_blocks,
			  u32 segment_blocks);

/**
 * sworn_geometry_check() - is a geometry read from a device sane?
 * @geo: hostile
 * @why: on error, a sentence that names the field
 *
 * After it, no region overlaps another, each lies inside its area, and no
 * product of the fields overflows.
 *
 * Return: 0 or -EUCLEAN.
 */
int sworn_geometry_check(const struct sworn_geometry *geo, const char **why);

/* Blocks that n MemTable records take in the journal, in the worst packing. */
u64 sworn_journal_blocks_for(u64 records);

/* Body blocks of a checkpoint section of so many bytes. */
u64 sworn_pack_section_blocks(u64 bytes);

#endif /* SWORNDISK_FORMAT_GEOMETRY_H */
