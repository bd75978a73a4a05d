// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: mbox_do WHAT NODE
 *
 * One behaviour of the mailbox NODE each; ends with 0 if it is as documented:
 *
 *	signals      a signal ends the waiting of a reader and of a writer
 *	poll         poll, select and epoll say what would not wait
 *	sigio        SIGIO comes with a message
 *	shared       descriptors that share an open file share its message
 *	memory       what cannot be copied leaves the mailbox as it was
 *	boundaries   a write or writev is a message; a read has one, or a part
 *	stuck        a writer that is held up while copying keeps nobody else (it is killed)
 *	stuck-gone   the same, and says "stuck": the mailbox is to be removed then
 *	storm        uses a mailbox that comes and goes, by six processes, until its input ends
 *	busy         of a buffer: while a writer is held up, poll says that others would wait
 *	map SIZE     of a buffer: mappings are shared, and within the size
 *	end          of two threads that read the same open file, one has the message, one its end
 *	linger       of a buffer with a timeout: what a mapping writes is wiped, each time, and
 *	             what it has written last is left to be wiped
 *	remap        of a buffer with a timeout: who maps it to read it again and again sees it wiped
 *	blank        of a buffer: it has nothing but zeroes
 *	unmappable   of a buffer: mapping it for writing is EBUSY, for reading not
 *	hold FD-MODE opens (r or w), says "open", and goes on when told: reads or writes
 */
#include "tool.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#define PATIENCE_S	60

static const char *node;

static int open_node(int flags)
{
	int fd = open(node, flags | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", node, strerror(errno));
	return fd;
}

/* @result of a call: bytes, or a negative errno. */
static void expect(const char *what, ssize_t result, ssize_t expected)
{
	if (result != expected)
		die("%s: %zd (%s), expected %zd", what, result, result < 0 ? strerror(-result) : "",
		    expected);
}

static ssize_t put(int fd, const char *text)
{
	ssize_t n = write(fd, text, strlen(text));

	return n < 0 ? -errno : n;
}

static ssize_t get(int fd, char *text, size_t room)
{
	ssize_t n = read(fd, text, room);

	return n < 0 ? -errno : n;
}

static void expect_text(const char *what, int fd, const char *text)
{
	char got[256];
	ssize_t n = get(fd, got, sizeof(got));

	if (n != (ssize_t)strlen(text) || memcmp(got, text, n))
		die("%s: %zd bytes \"%.*s\", expected \"%s\"", what, n, (int)(n > 0 ? n : 0), got, text);
}

static void pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* --- signals ---------------------------------------------------------------- */

/* Shared with a child, which has no timer. */
static volatile sig_atomic_t *alarms;

static void on_signal(int number)
{
	(void)number;
	(*alarms)++;
}

static void catch(int number, int flags)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	if (sigaction(number, &action, NULL))
		die("sigaction: %s", strerror(errno));
}

/* So often that one comes while the call waits. */
static void tick(void)
{
	const struct timeval often = { .tv_usec = 50000 };
	const struct itimerval timer = { often, often };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static int signals(void)
{
	int fd = open_node(O_RDWR), status;
	char text[64];
	pid_t child;

	alarms = mmap(NULL, sizeof(*alarms), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (alarms == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	catch(SIGALRM, 0);
	tick();
	expect("a reader with a signal", get(fd, text, 64), -EINTR);
	expect("the first message", put(fd, "first"), 5);
	expect("a writer with a signal", put(fd, "second"), -EINTR);
	expect_text("the message", fd, "first");
	/* Restarted, a reader waits on, and has what comes. */
	catch(SIGALRM, SA_RESTART);
	expect_text("the end", fd, "");
	*alarms = 0;
	child = fork();
	if (!child) {
		while (*alarms < 3)
			pause_ms(10);
		_exit(put(open_node(O_WRONLY), "late") == 4 ? 0 : 1);
	}
	expect_text("a reader that was restarted", fd, "late");
	if (waitpid(child, &status, 0) != child || status)
		die("the writer failed");
	return 0;
}

/* --- poll ------------------------------------------------------------------- */

static void expect_poll(const char *what, int fd, int expected)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	if (poll(&p, 1, 0) < 0 || p.revents != expected)
		die("%s: poll says %x, expected %x", what, p.revents, expected);
}

static int poll_all(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd = open_node(O_RDWR | O_NONBLOCK), other = open_node(O_RDONLY | O_NONBLOCK);
	int queue = epoll_create1(EPOLL_CLOEXEC);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char text[64];
	fd_set set;
	pid_t child;

	expect_poll("empty", fd, POLLOUT);
	expect("a read of an empty one", get(fd, text, 64), -EAGAIN);
	if (epoll_ctl(queue, EPOLL_CTL_ADD, other, &event) || epoll_wait(queue, &event, 1, 0))
		die("epoll says that an empty one can be read");
	child = fork();
	if (!child) {
		pause_ms(100);
		_exit(put(fd, "news") == 4 ? 0 : 1);
	}
	if (epoll_wait(queue, &event, 1, PATIENCE_S * 1000) != 1)
		die("epoll never said that a message came");
	waitpid(child, NULL, 0);
	expect_poll("full", fd, POLLIN);
	expect("a write to a full one", put(fd, "more"), -EAGAIN);
	FD_ZERO(&set);
	FD_SET(other, &set);
	if (select(other + 1, &set, NULL, NULL, NULL) != 1 || !FD_ISSET(other, &set))
		die("select does not say that it can be read");
	expect("a part", get(other, text, 2), 2);
	expect_poll("claimed by another", fd, 0);
	expect_poll("claimed", other, POLLIN);
	expect("a read by another", get(fd, text, 64), -EAGAIN);
	expect("the rest", get(other, text, 64), 2);
	expect_poll("at the end", other, POLLIN | POLLOUT);
	expect("the end", get(other, text, 64), 0);
	expect_poll("after the end", other, POLLOUT);
	/* Room is news as well. */
	expect("again", put(fd, "full"), 4);
	child = fork();
	if (!child) {
		pause_ms(100);
		_exit(get(other, text, 64) == 4 ? 0 : 1);
	}
	p.events = POLLOUT;
	if (poll(&p, 1, PATIENCE_S * 1000) != 1 || p.revents != POLLOUT)
		die("poll never said that there is room");
	waitpid(child, NULL, 0);
	return 0;
}

static int sigio(void)
{
	const struct timespec patience = { .tv_sec = PATIENCE_S }, moment = { 0, 0 };
	int fd = open_node(O_RDONLY | O_NONBLOCK), writer = open_node(O_WRONLY);
	sigset_t set;
	char part;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (fcntl(fd, F_SETOWN, getpid()) || fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC))
		die("O_ASYNC: %s", strerror(errno));
	expect("a message", put(writer, "wake"), 4);
	if (sigtimedwait(&set, NULL, &patience) != SIGIO)
		die("no SIGIO: %s", strerror(errno));
	/* Who reads it in parts is told of no other, and then of the next. */
	expect("a part", get(fd, &part, 1), 1);
	if (sigtimedwait(&set, NULL, &moment) == SIGIO)
		die("SIGIO for a part that was read");
	expect_text("the message", fd, "ake");
	expect("another message", put(writer, "next"), 4);
	if (sigtimedwait(&set, NULL, &patience) != SIGIO)
		die("no SIGIO: %s", strerror(errno));
	return 0;
}

/* --- who shares what -------------------------------------------------------- */

static int shared(void)
{
	int fd = open_node(O_RDONLY | O_NONBLOCK), twin = dup(fd), other = open_node(O_RDONLY | O_NONBLOCK);
	int writer = open_node(O_WRONLY), status;
	char text[64];
	pid_t child;

	expect("a message", put(writer, "abcdef"), 6);
	expect("the beginning", get(fd, text, 2), 2);
	expect("another open file", get(other, text, 64), -EAGAIN);
	child = fork();
	if (!child) {
		expect("in a child", get(fd, text, 2), 2);
		/* A child that ends does not close it. */
		_exit(memcmp(text, "cd", 2) ? 1 : 0);
	}
	if (waitpid(child, &status, 0) != child || status)
		die("a child did not get its part");
	close(fd);
	expect_text("the rest, by a duplicate", twin, "ef");
	expect("the end, once", get(twin, text, 64), 0);
	expect("and no more", get(twin, text, 64), -EAGAIN);
	/* Closed half read, the rest is nobody's. */
	expect("a message", put(writer, "secret"), 6);
	expect("the beginning", get(twin, text, 2), 2);
	close(twin);
	expect("the rest of somebody else's", get(other, text, 64), -EAGAIN);
	expect("there is room", put(writer, "next"), 4);
	expect_text("the next", other, "next");
	return 0;
}

static int memory(void)
{
	int fd = open_node(O_RDWR | O_NONBLOCK), ready = 0;
	long page = sysconf(_SC_PAGESIZE);
	char *half = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (half == MAP_FAILED || munmap(half + page, page))
		die("mmap: %s", strerror(errno));
	memset(half, 'x', page);
	expect("a message that is not there", write(fd, half + page, 8) < 0 ? -errno : 0, -EFAULT);
	expect("half a message", write(fd, half + page - 8, 16) < 0 ? -errno : 0, -EFAULT);
	expect("after these", get(fd, half, 64), -EAGAIN);
	expect("a message", put(fd, "whole"), 5);
	expect("no memory to read to", read(fd, half + page, 8) < 0 ? -errno : 0, -EFAULT);
	if (ioctl(fd, FIONREAD, &ready) || ready != 5)
		die("FIONREAD says %d, expected 5", ready);
	/* What went over is had; the rest comes next. */
	expect("memory for a part", get(fd, half + page - 3, 64), 3);
	expect_text("the rest", fd, "le");
	expect_text("the end", fd, "");
	return 0;
}

static int boundaries(void)
{
	int writer = open_node(O_WRONLY | O_NONBLOCK), fd = open_node(O_RDONLY | O_NONBLOCK);
	struct iovec parts[3] = { { "one", 3 }, { "", 0 }, { "two", 3 } };
	static char large[8192];
	char text[64];

	expect("writev", writev(writer, parts, 3), 6);
	expect_text("of one writev", fd, "onetwo");
	expect("a second message", put(writer, "three"), 5);
	expect_text("the end of the first", fd, "");
	expect("a part", get(fd, text, 4), 4);
	expect("no bytes asked for", get(fd, text, 0), 0);
	expect_text("the rest", fd, "e");
	expect_text("the end of the second", fd, "");
	expect("nothing", put(writer, ""), 0);
	expect("after nothing", get(fd, text, 64), -EAGAIN);
	expect("the largest", write(writer, large, 4096), 4096);
	close(fd);
	fd = open_node(O_RDWR | O_NONBLOCK);
	expect("the largest, read", read(fd, large, sizeof(large)), 4096);
	expect("one byte more", write(writer, large, 4097) < 0 ? -errno : 0, -EMSGSIZE);
	/* It is a stream: no place, no mapping. */
	expect("lseek", lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0, -ESPIPE);
	expect("pread", pread(fd, text, 1, 0) < 0 ? -errno : 0, -ESPIPE);
	expect("pwrite", pwrite(writer, text, 1, 0) < 0 ? -errno : 0, -ESPIPE);
	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED || errno != ENODEV)
		die("mmap of messages is not refused with ENODEV");
	/* Who writes begins anew, and is not told of an end. */
	expect("a message by the reader", put(fd, "mine"), 4);
	expect_text("its own", fd, "mine");
	return 0;
}

/* --- a writer that is held up ------------------------------------------------ */

/* Memory whose first use waits for ever. */
static char *trap_fd(int *handler)
{
	long page = sysconf(_SC_PAGESIZE);
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	char *memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	range.range.start = (uintptr_t)memory;
	range.range.len = page;
	if (fd < 0 || memory == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &range))
		die("userfaultfd: %s", strerror(errno));
	*handler = fd;
	return memory;
}

static char *trap(void)
{
	int handler;

	return trap_fd(&handler);
}

static pid_t start_stuck(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	pid_t child = fork();
	int i;

	if (!child) {
		write(open_node(O_WRONLY), trap(), 16);
		_exit(0);
	}
	for (i = 0; i < PATIENCE_S * 100 && poll(&p, 1, 0) == 1; i++)
		pause_ms(10);
	if (poll(&p, 1, 0))
		die("the writer is not held up");
	return child;
}

static int stuck(bool removed)
{
	int fd = open_node(O_RDWR | O_NONBLOCK), status, i;
	pid_t child = start_stuck(fd);
	char text[64];

	expect("a read meanwhile", get(fd, text, 64), -EAGAIN);
	expect("a write meanwhile", put(fd, "other"), -EAGAIN);
	if (removed) {
		puts("stuck");
		fflush(stdout);
		for (i = 0; i < PATIENCE_S * 100 && put(fd, "other") == -EAGAIN; i++)
			pause_ms(10);
		expect("a read after the removal", get(fd, text, 64), -ENODEV);
	}
	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		die("the writer was not killed");
	if (removed)
		return 0;
	expect("a read after it", get(fd, text, 64), -EAGAIN);
	expect("a write after it", put(fd, "other"), 5);
	expect_text("the message", fd, "other");
	return 0;
}

/* --- one that comes and goes -------------------------------------------------- */

#define STORM	6

static bool is_fine(ssize_t result)
{
	return result >= 0 || errno == EAGAIN || errno == ENODEV || errno == ENXIO || errno == ENOENT ||
	       errno == EINTR || errno == ENOSPC;
}

/* Two of them wait, and are woken by a message or a removal. */
static void use_it(int number)
{
	int flags = O_RDWR | O_CLOEXEC | (number < 2 ? 0 : O_NONBLOCK), fd, i;
	struct pollfd p = { .events = POLLIN | POLLOUT };
	char text[32];

	for (;;) {
		fd = open(node, flags);
		if (!is_fine(fd))
			die("open: %s", strerror(errno));
		for (i = 0; fd >= 0 && i < 1 + number; i++) {
			p.fd = fd;
			if (number >= 2 && !is_fine(write(fd, "storm", 5)))
				die("write: %s", strerror(errno));
			if (!is_fine(poll(&p, 1, 0)) || !is_fine(read(fd, text, 1 + number * 2)))
				die("read: %s", strerror(errno));
		}
		if (fd >= 0)
			close(fd);
	}
}

static int storm(void)
{
	pid_t children[STORM];
	int i, status, bad = 0;
	char text[16];

	alarm(0);
	for (i = 0; i < STORM; i++) {
		children[i] = fork();
		if (!children[i])
			use_it(i);
	}
	while (fgets(text, sizeof(text), stdin))
		;
	for (i = 0; i < STORM; i++) {
		kill(children[i], SIGKILL);
		if (waitpid(children[i], &status, 0) != children[i] || !WIFSIGNALED(status))
			bad++;
	}
	return bad ? TOOL_FAILED : 0;
}

static int busy(void)
{
	int fd = open_node(O_RDWR | O_NONBLOCK), status;
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	pid_t child = start_stuck(fd);
	char text[64];

	expect("a read meanwhile", get(fd, text, 64), -EAGAIN);
	kill(child, SIGKILL);
	if (poll(&p, 1, PATIENCE_S * 1000) != 1 || p.revents != (POLLIN | POLLOUT))
		die("poll never says that the buffer is free");
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		die("the writer was not killed");
	return 0;
}

/* --- readers that share an open file ---------------------------------------- */

struct reader {
	int fd;
	char *memory;
	pthread_t thread;
	_Atomic pid_t id;
	ssize_t got;
};

static void *read_once(void *arg)
{
	struct reader *r = arg;

	r->id = gettid();
	r->got = get(r->fd, r->memory, 64);
	return NULL;
}

static void start_reader(struct reader *r)
{
	if (pthread_create(&r->thread, NULL, read_once, r))
		die("pthread_create: %s", strerror(errno));
}

static bool sleeps(pid_t id)
{
	char path[64], line[256] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", id);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (!fgets(line, sizeof(line), f))
		*line = 0;
	fclose(f);
	return strstr(line, ") S ") || strstr(line, ") D ");
}

static void wait_asleep(struct reader *r)
{
	int i;

	for (i = 0; i < PATIENCE_S * 100 && !(r->id && sleeps(r->id)); i++)
		pause_ms(10);
	/* What it did last before it slept was to begin to read. */
	pause_ms(100);
	if (!r->id || !sleeps(r->id))
		die("a reader does not wait");
}

static int share_end(void)
{
	struct uffdio_zeropage page = { .range.len = sysconf(_SC_PAGESIZE) };
	static char text[64];
	int fd = open_node(O_RDWR), handler;
	struct reader first = { .fd = fd, .memory = trap_fd(&handler) };
	struct reader second = { .fd = fd, .memory = text };

	expect("a message", put(fd, "whole"), 5);
	/* The first has claimed it, and cannot copy; so the second waits. */
	start_reader(&first);
	wait_asleep(&first);
	start_reader(&second);
	wait_asleep(&second);
	page.range.start = (uintptr_t)first.memory;
	if (ioctl(handler, UFFDIO_ZEROPAGE, &page))
		die("userfaultfd: %s", strerror(errno));
	pthread_join(first.thread, NULL);
	expect("the first", first.got, 5);
	/* For ever, if it is not woken: the alarm ends that. */
	pthread_join(second.thread, NULL);
	expect("the second", second.got, 0);
	return 0;
}

/* --- a buffer's memory ------------------------------------------------------ */

static int map(size_t size)
{
	int fd = open_node(O_RDWR), reader = open_node(O_RDONLY);
	char text[16], *a, *b;

	if (mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED || errno != EINVAL)
		die("a private mapping is not refused with EINVAL");
	if (mmap(NULL, size + 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED)
		die("a mapping beyond the size is not refused");
	a = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, size - 4096);
	if (a == MAP_FAILED || b == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	expect("a write", pwrite(fd, "written", 7, size - 100), 7);
	if (memcmp(a + size - 100, "written", 7) || memcmp(b + 4096 - 100, "written", 7))
		die("the mappings do not show what was written");
	memcpy(a, "mapped", 6);
	if (pread(fd, text, 6, 0) != 6 || memcmp(text, "mapped", 6))
		die("a read does not show what was mapped");
	puts("mapped");
	fflush(stdout);
	/* Removed, it is wiped; the memory stays, and is nobody's danger. */
	if (!fgets(text, sizeof(text), stdin))
		die("nobody says to go on");
	if (a[0] || b[4096 - 100])
		die("removed, it is not wiped");
	a[size - 1] = 'x';
	expect("a read of what was removed", get(fd, text, 6), -ENODEV);
	if (munmap(a, size) || b[4096 - 1])
		die("what was written after the removal is not wiped");
	return 0;
}

static void expect_wiped(const char *what, const volatile char *place)
{
	int i;

	for (i = 0; i < PATIENCE_S * 100 && *place; i++)
		pause_ms(10);
	if (*place)
		die("%s: it is never wiped", what);
}

static int linger(void)
{
	char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, open_node(O_RDWR), 0);
	int i;

	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		strcpy(memory, "mapped");
		expect_wiped("what a mapping wrote", memory);
	}
	strcpy(memory, "last");
	return munmap(memory, 4096);
}

static int remap(void)
{
	int fd = open_node(O_RDONLY), i;
	char *memory, first = 1;

	for (i = 0; i < PATIENCE_S * 100 && first; i++) {
		memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (memory == MAP_FAILED)
			die("mmap: %s", strerror(errno));
		first = *memory;
		munmap(memory, 4096);
		pause_ms(10);
	}
	if (first)
		die("it is never wiped");
	return 0;
}

static int blank(void)
{
	const char *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, open_node(O_RDONLY), 0);
	size_t i;

	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	for (i = 0; i < 4096; i++)
		if (memory[i])
			die("byte %zu is not wiped", i);
	return 0;
}

static int unmappable(void)
{
	int fd = open_node(O_RDWR), reader = open_node(O_RDONLY);

	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED || errno != EBUSY)
		die("a mapping that may write is not refused with EBUSY");
	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 0) == MAP_FAILED)
		die("a mapping that may only read: %s", strerror(errno));
	return 0;
}

static int hold(const char *mode)
{
	int fd = open_node(*mode == 'r' ? O_RDONLY : O_WRONLY);
	char text[256], line[16];
	ssize_t n;

	puts("open");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		die("nobody says to go on");
	n = *mode == 'r' ? get(fd, text, sizeof(text)) : put(fd, "held");
	if (n < 0)
		die("%s", strerror(-n));
	printf("%zd %.*s\n", n, *mode == 'r' ? (int)n : 0, text);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} plain[] = {
		{ "signals", signals }, { "poll", poll_all }, { "sigio", sigio },
		{ "shared", shared }, { "memory", memory }, { "boundaries", boundaries },
		{ "storm", storm }, { "unmappable", unmappable },
		{ "busy", busy }, { "end", share_end }, { "linger", linger }, { "remap", remap }, { "blank", blank },
	};
	size_t i;

	if (argc < 3)
		die("see the comment at the top of mbox_do.c");
	node = argv[2];
	alarm(2 * PATIENCE_S);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(argv[1], plain[i].name))
			return plain[i].run();
	if (!strcmp(argv[1], "stuck"))
		return stuck(false);
	if (!strcmp(argv[1], "stuck-gone"))
		return stuck(true);
	if (argc == 4 && !strcmp(argv[1], "map"))
		return map(parse_number(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "hold"))
		return hold(argv[3]);
	die("see the comment at the top of mbox_do.c");
}
