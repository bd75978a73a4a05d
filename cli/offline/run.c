// SPDX-License-Identifier: GPL-2.0-only
/* A run of BITs, record by record; see run.h. */
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char advice_node[] =
	"copy off what can still be read; then write or discard the LBAs, or restore the devices from a backup of the same moment";

u64 walk_node_block(const struct image *img, const struct sworn_bit *bit,
		    u32 block)
{
	const struct sworn_geometry *geo = &img->sb.geo;

	return geo->index_start_block +
	       (u64)bit->index_segment * geo->index_segment_blocks + block;
}

struct crypto_key *walk_key(struct state *state, u32 slot)
{
	struct data_key *k = &state->key[slot];

	if (slot >= state->geo->max_epochs || !k->there)
		return NULL;
	if (!k->cipher.open && crypto_key_set(&k->cipher, state->cipher, k->key))
		return NULL;
	return &k->cipher;
}

int run_init(struct run *r, struct walk *w, const struct sworn_bit *bit,
	     size_t nr_bits)
{
	memset(r, 0, sizeof(*r));
	r->walk = w;
	r->bit = bit;
	r->nr_bits = nr_bits;
	for (u32 i = 0; i < SWORN_BIT_HEIGHT_MAX; i++) {
		r->level[i].node = malloc(SWORN_BLOCK_SIZE);
		if (!r->level[i].node)
			return -ENOMEM;
	}
	return 0;
}

void run_free(struct run *r)
{
	for (u32 i = 0; i < SWORN_BIT_HEIGHT_MAX; i++)
		free(r->level[i].node);
}

/* A node cannot be used: so what is below it is lost. */
static void lose(struct run *r, u32 block, u64 first, u64 end, const char *what,
		 const char *found)
{
	struct walk *w = r->walk;
	const struct sworn_bit *bit = r->bit;
	u64 from = first > bit->first_lba ? first : bit->first_lba;
	u64 last = end - 1 < bit->last_lba ? end - 1 : bit->last_lba;
	struct finding *f;

	w->counts->lost++;
	r->skipped = true;
	r->has_lost = from <= last;
	sworn_record_tombstone(&r->lost, from, last - from + 1);
	f = report_add(w->report, FINDING_ERROR, "index",
		       "node in block %u of BIT %" PRIu64 " %s", block, bit->id, what);
	finding_at(f, image_path(w->img, AREA_META),
		   walk_node_block(w->img, bit, block), 1);
	if (found)
		finding_texts(f, "read", found, "success");
	finding_lbas(f, from, last);
	finding_lost(f, "LBAs %" PRIu64 " to %" PRIu64 " cannot be read, but for those that newer runs speak of",
		     from, last);
	f->advice = advice_node;
}

/* Does a node keep to the range that its parent gives it? */
static bool in_range(const void *node, u32 level, u64 first, u64 end, bool root)
{
	u32 nr = sworn_node_nr(node);
	struct sworn_record r;

	if (level) {
		const struct sworn_disk_child *c = sworn_node_children(node);

		return (root || sworn_child_lba(&c[0]) == first) &&
		       sworn_child_lba(&c[nr - 1]) < end;
	}
	sworn_record_decode(&r, sworn_node_records(node));
	if (!root && r.lba != first)
		return false;
	sworn_record_decode(&r, &sworn_node_records(node)[nr - 1]);
	return r.lba + sworn_record_blocks(&r) <= end;
}

/* Read a node, verify it, judge it: NULL, or what is wrong with it. */
static const char *read_node(struct run *r, u32 level, u32 block, const u8 *mac,
			     const char **found)
{
	const struct sworn_bit *bit = r->bit;
	const struct image *img = r->walk->img;
	struct crypto_key *key = walk_key(r->walk->state, bit->epoch);
	struct sworn_disk_aad aad;
	u8 iv[SWORN_IV_BYTES];
	int err;

	*found = NULL;
	if (!key)
		return "is sealed under a data key that is not in the key table";
	err = image_read(img, AREA_META, walk_node_block(img, bit, block),
			 r->level[level].node, 1);
	if (err) {
		*found = err == -ERANGE ? "the device ends before it" : strerror(-err);
		return "cannot be read";
	}
	sworn_iv_counter(iv, bit->base_counter + block);
	sworn_aad_set(&aad, SWORN_AAD_NODE, bit->id,
		      walk_node_block(img, bit, block) - img->sb.geo.index_start_block);
	err = crypto_open(key, iv, &aad, sizeof(aad), r->level[level].node,
			  SWORN_BLOCK_SIZE, mac);
	if (err)
		return "does not verify: damaged, altered or put back";
	if (sworn_node_check(r->level[level].node, bit, block, level, &img->sb.geo))
		return "verifies, but its fields or the order of its entries are wrong";
	return NULL;
}

/* Load a node into its level.  1: it is there; 0: it is lost. */
static int load_node(struct run *r, u32 level, u32 block, const u8 *mac, u64 first,
		     u64 end)
{
	struct run_level *l = &r->level[level];
	bool root = level + 1 == r->bit->height;
	const char *found, *what = read_node(r, level, block, mac, &found);
	int err;

	if (!what && !in_range(l->node, level, first, end, root))
		what = "verifies, but does not keep to the LBAs that its parent gives it";
	if (what) {
		lose(r, block, first, end, what, found);
		return 0;
	}
	l->block = block;
	l->next = 0;
	l->first = first;
	l->end = end;
	r->nodes++;
	r->walk->counts->nodes++;
	if (!r->walk->ops->node)
		return 1;
	err = r->walk->ops->node(r->walk->data, r->bit, block, l->node);
	return err ? err : 1;
}

static int open_bit(struct run *r)
{
	const struct sworn_bit *bit = r->bit;
	int there;

	r->open = true;
	r->nodes = 0;
	r->skipped = false;
	r->at = bit->height;
	there = load_node(r, bit->height - 1u, bit->root_block, bit->root_mac, 0,
			  bit->last_lba + 1);
	if (there > 0)
		r->at = bit->height - 1u;
	return there < 0 ? there : 0;
}

static void close_bit(struct run *r)
{
	const struct sworn_bit *bit = r->bit;

	if (!r->skipped && r->nodes != bit->nr_blocks) {
		struct finding *f = report_add(r->walk->report, FINDING_ERROR, "index",
			"BIT %" PRIu64 " does not have as many nodes as its catalog entry says",
			bit->id);

		finding_at(f, image_path(r->walk->img, AREA_META),
			   walk_node_block(r->walk->img, bit, 0), bit->nr_blocks);
		finding_value(f, "nr_blocks", bit->nr_blocks, r->nodes);
	}
	r->open = false;
	r->bit++;
	r->nr_bits--;
}

/* Go down to the next child of the lowest node that is loaded. */
static int descend(struct run *r)
{
	struct run_level *l = &r->level[r->at];
	const struct sworn_disk_child *c = sworn_node_children(l->node);
	u32 i = l->next++, nr = sworn_node_nr(l->node);
	u64 end = i + 1 < nr ? sworn_child_lba(&c[i + 1]) : l->end;
	int there;

	/* all of it is before what the BIT has a say in: nobody reads it */
	if (end <= r->bit->first_lba) {
		r->skipped = true;
		return 0;
	}
	there = load_node(r, r->at - 1, sworn_child_block(&c[i]), c[i].mac,
			  sworn_child_lba(&c[i]), end);
	if (there > 0)
		r->at--;
	return there < 0 ? there : 0;
}

/* The part of a record that counts; is there one? */
static bool cut(const struct sworn_bit *bit, struct sworn_record *rec)
{
	u64 end = rec->lba + sworn_record_blocks(rec);

	if (end <= bit->first_lba)
		return false;
	if (rec->lba < bit->first_lba) {
		rec->lba = bit->first_lba;
		rec->hba = end - rec->lba;
	}
	return true;
}

int run_next(struct run *r, struct sworn_record *rec)
{
	int err;

	while (r->nr_bits) {
		struct run_level *l;

		if (image_cancelled())
			return -ECANCELED;
		if (r->has_lost) {
			r->has_lost = false;
			*rec = r->lost;
			return 1;
		}
		if (!r->open) {
			err = open_bit(r);
			if (err)
				return err;
		}
		if (r->at == r->bit->height) {
			close_bit(r);
			continue;
		}
		l = &r->level[r->at];
		if (l->next == sworn_node_nr(l->node)) {
			r->at++;
			continue;
		}
		if (r->at) {
			err = descend(r);
			if (err)
				return err;
			continue;
		}
		sworn_record_decode(rec, &sworn_node_records(l->node)[l->next++]);
		if (cut(r->bit, rec))
			return 1;
	}
	return 0;
}
