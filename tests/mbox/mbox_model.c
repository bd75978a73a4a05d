// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: mbox_model messages NODE SIZE COUNT SEED   of a rendezvous: COUNT operations by several
 *                                                   open files, none of which waits; each
 *                                                   answer must be the model's
 *        mbox_model bytes NODE SIZE COUNT SEED      the same of a buffer
 *        mbox_model crowd NODE SIZE COUNT SEED      COUNT operations by eight processes at the
 *                                                   same time, which wait: each message is had
 *                                                   by one of them, whole
 *        mbox_model race NODE READERS               so many wait for one message: one has it
 *
 * The model is docs/mbox.md sections 1 and 2.
 */
#include "tool.h"

#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES	6
#define ROOM	(64 << 10)

static const char *node;
static size_t size;
static uint64_t state;

static uint32_t any(uint32_t below)
{
	state = mix(state);
	return (state >> 20) % below;
}

static int open_node(int flags)
{
	int fd = open(node, flags | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", node, strerror(errno));
	return fd;
}

static void agree(const char *what, uint64_t step, ssize_t got, ssize_t expected)
{
	if (got != expected)
		die("step %llu: %s: %zd (%s), the model says %zd", (unsigned long long)step, what, got,
		    got < 0 ? strerror(-got) : "", expected);
}

static ssize_t done(ssize_t n)
{
	return n < 0 ? -errno : n;
}

/* --- messages --------------------------------------------------------------- */

static char held[ROOM], data[ROOM];
static size_t length, at;
static bool full;
static int taker, fds[FILES];
static bool at_end[FILES];

static size_t some_length(void)
{
	switch (any(8)) {
	case 0:
		return 0;
	case 1:
		return size;
	case 2:
		return size + 1;
	default:
		return 1 + any(size);
	}
}

static void step_write(uint64_t step, int i)
{
	size_t n = some_length(), k;
	ssize_t expected = n;

	for (k = 0; k < n; k++)
		data[k] = mix(step * ROOM + k);
	if (n > size)
		expected = -EMSGSIZE;
	else if (n && full)
		expected = -EAGAIN;
	agree("write", step, done(write(fds[i], data, n)), expected);
	if (expected > 0) {
		memcpy(held, data, n);
		length = n;
		at = 0;
		full = true;
		taker = -1;
		at_end[i] = false;
	}
}

static void step_read(uint64_t step, int i)
{
	size_t n = some_length();
	ssize_t expected;

	if (!n || at_end[i])
		expected = 0;
	else if (!full || (taker >= 0 && taker != i))
		expected = -EAGAIN;
	else
		expected = n < length - at ? n : length - at;
	agree("read", step, done(read(fds[i], data, n)), expected);
	if (n && at_end[i]) {
		at_end[i] = false;
	} else if (expected > 0) {
		if (memcmp(data, held + at, expected))
			die("step %llu: the contents are others", (unsigned long long)step);
		taker = i;
		at += expected;
		if (at == length) {
			full = false;
			at_end[i] = true;
		}
	}
}

static void step_reopen(int i)
{
	close(fds[i]);
	if (full && taker == i)
		full = false;
	fds[i] = open_node(O_RDWR | O_NONBLOCK);
	at_end[i] = false;
	if (!full)
		taker = -1;
}

static void step_look(uint64_t step, int i)
{
	struct pollfd p = { .fd = fds[i], .events = POLLIN | POLLOUT };
	bool mine = full && (taker < 0 || taker == i);
	int ready = -1;

	if (poll(&p, 1, 0) < 0 || ioctl(fds[i], FIONREAD, &ready))
		die("poll: %s", strerror(errno));
	agree("poll", step, p.revents, (mine || at_end[i] ? POLLIN : 0) | (full ? 0 : POLLOUT));
	agree("FIONREAD", step, ready, mine && !at_end[i] ? (ssize_t)(length - at) : 0);
}

static int messages(uint64_t count)
{
	uint64_t step;
	int i;

	taker = -1;
	for (i = 0; i < FILES; i++)
		fds[i] = open_node(O_RDWR | O_NONBLOCK);
	for (step = 0; step < count; step++) {
		i = any(FILES);
		switch (any(16)) {
		case 0:
			step_reopen(i);
			break;
		case 1 ... 3:
			step_look(step, i);
			break;
		case 4 ... 8:
			step_write(step, i);
			break;
		default:
			step_read(step, i);
		}
	}
	return 0;
}

/* --- bytes ------------------------------------------------------------------ */

static off_t place[FILES];
static bool append[FILES];

static ssize_t model_write(off_t to, size_t n)
{
	if (!n)
		return 0;
	if (to > (off_t)size)
		return -EFBIG;
	if (to == (off_t)size)
		return -ENOSPC;
	n = n < size - to ? n : size - to;
	if (to > (off_t)length)
		memset(held + length, 0, to - length);
	memcpy(held + to, data, n);
	if (to + n > length)
		length = to + n;
	return n;
}

static ssize_t model_read(off_t from, size_t n)
{
	if (from >= (off_t)length)
		return 0;
	return n < length - from ? n : length - from;
}

static void bytes_write(uint64_t step, int i, bool placed)
{
	size_t n = some_length(), k;
	off_t to = placed ? (off_t)any(size + 3) : place[i];
	ssize_t expected;

	for (k = 0; k < n; k++)
		data[k] = mix(step * ROOM + k);
	/* On Linux, O_APPEND goes before the place that pwrite is given. */
	if (append[i])
		to = length;
	expected = model_write(to, n);
	if (placed) {
		agree("pwrite", step, done(pwrite(fds[i], data, n, append[i] ? 0 : to)), expected);
	} else {
		agree("write", step, done(write(fds[i], data, n)), expected);
		if (expected > 0)
			place[i] = to + expected;
	}
}

static void bytes_read(uint64_t step, int i, bool placed)
{
	size_t n = some_length();
	off_t from = placed ? (off_t)any(size + 3) : place[i];
	ssize_t expected = model_read(from, n);

	if (placed)
		agree("pread", step, done(pread(fds[i], data, n, from)), expected);
	else
		agree("read", step, done(read(fds[i], data, n)), expected);
	if (memcmp(data, held + from, expected))
		die("step %llu: the contents are others", (unsigned long long)step);
	if (!placed)
		place[i] += expected;
}

static void bytes_seek(uint64_t step, int i)
{
	static const int from[] = { SEEK_SET, SEEK_CUR, SEEK_END };
	int whence = from[any(3)];
	off_t offset = (off_t)any(2 * size) - size;
	off_t to = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? place[i] : (off_t)length);

	if (to < 0 || to > (off_t)size)
		to = -EINVAL;
	agree("lseek", step, done(lseek(fds[i], offset, whence)), to);
	if (to >= 0)
		place[i] = to;
}

static void bytes_reopen(int i)
{
	bool truncate = !any(8);

	append[i] = !any(3);
	close(fds[i]);
	fds[i] = open_node(O_RDWR | O_NONBLOCK | (append[i] ? O_APPEND : 0) |
			   (truncate ? O_TRUNC : 0));
	place[i] = 0;
	if (truncate)
		length = 0;
}

static int bytes(uint64_t count)
{
	uint64_t step;
	int i;

	for (i = 0; i < FILES; i++)
		fds[i] = open_node(O_RDWR | O_NONBLOCK | (i ? 0 : O_TRUNC));
	for (step = 0; step < count; step++) {
		i = any(FILES);
		switch (any(16)) {
		case 0:
			bytes_reopen(i);
			break;
		case 1 ... 3:
			bytes_seek(step, i);
			break;
		case 4 ... 8:
			bytes_write(step, i, any(2));
			break;
		default:
			bytes_read(step, i, any(2));
		}
	}
	return 0;
}

/* --- many at the same time --------------------------------------------------- */

#define PROCESSES	8
#define NR_MAX		(1 << 20)

/* Shared by all: how often each message was had, and who wants what. */
struct crowd {
	_Atomic uint32_t next;
	_Atomic uint32_t had;
	_Atomic uint32_t broken;
	_Atomic uint32_t refused;
	_Atomic uint8_t seen[NR_MAX];
};

static struct crowd *crowd;

static size_t length_of(uint32_t id)
{
	return 8 + mix(id) % (size - 8);
}

static void make_message(uint32_t id, uint64_t *words)
{
	fill_words(words, ROOM / 8, id);
	words[0] = id;
}

static void crowd_write(uint32_t count)
{
	static uint64_t words[ROOM / 8];
	int fd = open_node(O_WRONLY);
	uint32_t id;

	while ((id = atomic_fetch_add(&crowd->next, 1)) < count) {
		make_message(id, words);
		/* Now and then a message that cannot be taken. */
		if (!any(64) && write(fd, words, size + 1) < 0 && errno == EMSGSIZE)
			atomic_fetch_add(&crowd->refused, 1);
		if (write(fd, words, length_of(id)) != (ssize_t)length_of(id))
			die("write: %s", strerror(errno));
	}
	_exit(0);
}

/* One message, in one read or more; false: it was broken. */
static bool take_one(int fd)
{
	static uint64_t words[ROOM / 8];
	static char got[ROOM];
	size_t n = 0, room;
	uint64_t id;
	ssize_t r;

	do {
		room = any(2) ? ROOM - n : 1 + any(size);
		r = read(fd, got + n, room < ROOM - n ? room : ROOM - n);
		if (r < 0)
			die("read: %s", strerror(errno));
		n += r;
	} while (r);
	memcpy(&id, got, sizeof(id));
	if (n < 8 || id >= NR_MAX || n != length_of(id))
		return false;
	make_message(id, words);
	atomic_fetch_add(&crowd->seen[id], 1);
	return !memcmp(got, words, n);
}

static void crowd_read(void)
{
	int fd = open_node(O_RDONLY);

	for (;;) {
		if (!take_one(fd))
			atomic_fetch_add(&crowd->broken, 1);
		atomic_fetch_add(&crowd->had, 1);
		if (!any(16)) {
			close(fd);
			fd = open_node(O_RDONLY);
		}
	}
}

static int many(uint32_t count)
{
	pid_t readers[PROCESSES / 2];
	uint32_t i, operations = count / 2;
	int status, bad = 0;

	crowd = mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < PROCESSES; i++) {
		pid_t child = fork();

		state = mix(state + i);
		if (!child && i < PROCESSES / 2)
			crowd_read();
		if (!child)
			crowd_write(operations);
		if (i < PROCESSES / 2)
			readers[i] = child;
	}
	for (i = 0; i < PROCESSES / 2; i++)
		if (wait(&status) < 0 || status)
			die("a process failed");
	while (atomic_load(&crowd->had) < operations)
		usleep(10000);
	for (i = 0; i < PROCESSES / 2; i++)
		kill(readers[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	for (i = 0; i < operations; i++)
		bad += crowd->seen[i] != 1;
	printf("%u messages: %u had, %d not once, %u broken, %u refused\n", operations, crowd->had, bad,
	       crowd->broken, crowd->refused);
	return bad || crowd->broken || crowd->had != operations || !crowd->refused;
}

/* --- one message, many readers ------------------------------------------------ */

static int race(uint32_t readers)
{
	uint32_t i, winners = 0;
	int status;

	for (i = 0; i < readers; i++)
		if (!fork()) {
			int fd = open_node(O_RDONLY);
			ssize_t n;

			/* Its own process group's end ends it, if nothing comes. */
			n = read(fd, data, sizeof(data));
			_exit(n == 3 && !memcmp(data, "one", 3) ? 1 : errno == ENODEV ? 2 : 3);
		}
	puts("reading");
	fflush(stdout);
	for (i = 0; i < readers; i++) {
		if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 3)
			die("a reader got something else");
		winners += WEXITSTATUS(status) == 1;
	}
	printf("%u of %u\n", winners, readers);
	return winners != 1;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "race")) {
		node = argv[2];
		return race(parse_number(argv[3]));
	}
	if (argc != 6)
		die("see the comment at the top of mbox_model.c");
	node = argv[2];
	size = parse_number(argv[3]);
	state = parse_number(argv[5]);
	if (size > ROOM - 16)
		die("%zu bytes are too many", size);
	if (!strcmp(argv[1], "messages"))
		return messages(parse_number(argv[4]));
	if (!strcmp(argv[1], "bytes"))
		return bytes(parse_number(argv[4]));
	if (!strcmp(argv[1], "crowd"))
		return many(parse_number(argv[4]));
	die("see the comment at the top of mbox_model.c");
}
