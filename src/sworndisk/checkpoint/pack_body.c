// SPDX-License-Identifier: GPL-2.0-only
/* Checkpoint packs: tables into sections and back. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "pack_body.h"

/*
 * struct section_kind - how a table becomes a section
 * @count: entries to write
 * @encode: entry number @i
 * @load: entries of one block; @done after the last
 */
struct section_kind {
	enum sworn_section_type type;
	u64 (*count)(const struct sworn_tables_ref *t);
	void (*encode)(const struct sworn_tables_ref *t, u64 i, void *entry);
	int (*load)(const struct sworn_tables_ref *t, u64 i, const void *entry);
};

/* Segments behind the last one that says anything are left out. */
static u64 dst_count(const struct sworn_tables_ref *t)
{
	u64 n = t->segments->nr;

	while (n && !t->segments->dst[n - 1].seq &&
	       !t->segments->dst[n - 1].valid_blocks)
		n--;
	return n;
}

static void dst_encode(const struct sworn_tables_ref *t, u64 i, void *entry)
{
	sworn_segments_encode(t->segments, i, entry);
}

static int dst_load(const struct sworn_tables_ref *t, u64 i, const void *entry)
{
	if (i >= t->segments->nr)
		return -EUCLEAN;
	return sworn_segments_load(t->segments, i, entry);
}

static u64 svt_count(const struct sworn_tables_ref *t)
{
	return sworn_svt_count(t->segments);
}

static void svt_encode(const struct sworn_tables_ref *t, u64 i, void *entry)
{
	sworn_svt_encode(t->segments, i, entry);
}

static int svt_load(const struct sworn_tables_ref *t, u64 i, const void *entry)
{
	return sworn_svt_load(t->segments, entry);
}

/* Oldest run first, and each by LBA: so loading them is quick. */
static u64 bitc_count(const struct sworn_tables_ref *t)
{
	return rcu_dereference_protected(t->catalog->version, true)->nr_bits;
}

static void bitc_encode(const struct sworn_tables_ref *t, u64 i, void *entry)
{
	const struct sworn_version *v =
		rcu_dereference_protected(t->catalog->version, true);
	u32 run = v->nr_runs - 1, at;
	struct sworn_bit bit;
	u64 before = 0;

	/* few runs, many BITs in the old ones */
	while (i - before >= v->first[run + 1] - v->first[run]) {
		before += v->first[run + 1] - v->first[run];
		run--;
	}
	at = v->first[run] + i - before;
	bit = t->catalog->bit[v->order[at]];
	bit.first_lba = v->from[at];
	sworn_bit_encode(entry, &bit);
}

static int bitc_load(const struct sworn_tables_ref *t, u64 i, const void *entry)
{
	struct sworn_bit bit;
	int err = sworn_bit_decode(&bit, entry, t->catalog->geo);

	return err ? err : sworn_catalog_insert(t->catalog, &bit);
}

/*
 * Those that a commit has told of.  Another one may come into use meanwhile;
 * its item is in a group behind those that this pack stands for.
 */
static bool key_wanted(const struct sworn_tables_ref *t, u32 slot)
{
	struct sworn_epoch *e = sworn_epochs_get(t->epochs, slot);

	return e && e->announced && !e->dropped;
}

static u64 keys_count(const struct sworn_tables_ref *t)
{
	u32 slot;
	u64 n = 0;

	for (slot = 0; slot < t->epochs->max; slot++)
		n += key_wanted(t, slot);
	return n;
}

static void keys_encode(const struct sworn_tables_ref *t, u64 i, void *entry)
{
	u32 slot;

	/* the i-th of them */
	for (slot = 0; slot < t->epochs->max; slot++) {
		if (key_wanted(t, slot) && !i--) {
			sworn_epoch_encode(entry,
					   sworn_epochs_get(t->epochs, slot));
			return;
		}
	}
}

static int keys_load(const struct sworn_tables_ref *t, u64 i, const void *entry)
{
	return sworn_epochs_load(t->epochs, entry);
}

static const struct section_kind kinds[] = {
	{ SWORN_SECTION_DST, dst_count, dst_encode, dst_load },
	/* behind the DST, which it fills in */
	{ SWORN_SECTION_SVT, svt_count, svt_encode, svt_load },
	{ SWORN_SECTION_BITC, bitc_count, bitc_encode, bitc_load },
	{ SWORN_SECTION_KEYS, keys_count, keys_encode, keys_load },
};

static int write_section(struct sworn_packs *p, const struct section_kind *kind,
			 const struct sworn_tables_ref *t)
{
	struct sworn_pack_contents *c = &p->contents;
	struct sworn_disk_section *s = &c->section[c->nr_sections++];
	u32 bytes = sworn_section_entry_bytes(kind->type);
	u32 per_block = SWORN_PACK_BODY_PAYLOAD / bytes;
	u64 i = 0, n = kind->count(t);

	s->type = cpu_to_le32(kind->type);
	s->first_block = cpu_to_le64(c->body_blocks);
	s->bytes = cpu_to_le64(n * bytes);
	while (i < n) {
		void *at = sworn_pack_body_buf(p);
		u64 end = min(n, i + per_block);
		int err;

		for (; i < end; i++, at += bytes)
			kind->encode(t, i, at);
		err = sworn_pack_put_body(p);
		if (err)
			return err;
	}
	return 0;
}

int sworn_pack_write_body(struct sworn_packs *p, u64 generation,
			  const struct sworn_tables_ref *tables)
{
	int err = sworn_pack_start_body(p, generation);
	u32 i;

	for (i = 0; !err && i < ARRAY_SIZE(kinds); i++)
		err = write_section(p, &kinds[i], tables);
	return err ? err : sworn_pack_flush_body(p);
}

static const struct section_kind *kind_of(u32 type)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

static int load_section(struct sworn_packs *p,
			const struct sworn_pack_section *s,
			const struct sworn_tables_ref *t)
{
	const struct section_kind *kind = kind_of(s->type);
	u64 i = 0, block = s->first_block;
	int err;

	while (i < s->nr) {
		u64 end = min(s->nr, i + s->per_block);
		const void *at;

		err = sworn_pack_get_body(p, block++, &at);
		for (; !err && i < end; i++, at += s->entry_bytes)
			err = kind->load(t, i, at);
		if (err)
			return err;
	}
	return 0;
}

int sworn_pack_read_body(struct sworn_packs *p,
			 const struct sworn_tables_ref *tables)
{
	struct sworn_pack_section s;
	u64 block = 0;
	u32 i;
	int err;

	for (i = 0; i < p->contents.nr_sections; i++) {
		err = sworn_pack_section(&p->contents, i, &block, &s);
		if (!err)
			err = load_section(p, &s, tables);
		if (err)
			return err;
	}
	if (block != p->contents.body_blocks)
		return -EUCLEAN;
	return sworn_svt_check(tables->segments);
}
