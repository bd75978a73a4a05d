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
 * @settled: of the next older record of @lba it is known that its block is
 *	dead, and the accounts say so; a tombstone is of one block then
 */
struct sworn_record {
	u64 lba;
	u64 hba;
	u32 counter;
	u16 epoch;
	bool settled;
	u8 mac[SWORN_TAG_SIZE];
};

static inline u64 sworn_disk_record_lba(const struct sworn_disk_record *d)
{
	return le64_to_cpu(d->w0) >> 24;
}

static inline void sworn_record_encode(struct sworn_disk_record *d,
				       const struct sworn_record *r)
{
	bool tombstone = r->epoch == SWORN_EPOCH_TOMBSTONE;
	u64 epoch = r->epoch | (r->settled ? SWORN_EPOCH_SETTLED : 0);

	d->w0 = cpu_to_le64(r->lba << 24 | epoch << 8 | r->hba >> 32);
	d->w1 = cpu_to_le64(r->hba << 32 |
			    (tombstone ? r->settled : r->counter));
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
	if (r->epoch == SWORN_EPOCH_TOMBSTONE) {
		r->settled = r->counter;
	} else {
		r->settled = r->epoch & SWORN_EPOCH_SETTLED;
		r->epoch &= ~SWORN_EPOCH_SETTLED;
	}
	memcpy(r->mac, d->mac, SWORN_TAG_SIZE);
}

static inline bool sworn_record_is_tombstone(const struct sworn_record *r)
{
	return r->epoch == SWORN_EPOCH_TOMBSTONE;
}

/* The same record but for what BITs note in it? */
static inline bool sworn_record_same_place(const struct sworn_record *a,
					   const struct sworn_record *b)
{
	return a->lba == b->lba && a->hba == b->hba && a->epoch == b->epoch &&
	       a->counter == b->counter;
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
		return r->hba && r->hba <= logical_blocks - r->lba &&
		       (!r->counter || (r->counter == 1 && r->hba == 1));
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
