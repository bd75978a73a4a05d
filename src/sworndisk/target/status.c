// SPDX-License-Identifier: GPL-2.0-only
/*
 * Status: fixed words first, then NAME:VALUE.  Only ever appended to.
 */
#include "target.h"

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
	struct sworn_catalog_size index = { 0 };
	struct sworn_verify_at at;
	struct sworn_counters c;
	struct sworn_totals t;
	bool on = vol->active;
	ssize_t sz = 0;

	sworn_volume_counters(vol, &c);
	sworn_totals(vol, &t);
	if (on)
		index = sworn_catalog_size(&vol->index.catalog);
	sworn_verify_look(vol, &at);

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
	       index.bits, on ? epochs_in_use(vol) : 0, READ_ONCE(vol->pack_generation));
	DMEMIT(" integrity_failures:%llu read_errors:%llu write_errors:%u",
	       c.n[SWORN_COUNT_INTEGRITY_FAILURES], c.n[SWORN_COUNT_READ_ERRORS],
	       on && (vol->units.error || vol->commit_error));
	DMEMIT(" cache_bytes:%llu cache_limit:%llu cache_hits:%llu cache_misses:%llu",
	       on ? (u64)READ_ONCE(cache->nr) * SWORN_NODE_BYTES : 0,
	       on ? (u64)READ_ONCE(cache->limit) * SWORN_NODE_BYTES : 0,
	       (u64)atomic64_read(&cache->hits),
	       (u64)atomic64_read(&cache->misses));
	DMEMIT(" memory_bytes:%llu user_read_blocks:%llu user_written_blocks:%llu",
	       sworn_volume_memory(vol), t.user_read, t.user_written);
	DMEMIT(" data_read_blocks:%llu data_written_blocks:%llu",
	       t.data_read, t.data_written);
	DMEMIT(" index_written_blocks:%llu journal_written_blocks:%llu",
	       t.index_written, t.journal_written);
	DMEMIT(" checkpoint_written_blocks:%llu discarded_blocks:%llu",
	       t.checkpoint_written, t.discarded);
	DMEMIT(" free_blocks:%llu runs:%u moved_blocks:%llu",
	       on ? sworn_space_free(vol) : 0, index.runs, t.moved);
	DMEMIT(" heads:%u stats:%u low_space:%u low_space_percent:%llu",
	       on ? vol->nr_heads : 0, READ_ONCE(vol->watch.on),
	       READ_ONCE(vol->low_space),
	       READ_ONCE(vol->params.low_space_percent));
	DMEMIT(" verify:%s verify_percent:%u verify_lba:%llu verify_data_blocks:%llu",
	       sworn_verify_phase_name(at.phase), sworn_verify_percent(vol, &at),
	       at.next_lba, at.data_blocks);
	DMEMIT(" verify_nodes:%llu verify_errors:%llu verify_rate:%llu",
	       at.nodes, at.errors, READ_ONCE(vol->params.verify_rate));
	return sz;
}
