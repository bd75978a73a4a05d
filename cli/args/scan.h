/* SPDX-License-Identifier: GPL-2.0-only */
/* A look at the command line before argp's, for errors that name the option. */
#ifndef SWORNADM_ARGS_SCAN_H
#define SWORNADM_ARGS_SCAN_H

#include <argp.h>
#include <stdbool.h>

#include "../failure.h"

/**
 * scan_options() - is every option one of those, with a value if it needs one?
 * @options: argp's records, an empty one last
 * @words: after the first argument that is no option anything goes
 *
 * Abbreviated long options are refused: what is short for one today may be
 * short for two tomorrow.
 *
 * Return: 0, or -EINVAL with @f filled in.
 */
int scan_options(const struct argp_option *options, bool words, int argc,
		 char **argv, struct failure *f);

#endif /* SWORNADM_ARGS_SCAN_H */
