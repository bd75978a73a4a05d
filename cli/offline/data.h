/* SPDX-License-Identifier: GPL-2.0-only */
/* Verifying data blocks, many at a time in the order in which they lie. */
#ifndef SWORNADM_OFFLINE_DATA_H
#define SWORNADM_OFFLINE_DATA_H

#include "image.h"
#include "report.h"
#include "state.h"

struct data_check;

/**
 * data_check_create() - begin
 * @total: blocks there may be, for the progress
 *
 * Return: NULL when out of memory.
 */
struct data_check *data_check_create(const struct image *img,
				     struct state *state, u64 total,
				     struct report *report);
void data_check_destroy(struct data_check *d);

/**
 * data_open() - read the block of a record, verify and decrypt it
 *
 * Return: 0; -EBADMSG it does not verify; -ENOKEY; errors of reading.
 */
int data_open(const struct image *img, struct state *state,
	      const struct sworn_record *r, void *block);

/* Verify the block of a record, now or later; 0 or -ECANCELED. */
int data_check_add(struct data_check *d, const struct sworn_record *r);

/* Verify what was put off; 0 or -ECANCELED. */
int data_check_flush(struct data_check *d);

/* Blocks that were read and verified. */
u64 data_check_good(const struct data_check *d);

#endif /* SWORNADM_OFFLINE_DATA_H */
