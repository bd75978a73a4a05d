// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: table lines, status lines and kernel log lines are made and read right
 * links: /cli/disk/table.c /cli/disk/status.c /cli/disk/klog.c /cli/args/number.c
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "../../cli/disk/klog.h"
#include "../../cli/disk/status.h"
#include "../../cli/disk/table.h"
#include "unit.h"

static void tables_count_their_options(void)
{
	static char path[PATH_MAX], text[TABLE_MAX];
	struct table_request r = {
		.data = "/dev/a", .meta = "/dev/b", .format = "false",
		.key = ":32:logon:x:y",
	};
	struct table_devices devices;

	CHECK_EQ(table_text(&r, text, sizeof(text)), 0);
	CHECK(!strcmp(text, "/dev/a /dev/b 0 false 1 key::32:logon:x:y"));
	CHECK_EQ(table_devices(text, &devices), 0);
	CHECK(!strcmp(devices.data, "/dev/a") && !strcmp(devices.meta, "/dev/b"));
	CHECK_EQ(table_devices("/dev/a", &devices), -EINVAL);

	r.format = "true";
	r.cipher = "aes-128-gcm";
	r.segment_bytes = 1 << 20;
	r.uuid = "U";
	r.overcommit = true;
	r.cache_bytes = 5;
	r.heads = 3;
	r.min_commit_given = true;	/* and 0: it is said all the same */
	r.read_only = true;
	CHECK_EQ(table_text(&r, text, sizeof(text)), 0);
	CHECK(!strcmp(text, "/dev/a /dev/b 0 true 9 key::32:logon:x:y cipher:aes-128-gcm segment_sectors:2048 uuid:U overcommit cache_bytes:5 heads:3 min_commit:0 read_only"));

	/* Never cut short. */
	memset(path, 'p', sizeof(path) - 1);
	for (size_t n = 1; n <= strlen(text); n++) {
		char *room = malloc(n);

		CHECK_EQ(table_text(&r, room, n), -E2BIG);
		free(room);
	}
	r.key = path;
	CHECK_EQ(table_text(&r, text, sizeof(text)), -E2BIG);
}

static void dm_uuids_name_the_disk(void)
{
	uint8_t uuid[UUID_BYTES] = { 0x3f, 0x2b, [15] = 1 }, other[UUID_BYTES] = { 0 };
	char text[TABLE_DM_UUID_MAX], name[81];

	table_dm_uuid(text, uuid, "vault");
	CHECK(!strcmp(text, "SWORNDISK-3f2b0000000000000000000000000001-vault"));
	CHECK(table_dm_uuid_ours(text));
	CHECK(table_dm_uuid_is(text, uuid));
	CHECK(!table_dm_uuid_is(text, other));
	CHECK(!table_dm_uuid_ours("CRYPT-LUKS2-3f2b"));
	/* The longest name fits. */
	memset(name, 'n', 80);
	name[80] = '\0';
	CHECK_EQ(strlen(table_dm_uuid(text, uuid, name)), 10 + 32 + 1 + 80);
}

static void status_is_read_by_name(void)
{
	static struct disk_status s;

	CHECK_EQ(status_parse("out_of_space 1/2 3/4 18446744073709551615 b:7 a:x:y c: d nocolon e:9", &s), 0);
	CHECK(!strcmp(s.mode, "out_of_space"));
	CHECK_EQ(s.free_segments, 1);
	CHECK_EQ(s.segments, 2);
	CHECK_EQ(s.journal_used, 3);
	CHECK_EQ(s.journal_blocks, 4);
	CHECK_EQ(s.commit_id, -1);
	CHECK_EQ(s.nr_words, 4);
	CHECK(!strcmp(status_word(&s, "a"), "x:y"));
	CHECK(!strcmp(status_word(&s, "c"), ""));
	CHECK(!status_word(&s, "d"));
	CHECK_EQ(status_number(&s, "e"), 9);
	CHECK_EQ(status_number(&s, "a"), 0);
	CHECK_EQ(status_number(&s, "none"), 0);
	CHECK_EQ(status_parse("", &s), -EINVAL);
	CHECK_EQ(status_parse("rw 1/2 3/4", &s), -EINVAL);
	CHECK_EQ(status_parse("rw 1/2 3 4", &s), -EINVAL);
}

static void status_of_any_length_is_read(void)
{
	static struct disk_status s;
	static char line[16384];
	size_t used = (size_t)sprintf(line, "rw 1/2 3/4 5");

	for (int i = 0; i < 1000; i++)
		used += (size_t)sprintf(line + used, " w%d:%d", i, i);
	CHECK_EQ(status_parse(line, &s), 0);
	CHECK_EQ(s.nr_words, STATUS_WORDS_MAX);
	CHECK_EQ(status_number(&s, "w95"), 95);
}

static void amplification_needs_writes(void)
{
	static struct disk_status s;

	CHECK_EQ(status_parse("rw 1/2 3/4 5 user_written_blocks:0 data_written_blocks:9", &s), 0);
	CHECK(isnan(status_write_amplification(&s)));
	CHECK_EQ(status_parse("rw 1/2 3/4 5 user_written_blocks:8 data_written_blocks:8 index_written_blocks:1 journal_written_blocks:2 checkpoint_written_blocks:1", &s), 0);
	CHECK(status_write_amplification(&s) == 1.5);
}

static const char *sentences(const char *log)
{
	static char text[512];

	klog_sentences(log, 254, 3, text, sizeof(text));
	return text;
}

static void log_lines_become_sentences(void)
{
	CHECK(!strcmp(sentences(NULL), ""));
	CHECK(!strcmp(sentences(""), ""));
	CHECK(!strcmp(sentences("device-mapper: table: 254:3: sworndisk: no key (given) (-ENOKEY)\n"
				"device-mapper: ioctl: error adding target to table\n"),
		      "no key (given)"));
	/* Not of others: another device, another target, another subsystem. */
	CHECK(!strcmp(sentences("device-mapper: table: 254:30: sworndisk: a\n"
				"device-mapper: table: 254:3: crypt: b\n"
				"EXT4-fs: sworndisk: c\n"), ""));
	/* What the target says itself, without the device it names. */
	CHECK(!strcmp(sentences("device-mapper: sworndisk: 7:0: journal (block 12): bad tag\n"
				"device-mapper: table: 254:3: sworndisk: preresume failed, error = -117"),
		      "journal (block 12): bad tag"));
	/* The last three. */
	CHECK(!strcmp(sentences("device-mapper: sworndisk: a\n"
				"device-mapper: sworndisk: b\n"
				"device-mapper: sworndisk: c\n"
				"device-mapper: sworndisk: d"), "b; c; d"));
	CHECK(!strcmp(sentences("device-mapper: sworndisk: "), ""));
}

static void log_lines_fit(void)
{
	static char log[4096], text[64];

	memset(log, 'x', sizeof(log) - 1);
	memcpy(log, "device-mapper: sworndisk: ", 26);
	log[1000] = '\n';
	memcpy(log + 1001, "device-mapper: sworndisk: ", 26);
	klog_sentences(log, 1, 1, text, sizeof(text));
	CHECK_EQ(strlen(text), sizeof(text) - 1);
	klog_sentences(log, 1, 1, text, 1);
	CHECK_EQ(strlen(text), 0);
}

UNIT_TESTS(tables_count_their_options, dm_uuids_name_the_disk,
	   status_is_read_by_name, status_of_any_length_is_read,
	   amplification_needs_writes, log_lines_become_sentences, log_lines_fit)
