/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine: one for each pair of devices, shared by the tables of a mapped
 * device across reloads.  docs/design.md tells the whole story.
 */
#ifndef SWORNDISK_VOLUME_VOLUME_H
#define SWORNDISK_VOLUME_VOLUME_H

#include <linux/bio.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/percpu.h>

#include "../bdev/area.h"
#include "../checkpoint/pack.h"
#include "../checkpoint/superblock.h"
#include "../cleaner/mover.h"
#include "../index/compact.h"
#include "../index/index.h"
#include "../journal/journal.h"
#include "../seal/epoch.h"
#include "../segment/head.h"
#include "../watch/watch.h"
#include "verify.h"

/**
 * enum sworn_mode - how well a volume does; only ever gets worse while active,
 * but for the way back from out of space
 */
enum sworn_mode {
	SWORN_RW,
	SWORN_OUT_OF_SPACE,
	SWORN_RO,
	SWORN_FAILED,
};

/**
 * enum sworn_event - something that a person should know of
 * @SWORN_EVENT_CORRUPTION: data or metadata did not verify
 * @SWORN_EVENT_MODE: the mode changed
 * @SWORN_EVENT_LOW_SPACE: space became low, or is so no more
 * @SWORN_EVENT_VERIFY: a verification has come to its end
 */
enum sworn_event {
	SWORN_EVENT_CORRUPTION,
	SWORN_EVENT_MODE,
	SWORN_EVENT_LOW_SPACE,
	SWORN_EVENT_VERIFY,
	SWORN_EVENTS,
};

/* Percent of the data region; merging finds more when a sixteenth is left. */
#define SWORN_LOW_SPACE_PERCENT	5U

enum sworn_format {
	SWORN_NEVER_FORMAT,
	SWORN_FORMAT_IF_NONE,
	SWORN_FORMAT_ALWAYS,
};

/**
 * struct sworn_params - what a table line asks for
 * @len_blocks: length of the target
 * @cipher, @segment_blocks, @uuid, @overcommit: for formatting
 * @cache_bytes, @heads, @low_space_percent: 0: default
 * @verify_rate: MiB in a second; 0: no limit
 */
struct sworn_params {
	struct block_device *data_bdev;
	struct block_device *meta_bdev;
	sector_t data_start_sector;
	enum sworn_format format;
	u64 len_blocks;
	struct sworn_root_key root;
	u32 cipher;
	u32 segment_blocks;
	u8 uuid[SWORN_UUID_SIZE];
	bool has_uuid;
	bool overcommit;
	bool read_only;
	u64 cache_bytes;
	u64 heads;
	u64 min_commit;
	u64 low_space_percent;
	u64 verify_rate;
};

/* What is counted on the way of requests. */
enum sworn_counter {
	SWORN_COUNT_INTEGRITY_FAILURES,
	SWORN_COUNT_READ_ERRORS,
	SWORN_COUNT_USER_READ,
	SWORN_COUNT_USER_WRITTEN,
	SWORN_COUNT_DATA_READ,
	SWORN_COUNT_DISCARDED,
	SWORN_COUNTS,
};

/**
 * struct sworn_counters - what happened since activation, on a processor
 */
struct sworn_counters {
	u64 n[SWORN_COUNTS];
};

/**
 * struct sworn_totals - blocks read and written, by what they were for
 */
struct sworn_totals {
	u64 user_read;
	u64 user_written;
	u64 discarded;
	u64 data_read;
	u64 data_written;
	u64 index_written;
	u64 journal_written;
	u64 checkpoint_written;
	u64 moved;
};

/**
 * struct sworn_volume - the engine
 * @owner: the mapped device whose tables may share it
 * @root_sum: tells whether another table has the same root key
 * @active: formatted or recovered; set by the first preresume
 * @running: between resume and suspend
 * @index_full: upkeep found no free index segment
 * @keys_looked_at: a full key table was seen to in this activation
 * @low_space: after the last round of all runs too little could be given out
 * @idle_watched: @idle_work is on its way
 * @idle_cleaning: it cleans, as long as the counters say @idle_activity
 * @space_wanted: writes wait for blocks to be given out
 * @live_at_round: referenced blocks when all runs had been merged
 * @space_serial: changes when it is worth their while to try again
 * @commit_mutex: one commit at a time; guards the journal, the packs, the DST
 *	counts, the catalog's changes, @commit_id, @replay, @pack_*
 * @maint_mutex: one minor compaction or checkpoint at a time; taken before
 *	@commit_mutex
 * @unproven: the last group counts only if its data verifies (commit_mutex)
 * @commit_error: of a commit that failed: what was acknowledged is not durable
 * @replay_seq, @replay_prev_tag: where a replay of the active MemTable begins
 * @pack_replay_seq: replay point of the pack of each place; ~0: none
 * @room: woken when a MemTable is empty again, staging shrank, the journal has
 *	room, or the mode changed
 * @read_wq: index misses and reads in pieces, which wait for clones
 * @decrypt_wq: what gives clones back, and so never waits for any
 * @flush_lock: guards @flush_bios
 * @totals_base: totals when the statistics were last empty
 * @event_next: jiffies: the next are not told before
 * @events: a bit for each enum sworn_event that was not told yet
 * @event: called in process context to tell them
 */
struct sworn_volume {
	struct kref ref;
	struct list_head list;
	void *owner;
	struct sworn_params params;
	u8 root_sum[SWORN_SHA256_SIZE];
	struct sworn_super super;
	const struct sworn_geometry *geo;
	bool needs_format;
	bool active;
	bool running;
	bool needs_check;
	bool index_full;
	bool space_wanted;
	bool low_space;
	bool keys_looked_at;
	bool idle_watched;
	bool idle_cleaning;
	u64 idle_activity;
	u64 live_at_round;
	u32 space_serial;
	enum sworn_mode mode;
	spinlock_t mode_lock;

	struct sworn_area data;
	struct sworn_area meta;
	struct sworn_kdf kdf;
	struct sworn_epochs epochs;
	struct sworn_journal journal;
	struct sworn_packs packs;
	struct sworn_segments segments;
	struct sworn_units units;
	struct sworn_head heads[SWORN_HEADS_MAX];
	u32 nr_heads;
	struct sworn_index index;
	struct sworn_minor minor;
	struct sworn_compact compact;
	struct sworn_mover mover;
	struct sworn_verify verify;
	size_t cryptor_bytes;

	struct mutex commit_mutex;
	struct mutex maint_mutex;
	bool unproven;
	int commit_error;
	u64 commit_id;
	u64 replay_seq;
	u8 replay_prev_tag[SWORN_TAG_SIZE];
	u64 pack_generation;
	u64 pack_replay_seq[SWORN_PACKS];

	spinlock_t flush_lock;
	struct bio_list flush_bios;
	wait_queue_head_t room;
	struct workqueue_struct *commit_wq;
	struct workqueue_struct *maint_wq;
	struct workqueue_struct *read_wq;
	struct workqueue_struct *decrypt_wq;
	struct work_struct commit_work;
	struct work_struct maint_work;
	struct delayed_work event_work;
	unsigned long event_next;
	struct delayed_work idle_work;

	struct bio_set read_bios;
	mempool_t bounce;
	struct sworn_counters __percpu *count;
	struct sworn_watch watch;
	struct sworn_totals totals_base;
	unsigned long events;
	void (*event)(void *data, unsigned long events);
	void *event_data;
	char name[BDEVNAME_SIZE];
};

/* Context: any. */
static inline void sworn_count(struct sworn_volume *vol, enum sworn_counter which,
			       u64 n)
{
	this_cpu_add(vol->count->n[which], n);
}

#define sworn_err(vol, fmt, ...) \
	pr_err("device-mapper: sworndisk: %s: " fmt "\n", (vol)->name, ##__VA_ARGS__)
#define sworn_err_limited(vol, fmt, ...) \
	pr_err_ratelimited("device-mapper: sworndisk: %s: " fmt "\n", (vol)->name, ##__VA_ARGS__)
#define sworn_warn(vol, fmt, ...) \
	pr_warn("device-mapper: sworndisk: %s: " fmt "\n", (vol)->name, ##__VA_ARGS__)
#define sworn_info(vol, fmt, ...) \
	pr_info("device-mapper: sworndisk: %s: " fmt "\n", (vol)->name, ##__VA_ARGS__)

/* ---- volume.c: finding, making, letting go ---- */

/**
 * sworn_volume_get() - the engine of a pair of devices
 * @params: taken over; the root key in it is the engine's copy to wipe
 * @owner: the mapped device
 * @name: of the device, for messages
 * @why: on error, a sentence that names the cause
 *
 * Finds the live engine when @owner has one on these devices, else makes one:
 * reads and verifies the superblock, and writes nothing.
 *
 * Context: process; may sleep, allocates.
 * Return: the engine with a reference, or an ERR_PTR.
 */
struct sworn_volume *sworn_volume_get(const struct sworn_params *params,
				      void *owner, const char *name,
				      const char **why);
void sworn_volume_put(struct sworn_volume *vol);

/* What all processors counted. */
void sworn_volume_counters(const struct sworn_volume *vol,
			   struct sworn_counters *sum);

/* Memory of an open volume, in bytes, the node cache as it is. */
u64 sworn_volume_memory(struct sworn_volume *vol);

/* ---- life.c: activation and rest ---- */

/**
 * sworn_volume_resume() - format, recover or go on
 *
 * Context: process; may sleep.
 */
int sworn_volume_resume(struct sworn_volume *vol);

/* No more background work of its own accord; what others wait for goes on. */
void sworn_volume_quiesce(struct sworn_volume *vol);

/* Commit and come to rest; no I/O is under way. */
void sworn_volume_suspend(struct sworn_volume *vol);

/* ---- recover.c ---- */

/**
 * sworn_volume_recover() - load a pack and replay the journal; writes nothing
 */
int sworn_volume_recover(struct sworn_volume *vol);

/* ---- prove.c ---- */

/**
 * struct sworn_tail - the last group that a replay found
 * @end_seq: set by the caller: a group that begins here is as if it had never
 *	been written; or ~0
 * @base_seq: its first block
 * @beside: it was written beside its data
 * @nr: then: number of its records
 * @rec: and they
 */
struct sworn_tail {
	u64 end_seq;
	u64 base_seq;
	bool beside;
	u32 nr;
	struct sworn_disk_record rec[SWORN_BESIDE_RECORDS];
};

/**
 * sworn_prove() - is the data of the last group all there?
 *
 * Only blocks that a record still points at are looked at.
 *
 * Context: recovery, after the replay; uses the journal's buffers.
 * Return: 0; -EBADMSG if not, or the error of a device that did not say.
 */
int sworn_prove(struct sworn_volume *vol, const struct sworn_tail *tail);

/* ---- format.c ---- */

/* Lay out a new volume in memory. */
int sworn_volume_plan(struct sworn_volume *vol, const char **why);

/* Write it. */
int sworn_volume_format(struct sworn_volume *vol);

/* ---- tables.c: memory of an active volume ---- */

int sworn_volume_alloc(struct sworn_volume *vol);
void sworn_volume_free(struct sworn_volume *vol);

/* Change the limit of the node cache of an active volume.  Context: process. */
void sworn_volume_set_cache(struct sworn_volume *vol, u64 bytes);

/* ---- state.c ---- */

/* Bytes of state.c's table of modes. */
const char *sworn_mode_name(enum sworn_mode mode);

/**
 * sworn_volume_set_mode() - the one setter
 *
 * A move to a better mode is ignored, but from out of space to read-write.
 * Context: any.
 */
void sworn_volume_set_mode(struct sworn_volume *vol, enum sworn_mode mode,
			   const char *why);

static inline enum sworn_mode sworn_volume_mode(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->mode);
}

/* Tell of an event; those of a kind that come fast are told once.  Context: any. */
void sworn_volume_event(struct sworn_volume *vol, enum sworn_event event);

/* ---- commit.c ---- */

/**
 * struct sworn_commit - what a commit does beyond writing the staging
 * @rotate: freeze the active MemTable
 * @last: none will follow for some time: leave nothing that recovery has to ask
 *	the data about, and be none if there is nothing to do
 * @items: adds structural items, or NULL
 */
struct sworn_commit {
	bool rotate;
	bool last;
	int (*items)(struct sworn_volume *vol, void *data);
	void *data;
};

/**
 * sworn_commit() - make everything so far durable
 * @c: NULL: just that
 *
 * Context: process, not from map(); commit_mutex held.
 * Return: 0 or the error that turned the volume read-only.
 */
int sworn_commit(struct sworn_volume *vol, const struct sworn_commit *c);

/* Items for a commit: the pack whose body was written. */
int sworn_commit_checkpoint(struct sworn_volume *vol, void *data);

/* Let a bio complete when what is staged now is durable.  Context: any. */
void sworn_commit_bio(struct sworn_volume *vol, struct bio *bio);

/* Ask for a commit that nobody waits for. */
void sworn_commit_kick(struct sworn_volume *vol);

void sworn_commit_worker(struct work_struct *work);

/* ---- maint.c ---- */

#define SWORN_MAINT_ROTATE	BIT(0)	/* even if the MemTable has room */
#define SWORN_MAINT_CHECKPOINT	BIT(1)	/* even if the journal is short */
#define SWORN_MAINT_COMPACT	BIT(2)	/* merge all runs, and restore order */
#define SWORN_MAINT_CLEAN	BIT(3)	/* merge all runs, and empty sparse segments */
#define SWORN_MAINT_IDLE	BIT(4)	/* empty sparse segments while nobody asks */

/**
 * sworn_maintain() - minor compaction and checkpoint, as far as due
 *
 * Context: process, not from map().
 */
int sworn_maintain(struct sworn_volume *vol, u32 flags);

/* Ask for it. */
void sworn_maint_kick(struct sworn_volume *vol);

/* Has the journal grown so long that a checkpoint is due? */
bool sworn_journal_long(struct sworn_volume *vol);

/* Commit for a user: is there room in the journal beyond what upkeep needs? */
bool sworn_journal_has_room(struct sworn_volume *vol);

void sworn_maint_worker(struct work_struct *work);

/* ---- merge.c: compaction's steps become part of the volume ---- */

/**
 * sworn_merge_new() - merge new runs, as far as due and a step takes
 * sworn_merge_all() - begin or go on with merging all runs: a step
 * @more: receives whether that round is not at its end
 *
 * Context: maint_mutex held.
 * Return: 0, also if it is left undone for want of an index segment or memory;
 * else the error that turned the volume read-only.
 */
int sworn_merge_new(struct sworn_volume *vol);
int sworn_merge_all(struct sworn_volume *vol, bool *more);

/* Are there too few free index segments to go on without merging? */
bool sworn_index_short(struct sworn_volume *vol);

/* ---- checkpoint.c ---- */

/**
 * sworn_checkpoint_write() - write the tables as they are into the next pack
 * @state: what its header says; the generation of the superblock and the tag of
 *	the commit that names the pack are filled in
 *
 * Body, commit, header, in this order: docs/design.md, section 7.
 *
 * Context: commit_mutex held.
 * Return: 0, or an error after which the pack is not valid.
 */
int sworn_checkpoint_write(struct sworn_volume *vol,
			   struct sworn_pack_state *state);

/**
 * sworn_checkpoint() - write a checkpoint pack
 *
 * Context: maint_mutex held, no MemTable frozen.
 * Return: 0 or the error that turned the volume read-only.
 */
int sworn_checkpoint(struct sworn_volume *vol);

/* ---- idle.c: cleaning while nobody asks for anything ---- */

/* Changes with every request for blocks of a user.  Context: any. */
u64 sworn_volume_activity(const struct sworn_volume *vol);

/*
 * Look whether the device is idle from now on, if free segments are few.
 * Context: any that may not sleep, too.
 */
void sworn_idle_watch(struct sworn_volume *vol);

/* Is it being cleaned, and has somebody asked for something since that began? */
bool sworn_idle_over(const struct sworn_volume *vol);

/* Is what the mover marked worth it?  Context: maint_mutex held. */
bool sworn_idle_pays(const struct sworn_volume *vol);

void sworn_idle_worker(struct work_struct *work);

/* Context: process; nothing is running any more that may watch. */
void sworn_idle_stop(struct sworn_volume *vol);

/* ---- space.c: what is overwritten becomes room for new data ---- */

/* Blocks that can be given out, as of now. */
u64 sworn_space_free(const struct sworn_volume *vol);

/* Is there so much that nothing points at, unknown so far, that it pays? */
bool sworn_space_due(struct sworn_volume *vol);

/* Is it time to write the MemTable out for what it hides? */
bool sworn_space_flush_due(struct sworn_volume *vol);

/* Is not more than one of @share segments free? */
bool sworn_space_scarce(const struct sworn_volume *vol, u32 share);

/* Let upkeep see to it if it is so.  Context: any that may not sleep, too. */
void sworn_space_check(struct sworn_volume *vol);

/**
 * sworn_space_wait() - wait until there are blocks to give out
 *
 * Context: process; from map(), without blocks given out and not filled.
 * Return: false if there is no use in waiting.
 */
bool sworn_space_wait(struct sworn_volume *vol);

/**
 * sworn_space_settle() - wake those who wait, if there is reason to
 * @hopeless: nothing more can be found
 */
void sworn_space_settle(struct sworn_volume *vol, bool hopeless);

/**
 * sworn_space_look() - is space low, or no more?
 * @all_known: a round of all runs has just found what was overwritten; before,
 *	little is no reason to worry
 *
 * Context: process.
 */
void sworn_space_look(struct sworn_volume *vol, bool all_known);

/* What is low, in percent of the data region; counts from the next round on. */
void sworn_volume_set_low_space(struct sworn_volume *vol, u64 percent);

#endif /* SWORNDISK_VOLUME_VOLUME_H */
