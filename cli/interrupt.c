// SPDX-License-Identifier: GPL-2.0-only
/* Ending when told to; see interrupt.h. */
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t told;
static sigset_t outside;

static void note(int signal)
{
	(void)signal;
	told = 1;
}

void interrupt_begin(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = note };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaddset(&set, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &set, &outside);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigdelset(&outside, signals[i]);
}

int interrupt_wait(int fd, long ms)
{
	const struct timespec limit = { ms / 1000, ms % 1000 * 1000000 };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n = told ? -1 : ppoll(&p, fd >= 0, ms < 0 ? NULL : &limit, &outside);

	if (told)
		return -EINTR;
	/* others, as when the window changes its size: look again */
	if (n < 0 && errno == EINTR)
		return 0;
	return n < 0 ? -errno : n;
}
