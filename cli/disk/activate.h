/* SPDX-License-Identifier: GPL-2.0-only */
/* Bringing a disk to life, and what to say when that fails. */
#ifndef SWORNADM_DISK_ACTIVATE_H
#define SWORNADM_DISK_ACTIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "../back/back.h"
#include "table.h"
#include "../failure.h"

/**
 * struct activation - what is to be activated
 * @verb: "create" or "open", for messages
 * @on: the device or devices, for messages
 * @ready: called when the target has accepted the table and before it writes
 *	anything; may be NULL
 */
struct activation {
	const char *name;
	const char *verb;
	const char *on;
	uint8_t uuid[UUID_BYTES];
	uint64_t length_sectors;
	const struct table_request *table;
	int (*ready)(void *arg, struct failure *f);
	void *arg;
};

/**
 * activate() - create, load and resume
 *
 * On failure nothing stays behind.
 *
 * Return: 0 or a negative errno, noted in @f with the kernel's own sentence
 * and a hint.
 */
int activate(const struct back *back, const struct activation *a,
	     struct failure *f);

#endif /* SWORNADM_DISK_ACTIVATE_H */
