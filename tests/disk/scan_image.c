// SPDX-License-Identifier: GPL-2.0-only
/*
 * scan_image: what can be seen on a disk image without a key.  Holes are
 * skipped, and so are blocks of zeroes.
 *
 *   scan_image find IMAGE HEX...     which of these byte strings are there:
 *                                    "HEX at OFFSET", the first place of each
 *   scan_image noise IMAGE FIRST COUNT [FROM]
 *       of the blocks FIRST to FIRST+COUNT-1, from byte FROM of each block on:
 *       "N blocks, N not noise, N twice".  Noise is what a chi-square test of
 *       its bytes takes for evenly distributed, with seven sigma to spare.
 *       With FROM, zeroes at the end of a block are not looked at.
 *   scan_image used IMAGE            numbers of the blocks that are not zero
 */
#define TOOL_FAILED 2
#include "tool.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 4096u
#define MOST_PATTERNS 64
#define MOST_BYTES 64
/* 255 degrees of freedom: mean 255, sigma 22.6 */
#define NOISE_LIMIT 413.0

struct pattern {
	const char *text;
	unsigned char bytes[MOST_BYTES];
	size_t length;
	off_t found;
};

static const char *image_name;
static int image;
static uint64_t image_blocks;

/* The next block at or behind NUMBER that is not zero, with that behind it. */
static bool next_used(uint64_t *number, unsigned char two[2 * BLOCK])
{
	static const unsigned char zeroes[BLOCK];

	while (*number < image_blocks) {
		off_t data = lseek(image, (off_t)(*number * BLOCK), SEEK_DATA);

		if (data < 0)
			return false;
		*number = (uint64_t)data / BLOCK;
		memset(two, 0, 2 * BLOCK);
		if (pread(image, two, 2 * BLOCK, (off_t)(*number * BLOCK)) <= 0)
			die("%s: block %llu: %s", image_name, (unsigned long long)*number,
			    strerror(errno));
		if (memcmp(two, zeroes, BLOCK))
			return true;
		(*number)++;
	}
	return false;
}

static void parse_pattern(struct pattern *p, const char *text)
{
	size_t i;

	p->text = text;
	p->found = -1;
	p->length = strlen(text) / 2;
	if (!p->length || p->length > MOST_BYTES || strlen(text) % 2)
		die("\"%s\": expected 1 to %u bytes in hexadecimal", text, MOST_BYTES);
	for (i = 0; i < p->length; i++)
		if (sscanf(text + 2 * i, "%2hhx", &p->bytes[i]) != 1)
			die("\"%s\" is not hexadecimal", text);
}

static int find(int argc, char **texts)
{
	static struct pattern patterns[MOST_PATTERNS];
	unsigned char two[2 * BLOCK], *at;
	uint64_t number;
	int i, found = 0;

	if (argc > MOST_PATTERNS)
		die("too many strings");
	for (i = 0; i < argc; i++)
		parse_pattern(&patterns[i], texts[i]);
	for (number = 0; next_used(&number, two); number++) {
		for (i = 0; i < argc; i++) {
			struct pattern *p = &patterns[i];

			if (p->found >= 0)
				continue;
			/* Over the edge of the block as well. */
			at = memmem(two, BLOCK + p->length - 1, p->bytes, p->length);
			if (at)
				p->found = (off_t)(number * BLOCK) + (at - two);
		}
	}
	for (i = 0; i < argc; i++) {
		if (patterns[i].found < 0)
			continue;
		printf("%s at %lld\n", patterns[i].text, (long long)patterns[i].found);
		found++;
	}
	return found ? 0 : 1;
}

static bool is_noise(const unsigned char *bytes, size_t length)
{
	unsigned int count[256] = { 0 };
	double expected = length / 256.0, chi = 0;
	size_t i;

	for (i = 0; i < length; i++)
		count[bytes[i]]++;
	for (i = 0; i < 256; i++)
		chi += (count[i] - expected) * (count[i] - expected) / expected;
	return chi < NOISE_LIMIT;
}

static int compare_sums(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t sum_of(const unsigned char *bytes, size_t length)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	size_t i;

	for (i = 0; i < length; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3ull;
	return sum;
}

static int noise(uint64_t first, uint64_t count, size_t from)
{
	unsigned char two[2 * BLOCK];
	uint64_t number, used = 0, plain = 0, twice = 0, *sums, i;

	if (first + count > image_blocks)
		count = image_blocks - first;
	sums = calloc(count + 1, sizeof(*sums));
	if (!sums || from >= BLOCK)
		die("cannot look at this");
	for (number = first; next_used(&number, two) && number < first + count; number++) {
		size_t end = BLOCK;

		/* a journal block ends in zeroes behind what it holds */
		while (from && end > from && !two[end - 1])
			end--;
		sums[used++] = sum_of(two + from, BLOCK - from);
		plain += !is_noise(two + from, end - from);
	}
	qsort(sums, used, sizeof(*sums), compare_sums);
	for (i = 1; i < used; i++)
		twice += sums[i] == sums[i - 1];
	printf("%llu blocks, %llu not noise, %llu twice\n", (unsigned long long)used,
	       (unsigned long long)plain, (unsigned long long)twice);
	return 0;
}

static int used(void)
{
	unsigned char two[2 * BLOCK];
	uint64_t number;

	for (number = 0; next_used(&number, two); number++)
		printf("%llu\n", (unsigned long long)number);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("what to do? see the top of scan_image.c");
	image_name = argv[2];
	image = open(image_name, O_RDONLY | O_CLOEXEC);
	if (image < 0)
		die("%s: %s", image_name, strerror(errno));
	image_blocks = (uint64_t)lseek(image, 0, SEEK_END) / BLOCK;

	if (!strcmp(argv[1], "find") && argc > 3)
		return find(argc - 3, argv + 3);
	if (!strcmp(argv[1], "noise") && (argc == 5 || argc == 6))
		return noise(strtoull(argv[3], NULL, 0), strtoull(argv[4], NULL, 0),
			     argc == 6 ? strtoull(argv[5], NULL, 0) : 0);
	if (!strcmp(argv[1], "used") && argc == 3)
		return used();
	die("what to do? see the top of scan_image.c");
}
