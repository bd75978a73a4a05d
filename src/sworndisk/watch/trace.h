/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: one for each stage of the way of a request and of upkeep, at its
 * end.  docs/tracing.md lists them.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM sworndisk

#if !defined(SWORNDISK_WATCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SWORNDISK_WATCH_TRACE_H

#include <linux/kdev_t.h>
#include <linux/tracepoint.h>

#ifndef SWORNDISK_WATCH_TRACE_ONCE
#define SWORNDISK_WATCH_TRACE_ONCE
int sworn_watch_hold(void);
void sworn_watch_release(void);
#endif

DECLARE_EVENT_CLASS(sworn_stage,
	TP_PROTO(dev_t dev, u64 at, u32 blocks, u64 ns),
	TP_ARGS(dev, at, blocks, ns),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u32, blocks)
		__field(u64, at)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dev = dev;
		__entry->blocks = blocks;
		__entry->at = at;
		__entry->ns = ns;
	),
	TP_printk("%d,%d at %llu blocks %u ns %llu", MAJOR(__entry->dev),
		  MINOR(__entry->dev), __entry->at, __entry->blocks,
		  __entry->ns)
);

/* The watch is on as long as one of them is. */
#define SWORN_STAGE_EVENT(name)						\
DEFINE_EVENT_FN(sworn_stage, name,					\
	TP_PROTO(dev_t dev, u64 at, u32 blocks, u64 ns),		\
	TP_ARGS(dev, at, blocks, ns),					\
	sworn_watch_hold, sworn_watch_release)

SWORN_STAGE_EVENT(sworn_read);
SWORN_STAGE_EVENT(sworn_write);
SWORN_STAGE_EVENT(sworn_flush);
SWORN_STAGE_EVENT(sworn_discard);
SWORN_STAGE_EVENT(sworn_wait);
SWORN_STAGE_EVENT(sworn_encrypt);
SWORN_STAGE_EVENT(sworn_data_write);
SWORN_STAGE_EVENT(sworn_journal_write);
SWORN_STAGE_EVENT(sworn_commit);
SWORN_STAGE_EVENT(sworn_data_read);
SWORN_STAGE_EVENT(sworn_decrypt);
SWORN_STAGE_EVENT(sworn_node_read);
SWORN_STAGE_EVENT(sworn_minor);
SWORN_STAGE_EVENT(sworn_merge_step);
SWORN_STAGE_EVENT(sworn_checkpoint);

#endif /* SWORNDISK_WATCH_TRACE_H */

/* $(src), which is in the search path, is the parent of sworndisk/ */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH sworndisk/watch
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
