// SPDX-License-Identifier: GPL-2.0-only
/*
 * Progress; see progress.h.
 *
 * The work is an ioctl in the main thread, which knows nothing of time; so a
 * thread of its own writes the line.  A timer signal would make the ioctl
 * return early.
 */
#include "progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "../args/size.h"

static struct {
	pthread_mutex_t lock;	/* protects stop */
	pthread_cond_t wake;
	bool running;		/* main thread's alone */
	bool stop;
	pthread_t thread;
	char what[160];
	atomic_uint_fast64_t done;
	atomic_uint_fast64_t total;
} progress = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void show(time_t seconds)
{
	uint64_t done = atomic_load(&progress.done);
	uint64_t total = atomic_load(&progress.total);
	char size[SIZE_TEXT_MAX], rate[SIZE_TEXT_MAX];

	if (!done || done > total) {
		fprintf(stderr, "\r%s ... %lld s\033[K", progress.what,
			(long long)seconds);
		return;
	}
	fprintf(stderr, "\r%s ... %u%% of %s, %s/s, %lld s left\033[K",
		progress.what, (unsigned int)(done * 100.0 / total),
		size_text(size, total),
		size_text(rate, seconds ? done / (uint64_t)seconds : done),
		(long long)((double)(total - done) / done * seconds));
}

static void *progress_thread(void *arg)
{
	struct timespec start, until;
	bool shown = false;

	(void)arg;
	clock_gettime(CLOCK_MONOTONIC, &start);
	until = start;
	pthread_mutex_lock(&progress.lock);
	while (!progress.stop) {
		until.tv_sec++;
		while (!progress.stop &&
		       !pthread_cond_timedwait(&progress.wake, &progress.lock, &until))
			;
		if (progress.stop)
			break;
		show(until.tv_sec - start.tv_sec);
		shown = true;
	}
	pthread_mutex_unlock(&progress.lock);
	if (shown)
		fprintf(stderr, "\r\033[K");
	return NULL;
}

void progress_start(const char *what)
{
	pthread_condattr_t attr;
	sigset_t all, old;

	if (progress.running || !isatty(STDERR_FILENO))
		return;
	snprintf(progress.what, sizeof(progress.what), "%s", what);
	progress.stop = false;
	progress_at(0, 0);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&progress.wake, &attr);
	pthread_condattr_destroy(&attr);

	/* Signals are for the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	progress.running = !pthread_create(&progress.thread, NULL,
					   progress_thread, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void progress_at(uint64_t done_bytes, uint64_t total_bytes)
{
	atomic_store(&progress.total, total_bytes);
	atomic_store(&progress.done, done_bytes);
}

void progress_stop(void)
{
	if (!progress.running)
		return;
	pthread_mutex_lock(&progress.lock);
	progress.stop = true;
	pthread_cond_signal(&progress.wake);
	pthread_mutex_unlock(&progress.lock);
	pthread_join(progress.thread, NULL);
	progress.running = false;
}
