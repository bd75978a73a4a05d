/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole numbers from text. */
#ifndef SWORNADM_ARGS_NUMBER_H
#define SWORNADM_ARGS_NUMBER_H

#include <stdint.h>

/**
 * number_parse() - a decimal number, and nothing but
 *
 * Return: 0, -EINVAL (other characters, or none), -ERANGE (over 64 bits).
 */
int number_parse(const char *text, uint64_t *number);

#endif /* SWORNADM_ARGS_NUMBER_H */
