/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a volume: what a checkpoint pack holds, edited by the journal
 * behind it.  The driver keeps the same in memory, made for lookups; this one
 * is made to be gone through once.
 */
#ifndef SWORNADM_OFFLINE_STATE_H
#define SWORNADM_OFFLINE_STATE_H

#include "crypto.h"
#include "sworndisk/format/bit.h"
#include "sworndisk/format/journal.h"
#include "sworndisk/format/tables.h"

/**
 * struct table_record - a record of a MemTable
 * @seq: number of its item: of those that speak of an LBA the highest counts
 */
struct table_record {
	struct sworn_record rec;
	u64 seq;
};

/**
 * struct memtable - one of them
 * @record: one for each LBA, in the order in which the LBAs came; after
 *	memtable_sort() by LBA
 * @slot: hash table of indices + 1 into @record
 * @range: tombstones as they came; after memtable_sort() disjoint, by LBA
 * @hidden: records that a later tombstone covers; they reference their blocks
 *	until the table is written out.  By LBA.
 */
struct memtable {
	struct table_record *record;
	size_t nr;
	size_t room;
	u32 *slot;
	size_t slots;
	struct table_record *range;
	size_t nr_ranges;
	size_t range_room;
	struct table_record *hidden;
	size_t nr_hidden;
};

/**
 * struct data_key - an epoch
 */
struct data_key {
	bool there;
	u64 born;
	u8 key[SWORN_KEY_SIZE_MAX];
	struct crypto_key cipher;
};

/**
 * struct state - all tables
 * @map: by data segment: bits of its referenced blocks, NULL if it has none
 * @valid: by data segment: what the DST counts, and the journal after it
 * @referenced: blocks
 * @bit: the catalog, in no order until state_sort()
 * @index_used: by index segment
 * @key: by slot
 * @frozen: there is a frozen MemTable
 * @next_seq: numbers the records
 * @why: after -EUCLEAN: what was wrong, a sentence
 */
struct state {
	const struct sworn_geometry *geo;
	u32 cipher;
	u64 **map;
	u32 *valid;
	u64 referenced;
	struct sworn_bit *bit;
	size_t nr_bits;
	size_t bit_room;
	u8 *index_used;
	struct data_key *key;
	u32 nr_keys;
	struct memtable active;
	struct memtable frozen_table;
	bool frozen;
	u64 commit_id;
	u64 next_seq;
	char why[160];
};

int state_init(struct state *s, const struct sworn_geometry *geo, u32 cipher);
void state_free(struct state *s);

/**
 * state_load() - take an entry of a pack's section
 * @i: its number
 *
 * Return: 0; -EUCLEAN, with @why; -ENOMEM.
 */
int state_load(struct state *s, u32 section, u64 i, const void *entry);

/* All sections were loaded: do they agree?  0 or -EUCLEAN, with @why. */
int state_loaded(struct state *s);

/**
 * state_apply() - apply an item of the journal
 * @edits: the tables do not have it yet; else it refills the MemTable only
 *
 * Return: 0; -EUCLEAN, with @why; -ENOMEM.
 */
int state_apply(struct state *s, const struct sworn_item *item, bool edits);

/* Put catalog and MemTables in order: runs from newest to oldest, by LBA. */
int state_sort(struct state *s);

/* Is the block one that a record points at, by the tables? */
static inline bool state_referenced(const struct state *s, u64 hba)
{
	const u64 *map = s->map[hba / s->geo->segment_blocks];
	u64 i = hba % s->geo->segment_blocks;

	return map && map[i / 64] >> (i % 64) & 1;
}

/**
 * state_differs() - do two states, both sorted, say the same?
 *
 * Return: NULL, or the name of a table that differs.
 */
const char *state_differs(const struct state *a, const struct state *b);

int memtable_insert(struct memtable *t, const struct sworn_record *rec, u64 seq,
		    u64 *old_hba, bool *replaced);
int memtable_insert_range(struct memtable *t, const struct sworn_record *rec,
			  u64 seq);
int memtable_sort(struct memtable *t);
void memtable_free(struct memtable *t);

#endif /* SWORNADM_OFFLINE_STATE_H */
