// SPDX-License-Identifier: GPL-2.0-only
/* Sizes and places; see geometry.h. */
#include "geometry.h"

void put_geometry(struct out *out, const struct sworn_geometry *geo)
{
	out_bytes(out, "capacity_bytes", "capacity",
		  geo->logical_blocks * SWORN_BLOCK_SIZE);
	out_bool(out, "one_device", NULL, geo->one_device);
	out_text(out, NULL, "metadata", geo->one_device ?
		 "on this device, with the data" :
		 "on this device, the data on another");
	out_bytes(out, "data_area_bytes", "data area",
		  geo->data_area_blocks * SWORN_BLOCK_SIZE);
	out_bytes(out, "meta_area_bytes", "metadata area",
		  geo->meta_area_blocks * SWORN_BLOCK_SIZE);
	out_bytes(out, "segment_bytes", "segment",
		  (uint64_t)geo->segment_blocks * SWORN_BLOCK_SIZE);
	out_number(out, "data_segments", "segments", geo->data_segments);
	out_number(out, "data_start_block", NULL, geo->data_start_block);
	out_number(out, "pack_start_block", NULL, geo->pack_start_block);
	out_number(out, "pack_blocks", NULL, geo->pack_blocks);
	out_number(out, "journal_start_block", NULL, geo->journal_start_block);
	out_number(out, "journal_blocks", NULL, geo->journal_blocks);
	out_bytes(out, NULL, "journal", geo->journal_blocks * SWORN_BLOCK_SIZE);
	out_number(out, "rit_start_block", NULL, geo->rit_start_block);
	out_number(out, "rit_blocks", NULL, geo->rit_blocks);
	out_number(out, "index_start_block", NULL, geo->index_start_block);
	out_number(out, "index_segments", NULL, geo->index_segments);
	out_number(out, "index_segment_blocks", NULL, geo->index_segment_blocks);
	out_bytes(out, NULL, "index", geo->index_segments *
		  geo->index_segment_blocks * SWORN_BLOCK_SIZE);
	out_number(out, "memtable_records", NULL, geo->memtable_records);
	out_number(out, "max_epochs", NULL, geo->max_epochs);
}
