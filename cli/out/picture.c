// SPDX-License-Identifier: GPL-2.0-only
/* Pictures of cells; see picture.h. */
#include "picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "term.h"

#define LEVELS	8
#define RESET	"\033[0m"
#define COLOUR_MARKED	"\033[33m"
#define COLOUR_EMPTY	"\033[2m"
#define COLOUR_FULL	"\033[34m"

/* Level of what is not empty: 0 to LEVELS - 1, the last for all of it alone. */
static int level_of(const struct picture_cell *c)
{
	int level = (int)(c->full * (LEVELS - 1));

	return level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level;
}

static const char *glyph(const struct picture_cell *c, bool unicode, bool colour)
{
	static const char *const bars[LEVELS] = {
		"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const digits[LEVELS] = {
		"1", "2", "3", "4", "5", "6", "7", "#" };

	if (c->empty)
		return unicode ? "·" : ".";
	/* without colours the mark is worth more than how full it is */
	if (c->marked && !colour)
		return "o";
	return (unicode ? bars : digits)[level_of(c)];
}

static const char *colour_of(const struct picture_cell *c)
{
	return c->marked ? COLOUR_MARKED : c->empty ? COLOUR_EMPTY : COLOUR_FULL;
}

static void print_row(FILE *f, const struct picture_cell *c, uint64_t n)
{
	bool colour = term_colour(), unicode = term_unicode();
	const char *now = NULL;

	for (uint64_t i = 0; i < n; i++) {
		if (colour && now != colour_of(&c[i])) {
			now = colour_of(&c[i]);
			fprintf(f, RESET "%s", now);
		}
		fputs(glyph(&c[i], unicode, colour), f);
	}
	if (colour)
		fputs(RESET, f);
}

static void print_legend(struct out *out, const struct picture *p)
{
	static const struct picture_cell empty = { .empty = true };
	static const struct picture_cell low = { .full = 0 }, full = { .full = 1 };
	static const struct picture_cell marked = { .full = 0.7, .marked = true };
	bool colour = term_colour(), u = term_unicode();

	out_say(out, "%s%s%s %s   %s%s%s to %s%s %s   %s%s%s %s",
		colour ? COLOUR_EMPTY : "", glyph(&empty, u, colour),
		colour ? RESET : "", p->legend_empty,
		colour ? COLOUR_FULL : "", glyph(&low, u, colour),
		colour ? RESET : "", colour ? COLOUR_FULL : "",
		glyph(&full, u, colour), p->legend_full,
		colour ? RESET COLOUR_MARKED : "", glyph(&marked, u, colour),
		colour ? RESET : "", p->legend_marked);
}

void picture_print(struct out *out, const struct picture *p, int columns)
{
	for (uint64_t at = 0; at < p->nr; at += (uint64_t)columns) {
		uint64_t n = p->nr - at;
		char *text = NULL;
		size_t bytes = 0;
		FILE *f = open_memstream(&text, &bytes);

		if (!f)
			return;
		print_row(f, p->cell + at, n < (uint64_t)columns ? n : (uint64_t)columns);
		fclose(f);
		out_say(out, "%s", text);
		free(text);
	}
	print_legend(out, p);
}

/* ---- SVG ------------------------------------------------------------------ */

#define CELL	10
#define MARGIN	20
#define TOP	48
#define BOTTOM	44

/* From nearly white to dark blue. */
static void fill_colour(char text[8], double full)
{
	static const int light[3] = { 0xde, 0xeb, 0xf7 }, dark[3] = { 0x08, 0x30, 0x6b };
	int c[3];

	for (int i = 0; i < 3; i++)
		c[i] = light[i] + (int)((dark[i] - light[i]) * full);
	snprintf(text, 8, "#%02x%02x%02x", c[0] & 255, c[1] & 255, c[2] & 255);
}

static void class_of(char text[8], const struct picture_cell *c)
{
	if (c->empty)
		snprintf(text, 8, "e");
	else if (c->marked)
		snprintf(text, 8, "m");
	else
		snprintf(text, 8, "f%d", level_of(c));
}

static bool alike(const struct picture_cell *a, const struct picture_cell *b)
{
	return a->empty == b->empty && a->marked == b->marked &&
	       (a->empty || a->marked || level_of(a) == level_of(b));
}

static void svg_text(FILE *f, int x, int y, const char *class, const char *text)
{
	fprintf(f, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", f);
		else if (*text == '<')
			fputs("&lt;", f);
		else if (*text == '>')
			fputs("&gt;", f);
		else
			fputc(*text, f);
	}
	fputs("</text>\n", f);
}

static void svg_styles(FILE *f)
{
	char colour[8];

	fputs("<style>text{font-family:sans-serif;fill:#222}.t{font-size:16px}.l{font-size:12px}"
	      "rect{shape-rendering:crispEdges}.b{fill:#fff}.e{fill:#f0f0f0}.m{fill:#e6850e}", f);
	for (int i = 0; i < LEVELS; i++) {
		fill_colour(colour, (double)i / (LEVELS - 1));
		fprintf(f, ".f%d{fill:%s}", i, colour);
	}
	fputs("</style>\n", f);
}

/* Equal neighbours of a row are one rectangle, cut by the grid drawn over it. */
static void svg_cells(FILE *f, const struct picture *p, uint64_t columns)
{
	uint64_t same;

	for (uint64_t i = 0; i < p->nr; i += same) {
		uint64_t x = i % columns, y = i / columns;
		char class[8];

		for (same = 1; i + same < p->nr && x + same < columns &&
		     alike(&p->cell[i], &p->cell[i + same]); )
			same++;
		class_of(class, &p->cell[i]);
		fprintf(f, "<rect class=\"%s\" x=\"%llu\" y=\"%llu\" width=\"%llu\" height=\"%d\"/>\n",
			class, (unsigned long long)(MARGIN + x * CELL),
			(unsigned long long)(TOP + y * CELL),
			(unsigned long long)(same * CELL), CELL);
	}
}

static void svg_legend(FILE *f, const struct picture *p, int y)
{
	int x = MARGIN;

	fprintf(f, "<rect class=\"e\" x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"/>\n", x, y);
	svg_text(f, x + 18, y + 11, "l", p->legend_empty);
	x += 90;
	for (int i = 0; i < LEVELS; i++)
		fprintf(f, "<rect class=\"f%d\" x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"/>\n",
			i, x + i * 12, y);
	svg_text(f, x + LEVELS * 12 + 6, y + 11, "l", p->legend_full);
	x += 300;
	fprintf(f, "<rect class=\"m\" x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"/>\n", x, y);
	svg_text(f, x + 18, y + 11, "l", p->legend_marked);
}

char *picture_svg(const struct picture *p, int columns)
{
	int rows = (int)((p->nr + (uint64_t)columns - 1) / (uint64_t)columns);
	int width = 2 * MARGIN + columns * CELL, height = TOP + rows * CELL + BOTTOM;
	char *text = NULL;
	size_t bytes = 0;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		return NULL;
	fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
		width, height, width, height);
	svg_styles(f);
	fputs("<defs><pattern id=\"g\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\" x=\"20\" y=\"48\">"
	      "<path d=\"M10 0H0V10\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2\"/></pattern></defs>\n", f);
	fprintf(f, "<rect class=\"b\" width=\"%d\" height=\"%d\"/>\n", width, height);
	svg_text(f, MARGIN, 30, "t", p->title);
	svg_cells(f, p, (uint64_t)columns);
	fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"url(#g)\"/>\n",
		MARGIN, TOP, columns * CELL, rows * CELL);
	svg_legend(f, p, TOP + rows * CELL + 16);
	fputs("</svg>\n", f);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}
