/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Says on a terminal that something long goes on.  Only one at a time.
 */
#ifndef SWORNADM_OUT_PROGRESS_H
#define SWORNADM_OUT_PROGRESS_H

#include <stdint.h>

/**
 * progress_start() - something begins that may take long
 * @what: what goes on: "formatting vault"
 *
 * After a second a line with the time taken appears on standard error, if that
 * is a terminal.
 */
void progress_start(const char *what);

/**
 * progress_at() - so much is done
 *
 * From then on the line has the share, the rate and the time that is left.
 */
void progress_at(uint64_t done_bytes, uint64_t total_bytes);

/* It is over; the line disappears. */
void progress_stop(void);

#endif /* SWORNADM_OUT_PROGRESS_H */
