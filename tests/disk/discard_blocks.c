// SPDX-License-Identifier: GPL-2.0-only
/*
 * discard_blocks DEVICE FIRST STEP COUNT [ROUNDS [flush]]: discards blocks of
 * 4 KiB one by one: FIRST, FIRST + STEP and so on, COUNT of them, and all that
 * ROUNDS times; with a flush after each if told so.  Stops at the first that
 * fails; says how many were done and, when it stopped, why.  Fails if that was
 * not for want of space, and if a flush fails.
 */
#define TOOL_FAILED 2
#include "tool.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/fs.h>

int main(int argc, char **argv)
{
	uint64_t first, step, count, rounds, n, done = 0;
	int fd;

	if (argc < 5)
		die("what to do? see the top of discard_blocks.c");
	first = parse_number(argv[2]);
	step = parse_number(argv[3]);
	count = parse_number(argv[4]);
	rounds = argc > 5 ? parse_number(argv[5]) : 1;
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		die("%s: %s", argv[1], strerror(errno));
	for (n = 0; n < count * rounds; n++) {
		uint64_t range[2] = { (first + n % count * step) * 4096, 4096 };

		if (ioctl(fd, BLKDISCARD, range)) {
			printf("%llu %s\n", (unsigned long long)done,
			       strerror(errno));
			return errno == ENOSPC ? 0 : 1;
		}
		done++;
		if (argc > 6 && fsync(fd)) {
			perror("flush");
			return 1;
		}
	}
	printf("%llu\n", (unsigned long long)done);
	return 0;
}
