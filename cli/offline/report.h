/* SPDX-License-Identifier: GPL-2.0-only */
/* What a check finds. */
#ifndef SWORNADM_OFFLINE_REPORT_H
#define SWORNADM_OFFLINE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More findings than these are only counted. */
#define REPORT_FINDINGS_MAX	20000U

enum finding_level {
	FINDING_NOTE,	/* worth knowing; nothing is wrong */
	FINDING_ERROR,
};

/**
 * struct finding - one of them
 * @structure: "superblock", "pack", "journal", "index", "tables", "data",
 *	"device"
 * @device: path, NULL if it is nowhere in particular
 * @block: of 4096 bytes, from the start of the device
 * @blocks: how many
 * @what: a sentence
 * @field, @found, @expected: a value that is wrong; "" if it is none
 * @has_lbas: it is about these blocks of the disk
 * @lost: what is lost by it
 * @advice: what to do
 */
struct finding {
	enum finding_level level;
	const char *structure;
	const char *device;
	uint64_t block;
	uint64_t blocks;
	char what[200];
	char field[32];
	char found[48];
	char expected[64];
	bool has_lbas;
	uint64_t first_lba;
	uint64_t last_lba;
	char lost[160];
	const char *advice;
};

/* Blocks of the disk, from the first to the last. */
struct lba_range {
	uint64_t first;
	uint64_t last;
};

struct lba_ranges {
	struct lba_range *range;
	size_t nr;
	size_t room;
	uint64_t blocks;
};

/**
 * struct report - all findings of a check
 * @errors, @notes: also those beyond %REPORT_FINDINGS_MAX
 * @bad: blocks of the disk that cannot be read
 * @out_of_memory: it is not whole
 */
struct report {
	struct finding *finding;
	size_t nr;
	size_t room;
	uint64_t errors;
	uint64_t notes;
	struct lba_ranges bad;
	bool out_of_memory;
};

/**
 * report_add() - note a finding
 *
 * Return: the finding, to be told more of until the next is added; never NULL.
 */
struct finding *report_add(struct report *r, enum finding_level level,
			   const char *structure, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

void finding_at(struct finding *f, const char *device, uint64_t block,
		uint64_t blocks);
void finding_value(struct finding *f, const char *field, uint64_t found,
		   uint64_t expected);
void finding_texts(struct finding *f, const char *field, const char *found,
		   const char *expected);
void finding_lbas(struct finding *f, uint64_t first, uint64_t last);
void finding_lost(struct finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Blocks of the disk are bad; ranges that touch the last one join it. */
void report_bad_lbas(struct report *r, uint64_t first, uint64_t last);

/* Have them in order, each block once. */
void report_sort_bad(struct report *r);

void report_free(struct report *r);

#endif /* SWORNADM_OFFLINE_REPORT_H */
