/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that go on until they are told to end: a signal ends them between
 * two pieces of work, never within one.
 */
#ifndef SWORNADM_INTERRUPT_H
#define SWORNADM_INTERRUPT_H

/* From now on SIGINT, SIGTERM and SIGHUP only end interrupt_wait(). */
void interrupt_begin(void);

/**
 * interrupt_wait() - wait for something to read, or for a while
 * @fd: -1: only for a while
 * @ms: -1: for ever
 *
 * Return: 1 if there is something to read, 0 if the time is over, -EINTR if a
 * signal asked to end, now or before; other errors of ppoll().
 */
int interrupt_wait(int fd, long ms);

#endif /* SWORNADM_INTERRUPT_H */
