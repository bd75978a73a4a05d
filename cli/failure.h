/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong, as a value: the rooms below main.c neither print nor exit,
 * they fill one of these and return its errno.
 */
#ifndef SWORNADM_FAILURE_H
#define SWORNADM_FAILURE_H

/* Exit codes; man/swornadm.8 lists them. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,	/* the kernel, a device or the system said no */
	EXIT_USAGE = 2,		/* the command line is wrong */
	EXIT_REFUSED = 3,	/* in use, or would destroy data unasked */
	EXIT_ABSENT = 4,	/* no such disk or device, or not a SwornDisk */
	EXIT_KEY = 5,		/* no key, or not the right one */
	EXIT_DAMAGED = 6,	/* damaged, altered or rolled back */

	/* Those of check and repair are fsck's. */
	EXIT_FSCK_CORRECTED = 1,
	EXIT_FSCK_ERRORS = 4,
	EXIT_FSCK_FAILED = 8,
	EXIT_FSCK_USAGE = 16,
	EXIT_FSCK_CANCELLED = 32,
};

/**
 * struct failure - an error on its way up
 * @err: positive errno; 0: nothing has failed
 * @exit: exit code; %EXIT_DONE: follows from @err
 * @text: what failed: the device, the field, the value, what was expected
 * @kernel: the kernel's own sentence, if it gave one
 * @hint: what to do about it
 */
struct failure {
	int err;
	enum exit_code exit;
	char text[1024];
	char kernel[512];
	char hint[768];
};

/**
 * fail() - note a failure
 * @f: the first failure noted stays: clean-up cannot hide the cause
 * @err: errno, of either sign
 *
 * Return: @err as a negative number, so that callers can return it.
 */
int fail(struct failure *f, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* fail() with an exit code that does not follow from the errno. */
int fail_exit(struct failure *f, int err, enum exit_code code,
	      const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * fail_hint() - add what to do, unless a hint is there
 *
 * Return: the noted errno as a negative number.
 */
int fail_hint(struct failure *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Exit code of a failure. */
enum exit_code failure_exit(const struct failure *f);

/* That of a command with fsck's codes. */
enum exit_code failure_exit_fsck(const struct failure *f);

#endif /* SWORNADM_FAILURE_H */
