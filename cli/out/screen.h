/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A view that is shown again and again: on a terminal in its place, on a screen
 * of its own; elsewhere one after the other.
 */
#ifndef SWORNADM_OUT_SCREEN_H
#define SWORNADM_OUT_SCREEN_H

#include <stdbool.h>

#include "out.h"

/* @wanted: take the screen, if standard output is a terminal */
void screen_begin(bool wanted);
/* Give it back; to be called whatever happens. */
void screen_end(struct out *out);

/* Has it been taken? */
bool screen_on(void);

/* What is told between these is one picture; 0 or a negative errno. */
void screen_frame_begin(struct out *out);
int screen_frame_end(struct out *out);

/* Wait, up to @ms; -EINTR if the user wants to end: by a signal or by "q". */
int screen_wait(long ms);

#endif /* SWORNADM_OUT_SCREEN_H */
