// SPDX-License-Identifier: GPL-2.0-only
/* Failures as values; see failure.h. */
#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((format(printf, 4, 0)))
static int note(struct failure *f, int err, enum exit_code code,
		const char *fmt, va_list ap)
{
	err = abs(err);
	if (!f->err) {
		f->err = err ? err : EIO;
		f->exit = code;
		vsnprintf(f->text, sizeof(f->text), fmt, ap);
	}
	return -(err ? err : EIO);
}

int fail(struct failure *f, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err = note(f, err, EXIT_DONE, fmt, ap);
	va_end(ap);
	return err;
}

int fail_exit(struct failure *f, int err, enum exit_code code,
	      const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err = note(f, err, code, fmt, ap);
	va_end(ap);
	return err;
}

int fail_hint(struct failure *f, const char *fmt, ...)
{
	va_list ap;

	if (!f->hint[0]) {
		va_start(ap, fmt);
		vsnprintf(f->hint, sizeof(f->hint), fmt, ap);
		va_end(ap);
	}
	return -f->err;
}

enum exit_code failure_exit(const struct failure *f)
{
	if (f->exit != EXIT_DONE)
		return f->exit;
	switch (f->err) {
	case 0:
		return EXIT_DONE;
	case EBUSY:
	case EEXIST:
		return EXIT_REFUSED;
	case ENOENT:
	case ENXIO:
	case ENODEV:
	case ENODATA:
		return EXIT_ABSENT;
	case ENOKEY:
	case EKEYREJECTED:
	case EKEYEXPIRED:
	case EKEYREVOKED:
		return EXIT_KEY;
	case EUCLEAN:
	case EBADMSG:
	case EILSEQ:
	case ESTALE:
		return EXIT_DAMAGED;
	default:
		return EXIT_FAILED;
	}
}

enum exit_code failure_exit_fsck(const struct failure *f)
{
	if (f->err == ECANCELED)
		return EXIT_FSCK_CANCELLED;
	switch (failure_exit(f)) {
	case EXIT_USAGE:
		return EXIT_FSCK_USAGE;
	case EXIT_DAMAGED:
		return EXIT_FSCK_ERRORS;
	default:
		return EXIT_FSCK_FAILED;
	}
}
