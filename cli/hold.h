/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps an interrupt from the keyboard from leaving half a job behind. */
#ifndef SWORNADM_HOLD_H
#define SWORNADM_HOLD_H

#include <signal.h>

/**
 * signals_hold() - put off signals that would end the program
 * @old: for signals_release()
 *
 * Between devices, loop devices and image files made and their owner being in
 * place nothing else would clean them up.
 */
void signals_hold(sigset_t *old);

/* Let the signals through that came meanwhile, and those to come. */
void signals_release(const sigset_t *old);

#endif /* SWORNADM_HOLD_H */
