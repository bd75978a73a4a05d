/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's answer to "stats". */
#ifndef SWORNADM_DISK_STATS_H
#define SWORNADM_DISK_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "../back/back.h"
#include "../failure.h"

#define STATS_STAGES_MAX	32
#define STATS_BUCKETS		64
#define STATS_BYTES_MAX		24
#define STATS_NAME_MAX		24

/**
 * struct stats_stage - how long a stage took
 * @bucket: i counts what took from 2^i ns on, and less than twice that
 */
struct stats_stage {
	char name[STATS_NAME_MAX];
	uint64_t count;
	uint64_t blocks;
	uint64_t ns;
	uint64_t max_ns;
	uint64_t bucket[STATS_BUCKETS];
};

/**
 * struct stats - statistics of a disk
 * @on: they are being kept
 * @bytes: read and written, by what they were for
 */
struct stats {
	bool on;
	uint64_t since_ms;
	int nr_bytes;
	struct {
		char name[STATS_NAME_MAX];
		uint64_t bytes;
	} bytes[STATS_BYTES_MAX];
	int nr_stages;
	struct stats_stage stage[STATS_STAGES_MAX];
};

/**
 * stats_parse() - take an answer apart; words it does not know are left out
 *
 * Return: 0, or -EINVAL if it is none.
 */
int stats_parse(const char *reply, struct stats *s);

/**
 * stats_read() - ask a disk
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int stats_read(const struct back *back, const char *name, struct stats *s,
	       struct failure *f);

/* A stage by its name; NULL if there is none. */
const struct stats_stage *stats_stage(const struct stats *s, const char *name);

/*
 * The time that a part of the requests, 0 to 1, did not exceed, in ns: the
 * upper end of a bucket, or the maximum if that is less; 0 if there were none.
 */
uint64_t stats_quantile(const struct stats_stage *s, double part);

/* What came to @now after @before; the maximum is that of @now. */
void stats_since(const struct stats_stage *before, const struct stats_stage *now,
		 struct stats_stage *difference);

/* Nanoseconds for people: "1.25 ms"; returns @text. */
#define STATS_TIME_MAX 32
const char *stats_time(char text[STATS_TIME_MAX], uint64_t ns);

#endif /* SWORNADM_DISK_STATS_H */
