/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of disks. */
#ifndef SWORNADM_ARGS_NAME_H
#define SWORNADM_ARGS_NAME_H

#include "../failure.h"

/*
 * The device-mapper UUID of a disk is "SWORNDISK-", 32 digits, "-" and its
 * name, and has 128 characters at most.
 */
#define NAME_MAX_CHARS	80

/**
 * name_check() - may a disk be called so?
 *
 * Letters, digits and "#+-.:=@_", not "." or ".." or "control": the name is a
 * file name in /dev/mapper, written there as it is.
 *
 * Return: 0 or -EINVAL, with @f filled in.
 */
int name_check(const char *name, struct failure *f);

#endif /* SWORNADM_ARGS_NAME_H */
