// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: sizes, numbers and UUIDs are read exactly or refused
 * links: /cli/args/size.c /cli/args/number.c /cli/args/uuid.c
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../cli/args/number.h"
#include "../../cli/args/size.h"
#include "../../cli/args/uuid.h"
#include "unit.h"

static const struct {
	const char *text;
	uint64_t bytes;
} sizes[] = {
	{ "0", 0 }, { "1", 1 }, { "4096", 4096 }, { "7B", 7 },
	{ "4096s", 4096 * 512 }, { "1K", 1024 }, { "1k", 1024 },
	{ "10G", 10ULL << 30 }, { "512MiB", 512 << 20 }, { "512mib", 512 << 20 },
	{ "1.5T", 3ULL << 39 }, { "0.5K", 512 }, { "1KB", 1000 },
	{ "30GB", 30000000000ULL }, { "2.5MB", 2500000 }, { "1 GiB", 1 << 30 },
	{ "15E", 15ULL << 60 }, { "18446744073709551615", UINT64_MAX },
	{ ".5K", 512 }, { "007", 7 },
};

static const char *const no_sizes[] = {
	"", " ", "G", ".", "1.", "1.G", "-1", "+1", "0x10", "1e9", "1GG", "1Gi",
	"1GIB2", "1 G B", "1S", "10,5G", "1/2", " 1", "1\t", "1bB",
	"0.3K",			/* 307.2 bytes */
	"1.0001s",
};

static const char *const too_large[] = {
	"18446744073709551616", "16E", "99999999999999999999999",
	"0.00000000000000000000001G",
};

static void sizes_are_exact(void)
{
	uint64_t bytes;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		bytes = ~sizes[i].bytes;
		CHECK_EQ(size_parse(sizes[i].text, &bytes), 0);
		CHECK_EQ(bytes, sizes[i].bytes);
	}
	for (size_t i = 0; i < sizeof(no_sizes) / sizeof(no_sizes[0]); i++) {
		if (size_parse(no_sizes[i], &bytes) != -EINVAL)
			fprintf(stderr, "taken for a size: \"%s\"\n", no_sizes[i]);
		CHECK_EQ(size_parse(no_sizes[i], &bytes), -EINVAL);
	}
	for (size_t i = 0; i < sizeof(too_large) / sizeof(too_large[0]); i++)
		CHECK_EQ(size_parse(too_large[i], &bytes), -ERANGE);
}

static void sizes_are_written(void)
{
	char text[SIZE_TEXT_MAX];
	uint64_t bytes;

	CHECK(!strcmp(size_text(text, 0), "0 B"));
	CHECK(!strcmp(size_text(text, 1023), "1023 B"));
	CHECK(!strcmp(size_text(text, 1536), "1.50 KiB"));
	CHECK(!strcmp(size_text(text, 10ULL << 30), "10.0 GiB"));
	CHECK(!strcmp(size_text(text, UINT64_MAX), "16.0 EiB"));
	CHECK(!strcmp(size_exact(text, 96 << 20), "96M"));
	CHECK(!strcmp(size_exact(text, (96 << 20) + 4096), "98308K"));
	CHECK(!strcmp(size_exact(text, 0), "0"));
	/* What size_exact() writes, size_parse() reads. */
	for (uint64_t n = 1; n < UINT64_MAX / 3; n = n * 3 + 1) {
		CHECK_EQ(size_parse(size_exact(text, n), &bytes), 0);
		CHECK_EQ(bytes, n);
		CHECK_EQ(size_parse(size_exact(text, n << 10 >> 10 << 10), &bytes), 0);
		CHECK_EQ(bytes, n << 10 >> 10 << 10);
	}
}

static void numbers_are_exact(void)
{
	uint64_t number;

	CHECK_EQ(number_parse("0", &number), 0);
	CHECK_EQ(number, 0);
	CHECK_EQ(number_parse("18446744073709551615", &number), 0);
	CHECK_EQ(number, -1);
	CHECK_EQ(number_parse("18446744073709551616", &number), -ERANGE);
	CHECK_EQ(number_parse("", &number), -EINVAL);
	CHECK_EQ(number_parse("-1", &number), -EINVAL);
	CHECK_EQ(number_parse("1 ", &number), -EINVAL);
	CHECK_EQ(number_parse("0x1", &number), -EINVAL);
}

static void uuids_go_round(void)
{
	static const char *const bad[] = {
		"", "3f2b8c1e00004000800000000000000a",
		"3f2b8c1e-0000-4000-8000-00000000000",
		"3f2b8c1e-0000-4000-8000-00000000000aa",
		"3f2b8c1e-0000-4000-8000-00000000000g",
		"3f2b8c1e-0000-4000-80000-0000000000a",
	};
	uint8_t uuid[UUID_BYTES], other[UUID_BYTES];
	char text[UUID_TEXT_MAX];

	CHECK_EQ(uuid_parse("3F2B8c1e-0001-4002-8003-00000000000a", uuid), 0);
	CHECK(!strcmp(uuid_text(text, uuid), "3f2b8c1e-0001-4002-8003-00000000000a"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_EQ(uuid_parse(bad[i], uuid), -EINVAL);

	CHECK_EQ(uuid_random(uuid), 0);
	CHECK_EQ(uuid_random(other), 0);
	CHECK(memcmp(uuid, other, sizeof(uuid)));
	CHECK_EQ(uuid[6] >> 4, 4);
	CHECK_EQ(uuid[8] >> 6, 2);
}

UNIT_TESTS(sizes_are_exact, sizes_are_written, numbers_are_exact, uuids_go_round)
