// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: mbox_bench SYSTEM FILE BYTES   nanoseconds of writing and reading BYTES once
 *
 * SYSTEM is one of tests/bench/lib/mailbox.sh; a mailbox is made for it, and
 * removed.  Where an instruction takes a nanosecond, these are instructions.
 */
#include "tool.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../src/include/uapi/sworn_mbox.h"

#define GENL_NAME	SWORN_MBOX_GENL_NAME
#define GENL_VERSION	SWORN_MBOX_GENL_VERSION

static void note_attribute(int type, const void *value)
{
	(void)type;
	(void)value;
}

#include "genl.h"

#define ROUNDS	20000

static char data[4096] __attribute__((aligned(4096)));
static int in, out;
static bool placed, whole;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void pass(size_t bytes)
{
	ssize_t n = placed ? pwrite(in, data, bytes, 0) : write(in, data, bytes);

	if (n != (ssize_t)bytes)
		die("write: %s", strerror(errno));
	n = placed ? pread(out, data, bytes, 0) : read(out, data, bytes);
	if (n != (ssize_t)bytes)
		die("read: %s", strerror(errno));
	if (whole && read(out, data, bytes))
		die("no end");
}

/* The bench's guest has no swornadm. */
static void ask_for(int command, uint32_t kind)
{
	struct message m;

	begin(&m, command);
	put_text(&m, SWORN_MBOX_A_NAME, "bench");
	if (command == SWORN_MBOX_CMD_CREATE)
		put_u32(&m, SWORN_MBOX_A_KIND, kind);
	if (ask(&m))
		die("the mailbox can not be made, or not be removed");
}

static void open_both(const char *system, const char *path)
{
	int ends[2];

	placed = !strcmp(system, "tmpfs") || !strcmp(system, "sworn_mbox_buffer");
	whole = !strcmp(system, "sworn_mbox_whole");
	if (!strcmp(system, "pipe")) {
		if (pipe(ends))
			die("pipe: %s", strerror(errno));
		out = ends[0];
		in = ends[1];
		return;
	}
	if (!strncmp(system, "sworn_mbox", 10)) {
		if (find_family())
			die("there is no module sworn_mbox");
		ask_for(SWORN_MBOX_CMD_CREATE, placed ? SWORN_MBOX_KIND_BUFFER :
							 SWORN_MBOX_KIND_RENDEZVOUS);
	}
	in = open(path, O_RDWR | O_CREAT, 0600);
	out = whole ? open(path, O_RDONLY) : in;
	if (in < 0 || out < 0)
		die("%s: %s", path, strerror(errno));
}

int main(int argc, char **argv)
{
	uint64_t begun;
	size_t bytes;
	int i;

	if (argc != 4)
		die("see the comment at the top of mbox_bench.c");
	bytes = parse_number(argv[3]);
	if (bytes > sizeof(data))
		die("%zu bytes are too many", bytes);
	open_both(argv[1], argv[2]);
	memset(data, 'x', sizeof(data));
	for (i = 0; i < ROUNDS / 10; i++)
		pass(bytes);
	begun = now();
	for (i = 0; i < ROUNDS; i++)
		pass(bytes);
	printf("%llu\n", (unsigned long long)((now() - begun) / ROUNDS));
	if (family)
		ask_for(SWORN_MBOX_CMD_REMOVE, 0);
	return 0;
}
