/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are replaced as a whole. */
#ifndef SWORNADM_OUT_REPLACE_H
#define SWORNADM_OUT_REPLACE_H

#include <stddef.h>

#include "../failure.h"

/**
 * replace_file() - give a file new contents
 *
 * Whoever reads it sees the old contents or the new, whatever happens; it is
 * readable by all.  On failure the old ones stay, and nothing else is left.
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int replace_file(const char *path, const char *text, size_t bytes,
		 struct failure *f);

#endif /* SWORNADM_OUT_REPLACE_H */
