/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watching a volume: how often each stage is passed, with how many blocks, and
 * how long it takes, as statistics for the message "stats" and as tracepoints.
 *
 * While nobody watches, a hook is a static branch that is not taken: no clock
 * is read and nothing is counted.
 */
#ifndef SWORNDISK_WATCH_WATCH_H
#define SWORNDISK_WATCH_WATCH_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/types.h>

/**
 * enum sworn_stage - what is watched
 * @SWORN_STAGE_READ ... @SWORN_STAGE_DISCARD: a user's request, from its arrival
 *	to its completion
 * @SWORN_STAGE_WAIT: a write waits for upkeep, for room of whatever kind
 * @SWORN_STAGE_ENCRYPT: blocks of a write are sealed
 * @SWORN_STAGE_DATA_WRITE, @SWORN_STAGE_DATA_READ, @SWORN_STAGE_JOURNAL_WRITE,
 * @SWORN_STAGE_NODE_READ: requests to the lower devices
 * @SWORN_STAGE_COMMIT: a commit that had something to make durable
 * @SWORN_STAGE_DECRYPT: blocks of a read are opened
 * @SWORN_STAGE_MINOR: a MemTable is written as BITs
 * @SWORN_STAGE_MERGE_STEP: a step of merging runs, its commit included
 * @SWORN_STAGE_CHECKPOINT: a checkpoint pack is written
 */
enum sworn_stage {
	SWORN_STAGE_READ,
	SWORN_STAGE_WRITE,
	SWORN_STAGE_FLUSH,
	SWORN_STAGE_DISCARD,
	SWORN_STAGE_WAIT,
	SWORN_STAGE_ENCRYPT,
	SWORN_STAGE_DATA_WRITE,
	SWORN_STAGE_JOURNAL_WRITE,
	SWORN_STAGE_COMMIT,
	SWORN_STAGE_DATA_READ,
	SWORN_STAGE_DECRYPT,
	SWORN_STAGE_NODE_READ,
	SWORN_STAGE_MINOR,
	SWORN_STAGE_MERGE_STEP,
	SWORN_STAGE_CHECKPOINT,
	SWORN_STAGES,
};

/* Bucket i counts what took from 2^i ns on; the last one has no upper limit. */
#define SWORN_WATCH_BUCKETS	40U

/**
 * struct sworn_watch_stage - what was seen of a stage
 * @max_ns: about: two processors that are at it at once may lose one
 */
struct sworn_watch_stage {
	u64 count;
	u64 blocks;
	u64 ns;
	u64 max_ns;
	u64 bucket[SWORN_WATCH_BUCKETS];
};

struct sworn_watch_cells {
	struct sworn_watch_stage stage[SWORN_STAGES];
};

/**
 * struct sworn_watch - the statistics of a volume
 * @dev: the mapped device, for tracepoints
 * @on: statistics are kept
 * @cells: a set for each processor, from the first time that they are on
 * @since: when they were last emptied, ns of the monotonic clock
 */
struct sworn_watch {
	dev_t dev;
	bool on;
	struct sworn_watch_cells __percpu *cells;
	u64 since;
};

DECLARE_STATIC_KEY_FALSE(sworn_watch_key);

/* Is anybody watching anything? */
static inline bool sworn_watching(void)
{
	return static_branch_unlikely(&sworn_watch_key);
}

void __sworn_watch_end(struct sworn_watch *w, enum sworn_stage stage, u64 begun,
		       u64 at, u32 blocks);

/* A stage begins; 0 while nobody watches.  Context: any. */
static inline u64 sworn_watch_begin(void)
{
	return sworn_watching() ? ktime_get_ns() : 0;
}

/**
 * sworn_watch_end() - a stage ends
 * @begun: what sworn_watch_begin() said
 * @at: where, for the tracepoint: docs/tracing.md says what of each stage
 * @blocks: how many
 *
 * Context: any.
 */
static inline void sworn_watch_end(struct sworn_watch *w, enum sworn_stage stage,
				   u64 begun, u64 at, u32 blocks)
{
	if (sworn_watching() && begun)
		__sworn_watch_end(w, stage, begun, at, blocks);
}

/* A stage that lasts as long as the scope it is declared in. */
struct sworn_watch_scope {
	struct sworn_watch *watch;
	enum sworn_stage stage;
	u64 begun;
	u64 at;
	u32 blocks;
};

static inline void sworn_watch_leave(struct sworn_watch_scope *s)
{
	sworn_watch_end(s->watch, s->stage, s->begun, s->at, s->blocks);
}

#define SWORN_WATCH_SCOPE(w, s, place, n)				\
	struct sworn_watch_scope watch_scope				\
	__attribute__((cleanup(sworn_watch_leave))) = {			\
		.watch = (w), .stage = (s), .begun = sworn_watch_begin(), \
		.at = (place), .blocks = (n),				\
	}

/* ---- what the target asks for ---- */

const char *sworn_stage_name(enum sworn_stage stage);

/**
 * sworn_watch_set() - keep statistics, or no more
 *
 * What was counted stays.  Context: process; may sleep; callers take turns.
 * Return: 0 or -ENOMEM.
 */
int sworn_watch_set(struct sworn_watch *w, bool on);

/* Forget what was counted.  Context: process. */
void sworn_watch_reset(struct sworn_watch *w);

/* What all processors have seen of a stage. */
void sworn_watch_sum(const struct sworn_watch *w, enum sworn_stage stage,
		     struct sworn_watch_stage *sum);

/* Bytes of memory that it takes. */
u64 sworn_watch_bytes(const struct sworn_watch *w);

void sworn_watch_exit(struct sworn_watch *w);

#endif /* SWORNDISK_WATCH_WATCH_H */
