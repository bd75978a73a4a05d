// SPDX-License-Identifier: GPL-2.0-only
/*
 * The message "stats": what a volume wrote and read where, and how long each
 * stage took.
 */
#define DM_MSG_PREFIX "sworndisk"

#include <linux/ktime.h>

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

/* Statistics are switched and emptied by one at a time. */
static DEFINE_MUTEX(stats_mutex);

void sworn_totals(const struct sworn_volume *vol, struct sworn_totals *t)
{
	struct sworn_counters c;
	bool on = vol->active;

	sworn_volume_counters(vol, &c);
	t->user_read = c.n[SWORN_COUNT_USER_READ];
	t->user_written = c.n[SWORN_COUNT_USER_WRITTEN];
	t->discarded = c.n[SWORN_COUNT_DISCARDED];
	t->data_read = c.n[SWORN_COUNT_DATA_READ];
	t->data_written = atomic64_read(&vol->units.blocks_written);
	t->index_written = on ? sworn_minor_blocks(&vol->minor) +
				sworn_compact_blocks(&vol->compact) : 0;
	t->journal_written = atomic64_read(&vol->journal.blocks_written);
	t->checkpoint_written = atomic64_read(&vol->packs.blocks_written);
	t->moved = atomic64_read(&vol->mover.blocks_moved);
}

/* All that it has are numbers of blocks. */
static_assert(sizeof(struct sworn_totals) % sizeof(u64) == 0);

static void bytes_since(const struct sworn_totals *base, struct sworn_totals *t)
{
	const u64 *from = (const u64 *)base;
	u64 *to = (u64 *)t;
	u32 i;

	for (i = 0; i < sizeof(*t) / sizeof(*to); i++)
		to[i] = (to[i] - from[i]) << SWORN_BLOCK_SHIFT;
}

static ssize_t emit_bytes(struct sworn_volume *vol, char *result,
			  unsigned int maxlen, ssize_t sz)
{
	struct sworn_totals t;

	sworn_totals(vol, &t);
	bytes_since(&vol->totals_base, &t);
	DMEMIT("bytes user_read:%llu user_written:%llu discarded:%llu",
	       t.user_read, t.user_written, t.discarded);
	DMEMIT(" data_read:%llu data_written:%llu index_written:%llu",
	       t.data_read, t.data_written, t.index_written);
	DMEMIT(" journal_written:%llu checkpoint_written:%llu moved:%llu\n",
	       t.journal_written, t.checkpoint_written, t.moved);
	return sz;
}

static ssize_t emit_stage(const struct sworn_watch *w, enum sworn_stage stage,
			  char *result, unsigned int maxlen, ssize_t sz)
{
	struct sworn_watch_stage s;
	char sep = ':';
	u32 i;

	sworn_watch_sum(w, stage, &s);
	DMEMIT("stage %s count:%llu blocks:%llu ns:%llu max_ns:%llu log2_ns",
	       sworn_stage_name(stage), s.count, s.blocks, s.ns, s.max_ns);
	for (i = 0; i < SWORN_WATCH_BUCKETS; i++) {
		if (s.bucket[i]) {
			DMEMIT("%c%u=%llu", sep, i, s.bucket[i]);
			sep = ',';
		}
	}
	DMEMIT("%s\n", sep == ':' ? ":-" : "");
	return sz;
}

static void emit(struct sworn_volume *vol, char *result, unsigned int maxlen)
{
	u32 stage;
	ssize_t sz = 0;

	DMEMIT("stats on:%u since_ms:%llu\n", READ_ONCE(vol->watch.on),
	       (ktime_get_ns() - vol->watch.since) / NSEC_PER_MSEC);
	sz = emit_bytes(vol, result, maxlen, sz);
	for (stage = 0; stage < SWORN_STAGES; stage++)
		sz = emit_stage(&vol->watch, stage, result, maxlen, sz);
}

static void reset(struct sworn_volume *vol)
{
	sworn_watch_reset(&vol->watch);
	sworn_totals(vol, &vol->totals_base);
}

/* 1: there is an answer. */
int sworn_stats_message(struct sworn_volume *vol, const char *word,
			char *result, unsigned int maxlen)
{
	int err = 0;

	mutex_lock(&stats_mutex);
	if (!word) {
		emit(vol, result, maxlen);
		err = 1;
	} else if (!strcasecmp(word, SWORN_STATS_ON)) {
		err = sworn_watch_set(&vol->watch, true);
	} else if (!strcasecmp(word, SWORN_STATS_OFF)) {
		err = sworn_watch_set(&vol->watch, false);
	} else if (!strcasecmp(word, SWORN_STATS_RESET)) {
		reset(vol);
	} else {
		DMERR("message " SWORN_MSG_STATS ": expected on, off, reset or nothing, got %s",
		      word);
		err = -EINVAL;
	}
	mutex_unlock(&stats_mutex);
	return err;
}
