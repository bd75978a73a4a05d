// SPDX-License-Identifier: GPL-2.0-only
/* Asking; see ask.h. */
#include "ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int ask_yes(const char *what, bool yes, struct failure *f)
{
	char answer[16];

	if (yes)
		return 0;
	if (!isatty(STDIN_FILENO)) {
		fail_exit(f, ECANCELED, EXIT_REFUSED,
			  "nothing was done: %s, and standard input is no terminal to ask at",
			  what);
		return fail_hint(f, "--yes does it without asking");
	}
	fprintf(stderr, "%s.\nType \"yes\" to go on: ", what);
	fflush(stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		answer[0] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	if (strcmp(answer, "yes"))
		return fail_exit(f, ECANCELED, EXIT_REFUSED,
				 "nothing was done: the answer was not \"yes\"");
	return 0;
}
