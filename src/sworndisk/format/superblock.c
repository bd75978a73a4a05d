// SPDX-License-Identifier: GPL-2.0-only
/* Encode, decode and judge superblocks; see docs/format.md. */
#include "superblock.h"

static const struct {
	u32 number;
	u32 key_bytes;
	const char *name;
} ciphers[] = {
	{ SWORN_CIPHER_AES_256_GCM, 32, "aes-256-gcm" },
	{ SWORN_CIPHER_AES_128_GCM, 16, "aes-128-gcm" },
	{ SWORN_CIPHER_CHACHA20_POLY1305, 32, "chacha20-poly1305" },
};

#define NR_CIPHERS (sizeof(ciphers) / sizeof(ciphers[0]))

const char *sworn_cipher_name(u32 cipher)
{
	size_t i;

	for (i = 0; i < NR_CIPHERS; i++)
		if (ciphers[i].number == cipher)
			return ciphers[i].name;
	return NULL;
}

u32 sworn_cipher_parse(const char *name)
{
	size_t i;

	for (i = 0; i < NR_CIPHERS; i++)
		if (!strcmp(ciphers[i].name, name))
			return ciphers[i].number;
	return 0;
}

u32 sworn_cipher_key_bytes(u32 cipher)
{
	size_t i;

	for (i = 0; i < NR_CIPHERS; i++)
		if (ciphers[i].number == cipher)
			return ciphers[i].key_bytes;
	return 0;
}

bool sworn_sb_has_magic(const struct sworn_disk_superblock *d)
{
	return !memcmp(d->magic, SWORN_SB_MAGIC, sizeof(d->magic));
}

static bool all_zero(const u8 *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

static void decode_geometry(const struct sworn_disk_superblock *d,
			    struct sworn_geometry *geo)
{
	geo->one_device = le64_to_cpu(d->incompat) & SWORN_INCOMPAT_ONE_DEVICE;
	geo->logical_blocks = le64_to_cpu(d->logical_blocks);
	geo->data_area_blocks = le64_to_cpu(d->data_area_blocks);
	geo->meta_area_blocks = le64_to_cpu(d->meta_area_blocks);
	geo->segment_blocks = le32_to_cpu(d->segment_blocks);
	geo->data_start_block = le64_to_cpu(d->data_start_block);
	geo->data_segments = le64_to_cpu(d->data_segments);
	geo->pack_start_block = le64_to_cpu(d->pack_start_block);
	geo->pack_blocks = le64_to_cpu(d->pack_blocks);
	geo->journal_start_block = le64_to_cpu(d->journal_start_block);
	geo->journal_blocks = le64_to_cpu(d->journal_blocks);
	geo->rit_start_block = le64_to_cpu(d->rit_start_block);
	geo->rit_blocks = le64_to_cpu(d->rit_blocks);
	geo->index_start_block = le64_to_cpu(d->index_start_block);
	geo->index_segments = le64_to_cpu(d->index_segments);
	geo->index_segment_blocks = le32_to_cpu(d->index_segment_blocks);
	geo->memtable_records = le32_to_cpu(d->memtable_records);
	geo->max_epochs = le32_to_cpu(d->max_epochs);
}

int sworn_sb_decode(const struct sworn_disk_superblock *d, u32 copy,
		    struct sworn_superblock *sb, const char **why)
{
	memset(sb, 0, sizeof(*sb));
	if (!sworn_sb_has_magic(d)) {
		*why = "no SwornDisk superblock";
		return -EINVAL;
	}
	if (le32_to_cpu(d->version) != SWORN_SB_VERSION) {
		*why = "superblock: unknown format version";
		return -EOPNOTSUPP;
	}
	sb->compat = le64_to_cpu(d->compat);
	sb->compat_ro = le64_to_cpu(d->compat_ro);
	sb->incompat = le64_to_cpu(d->incompat);
	if (sb->incompat & ~SWORN_INCOMPAT_KNOWN) {
		*why = "superblock: incompatible features of a newer version";
		return -EOPNOTSUPP;
	}
	if (le32_to_cpu(d->block_size) != SWORN_BLOCK_SIZE) {
		*why = "superblock: block_size is not 4096";
		return -EUCLEAN;
	}
	if (le32_to_cpu(d->copy) != copy ||
	    !all_zero(d->reserved, sizeof(d->reserved))) {
		*why = "superblock: misplaced copy or reserved bytes in use";
		return -EUCLEAN;
	}
	sb->cipher = le32_to_cpu(d->cipher);
	if (!sworn_cipher_name(sb->cipher)) {
		*why = "superblock: unknown cipher";
		return -EOPNOTSUPP;
	}
	sb->generation = le64_to_cpu(d->generation);
	memcpy(sb->uuid, d->uuid, sizeof(sb->uuid));
	decode_geometry(d, &sb->geo);
	return sworn_geometry_check(&sb->geo, why);
}

void sworn_sb_encode(struct sworn_disk_superblock *d, u32 copy,
		     const struct sworn_superblock *sb)
{
	const struct sworn_geometry *geo = &sb->geo;

	memset(d, 0, sizeof(*d));
	memcpy(d->magic, SWORN_SB_MAGIC, sizeof(d->magic));
	d->version = cpu_to_le32(SWORN_SB_VERSION);
	d->block_size = cpu_to_le32(SWORN_BLOCK_SIZE);
	d->compat = cpu_to_le64(sb->compat);
	d->compat_ro = cpu_to_le64(sb->compat_ro);
	d->incompat = cpu_to_le64(sb->incompat);
	memcpy(d->uuid, sb->uuid, sizeof(d->uuid));
	d->generation = cpu_to_le64(sb->generation);
	d->logical_blocks = cpu_to_le64(geo->logical_blocks);
	d->data_area_blocks = cpu_to_le64(geo->data_area_blocks);
	d->meta_area_blocks = cpu_to_le64(geo->meta_area_blocks);
	d->segment_blocks = cpu_to_le32(geo->segment_blocks);
	d->cipher = cpu_to_le32(sb->cipher);
	d->data_start_block = cpu_to_le64(geo->data_start_block);
	d->data_segments = cpu_to_le64(geo->data_segments);
	d->pack_start_block = cpu_to_le64(geo->pack_start_block);
	d->pack_blocks = cpu_to_le64(geo->pack_blocks);
	d->journal_start_block = cpu_to_le64(geo->journal_start_block);
	d->journal_blocks = cpu_to_le64(geo->journal_blocks);
	d->rit_start_block = cpu_to_le64(geo->rit_start_block);
	d->rit_blocks = cpu_to_le64(geo->rit_blocks);
	d->index_start_block = cpu_to_le64(geo->index_start_block);
	d->index_segments = cpu_to_le64(geo->index_segments);
	d->index_segment_blocks = cpu_to_le32(geo->index_segment_blocks);
	d->memtable_records = cpu_to_le32(geo->memtable_records);
	d->max_epochs = cpu_to_le32(geo->max_epochs);
	d->copy = cpu_to_le32(copy);
}
