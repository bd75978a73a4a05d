/* SPDX-License-Identifier: GPL-2.0-only */
/* Self-tests that run at module load on request. */
#ifndef SWORNDISK_SELFTEST_SELFTEST_H
#define SWORNDISK_SELFTEST_SELFTEST_H

#include <linux/printk.h>

/**
 * sworn_selftest() - run the in-module self-tests
 *
 * Context: module load; allocates.
 * Return: 0, or -EINVAL when a test failed; each is logged.
 */
int sworn_selftest(void);

/* Each returns whether all its checks held; those that did not are logged. */
bool sworn_selftest_format(void);
bool sworn_selftest_seal(void);
bool sworn_selftest_memtable(void);
bool sworn_selftest_range(void);

/* To be used in a function with a bool named ok. */
#define SELFTEST_CHECK(what)						\
	do {								\
		if (!(what)) {						\
			pr_err("sworndisk: self-test: %s:%d: %s\n",	\
			       __func__, __LINE__, #what);		\
			ok = false;					\
		}							\
	} while (0)

#endif /* SWORNDISK_SELFTEST_SELFTEST_H */
