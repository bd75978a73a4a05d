// SPDX-License-Identifier: GPL-2.0-only
/* The list of self-tests. */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "selftest.h"

static const struct {
	const char *name;
	bool (*run)(void);
} tests[] = {
	{ "format", sworn_selftest_format },
	{ "seal", sworn_selftest_seal },
	{ "memtable", sworn_selftest_memtable },
	{ "range", sworn_selftest_range },
};

int sworn_selftest(void)
{
	unsigned int i, failed = 0;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		bool ok = tests[i].run();

		pr_info("sworndisk: self-test %s: %s\n", tests[i].name,
			ok ? "passed" : "FAILED");
		failed += !ok;
	}
	pr_info("sworndisk: self-tests: %zu passed, %u failed\n",
		ARRAY_SIZE(tests) - failed, failed);
	return failed ? -EINVAL : 0;
}
