/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SWORNDISK_SELFTEST_SELFTEST_H
#define SWORNDISK_SELFTEST_SELFTEST_H

/**
 * sworn_selftest() - run the in-module self-tests
 *
 * Context: module load; allocates.
 * Return: 0, or -EINVAL when a test failed; each is logged.
 */
int sworn_selftest(void);

#endif /* SWORNDISK_SELFTEST_SELFTEST_H */
