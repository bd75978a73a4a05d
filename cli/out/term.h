/* SPDX-License-Identifier: GPL-2.0-only */
/* What standard output can show. */
#ifndef SWORNADM_OUT_TERM_H
#define SWORNADM_OUT_TERM_H

#include <stdbool.h>

#define TERM_WIDTH_MIN	40

/* Is it a terminal? */
bool term_there(void);

/* Columns and rows: of COLUMNS and LINES, of the terminal, or 80 and 24. */
int term_width(void);
int term_height(void);

/* May there be colours?  On a terminal, unless NO_COLOR is set. */
bool term_colour(void);

/* Are there more characters than those of ASCII? */
bool term_unicode(void);

#endif /* SWORNADM_OUT_TERM_H */
