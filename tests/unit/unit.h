/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Assertions for the unit tests.  A test is a function; the file ends with
 *
 *	UNIT_TESTS(first_case, second_case)
 *
 * which runs them in order.  CHECK goes on after a failure, so one run tells
 * all; the program's status, and its last line, say whether every one held.
 */
#ifndef SWORN_TESTS_UNIT_H
#define SWORN_TESTS_UNIT_H

#include <stdio.h>
#include <string.h>

static unsigned int unit_checks, unit_failures;

#define CHECK(condition)						\
	do {								\
		unit_checks++;						\
		if (!(condition)) {					\
			unit_failures++;				\
			fprintf(stderr, "%s:%d: %s: not true: %s\n",	\
				__FILE__, __LINE__, __func__, #condition); \
		}							\
	} while (0)

/* For integers of any kind; both values are shown. */
#define CHECK_EQ(actual, expected)					\
	do {								\
		long long unit_a = (long long)(actual);			\
		long long unit_e = (long long)(expected);		\
									\
		unit_checks++;						\
		if (unit_a != unit_e) {					\
			unit_failures++;				\
			fprintf(stderr,					\
				"%s:%d: %s: %s is %lld (0x%llx), expected %lld (0x%llx)\n", \
				__FILE__, __LINE__, __func__, #actual,	\
				unit_a, unit_a, unit_e, unit_e);	\
		}							\
	} while (0)

#define CHECK_MEM(actual, expected, size)				\
	CHECK(memcmp((actual), (expected), (size)) == 0)

typedef void unit_test_fn(void);

#define UNIT_TESTS(...)							\
	int main(void)							\
	{								\
		unit_test_fn *tests[] = { __VA_ARGS__ };		\
									\
		for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) \
			tests[i]();					\
		/* A test without checks proves nothing. */		\
		if (!unit_checks)					\
			unit_failures++;				\
		printf("%u checks, %u failures\n", unit_checks, unit_failures); \
		return unit_failures != 0;				\
	}

#endif /* SWORN_TESTS_UNIT_H */
