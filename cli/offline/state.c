// SPDX-License-Identifier: GPL-2.0-only
/* The state of a volume; see state.h. */
#include "state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "array.h"

__attribute__((format(printf, 2, 3)))
static int unclean(struct state *s, const char *fmt, ...)
{
	va_list ap;

	if (!s->why[0]) {
		va_start(ap, fmt);
		vsnprintf(s->why, sizeof(s->why), fmt, ap);
		va_end(ap);
	}
	return -EUCLEAN;
}

/* Keys are not swapped out if that can be helped; a table may be large. */
static struct data_key *keys_alloc(u32 nr)
{
	size_t bytes = nr * sizeof(struct data_key);
	void *keys = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (keys == MAP_FAILED)
		return NULL;
	madvise(keys, bytes, MADV_DONTDUMP);
	if (mlock(keys, bytes))
		return keys;
	return keys;
}

int state_init(struct state *s, const struct sworn_geometry *geo, u32 cipher)
{
	memset(s, 0, sizeof(*s));
	s->geo = geo;
	s->cipher = cipher;
	s->next_seq = 1;
	s->map = calloc(geo->data_segments, sizeof(*s->map));
	s->valid = calloc(geo->data_segments, sizeof(*s->valid));
	s->index_used = calloc(geo->index_segments, 1);
	s->key = keys_alloc(geo->max_epochs);
	return s->map && s->valid && s->index_used && s->key ? 0 : -ENOMEM;
}

void state_free(struct state *s)
{
	for (u64 i = 0; s->map && i < s->geo->data_segments; i++)
		free(s->map[i]);
	for (u32 i = 0; s->key && i < s->geo->max_epochs; i++)
		crypto_key_free(&s->key[i].cipher);
	if (s->key) {
		size_t bytes = s->geo->max_epochs * sizeof(*s->key);

		explicit_bzero(s->key, bytes);
		munmap(s->key, bytes);
	}
	free(s->map);
	free(s->valid);
	free(s->index_used);
	free(s->bit);
	memtable_free(&s->active);
	memtable_free(&s->frozen_table);
	memset(s, 0, sizeof(*s));
}

static u32 map_words(const struct state *s)
{
	return s->geo->segment_blocks / 64;
}

static u64 *need_map(struct state *s, u64 segment)
{
	if (!s->map[segment])
		s->map[segment] = calloc(map_words(s), sizeof(u64));
	return s->map[segment];
}

static int reference(struct state *s, u64 hba)
{
	u64 segment = hba / s->geo->segment_blocks;
	u64 i = hba % s->geo->segment_blocks, *map = need_map(s, segment);

	if (!map)
		return -ENOMEM;
	if (map[i / 64] >> (i % 64) & 1)
		return unclean(s, "data block %" PRIu64 " becomes referenced twice", hba);
	map[i / 64] |= 1ULL << (i % 64);
	s->valid[segment]++;
	s->referenced++;
	return 0;
}

static int unreference(struct state *s, u64 hba)
{
	u64 segment = hba / s->geo->segment_blocks;
	u64 i = hba % s->geo->segment_blocks;

	if (!state_referenced(s, hba))
		return unclean(s, "data block %" PRIu64 " is given back without having been referenced",
			       hba);
	s->map[segment][i / 64] &= ~(1ULL << (i % 64));
	s->valid[segment]--;
	s->referenced--;
	return 0;
}

/* --- sections of a pack --- */

static int load_dst(struct state *s, u64 i, const struct sworn_disk_dst_entry *d)
{
	u32 valid = le16_to_cpu(d->valid_blocks);
	u64 *map;

	if (i >= s->geo->data_segments)
		return unclean(s, "the DST has more entries than there are data segments");
	if (!sworn_dst_valid(d, s->geo->segment_blocks))
		return unclean(s, "DST entry %" PRIu64 ": valid_blocks %u and state %u do not agree or are out of range",
			       i, valid, d->state);
	s->valid[i] = valid;
	s->referenced += valid;
	if (!valid)
		return 0;
	map = need_map(s, i);
	if (!map)
		return -ENOMEM;
	/* of the others the SVT tells */
	if (valid == s->geo->segment_blocks)
		memset(map, 0xff, map_words(s) * sizeof(*map));
	return 0;
}

static int load_svt(struct state *s, const struct sworn_disk_svt_entry *d)
{
	u32 segment = le32_to_cpu(d->segment), part = le32_to_cpu(d->part);
	u32 bytes = SWORN_SVT_BLOCKS / 8;

	if (segment >= s->geo->data_segments ||
	    part >= sworn_svt_parts(s->geo->segment_blocks) ||
	    !s->valid[segment] || s->valid[segment] == s->geo->segment_blocks)
		return unclean(s, "SVT entry of segment %u, part %u: there can be none",
			       segment, part);
	if (s->geo->segment_blocks < SWORN_SVT_BLOCKS)
		bytes = s->geo->segment_blocks / 8;
	for (u32 i = 0; i < bytes / 8; i++) {
		u64 word = 0;

		for (u32 k = 0; k < 8; k++)
			word |= (u64)d->bits[8 * i + k] << (8 * k);
		s->map[segment][part * (SWORN_SVT_BLOCKS / 64) + i] = word;
	}
	for (u32 i = bytes; i < sizeof(d->bits); i++)
		if (d->bits[i])
			return unclean(s, "SVT entry of segment %u: bits behind its end",
				       segment);
	return 0;
}

static int add_bit(struct state *s, const struct sworn_disk_bit *d)
{
	struct sworn_bit bit, *more;

	if (sworn_bit_decode(&bit, d, s->geo))
		return unclean(s, "catalog entry of BIT %" PRIu64 ": a field is out of range",
			       le64_to_cpu(d->id));
	if (s->index_used[bit.index_segment])
		return unclean(s, "BIT %" PRIu64 " lies in index segment %u, which is another's",
			       bit.id, bit.index_segment);
	more = array_room(s->bit, s->nr_bits, &s->bit_room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->bit = more;
	s->index_used[bit.index_segment] = 1;
	s->bit[s->nr_bits++] = bit;
	return 0;
}

static int add_key(struct state *s, const struct sworn_disk_epoch *d)
{
	struct data_key *k;

	if (!sworn_epoch_valid(d, s->geo->max_epochs))
		return unclean(s, "data key: slot %u is out of range", le16_to_cpu(d->slot));
	k = &s->key[le16_to_cpu(d->slot)];
	if (k->there)
		return memcmp(k->key, d->key, sizeof(k->key)) ?
			unclean(s, "two data keys in slot %u", le16_to_cpu(d->slot)) : 0;
	k->there = true;
	k->born = le64_to_cpu(d->born);
	memcpy(k->key, d->key, sizeof(k->key));
	s->nr_keys++;
	return 0;
}

int state_load(struct state *s, u32 section, u64 i, const void *entry)
{
	switch (section) {
	case SWORN_SECTION_DST:
		return load_dst(s, i, entry);
	case SWORN_SECTION_SVT:
		return load_svt(s, entry);
	case SWORN_SECTION_BITC:
		return add_bit(s, entry);
	case SWORN_SECTION_KEYS:
		return add_key(s, entry);
	default:
		return unclean(s, "section of unknown type %u", section);
	}
}

int state_loaded(struct state *s)
{
	for (u64 i = 0; i < s->geo->data_segments; i++) {
		u32 n = 0;

		for (u32 k = 0; s->map[i] && k < map_words(s); k++)
			n += (u32)__builtin_popcountll(s->map[i][k]);
		if (n != s->valid[i])
			return unclean(s, "segment %" PRIu64 ": the DST counts %u referenced blocks, the SVT has %u",
				       i, s->valid[i], n);
	}
	return 0;
}

/* --- items of the journal --- */

static int apply_record(struct state *s, const struct sworn_record *r, bool edits)
{
	bool replaced;
	u64 old;
	int err;

	if (sworn_record_is_tombstone(r))
		return memtable_insert_range(&s->active, r, s->next_seq++);
	err = memtable_insert(&s->active, r, s->next_seq++, &old, &replaced);
	if (!err && edits)
		err = reference(s, r->hba);
	if (!err && edits && replaced)
		err = unreference(s, old);
	return err;
}

static int apply_records(struct state *s, const struct sworn_item *item, bool edits)
{
	const struct sworn_disk_record *d = item->body;
	struct sworn_record r;
	int err = 0;

	for (u32 i = 0; !err && i < item->bytes / sizeof(*d); i++) {
		sworn_record_decode(&r, &d[i]);
		if (!sworn_record_valid(&r, s->geo->logical_blocks,
					sworn_data_blocks(s->geo),
					s->geo->max_epochs) || r.settled)
			return unclean(s, "record of LBA %" PRIu64 ": a field is out of range",
				       r.lba);
		err = apply_record(s, &r, edits);
	}
	return err;
}

static int apply_extents(struct state *s, const struct sworn_item *item, bool live)
{
	const struct sworn_disk_extent *d = item->body;
	struct sworn_extent e;
	int err = 0;

	for (u32 i = 0; !err && i < item->bytes / sizeof(*d); i++) {
		if (sworn_extent_decode(&e, &d[i], s->geo))
			return unclean(s, "extent of %u blocks from data block %" PRIu64 ": it leaves the data region",
				       e.n, e.hba);
		for (; !err && e.n; e.n--, e.hba++)
			err = live ? reference(s, e.hba) : unreference(s, e.hba);
	}
	return err;
}

static struct sworn_bit *find_bit(struct state *s, u64 id)
{
	for (size_t i = 0; i < s->nr_bits; i++)
		if (s->bit[i].id == id)
			return &s->bit[i];
	return NULL;
}

static int apply_bits(struct state *s, const struct sworn_item *item)
{
	const struct sworn_disk_bit *d = item->body;
	int err = 0;

	for (u32 i = 0; !err && i < item->bytes / sizeof(*d); i++)
		err = add_bit(s, &d[i]);
	return err;
}

static int apply_dels(struct state *s, const struct sworn_item *item)
{
	const __le64 *id = item->body;

	for (u32 i = 0; i < item->bytes / sizeof(*id); i++) {
		struct sworn_bit *bit = find_bit(s, le64_to_cpu(id[i]));

		if (!bit)
			return unclean(s, "BIT %" PRIu64 " leaves the catalog, in which it is not",
				       le64_to_cpu(id[i]));
		s->index_used[bit->index_segment] = 0;
		*bit = s->bit[--s->nr_bits];
	}
	return 0;
}

static int apply_trims(struct state *s, const struct sworn_item *item)
{
	const struct sworn_disk_trim *d = item->body;

	for (u32 i = 0; i < item->bytes / sizeof(*d); i++) {
		struct sworn_bit *bit = find_bit(s, le64_to_cpu(d[i].id));
		u64 from = le64_to_cpu(d[i].first_lba);

		if (!bit || d[i].reserved || from <= bit->first_lba ||
		    from > bit->last_lba)
			return unclean(s, "BIT %" PRIu64 " cannot be trimmed to begin at LBA %" PRIu64,
				       le64_to_cpu(d[i].id), from);
		bit->first_lba = from;
		bit->nr_records = le32_to_cpu(d[i].nr_records);
	}
	return 0;
}

static int apply_drops(struct state *s, const struct sworn_item *item)
{
	const __le64 *slot = item->body;

	for (u32 i = 0; i < item->bytes / sizeof(*slot); i++) {
		u64 n = le64_to_cpu(slot[i]);

		if (n >= s->geo->max_epochs || !s->key[n].there)
			return unclean(s, "data key %" PRIu64 " is dropped, but there is none", n);
		crypto_key_free(&s->key[n].cipher);
		explicit_bzero(&s->key[n], sizeof(s->key[n]));
		s->nr_keys--;
	}
	return 0;
}

static int apply_rotate(struct state *s)
{
	if (s->frozen)
		return unclean(s, "a MemTable is frozen while another one is");
	s->frozen = true;
	s->frozen_table = s->active;
	memset(&s->active, 0, sizeof(s->active));
	return 0;
}

static int apply_minor_done(struct state *s)
{
	if (!s->frozen)
		return unclean(s, "a MemTable is written out, but none is frozen");
	memtable_free(&s->frozen_table);
	s->frozen = false;
	return 0;
}

/* Bytes of an entry of an item's body; 1: it has none. */
static u32 entry_bytes(u32 type)
{
	switch (type) {
	case SWORN_ITEM_RECORDS:
		return sizeof(struct sworn_disk_record);
	case SWORN_ITEM_EPOCH:
		return sizeof(struct sworn_disk_epoch);
	case SWORN_ITEM_BIT_ADD:
		return sizeof(struct sworn_disk_bit);
	case SWORN_ITEM_BIT_TRIM:
		return sizeof(struct sworn_disk_trim);
	case SWORN_ITEM_LIVE:
	case SWORN_ITEM_DEAD:
	case SWORN_ITEM_BIT_DEL:
	case SWORN_ITEM_EPOCH_DROP:
	case SWORN_ITEM_CHECKPOINT:
	case SWORN_ITEM_COMMIT:
		return sizeof(__le64);
	default:
		return 1;
	}
}

static int apply_edit(struct state *s, const struct sworn_item *item)
{
	switch (item->type) {
	case SWORN_ITEM_EPOCH:
		return add_key(s, item->body);
	case SWORN_ITEM_EPOCH_DROP:
		return apply_drops(s, item);
	case SWORN_ITEM_BIT_ADD:
		return apply_bits(s, item);
	case SWORN_ITEM_BIT_DEL:
		return apply_dels(s, item);
	case SWORN_ITEM_BIT_TRIM:
		return apply_trims(s, item);
	case SWORN_ITEM_LIVE:
		return apply_extents(s, item, true);
	case SWORN_ITEM_DEAD:
		return apply_extents(s, item, false);
	case SWORN_ITEM_ROTATE:
		return apply_rotate(s);
	case SWORN_ITEM_MINOR_DONE:
		return apply_minor_done(s);
	default:
		return unclean(s, "item of unknown type %u", item->type);
	}
}

int state_apply(struct state *s, const struct sworn_item *item, bool edits)
{
	u32 entry = entry_bytes(item->type);

	if (item->bytes % entry || (!item->bytes && entry > 1))
		return unclean(s, "item of type %u has %u bytes, which are no entries of %u",
			       item->type, item->bytes, entry);
	switch (item->type) {
	case SWORN_ITEM_RECORDS:
		return apply_records(s, item, edits);
	case SWORN_ITEM_BESIDE:
		return item->bytes ? unclean(s, "item BESIDE has a body") : 0;
	case SWORN_ITEM_CHECKPOINT:
		return 0;
	case SWORN_ITEM_COMMIT:
		s->commit_id = le64_to_cpu(*(const __le64 *)item->body);
		return 0;
	case SWORN_ITEM_ROTATE:
		/* a pack's replay begins behind the last one */
		if (!edits)
			return unclean(s, "a MemTable is frozen before the pack's state");
		return apply_rotate(s);
	default:
		return edits ? apply_edit(s, item) : 0;
	}
}

/* --- at the end --- */

static int by_run(const void *a, const void *b)
{
	const struct sworn_bit *x = a, *y = b;

	if (x->run != y->run)
		return x->run < y->run ? 1 : -1;
	return (x->first_lba > y->first_lba) - (x->first_lba < y->first_lba);
}

int state_sort(struct state *s)
{
	if (s->nr_bits)
		qsort(s->bit, s->nr_bits, sizeof(*s->bit), by_run);
	if (memtable_sort(&s->active))
		return -ENOMEM;
	return memtable_sort(&s->frozen_table);
}

static bool same_records(const struct table_record *a, const struct table_record *b,
			 size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sworn_disk_record x, y;

		sworn_record_encode(&x, &a[i].rec);
		sworn_record_encode(&y, &b[i].rec);
		if (memcmp(&x, &y, sizeof(x)))
			return false;
	}
	return true;
}

static bool same_memtable(const struct memtable *a, const struct memtable *b)
{
	return a->nr == b->nr && a->nr_ranges == b->nr_ranges &&
	       a->nr_hidden == b->nr_hidden &&
	       same_records(a->record, b->record, a->nr) &&
	       same_records(a->range, b->range, a->nr_ranges) &&
	       same_records(a->hidden, b->hidden, a->nr_hidden);
}

static bool same_catalog(const struct state *a, const struct state *b)
{
	if (a->nr_bits != b->nr_bits)
		return false;
	for (size_t i = 0; i < a->nr_bits; i++) {
		struct sworn_disk_bit x, y;

		sworn_bit_encode(&x, &a->bit[i]);
		sworn_bit_encode(&y, &b->bit[i]);
		if (memcmp(&x, &y, sizeof(x)))
			return false;
	}
	return true;
}

static bool same_keys(const struct state *a, const struct state *b)
{
	for (u32 i = 0; i < a->geo->max_epochs; i++)
		if (a->key[i].there != b->key[i].there ||
		    memcmp(a->key[i].key, b->key[i].key, sizeof(a->key[i].key)))
			return false;
	return true;
}

static bool same_map(const struct state *a, const struct state *b)
{
	for (u64 i = 0; i < a->geo->data_segments; i++)
		if (a->valid[i] != b->valid[i] ||
		    (a->valid[i] && memcmp(a->map[i], b->map[i],
					   map_words(a) * sizeof(u64))))
			return false;
	return true;
}

const char *state_differs(const struct state *a, const struct state *b)
{
	if (!same_catalog(a, b))
		return "catalog";
	if (!same_keys(a, b))
		return "key table";
	if (!same_map(a, b))
		return "table of referenced blocks";
	if (a->frozen != b->frozen || !same_memtable(&a->active, &b->active) ||
	    !same_memtable(&a->frozen_table, &b->frozen_table))
		return "MemTable";
	return NULL;
}
