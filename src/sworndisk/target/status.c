// SPDX-License-Identifier: GPL-2.0-only
/*
 * Status: fixed words first, then NAME:VALUE.  Only ever appended to.
 */
#include "target.h"

#define COUNT(vol, name)	((u64)atomic64_read(&(vol)->count.name))

static u64 epochs_in_use(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->epochs.nr);
}

ssize_t sworn_status_emit(struct sworn_volume *vol, char *result,
			  unsigned int maxlen)
{
	const struct sworn_superblock *sb = &vol->super.sb;
	const struct sworn_geometry *geo = vol->geo;
	struct sworn_cache *cache = &vol->index.cache;
	bool on = vol->active;
	ssize_t sz = 0;

	DMEMIT("%s %u/%llu %llu/%llu %llu",
	       sworn_mode_name(sworn_volume_mode(vol)),
	       on ? READ_ONCE(vol->segments.nr_free) : 0, geo->data_segments,
	       on ? sworn_journal_used(&vol->journal) : 0, geo->journal_blocks,
	       READ_ONCE(vol->commit_id));
	DMEMIT(" needs_check:%u uuid:%pUb cipher:%s devices:%u",
	       vol->needs_check, sb->uuid, sworn_cipher_name(sb->cipher),
	       geo->one_device ? 1 : 2);
	DMEMIT(" logical_blocks:%llu segment_blocks:%u live_blocks:%llu",
	       geo->logical_blocks, geo->segment_blocks,
	       on ? READ_ONCE(vol->segments.live_blocks) : 0);
	DMEMIT(" memtable_records:%u bits:%u epochs:%llu checkpoint:%llu",
	       on ? sworn_tables_records(&vol->index.tables) : 0,
	       on ? sworn_catalog_nr(&vol->index.catalog) : 0,
	       on ? epochs_in_use(vol) : 0, READ_ONCE(vol->pack_generation));
	DMEMIT(" integrity_failures:%llu read_errors:%llu write_errors:%u",
	       COUNT(vol, integrity_failures), COUNT(vol, read_errors),
	       on && (vol->units.error || vol->commit_error));
	DMEMIT(" cache_bytes:%llu cache_limit:%llu cache_hits:%llu cache_misses:%llu",
	       on ? (u64)READ_ONCE(cache->nr) * SWORN_NODE_BYTES : 0,
	       on ? (u64)READ_ONCE(cache->limit) * SWORN_NODE_BYTES : 0,
	       (u64)atomic64_read(&cache->hits),
	       (u64)atomic64_read(&cache->misses));
	DMEMIT(" memory_bytes:%llu user_read_blocks:%llu user_written_blocks:%llu",
	       sworn_volume_memory(vol), COUNT(vol, user_read_blocks),
	       COUNT(vol, user_written_blocks));
	DMEMIT(" data_read_blocks:%llu data_written_blocks:%llu",
	       COUNT(vol, data_read_blocks),
	       (u64)atomic64_read(&vol->units.blocks_written));
	DMEMIT(" index_written_blocks:%llu journal_written_blocks:%llu",
	       on ? sworn_minor_blocks(&vol->minor) +
		    sworn_compact_blocks(&vol->compact) : 0,
	       (u64)atomic64_read(&vol->journal.blocks_written));
	DMEMIT(" checkpoint_written_blocks:%llu discarded_blocks:%llu",
	       (u64)atomic64_read(&vol->packs.blocks_written),
	       COUNT(vol, discarded_blocks));
	DMEMIT(" free_blocks:%llu runs:%u moved_blocks:%llu",
	       on ? sworn_space_free(vol) : 0,
	       on ? sworn_catalog_runs(&vol->index.catalog) : 0,
	       (u64)atomic64_read(&vol->mover.blocks_moved));
	return sz;
}
