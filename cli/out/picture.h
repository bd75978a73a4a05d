/* SPDX-License-Identifier: GPL-2.0-only */
/* Many small things as a picture of cells: for terminals, and as SVG. */
#ifndef SWORNADM_OUT_PICTURE_H
#define SWORNADM_OUT_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "out.h"

/**
 * struct picture_cell - one or more things, drawn as one
 * @full: 0 to 1
 * @empty: all of them are unused
 * @marked: one of them is special
 */
struct picture_cell {
	double full;
	bool empty;
	bool marked;
};

/**
 * struct picture - cells, row by row
 * @title: @legend_empty, @legend_full, @legend_marked: in words
 */
struct picture {
	const char *title;
	const char *legend_empty;
	const char *legend_full;
	const char *legend_marked;
	uint64_t nr;
	const struct picture_cell *cell;
};

/* Draw it with @columns in a row, and a legend under it. */
void picture_print(struct out *out, const struct picture *p, int columns);

/* The same as SVG, allocated; NULL when out of memory. */
char *picture_svg(const struct picture *p, int columns);

#endif /* SWORNADM_OUT_PICTURE_H */
