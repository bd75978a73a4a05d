// SPDX-License-Identifier: GPL-2.0-only
/* The one printer; see out.h. */
#include "out.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../args/size.h"

#define CELLS_MAX	64
#define ROWS_MAX	4096

struct cell {
	const char *label;
	char *value;
};

/**
 * struct out - a printer
 * @depth: of JSON
 * @lines: answers are told line by line
 * @line_end: what ends a line of out_say() beside the new line
 * @first: by depth: nothing was written in this object or list yet
 * @table: for people: objects are gathered as rows until the list ends
 * @rows: nr_rows times nr_columns values, row after row
 */
struct out {
	bool json;
	FILE *stream;
	char *text;
	size_t text_bytes;
	int depth;
	bool lines;
	const char *line_end;
	bool first[16];

	struct cell cells[CELLS_MAX];
	int nr_cells;
	bool titled;

	bool in_list;
	bool table;
	const char *none;
	int nr_objects;
	const char *columns[CELLS_MAX];
	int nr_columns;
	char **rows;
	int nr_rows;
};

struct out *out_create(bool json)
{
	struct out *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->json = json;
	o->first[0] = true;
	o->stream = open_memstream(&o->text, &o->text_bytes);
	if (!o->stream) {
		free(o);
		return NULL;
	}
	if (json)
		out_object_begin(o, NULL, NULL);
	return o;
}

static void drop_cells(struct out *o)
{
	while (o->nr_cells)
		free(o->cells[--o->nr_cells].value);
}

static void drop_rows(struct out *o)
{
	for (int i = 0; i < o->nr_rows * o->nr_columns; i++)
		free(o->rows[i]);
	free(o->rows);
	o->rows = NULL;
	o->nr_rows = 0;
	o->nr_columns = 0;
}

void out_destroy(struct out *o)
{
	if (!o)
		return;
	drop_cells(o);
	drop_rows(o);
	fclose(o->stream);
	free(o->text);
	free(o);
}

bool out_is_json(const struct out *o)
{
	return o->json;
}

/* --- JSON ----------------------------------------------------------------- */

static void json_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

/* What stands before a value: comma, new line, indentation, key. */
static void json_lead(struct out *o, const char *key)
{
	if (!o->first[o->depth])
		fputs(o->lines ? ", " : ",", o->stream);
	if (o->depth && !o->lines)
		fprintf(o->stream, "\n%*s", o->depth * 2, "");
	o->first[o->depth] = false;
	if (key) {
		json_string(o->stream, key);
		fputs(": ", o->stream);
	}
}

static void json_open(struct out *o, const char *key, char bracket)
{
	json_lead(o, key);
	fputc(bracket, o->stream);
	o->depth++;
	o->first[o->depth] = true;
}

static void json_close(struct out *o, char bracket)
{
	bool empty = o->first[o->depth];

	o->depth--;
	if (!empty && !o->lines)
		fprintf(o->stream, "\n%*s", o->depth * 2, "");
	fputc(bracket, o->stream);
}

/* --- text ----------------------------------------------------------------- */

static void text_cell(struct out *o, const char *label, const char *value)
{
	if (o->nr_cells == CELLS_MAX)
		return;
	o->cells[o->nr_cells].label = label;
	o->cells[o->nr_cells].value = strdup(value);
	if (o->cells[o->nr_cells].value)
		o->nr_cells++;
}

/* "label   value" lines, the values under each other. */
static void flush_fields(struct out *o)
{
	int width = 0;

	for (int i = 0; i < o->nr_cells; i++) {
		int n = (int)strlen(o->cells[i].label);

		width = n > width ? n : width;
	}
	for (int i = 0; i < o->nr_cells; i++)
		fprintf(o->stream, "%s%-*s  %s\n", o->titled ? "  " : "", width,
			o->cells[i].label, o->cells[i].value);
	drop_cells(o);
}

/* Every object of a list has the same labels; the first one names them. */
static void keep_row(struct out *o)
{
	char **rows;

	if (!o->nr_rows) {
		o->nr_columns = o->nr_cells;
		for (int i = 0; i < o->nr_cells; i++)
			o->columns[i] = o->cells[i].label;
	}
	rows = NULL;
	if (o->nr_cells == o->nr_columns && o->nr_rows < ROWS_MAX)
		rows = reallocarray(o->rows, (size_t)(o->nr_rows + 1) * (size_t)o->nr_columns,
				    sizeof(*rows));
	if (!rows) {
		drop_cells(o);
		return;
	}
	o->rows = rows;
	for (int i = 0; i < o->nr_columns; i++)
		rows[o->nr_rows * o->nr_columns + i] = o->cells[i].value;
	o->nr_rows++;
	o->nr_cells = 0;
}

static void table_line(struct out *o, const int *width, const char *const *values)
{
	for (int i = 0; i < o->nr_columns; i++) {
		if (i == o->nr_columns - 1)
			fprintf(o->stream, "%s\n", values[i]);
		else
			fprintf(o->stream, "%-*s  ", width[i], values[i]);
	}
}

static void flush_table(struct out *o)
{
	int width[CELLS_MAX];

	for (int i = 0; i < o->nr_columns; i++) {
		width[i] = (int)strlen(o->columns[i]);
		for (int r = 0; r < o->nr_rows; r++) {
			int n = (int)strlen(o->rows[r * o->nr_columns + i]);

			width[i] = n > width[i] ? n : width[i];
		}
	}
	table_line(o, width, o->columns);
	for (int r = 0; r < o->nr_rows; r++)
		table_line(o, width,
			   (const char *const *)&o->rows[r * o->nr_columns]);
	drop_rows(o);
}

/* --- both ----------------------------------------------------------------- */

void out_list_begin(struct out *o, const char *key, bool table,
		    const char *none)
{
	o->in_list = true;
	o->table = table;
	o->none = none;
	o->nr_objects = 0;
	if (o->json)
		json_open(o, key, '[');
}

void out_list_end(struct out *o)
{
	if (o->json)
		json_close(o, ']');
	else if (!o->nr_objects && o->none)
		fprintf(o->stream, "%s\n", o->none);
	else if (o->table && o->nr_rows)
		flush_table(o);
	o->in_list = false;
	o->table = false;
}

void out_object_begin(struct out *o, const char *key, const char *title)
{
	if (o->json) {
		json_open(o, key, '{');
		return;
	}
	flush_fields(o);
	o->titled = false;
	if (title && !o->table) {
		fprintf(o->stream, "%s%s\n", o->nr_objects ? "\n" : "", title);
		o->titled = true;
	}
	o->nr_objects++;
}

void out_object_end(struct out *o)
{
	if (o->json)
		json_close(o, '}');
	else if (o->table)
		keep_row(o);
	else
		flush_fields(o);
	o->titled = false;
}

void out_text(struct out *o, const char *key, const char *label,
	      const char *value)
{
	if (o->json && key) {
		json_lead(o, key);
		json_string(o->stream, value);
	} else if (!o->json && label) {
		text_cell(o, label, value);
	}
}

void out_textf(struct out *o, const char *key, const char *label,
	       const char *fmt, ...)
{
	char value[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	out_text(o, key, label, value);
}

/* A value that JSON writes without quotes. */
static void out_bare(struct out *o, const char *key, const char *label,
		     const char *json, const char *text)
{
	if (o->json && key) {
		json_lead(o, key);
		fputs(json, o->stream);
	} else if (!o->json && label) {
		text_cell(o, label, text);
	}
}

void out_number(struct out *o, const char *key, const char *label,
		uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	out_bare(o, key, label, text, text);
}

void out_bool(struct out *o, const char *key, const char *label, bool value)
{
	out_bare(o, key, label, value ? "true" : "false", value ? "yes" : "no");
}

void out_bytes(struct out *o, const char *key, const char *label,
	       uint64_t bytes)
{
	char json[24], text[SIZE_TEXT_MAX];

	snprintf(json, sizeof(json), "%" PRIu64, bytes);
	out_bare(o, key, label, json, size_text(text, bytes));
}

void out_real(struct out *o, const char *key, const char *label, double value)
{
	char text[32];

	if (!isfinite(value)) {
		out_bare(o, key, label, "null", "-");
		return;
	}
	snprintf(text, sizeof(text), "%.2f", value);
	out_bare(o, key, label, text, text);
}

void out_say(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->json)
		return;
	flush_fields(o);
	va_start(ap, fmt);
	vfprintf(o->stream, fmt, ap);
	va_end(ap);
	fprintf(o->stream, "%s\n", o->line_end ? o->line_end : "");
}

void out_warn(struct out *o, const char *fmt, ...)
{
	va_list ap;

	(void)o;
	fputs("swornadm: warning: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Forget what was gathered so far. */
static int start_over(struct out *o)
{
	if (fflush(o->stream))
		return -errno;
	rewind(o->stream);
	o->text_bytes = 0;
	return 0;
}

static int write_out(struct out *o)
{
	if (fflush(o->stream))
		return -errno;
	if (fwrite(o->text, 1, o->text_bytes, stdout) != o->text_bytes ||
	    fflush(stdout))
		return errno ? -errno : -EIO;
	return 0;
}

void out_line_begin(struct out *o)
{
	start_over(o);
	o->lines = true;
	o->depth = 0;
	o->first[0] = true;
	if (o->json)
		json_open(o, NULL, '{');
}

int out_line_end(struct out *o)
{
	int err;

	if (o->json) {
		json_close(o, '}');
		fputc('\n', o->stream);
	}
	err = write_out(o);
	return err ? err : start_over(o);
}

void out_each_line_ends(struct out *o, const char *end)
{
	o->line_end = end;
}

void out_line_drop(struct out *o)
{
	start_over(o);
}

int out_finish(struct out *o)
{
	if (o->lines)
		return 0;
	if (o->json)
		json_close(o, '}');
	else
		flush_fields(o);
	if (o->json)
		fputc('\n', o->stream);
	return write_out(o);
}

static void failure_json(const char *command, const struct failure *f)
{
	const char *name = strerrorname_np(f->err);

	fputs("{\n  \"error\": {\n", stdout);
	if (command) {
		fputs("    \"command\": ", stdout);
		json_string(stdout, command);
		fputs(",\n", stdout);
	}
	fputs("    \"message\": ", stdout);
	json_string(stdout, f->text);
	if (f->kernel[0]) {
		fputs(",\n    \"kernel\": ", stdout);
		json_string(stdout, f->kernel);
	}
	if (f->hint[0]) {
		fputs(",\n    \"hint\": ", stdout);
		json_string(stdout, f->hint);
	}
	printf(",\n    \"errno\": \"%s\",\n    \"exit_code\": %d\n  }\n}\n",
	       name ? name : "?", failure_exit(f));
}

void out_failure(struct out *o, const char *command, const struct failure *f)
{
	if (o && o->json) {
		failure_json(command, f);
		return;
	}
	fprintf(stderr, "swornadm%s%s: %s\n", command ? " " : "",
		command ? command : "", f->text);
	if (f->kernel[0])
		fprintf(stderr, "kernel: %s\n", f->kernel);
	if (f->hint[0])
		fprintf(stderr, "hint: %s\n", f->hint);
}
