/* SPDX-License-Identifier: GPL-2.0-only */
/* Index records: LBA -> (HBA, key reference, MAC), and their packing. */
#ifndef SWORNDISK_FORMAT_RECORD_H
#define SWORNDISK_FORMAT_RECORD_H

#include "port.h"

/**
 * struct sworn_record - an index record in the CPU's terms
 * @lba: logical block
 * @hba: block in the data region; of a tombstone: number of blocks
 * @counter: nonce counter within the epoch
 * @epoch: slot of the data key, or %SWORN_EPOCH_TOMBSTONE
 */
struct sworn_record {
	u64 lba;
	u64 hba;
	u32 counter;
	u16 epoch;
	u8 mac[SWORN_TAG_SIZE];
};

static inline u64 sworn_disk_record_lba(const struct sworn_disk_record *d)
{
	return le64_to_cpu(d->w0) >> 24;
}

static inline void sworn_record_encode(struct sworn_disk_record *d,
				       const struct sworn_record *r)
{
	d->w0 = cpu_to_le64(r->lba << 24 | (u64)r->epoch << 8 | r->hba >> 32);
	d->w1 = cpu_to_le64(r->hba << 32 | r->counter);
	memcpy(d->mac, r->mac, SWORN_TAG_SIZE);
}

static inline void sworn_record_decode(struct sworn_record *r,
				       const struct sworn_disk_record *d)
{
	u64 w0 = le64_to_cpu(d->w0), w1 = le64_to_cpu(d->w1);

	r->lba = w0 >> 24;
	r->epoch = (u16)(w0 >> 8);
	r->hba = (w0 & 0xff) << 32 | w1 >> 32;
	r->counter = (u32)w1;
	memcpy(r->mac, d->mac, SWORN_TAG_SIZE);
}

static inline bool sworn_record_is_tombstone(const struct sworn_record *r)
{
	return r->epoch == SWORN_EPOCH_TOMBSTONE;
}

/* Blocks that the record speaks of, from its LBA on. */
static inline u64 sworn_record_blocks(const struct sworn_record *r)
{
	return sworn_record_is_tombstone(r) ? r->hba : 1;
}

static inline void sworn_record_tombstone(struct sworn_record *r, u64 lba,
					  u64 blocks)
{
	memset(r, 0, sizeof(*r));
	r->lba = lba;
	r->hba = blocks;
	r->epoch = SWORN_EPOCH_TOMBSTONE;
}

/* Do the values lie inside a volume of these sizes? */
static inline bool sworn_record_valid(const struct sworn_record *r,
				      u64 logical_blocks, u64 data_blocks,
				      u32 max_epochs)
{
	if (r->lba >= logical_blocks)
		return false;
	if (sworn_record_is_tombstone(r))
		return r->hba && r->hba <= logical_blocks - r->lba && !r->counter;
	return r->hba < data_blocks && r->epoch < max_epochs;
}

/**
 * struct sworn_extent - blocks of the data region that lie together
 */
struct sworn_extent {
	u64 hba;
	u32 n;
};

/* So long is an extent at the most, lest somebody is kept waiting by one. */
#define SWORN_EXTENT_MAX	1024U

/* Append a block to a list that has room; neighbours become one extent. */
static inline void sworn_extent_note(struct sworn_extent *list, u32 *nr, u64 hba)
{
	struct sworn_extent *last = *nr ? &list[*nr - 1] : NULL;

	if (last && last->hba + last->n == hba && last->n < SWORN_EXTENT_MAX)
		last->n++;
	else
		list[(*nr)++] = (struct sworn_extent){ .hba = hba, .n = 1 };
}

#endif /* SWORNDISK_FORMAT_RECORD_H */
