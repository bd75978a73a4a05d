// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watch.  One key for the module: it counts the volumes whose statistics
 * are on, and the tracepoints that somebody listens to.
 */
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "watch.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

DEFINE_STATIC_KEY_FALSE(sworn_watch_key);

static const char * const stage_names[] = {
	[SWORN_STAGE_READ] = "read",
	[SWORN_STAGE_WRITE] = "write",
	[SWORN_STAGE_FLUSH] = "flush",
	[SWORN_STAGE_DISCARD] = "discard",
	[SWORN_STAGE_WAIT] = "wait",
	[SWORN_STAGE_ENCRYPT] = "encrypt",
	[SWORN_STAGE_DATA_WRITE] = "data_write",
	[SWORN_STAGE_JOURNAL_WRITE] = "journal_write",
	[SWORN_STAGE_COMMIT] = "commit",
	[SWORN_STAGE_DATA_READ] = "data_read",
	[SWORN_STAGE_DECRYPT] = "decrypt",
	[SWORN_STAGE_NODE_READ] = "node_read",
	[SWORN_STAGE_MINOR] = "minor",
	[SWORN_STAGE_MERGE_STEP] = "merge_step",
	[SWORN_STAGE_CHECKPOINT] = "checkpoint",
};

const char *sworn_stage_name(enum sworn_stage stage)
{
	return stage_names[stage];
}

int sworn_watch_hold(void)
{
	static_branch_inc(&sworn_watch_key);
	return 0;
}

void sworn_watch_release(void)
{
	static_branch_dec(&sworn_watch_key);
}

static void trace(dev_t dev, enum sworn_stage stage, u64 at, u32 blocks, u64 ns)
{
	switch (stage) {
	case SWORN_STAGE_READ:
		return trace_sworn_read(dev, at, blocks, ns);
	case SWORN_STAGE_WRITE:
		return trace_sworn_write(dev, at, blocks, ns);
	case SWORN_STAGE_FLUSH:
		return trace_sworn_flush(dev, at, blocks, ns);
	case SWORN_STAGE_DISCARD:
		return trace_sworn_discard(dev, at, blocks, ns);
	case SWORN_STAGE_WAIT:
		return trace_sworn_wait(dev, at, blocks, ns);
	case SWORN_STAGE_ENCRYPT:
		return trace_sworn_encrypt(dev, at, blocks, ns);
	case SWORN_STAGE_DATA_WRITE:
		return trace_sworn_data_write(dev, at, blocks, ns);
	case SWORN_STAGE_JOURNAL_WRITE:
		return trace_sworn_journal_write(dev, at, blocks, ns);
	case SWORN_STAGE_COMMIT:
		return trace_sworn_commit(dev, at, blocks, ns);
	case SWORN_STAGE_DATA_READ:
		return trace_sworn_data_read(dev, at, blocks, ns);
	case SWORN_STAGE_DECRYPT:
		return trace_sworn_decrypt(dev, at, blocks, ns);
	case SWORN_STAGE_NODE_READ:
		return trace_sworn_node_read(dev, at, blocks, ns);
	case SWORN_STAGE_MINOR:
		return trace_sworn_minor(dev, at, blocks, ns);
	case SWORN_STAGE_MERGE_STEP:
		return trace_sworn_merge_step(dev, at, blocks, ns);
	case SWORN_STAGE_CHECKPOINT:
		return trace_sworn_checkpoint(dev, at, blocks, ns);
	case SWORN_STAGES:
		break;
	}
}

static u32 bucket_of(u64 ns)
{
	u32 i = ns ? ilog2(ns) : 0;

	return min(i, SWORN_WATCH_BUCKETS - 1);
}

/* The cells are there as long as the volume is, once they are. */
static void count(struct sworn_watch_cells __percpu *cells,
		  enum sworn_stage stage, u32 blocks, u64 ns)
{
	this_cpu_inc(cells->stage[stage].count);
	this_cpu_add(cells->stage[stage].blocks, blocks);
	this_cpu_add(cells->stage[stage].ns, ns);
	this_cpu_inc(cells->stage[stage].bucket[bucket_of(ns)]);
	if (ns > this_cpu_read(cells->stage[stage].max_ns))
		this_cpu_write(cells->stage[stage].max_ns, ns);
}

void __sworn_watch_end(struct sworn_watch *w, enum sworn_stage stage, u64 begun,
		       u64 at, u32 blocks)
{
	u64 ns = ktime_get_ns() - begun;

	/* with the cells: see sworn_watch_set() */
	if (smp_load_acquire(&w->on))
		count(w->cells, stage, blocks, ns);
	trace(w->dev, stage, at, blocks, ns);
}

int sworn_watch_set(struct sworn_watch *w, bool on)
{
	if (w->on == on)
		return 0;
	if (on && !w->cells) {
		w->cells = alloc_percpu(struct sworn_watch_cells);
		if (!w->cells)
			return -ENOMEM;
	}
	/* whoever sees it on sees the cells */
	smp_store_release(&w->on, on);
	if (on)
		sworn_watch_hold();
	else
		sworn_watch_release();
	return 0;
}

void sworn_watch_reset(struct sworn_watch *w)
{
	int cpu;

	w->since = ktime_get_ns();
	if (!w->cells)
		return;
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(w->cells, cpu), 0, sizeof(*w->cells));
}

void sworn_watch_sum(const struct sworn_watch *w, enum sworn_stage stage,
		     struct sworn_watch_stage *sum)
{
	u32 i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	if (!w->cells)
		return;
	for_each_possible_cpu(cpu) {
		const struct sworn_watch_stage *s =
			&per_cpu_ptr(w->cells, cpu)->stage[stage];

		sum->count += READ_ONCE(s->count);
		sum->blocks += READ_ONCE(s->blocks);
		sum->ns += READ_ONCE(s->ns);
		sum->max_ns = max(sum->max_ns, READ_ONCE(s->max_ns));
		for (i = 0; i < SWORN_WATCH_BUCKETS; i++)
			sum->bucket[i] += READ_ONCE(s->bucket[i]);
	}
}

u64 sworn_watch_bytes(const struct sworn_watch *w)
{
	return w->cells ? sizeof(*w->cells) * num_possible_cpus() : 0;
}

void sworn_watch_exit(struct sworn_watch *w)
{
	sworn_watch_set(w, false);
	free_percpu(w->cells);
	w->cells = NULL;
}
