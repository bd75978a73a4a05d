// SPDX-License-Identifier: GPL-2.0-only
/*
 * touch_memory MEBIBYTES ROUNDS SEED: use more memory than there is.
 *
 * Fills that much, then goes over it in random order so many times: each page
 * must be what was last written to it, and is written anew.
 */
#include "blocks.h"

#include <sys/mman.h>

int main(int argc, char **argv)
{
	uint64_t pages, i, state;
	uint32_t rounds, round, found;
	uint32_t *writer;
	unsigned char *memory;
	char text[128];

	if (argc != 4)
		die("what to do? see the top of touch_memory.c");
	pages = parse_number(argv[1]) << 8;
	rounds = parse_number(argv[2]);
	state = mix(parse_number(argv[3]));
	memory = mmap(NULL, pages * BLOCK, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	writer = malloc(pages * sizeof(*writer));
	if (!pages || memory == MAP_FAILED || !writer)
		die("no memory");
	for (i = 0; i < pages; i++) {
		writer[i] = 1;
		fill(memory + i * BLOCK, i, 1);
	}
	for (round = 2; round < rounds + 2; round++) {
		for (i = 0; i < pages; i++) {
			uint64_t page = draw(&state, pages);

			if (!tell(memory + page * BLOCK, page, &found) || found != writer[page]) {
				describe(memory + page * BLOCK, text, sizeof(text));
				die("page %llu: expected round %u, found %s",
				    (unsigned long long)page, writer[page], text);
			}
			writer[page] = round;
			fill(memory + page * BLOCK, page, round);
		}
	}
	for (i = 0; i < pages; i++)
		if (!tell(memory + i * BLOCK, i, &found) || found != writer[i])
			die("page %llu at the end: expected round %u", (unsigned long long)i, writer[i]);
	printf("%llu pages, %u rounds\n", (unsigned long long)pages, rounds);
	return 0;
}
