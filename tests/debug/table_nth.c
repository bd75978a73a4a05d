// SPDX-License-Identifier: GPL-2.0-only
/*
 * table_nth NAME STEP "START LENGTH TARGET ARGUMENTS": creates a mapped device
 * over and over, and each time another of the things that may fail in this
 * process fails: at the first try the first, then the one STEP after it, and so
 * on until nothing is left to fail and the device comes up.  That one stays.
 *
 * Which things may fail is set in debugfs; /proc/self/fail-nth makes them.
 * Prints which errors came how often.  Fails if one came that nothing forced, or
 * if one that was forced came out as something that it was not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/dm-ioctl.h>

#define TRIES_AT_MOST 100000
#define ERRORS 200

static union {
	struct dm_ioctl head;
	char room[16384];
} request;

static int control, nth_file;
static const char *name;

static void begin(uint32_t flags)
{
	memset(&request, 0, sizeof(request));
	request.head.version[0] = DM_VERSION_MAJOR;
	request.head.data_size = sizeof(request);
	request.head.data_start = sizeof(request.head);
	request.head.flags = flags;
	snprintf(request.head.name, DM_NAME_LEN, "%s", name);
}

static int ask(unsigned long what)
{
	return ioctl(control, what, &request) ? errno : 0;
}

static void must(int err, const char *what)
{
	if (err) {
		fprintf(stderr, "table_nth: %s: %s\n", what, strerror(err));
		exit(2);
	}
}

static void arm(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_file, text, n, 0) != n)
		must(errno, "fail-nth");
}

/* What is left of the count: nothing once something was made to fail. */
static unsigned int disarm(void)
{
	char text[16] = "";

	if (pread(nth_file, text, sizeof(text) - 1, 0) <= 0)
		must(errno, "fail-nth");
	arm(0);
	return strtoul(text, NULL, 10);
}

static int load(uint64_t start, uint64_t length, const char *target, const char *words)
{
	struct dm_target_spec *spec = (void *)(request.room + sizeof(request.head));

	begin(0);
	request.head.target_count = 1;
	spec->sector_start = start;
	spec->length = length;
	memcpy(spec->target_type, target, DM_MAX_TYPE_NAME);
	if (strlen(words) + 1 > sizeof(request) - sizeof(request.head) - sizeof(*spec))
		must(E2BIG, "table");
	strcpy((char *)(spec + 1), words);
	spec->next = (sizeof(*spec) + strlen(words) + 1 + 7) & ~7UL;
	return ask(DM_TABLE_LOAD);
}

/* With its first table device-mapper sets up a device, which is not for here. */
static void create(uint64_t length)
{
	begin(0);
	must(ask(DM_DEV_CREATE), "create");
	must(load(0, length, "error", ""), "first table");
}

int main(int argc, char **argv)
{
	unsigned int nth, step, left = 0, count[ERRORS] = { 0 }, tries = 0;
	unsigned long long start, length;
	char target[DM_MAX_TYPE_NAME] = "";
	int words = 0, there = 0, err;

	if (argc != 4 || atoi(argv[2]) < 1 ||
	    sscanf(argv[3], "%llu %llu %15s %n", &start, &length, target, &words) != 3) {
		fprintf(stderr, "usage: table_nth NAME STEP TABLE\n");
		return 2;
	}
	name = argv[1];
	step = atoi(argv[2]);
	control = open("/dev/mapper/control", O_RDWR);
	nth_file = open("/proc/self/fail-nth", O_RDWR);
	if (control < 0 || nth_file < 0)
		must(errno, "open");

	for (nth = 1; tries < TRIES_AT_MOST; nth += step, tries++) {
		if (!there)
			create(length);
		arm(nth);
		err = load(start, length, target, argv[3] + words);
		/* Once a table is more than loaded, only removing it undoes it. */
		there = err;
		if (!err) {
			begin(0);
			err = ask(DM_DEV_SUSPEND);
		}
		left = disarm();
		if (left) {
			must(err, "with nothing made to fail");
			break;
		}
		count[err < ERRORS ? err : 0]++;
		if (err && err != ENOMEM && err != EIO && err != ENOSPC) {
			fprintf(stderr, "table_nth: at %u: %s\n", nth, strerror(err));
			return 1;
		}
		if (!there) {
			begin(0);
			must(ask(DM_DEV_REMOVE), "remove");
		}
	}
	if (!left)
		must(ELOOP, "no end");
	for (err = 0; err < ERRORS; err++)
		if (count[err])
			printf("%u %s\n", count[err], err ? strerror(err) : "made up for");
	printf("up with %u\n", nth);
	return 0;
}
