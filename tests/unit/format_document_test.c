// SPDX-License-Identifier: GPL-2.0-only
/*
 * description: docs/format.md has every field of every structure where the code has it, and the sizes that the code plans
 * links: format/geometry.c
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "format/geometry.h"
#include "unit.h"

static char *document;

/* The table of the structure in hand. */
static const char *section;
static size_t section_bytes;

static void read_document(void)
{
	char path[4096];
	long bytes = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/docs/format.md", getenv("LAB_TOP"));
	in = fopen(path, "r");
	CHECK(in);
	if (in && !fseek(in, 0, SEEK_END))
		bytes = ftell(in);
	document = calloc(1, (size_t)bytes + 1);
	if (in) {
		rewind(in);
		CHECK_EQ(fread(document, 1, (size_t)bytes, in), bytes);
		fclose(in);
	}
}

/* The table that follows "NAME`, SIZE bytes". */
static void enter(const char *name, size_t size)
{
	const char *table = NULL;
	char head[120];

	snprintf(head, sizeof(head), "%s`, %zu bytes", name, size);
	section = strstr(document, head);
	/* not where it is one of the kinds in a list */
	while (section && !strncmp(section + strlen(head), " |", 2))
		section = strstr(section + 1, head);
	if (section)
		table = strstr(section, "\n| offset | size | name | meaning |");
	if (!table)
		printf("no table of \"%s\"\n", head);
	CHECK(table);
	section = table ? table + 1 : "";
	table = strstr(section, "\n\n");
	section_bytes = table ? (size_t)(table - section) : strlen(section);
}

static void field(size_t offset, size_t size, const char *name)
{
	char row[160];
	bool there;

	snprintf(row, sizeof(row), "\n| %zu | %zu | `%s` |", offset, size, name);
	there = memmem(section, section_bytes, row, strlen(row));
	if (!there)
		printf("not in its table:%s\n", row);
	CHECK(there);
}

#define ENTER(type)	enter(#type, sizeof(struct type))
#define FIELD(type, name) \
	field(offsetof(struct type, name), sizeof(((struct type *)0)->name), #name)

/* A number as the document writes it: 1,234,567. */
static const char *number(char text[32], u64 n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	char *to = text;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

static void size_row(const char *name, u64 blocks, bool one_device)
{
	struct sworn_layout_request req = {
		.one_device = one_device,
		.data_area_blocks = blocks,
		.meta_area_blocks = 1ULL << 40,
	};
	struct sworn_geometry g;
	char row[320], n[10][32];
	const char *why;

	CHECK_EQ(sworn_layout_plan(&req, &g, &why), 0);
	snprintf(row, sizeof(row),
		 "\n| %s | %s | %s | %s | %s | %.2f | %s | %s | %s | %s | %s | %s |\n",
		 name, number(n[0], blocks), number(n[1], g.data_segments),
		 number(n[2], g.logical_blocks), number(n[3], g.meta_area_blocks),
		 100.0 * (double)g.meta_area_blocks / (double)blocks,
		 number(n[4], g.pack_blocks), number(n[5], g.journal_blocks),
		 number(n[6], g.rit_blocks), number(n[7], g.index_segments),
		 number(n[8], g.index_segment_blocks),
		 number(n[9], g.memtable_records));
	if (!strstr(document, row))
		printf("not in the tables of sizes:%s", row);
	CHECK(strstr(document, row));
}

static void sizes_are_planned_so(void)
{
	static const struct {
		const char *name;
		u64 blocks;
	} device[] = {
		{ "1 GiB", 1ULL << 18 },
		{ "30 GB", 30000000000ULL / SWORN_BLOCK_SIZE },
		{ "1 TiB", 1ULL << 28 },
		{ "4 TiB", 1ULL << 30 },
		{ "16 TiB", 1ULL << 32 },
	};

	for (size_t i = 0; i < sizeof(device) / sizeof(device[0]); i++) {
		size_row(device[i].name, device[i].blocks, false);
		size_row(device[i].name, device[i].blocks, true);
	}
}

static void the_smallest_devices(void)
{
	char text[160], n[3][32];
	struct sworn_layout_request req = {
		.one_device = true,
	};
	struct sworn_geometry g;
	const char *why;

	while (sworn_layout_plan(&req, &g, &why) && req.data_area_blocks < 1 << 20)
		req.data_area_blocks++;
	number(n[0], SWORN_SEGMENTS_MIN * SWORN_SEGMENT_BLOCKS_DEFAULT);
	number(n[1], sworn_layout_meta_for(SWORN_SEGMENTS_MIN *
					   SWORN_SEGMENT_BLOCKS_DEFAULT, 0, 0));
	snprintf(text, sizeof(text),
		 "%s data blocks (32 MiB) and %s metadata blocks; one device, %s blocks.",
		 n[0], n[1], number(n[2], req.data_area_blocks));
	if (!strstr(document, text))
		printf("not in the document: %s\n", text);
	CHECK(strstr(document, text));
}

static void fields_are_where_the_tables_say(void)
{
	ENTER(sworn_disk_superblock);
	FIELD(sworn_disk_superblock, magic);
	FIELD(sworn_disk_superblock, version);
	FIELD(sworn_disk_superblock, block_size);
	FIELD(sworn_disk_superblock, compat);
	FIELD(sworn_disk_superblock, compat_ro);
	FIELD(sworn_disk_superblock, incompat);
	FIELD(sworn_disk_superblock, uuid);
	FIELD(sworn_disk_superblock, generation);
	FIELD(sworn_disk_superblock, logical_blocks);
	FIELD(sworn_disk_superblock, data_area_blocks);
	FIELD(sworn_disk_superblock, meta_area_blocks);
	FIELD(sworn_disk_superblock, segment_blocks);
	FIELD(sworn_disk_superblock, cipher);
	FIELD(sworn_disk_superblock, data_start_block);
	FIELD(sworn_disk_superblock, data_segments);
	FIELD(sworn_disk_superblock, pack_start_block);
	FIELD(sworn_disk_superblock, pack_blocks);
	FIELD(sworn_disk_superblock, journal_start_block);
	FIELD(sworn_disk_superblock, journal_blocks);
	FIELD(sworn_disk_superblock, rit_start_block);
	FIELD(sworn_disk_superblock, rit_blocks);
	FIELD(sworn_disk_superblock, index_start_block);
	FIELD(sworn_disk_superblock, index_segments);
	FIELD(sworn_disk_superblock, index_segment_blocks);
	FIELD(sworn_disk_superblock, memtable_records);
	FIELD(sworn_disk_superblock, max_epochs);
	FIELD(sworn_disk_superblock, copy);
	FIELD(sworn_disk_superblock, salt);
	FIELD(sworn_disk_superblock, wrapped_key);
	FIELD(sworn_disk_superblock, wrapped_tag);
	FIELD(sworn_disk_superblock, reserved);
	FIELD(sworn_disk_superblock, sha256);

	ENTER(sworn_disk_record);
	FIELD(sworn_disk_record, w0);
	FIELD(sworn_disk_record, w1);
	FIELD(sworn_disk_record, mac);

	ENTER(sworn_disk_bit);
	FIELD(sworn_disk_bit, id);
	FIELD(sworn_disk_bit, run);
	FIELD(sworn_disk_bit, first_lba);
	FIELD(sworn_disk_bit, last_lba);
	FIELD(sworn_disk_bit, index_segment);
	FIELD(sworn_disk_bit, nr_blocks);
	FIELD(sworn_disk_bit, nr_records);
	FIELD(sworn_disk_bit, base_counter);
	FIELD(sworn_disk_bit, epoch);
	FIELD(sworn_disk_bit, level);
	FIELD(sworn_disk_bit, height);
	FIELD(sworn_disk_bit, root_block);
	FIELD(sworn_disk_bit, root_mac);
	FIELD(sworn_disk_bit, reserved);

	ENTER(sworn_disk_node_header);
	FIELD(sworn_disk_node_header, magic);
	FIELD(sworn_disk_node_header, level);
	FIELD(sworn_disk_node_header, nr);
	FIELD(sworn_disk_node_header, bit_id);
	FIELD(sworn_disk_node_header, block);
	FIELD(sworn_disk_node_header, reserved0);
	FIELD(sworn_disk_node_header, reserved1);

	ENTER(sworn_disk_child);
	FIELD(sworn_disk_child, key);
	FIELD(sworn_disk_child, mac);

	ENTER(sworn_disk_journal_block);
	FIELD(sworn_disk_journal_block, magic);
	FIELD(sworn_disk_journal_block, payload_bytes);
	FIELD(sworn_disk_journal_block, seq);
	FIELD(sworn_disk_journal_block, base_seq);
	FIELD(sworn_disk_journal_block, flags);
	FIELD(sworn_disk_journal_block, reserved);
	FIELD(sworn_disk_journal_block, salt);
	FIELD(sworn_disk_journal_block, prev_tag);
	FIELD(sworn_disk_journal_block, tag);
	FIELD(sworn_disk_journal_block, payload);

	ENTER(sworn_disk_item);
	FIELD(sworn_disk_item, type);
	FIELD(sworn_disk_item, reserved);
	FIELD(sworn_disk_item, bytes);

	ENTER(sworn_disk_epoch);
	FIELD(sworn_disk_epoch, slot);
	FIELD(sworn_disk_epoch, reserved0);
	FIELD(sworn_disk_epoch, reserved1);
	FIELD(sworn_disk_epoch, born);
	FIELD(sworn_disk_epoch, key);

	ENTER(sworn_disk_extent);
	FIELD(sworn_disk_extent, start_count);

	ENTER(sworn_disk_trim);
	FIELD(sworn_disk_trim, id);
	FIELD(sworn_disk_trim, first_lba);
	FIELD(sworn_disk_trim, nr_records);
	FIELD(sworn_disk_trim, reserved);

	ENTER(sworn_disk_dst_entry);
	FIELD(sworn_disk_dst_entry, seq);
	FIELD(sworn_disk_dst_entry, valid_blocks);
	FIELD(sworn_disk_dst_entry, state);
	FIELD(sworn_disk_dst_entry, heat);
	FIELD(sworn_disk_dst_entry, mtime_s);

	ENTER(sworn_disk_svt_entry);
	FIELD(sworn_disk_svt_entry, segment);
	FIELD(sworn_disk_svt_entry, part);
	FIELD(sworn_disk_svt_entry, bits);

	ENTER(sworn_disk_section);
	FIELD(sworn_disk_section, type);
	FIELD(sworn_disk_section, reserved);
	FIELD(sworn_disk_section, first_block);
	FIELD(sworn_disk_section, bytes);

	ENTER(sworn_disk_pack_state);
	FIELD(sworn_disk_pack_state, sb_generation);
	FIELD(sworn_disk_pack_state, replay_seq);
	FIELD(sworn_disk_pack_state, state_seq);
	FIELD(sworn_disk_pack_state, record_seq);
	FIELD(sworn_disk_pack_state, commit_id);
	FIELD(sworn_disk_pack_state, next_bit_id);
	FIELD(sworn_disk_pack_state, next_run);
	FIELD(sworn_disk_pack_state, next_segment_seq);
	FIELD(sworn_disk_pack_state, body_blocks);
	FIELD(sworn_disk_pack_state, nr_sections);
	FIELD(sworn_disk_pack_state, reserved0);
	FIELD(sworn_disk_pack_state, replay_prev_tag);
	FIELD(sworn_disk_pack_state, record_tag);
	FIELD(sworn_disk_pack_state, sections);
	FIELD(sworn_disk_pack_state, reserved);

	ENTER(sworn_disk_pack_header);
	FIELD(sworn_disk_pack_header, magic);
	FIELD(sworn_disk_pack_header, generation);
	FIELD(sworn_disk_pack_header, uuid);
	FIELD(sworn_disk_pack_header, salt);
	FIELD(sworn_disk_pack_header, tag);
	FIELD(sworn_disk_pack_header, state);

	ENTER(sworn_disk_pack_body);
	FIELD(sworn_disk_pack_body, payload);
	FIELD(sworn_disk_pack_body, tag);

	ENTER(sworn_disk_verify_note);
	FIELD(sworn_disk_verify_note, magic);
	FIELD(sworn_disk_verify_note, generation);
	FIELD(sworn_disk_verify_note, uuid);
	FIELD(sworn_disk_verify_note, salt);
	FIELD(sworn_disk_verify_note, tag);
	FIELD(sworn_disk_verify_note, state);

	ENTER(sworn_disk_verify_state);
	FIELD(sworn_disk_verify_state, commit_id);
	FIELD(sworn_disk_verify_state, next_lba);
	FIELD(sworn_disk_verify_state, next_bit);
	FIELD(sworn_disk_verify_state, end_bit);
	FIELD(sworn_disk_verify_state, data_blocks);
	FIELD(sworn_disk_verify_state, nodes);
	FIELD(sworn_disk_verify_state, errors);
	FIELD(sworn_disk_verify_state, unlisted);
	FIELD(sworn_disk_verify_state, started_s);
	FIELD(sworn_disk_verify_state, ended_s);
	FIELD(sworn_disk_verify_state, phase);
	FIELD(sworn_disk_verify_state, nr_bad);
	FIELD(sworn_disk_verify_state, reserved);
	FIELD(sworn_disk_verify_state, bad);
	FIELD(sworn_disk_verify_state, reserved1);

	ENTER(sworn_disk_verify_bad);
	FIELD(sworn_disk_verify_bad, kind);
	FIELD(sworn_disk_verify_bad, reserved);
	FIELD(sworn_disk_verify_bad, first_lba);
	FIELD(sworn_disk_verify_bad, last_lba);
	FIELD(sworn_disk_verify_bad, block);

	ENTER(sworn_disk_rit_block);
	FIELD(sworn_disk_rit_block, tag);
	FIELD(sworn_disk_rit_block, counter);
	FIELD(sworn_disk_rit_block, epoch);
	FIELD(sworn_disk_rit_block, reserved0);
	FIELD(sworn_disk_rit_block, segment_seq);
	FIELD(sworn_disk_rit_block, segment);
	FIELD(sworn_disk_rit_block, part);
	FIELD(sworn_disk_rit_block, reserved1);
	FIELD(sworn_disk_rit_block, lba);
	FIELD(sworn_disk_rit_block, reserved2);

	ENTER(sworn_disk_aad);
	FIELD(sworn_disk_aad, type);
	FIELD(sworn_disk_aad, reserved);
	FIELD(sworn_disk_aad, a);
	FIELD(sworn_disk_aad, b);
}

static void number_row(unsigned int value, const char *name)
{
	char row[80];

	snprintf(row, sizeof(row), "\n| %u | %s | ", value, name);
	if (!strstr(document, row))
		printf("not in the document:%s\n", row);
	CHECK(strstr(document, row));
}

#define ITEM(name)	number_row(SWORN_ITEM_##name, #name)
#define SECTION(name)	number_row(SWORN_SECTION_##name, #name)

static void items_and_sections_have_their_numbers(void)
{
	ITEM(RECORDS);
	ITEM(EPOCH);
	ITEM(ROTATE);
	ITEM(BIT_ADD);
	ITEM(BIT_DEL);
	ITEM(MINOR_DONE);
	ITEM(CHECKPOINT);
	ITEM(DEAD);
	ITEM(COMMIT);
	ITEM(EPOCH_DROP);
	ITEM(LIVE);
	ITEM(BIT_TRIM);
	ITEM(BESIDE);
	SECTION(DST);
	SECTION(BITC);
	SECTION(KEYS);
	SECTION(SVT);
}

UNIT_TESTS(read_document, fields_are_where_the_tables_say,
	   items_and_sections_have_their_numbers, sizes_are_planned_so,
	   the_smallest_devices)
