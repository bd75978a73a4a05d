// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room for new data.  docs/design.md, section 7.
 *
 * That a block was overwritten is found out when the record of its new version
 * and that of its old one meet: in the MemTable; when the MemTable is written
 * out and the node that has the old one is cached; or else when runs are merged.
 * So that is what makes room, and it is done the sooner the more may be found
 * and the less there is to give out.
 */
#include "volume.h"

/* Records that are worth writing the MemTable out for. */
#define FLUSH_MIN	1024U

static u64 all_blocks(const struct sworn_volume *vol)
{
	return vol->geo->data_segments * vol->geo->segment_blocks;
}

u64 sworn_space_free(const struct sworn_volume *vol)
{
	/* a snapshot will do, and the sum may be off for a moment */
	s64 n = all_blocks(vol) - READ_ONCE(vol->segments.live_blocks) -
		READ_ONCE(vol->segments.pending_blocks);

	return max_t(s64, n, 0);
}

/* Records that may hide a block that is taken for live. */
static u64 newer_records(struct sworn_volume *vol)
{
	return READ_ONCE(vol->compact.unsettled) +
	       sworn_tables_records(&vol->index.tables);
}

/*
 * Writing into holes is the better the more of them are known, so merge when
 * old versions may be a tenth of what is not live; but for each 40 live blocks
 * one more must have been written, for that is what the index costs that is
 * written anew.  It comes to 6 % of the data when half of the space is live, and
 * to 22 % when nine tenths are.
 */
static u64 worth_a_round(const struct sworn_volume *vol)
{
	u64 live = READ_ONCE(vol->live_at_round);

	return (all_blocks(vol) - live) / 10 + live / 40;
}

/*
 * What the MemTable hides is not known, so the smaller it is the better are the
 * holes; but each time it is written out costs a few requests.
 */
bool sworn_space_flush_due(struct sworn_volume *vol)
{
	return sworn_space_scarce(vol, 16) &&
	       sworn_tables_records(&vol->index.tables) >
	       max_t(u64, sworn_space_free(vol) / 16, FLUSH_MIN);
}

bool sworn_space_scarce(const struct sworn_volume *vol, u32 share)
{
	return READ_ONCE(vol->segments.nr_free) <= vol->segments.nr / share;
}

/*
 * Records whose blocks are settled hold index segments, too.  That is looked at
 * again when a quarter as much as what is live has been written since.
 */
static bool index_crowded(const struct sworn_volume *vol)
{
	const struct sworn_catalog *cat = &vol->index.catalog;

	return READ_ONCE(cat->nr_free) < vol->geo->index_segments / 4 &&
	       READ_ONCE(vol->compact.fresh) >
	       READ_ONCE(vol->segments.live_blocks) / 4;
}

bool sworn_space_due(struct sworn_volume *vol)
{
	u64 newer;

	if (READ_ONCE(vol->space_wanted) || index_crowded(vol))
		return true;
	/* while there are free segments there is no need */
	if (!sworn_space_scarce(vol, 16))
		return false;
	newer = newer_records(vol);
	return newer > sworn_space_free(vol) || newer > worth_a_round(vol) ||
	       (newer && sworn_volume_mode(vol) == SWORN_OUT_OF_SPACE);
}

void sworn_space_check(struct sworn_volume *vol)
{
	if (sworn_space_due(vol) || sworn_space_flush_due(vol))
		sworn_maint_kick(vol);
	sworn_idle_watch(vol);
}

bool sworn_space_wait(struct sworn_volume *vol)
{
	SWORN_WATCH_SCOPE(&vol->watch, SWORN_STAGE_WAIT, 0, 0);
	u32 serial = READ_ONCE(vol->space_serial);

	WRITE_ONCE(vol->space_wanted, true);
	sworn_maint_kick(vol);
	wait_event(vol->room, READ_ONCE(vol->space_serial) != serial ||
		   sworn_volume_mode(vol) != SWORN_RW);
	return sworn_volume_mode(vol) == SWORN_RW;
}

void sworn_space_settle(struct sworn_volume *vol, bool hopeless)
{
	bool some = sworn_segments_available(&vol->segments);

	if (!some && !hopeless)
		return;
	WRITE_ONCE(vol->space_wanted, false);
	if (!some)
		sworn_volume_set_mode(vol, SWORN_OUT_OF_SPACE,
				      "no free block in the data region");
	else if (sworn_volume_mode(vol) == SWORN_OUT_OF_SPACE &&
		 !READ_ONCE(vol->index_full))
		sworn_volume_set_mode(vol, SWORN_RW, "there is room again");
	WRITE_ONCE(vol->space_serial, vol->space_serial + 1);
	wake_up_all(&vol->room);
}

void sworn_space_look(struct sworn_volume *vol, bool all_known)
{
	u64 percent = READ_ONCE(vol->params.low_space_percent);
	u64 free = sworn_space_free(vol);
	bool low = free < div_u64(all_blocks(vol), 100) * percent;

	if (low == READ_ONCE(vol->low_space) || (low && !all_known))
		return;
	WRITE_ONCE(vol->low_space, low);
	if (low)
		sworn_warn(vol, "space is low: %llu of %llu blocks can be given out",
			   free, all_blocks(vol));
	else
		sworn_info(vol, "space is low no more: %llu of %llu blocks can be given out",
			   free, all_blocks(vol));
	sworn_volume_event(vol, SWORN_EVENT_LOW_SPACE);
}

void sworn_volume_set_low_space(struct sworn_volume *vol, u64 percent)
{
	WRITE_ONCE(vol->params.low_space_percent, percent);
}
