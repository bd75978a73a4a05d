/* SPDX-License-Identifier: GPL-2.0-only */
/* Closing a disk. */
#ifndef SWORNADM_DISK_SHUT_H
#define SWORNADM_DISK_SHUT_H

#include "../back/back.h"
#include "find.h"
#include "../failure.h"

/**
 * shut_disk() - close a disk that nobody uses
 *
 * Return: 0; -EBUSY somebody has it open; other errors; noted in @f.
 */
int shut_disk(const struct back *back, const struct open_disk *disk,
	      struct failure *f);

#endif /* SWORNADM_DISK_SHUT_H */
