// SPDX-License-Identifier: GPL-2.0-only
/*
 * swornadm metrics: the text exposition format of Prometheus, for the textfile
 * collector of its node_exporter.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../command.h"
#include "../../disk/find.h"
#include "../../disk/stats.h"
#include "../../out/replace.h"
#include "include/uapi/sworndisk_format.h"
#include "include/uapi/sworndisk_target.h"

/**
 * struct metric - a metric, and where in the status it comes from
 * @field: of the status; NULL: see metric_value()
 * @blocks: it is in blocks, and told in bytes
 */
struct metric {
	const char *name;
	const char *type;
	const char *help;
	const char *field;
	bool blocks;
};

static const struct metric metrics[] = {
	{ "sworndisk_up", "gauge", "1 if the disk is active", NULL, false },
	{ "sworndisk_writable", "gauge", "1 if writes are taken: mode rw", NULL, false },
	{ "sworndisk_capacity_bytes", "gauge", "Exported size", "logical_blocks", true },
	{ "sworndisk_segments", "gauge", "Data segments", NULL, false },
	{ "sworndisk_free_segments", "gauge", "Data segments of which nothing is in use", NULL, false },
	{ "sworndisk_live_bytes", "gauge", "Referenced data, old versions included", "live_blocks", true },
	{ "sworndisk_free_bytes", "gauge", "Data region that can be given out now", "free_blocks", true },
	{ "sworndisk_low_space", "gauge", "1 if space is low", "low_space", false },
	{ "sworndisk_journal_used_bytes", "gauge", "Journal that recovery may need", NULL, false },
	{ "sworndisk_journal_bytes", "gauge", "Journal in all", NULL, false },
	{ "sworndisk_commit_id", "gauge", "Number of the last commit", NULL, false },
	{ "sworndisk_needs_check", "gauge", "1 if metadata failed to verify", "needs_check", false },
	{ "sworndisk_index_tables", "gauge", "Block Index Tables", "bits", false },
	{ "sworndisk_index_runs", "gauge", "Sorted runs of index tables", "runs", false },
	{ "sworndisk_data_keys", "gauge", "Data keys in the key table", "epochs", false },
	{ "sworndisk_memory_bytes", "gauge", "Memory that the disk holds", "memory_bytes", false },
	{ "sworndisk_cache_bytes", "gauge", "Node cache", "cache_bytes", false },
	{ "sworndisk_cache_limit_bytes", "gauge", "Limit of the node cache", "cache_limit", false },
	{ "sworndisk_cache_hits_total", "counter", "Lookups answered from the node cache", "cache_hits", false },
	{ "sworndisk_cache_misses_total", "counter", "Index nodes read", "cache_misses", false },
	{ "sworndisk_integrity_failures_total", "counter", "Blocks that failed to verify", "integrity_failures", false },
	{ "sworndisk_read_errors_total", "counter", "Reads that a lower device failed", "read_errors", false },
	{ "sworndisk_write_errors_total", "counter", "Writes that a lower device failed", "write_errors", false },
	{ "sworndisk_user_read_bytes_total", "counter", "Read by users of the disk", "user_read_blocks", true },
	{ "sworndisk_user_written_bytes_total", "counter", "Written by users of the disk", "user_written_blocks", true },
	{ "sworndisk_discarded_bytes_total", "counter", "Discarded by users of the disk", "discarded_blocks", true },
	{ "sworndisk_data_read_bytes_total", "counter", "Data read from the storage", "data_read_blocks", true },
	{ "sworndisk_data_written_bytes_total", "counter", "Data written to the storage", "data_written_blocks", true },
	{ "sworndisk_index_written_bytes_total", "counter", "Index nodes written", "index_written_blocks", true },
	{ "sworndisk_journal_written_bytes_total", "counter", "Journal written", "journal_written_blocks", true },
	{ "sworndisk_checkpoint_written_bytes_total", "counter", "Checkpoints written", "checkpoint_written_blocks", true },
	{ "sworndisk_moved_bytes_total", "counter", "Data moved by cleaning and compaction", "moved_blocks", true },
};

#define NR_METRICS	(sizeof(metrics) / sizeof(metrics[0]))
#define DISKS_MAX	4096
#define LABEL_MAX	(2 * BACK_NAME_MAX + 1)

/**
 * struct sample - what a disk says
 * @stats: NULL if it keeps none
 */
struct sample {
	char name[LABEL_MAX];
	bool alive;
	bool has[NR_METRICS];
	uint64_t value[NR_METRICS];
	struct stats *stats;
};

struct samples {
	struct context *c;
	struct sample *sample;
	int nr;
};

/* A label's value: backslash, quote and new line are escaped. */
static void escape(char out[LABEL_MAX], const char *text)
{
	char *p = out;

	for (; *text && p < out + LABEL_MAX - 2; text++) {
		if (*text == '\\' || *text == '"' || *text == '\n')
			*p++ = '\\';
		*p++ = *text == '\n' ? 'n' : *text;
	}
	*p = '\0';
}

/* Those that are no plain field of the status. */
static bool metric_value(const struct open_disk *disk, const struct metric *m,
			 uint64_t *value)
{
	const struct disk_status *s = &disk->status;
	const char *name = m->name + strlen("sworndisk_");

	if (!strcmp(name, "up"))
		*value = disk->alive;
	else if (!disk->alive)
		return false;
	else if (m->field && !status_word(s, m->field))
		return false;
	else if (m->field)
		*value = status_number(s, m->field) * (m->blocks ? SWORN_BLOCK_SIZE : 1);
	else if (!strcmp(name, "writable"))
		*value = !strcmp(s->mode, SWORN_MODE_RW);
	else if (!strcmp(name, "segments"))
		*value = s->segments;
	else if (!strcmp(name, "free_segments"))
		*value = s->free_segments;
	else if (!strcmp(name, "journal_used_bytes"))
		*value = s->journal_used * SWORN_BLOCK_SIZE;
	else if (!strcmp(name, "journal_bytes"))
		*value = s->journal_blocks * SWORN_BLOCK_SIZE;
	else if (!strcmp(name, "commit_id"))
		*value = s->commit_id;
	else
		return false;
	return true;
}

/* Disks come and go meanwhile, and a driver may know no statistics: no error. */
static struct stats *read_stats(struct context *c, const struct open_disk *disk)
{
	struct failure ignored = { 0 };
	struct stats *s;

	if (!disk->alive || !status_number(&disk->status, "stats"))
		return NULL;
	s = malloc(sizeof(*s));
	if (s && stats_read(c->back, disk->dm.name, s, &ignored)) {
		free(s);
		s = NULL;
	}
	return s;
}

static int gather(const struct open_disk *disk, void *arg)
{
	struct samples *all = arg;
	struct sample *more, *s;

	if (all->nr == DISKS_MAX)
		return 0;
	more = reallocarray(all->sample, (size_t)all->nr + 1, sizeof(*more));
	if (!more)
		return fail(all->c->failure, ENOMEM, "out of memory");
	all->sample = more;
	s = &all->sample[all->nr++];
	memset(s, 0, sizeof(*s));
	escape(s->name, disk->dm.name);
	s->alive = disk->alive;
	for (size_t i = 0; i < NR_METRICS; i++)
		s->has[i] = metric_value(disk, &metrics[i], &s->value[i]);
	s->stats = read_stats(all->c, disk);
	return 0;
}

static void print_plain(FILE *f, const struct samples *all, size_t i)
{
	const struct metric *m = &metrics[i];
	bool headed = false;

	for (int d = 0; d < all->nr; d++) {
		if (!all->sample[d].has[i])
			continue;
		if (!headed)
			fprintf(f, "# HELP %s %s.\n# TYPE %s %s\n", m->name, m->help,
				m->name, m->type);
		headed = true;
		fprintf(f, "%s{disk=\"%s\"} %" PRIu64 "\n", m->name,
			all->sample[d].name, all->sample[d].value[i]);
	}
}

/* 2^n nanoseconds in seconds, so that the labels are always the same. */
static void print_histogram(FILE *f, const char *disk, const struct stats_stage *s)
{
	uint64_t sum = 0;

	for (int i = 0; i < STATS_BUCKETS - 1; i++) {
		sum += s->bucket[i];
		/* 1 us to 17 s by factors of two; what lies below is in the first */
		if (i >= 9 && i <= 33)
			fprintf(f, "sworndisk_stage_seconds_bucket{disk=\"%s\",stage=\"%s\",le=\"%.9g\"} %" PRIu64 "\n",
				disk, s->name, (double)(2ULL << i) / 1e9, sum);
	}
	sum += s->bucket[STATS_BUCKETS - 1];
	fprintf(f, "sworndisk_stage_seconds_bucket{disk=\"%s\",stage=\"%s\",le=\"+Inf\"} %" PRIu64 "\n",
		disk, s->name, sum);
	fprintf(f, "sworndisk_stage_seconds_sum{disk=\"%s\",stage=\"%s\"} %.9g\n",
		disk, s->name, (double)s->ns / 1e9);
	fprintf(f, "sworndisk_stage_seconds_count{disk=\"%s\",stage=\"%s\"} %" PRIu64 "\n",
		disk, s->name, sum);
}

static void print(FILE *f, const struct samples *all)
{
	bool headed = false;

	for (size_t i = 0; i < NR_METRICS; i++)
		print_plain(f, all, i);
	for (int d = 0; d < all->nr; d++) {
		const struct stats *s = all->sample[d].stats;

		if (s && !headed)
			fputs("# HELP sworndisk_stage_seconds How long each stage took, while statistics were on.\n"
			      "# TYPE sworndisk_stage_seconds histogram\n", f);
		headed |= s != NULL;
		for (int i = 0; s && i < s->nr_stages; i++)
			print_histogram(f, all->sample[d].name, &s->stage[i]);
	}
}

static void put_json(struct out *out, const struct samples *all)
{
	out_list_begin(out, "disks", false, NULL);
	for (int d = 0; d < all->nr; d++) {
		out_object_begin(out, NULL, NULL);
		out_text(out, "name", NULL, all->sample[d].name);
		for (size_t i = 0; i < NR_METRICS; i++)
			if (all->sample[d].has[i])
				out_number(out, metrics[i].name, NULL,
					   all->sample[d].value[i]);
		out_object_end(out);
	}
	out_list_end(out);
}

static int answer(struct context *c, const struct samples *all)
{
	const char *path = c->options.output;
	char *text = NULL;
	size_t bytes = 0;
	FILE *f = open_memstream(&text, &bytes);
	int err = 0;

	if (!f)
		return fail(c->failure, ENOMEM, "out of memory");
	print(f, all);
	if (fclose(f))
		err = fail(c->failure, ENOMEM, "out of memory");
	if (!err && path) {
		err = replace_file(path, text, bytes, c->failure);
		if (!err)
			out_text(c->out, "output", NULL, path);
	}
	if (!err && !path && bytes)
		out_say(c->out, "%.*s", (int)bytes - 1, text);
	if (!err)
		put_json(c->out, all);
	free(text);
	return err;
}

static int metrics_run(struct context *c)
{
	struct samples all = { .c = c };
	int err = c->back->prepare(false, c->failure);

	if (!err)
		err = find_each(c->back, gather, &all, c->failure);
	if (!err)
		err = answer(c, &all);
	for (int d = 0; d < all.nr; d++)
		free(all.sample[d].stats);
	free(all.sample);
	return err;
}

const struct command command_metrics = {
	.name = "metrics",
	.args = "",
	.options = (const enum option_id[]){ OPT_OUTPUT, OPT_END },
	.help = "print figures of all disks for Prometheus",
	.doc = "Print counters and gauges of all disks that are open, and the times of their stages where statistics are on, in the text format of Prometheus.  With --output the file is replaced as a whole, as the textfile collector of node_exporter wants it.",
	.run = metrics_run,
};
