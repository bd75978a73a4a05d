// SPDX-License-Identifier: GPL-2.0-only
/*
 * pattern_blocks SEED FIRST COUNT: writes COUNT blocks of 4 KiB that say, all
 * over, "SEED:BLOCK", padded to a line of 64 bytes.  See pattern() in
 * tests/lib/disk.sh.
 */
#include "tool.h"

#include <string.h>

#define BLOCK 4096
#define LINE 64

int main(int argc, char **argv)
{
	static char block[BLOCK];
	uint64_t number, end;
	char name[LINE];
	int i;

	if (argc != 4)
		die("what to do? see the top of pattern_blocks.c");
	number = parse_number(argv[2]);
	end = number + parse_number(argv[3]);
	for (; number < end; number++) {
		if (snprintf(name, sizeof(name), "%s:%llu", argv[1],
			     (unsigned long long)number) >= LINE)
			die("\"%s\" is too long", argv[1]);
		snprintf(block, sizeof(block), "%-*s\n", LINE - 1, name);
		for (i = LINE; i < BLOCK; i += LINE)
			memcpy(block + i, block, LINE);
		if (fwrite(block, BLOCK, 1, stdout) != 1)
			die("writing: %s", strerror(errno));
	}
	if (fflush(stdout))
		die("writing: %s", strerror(errno));
	return 0;
}
