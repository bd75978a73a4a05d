/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking before something is destroyed. */
#ifndef SWORNADM_OUT_ASK_H
#define SWORNADM_OUT_ASK_H

#include <stdbool.h>

#include "../failure.h"

/**
 * ask_yes() - ask on the terminal
 * @what: what would be lost, as a sentence
 * @yes: --yes was given: do not ask
 *
 * Return: 0; -ECANCELED if the answer is not "yes" or there is nobody to ask,
 * noted in @f.
 */
int ask_yes(const char *what, bool yes, struct failure *f);

#endif /* SWORNADM_OUT_ASK_H */
