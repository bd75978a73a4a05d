/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one printer.  A command tells it values with a key (for JSON) and a label
 * (for people); which of the two comes out is the printer's affair.  A value
 * with a NULL key is for people only, one with a NULL label for JSON only.
 *
 * Nothing reaches standard output before out_finish(): an answer is whole or
 * not there.
 */
#ifndef SWORNADM_OUT_OUT_H
#define SWORNADM_OUT_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "../failure.h"

struct out;

/* A printer, or NULL when out of memory. */
struct out *out_create(bool json);
void out_destroy(struct out *o);

/* Is the answer JSON? */
bool out_is_json(const struct out *o);

/**
 * out_list_begin() - a list of objects follows
 * @table: for people, each object is a row of a table
 * @none: for people, what to say if no object follows
 */
void out_list_begin(struct out *o, const char *key, bool table,
		    const char *none);
void out_list_end(struct out *o);

/* An object; @key NULL inside a list; @title for people, may be NULL. */
void out_object_begin(struct out *o, const char *key, const char *title);
void out_object_end(struct out *o);

void out_text(struct out *o, const char *key, const char *label,
	      const char *value);
void out_textf(struct out *o, const char *key, const char *label,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void out_number(struct out *o, const char *key, const char *label,
		uint64_t value);
void out_bool(struct out *o, const char *key, const char *label, bool value);

/* Bytes: a number in JSON, a size for people. */
void out_bytes(struct out *o, const char *key, const char *label,
	       uint64_t bytes);

/* A real number with two digits; not a number: null in JSON, "-" for people. */
void out_real(struct out *o, const char *key, const char *label, double value);

/* A sentence, for people only. */
void out_say(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A warning on standard error, at once, for people and JSON alike. */
void out_warn(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * out_line_begin() - what follows is an answer of its own, told at once
 *
 * For commands that go on: as JSON each is an object on one line, and nothing
 * is around them; for people it is what out_say() prints.  Not to be mixed with
 * other calls outside.
 */
void out_line_begin(struct out *o);
/* Write it out; 0 or a negative errno. */
int out_line_end(struct out *o);
/* What stands at the end of each line of out_say(); NULL: nothing. */
void out_each_line_ends(struct out *o, const char *end);
/* Forget it; without any line the answer is empty. */
void out_line_drop(struct out *o);

/* Write the answer out; 0 or a negative errno. */
int out_finish(struct out *o);

/**
 * out_failure() - print a failure in place of an answer
 * @command: the command that failed, NULL: none yet
 *
 * For people on standard error; as JSON on standard output, where whoever
 * asked for JSON reads.
 */
void out_failure(struct out *o, const char *command, const struct failure *f);

#endif /* SWORNADM_OUT_OUT_H */
