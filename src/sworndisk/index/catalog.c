// SPDX-License-Identifier: GPL-2.0-only
/* The BIT catalog. */
#include <linux/bitmap.h>
#include <linux/mm.h>

#include "catalog.h"

static int version_init(struct sworn_version *v, u32 nr)
{
	v->serial = 1;
	v->nr_runs = 0;
	v->nr_bits = 0;
	v->first = kvcalloc(nr + 1, sizeof(u32), GFP_KERNEL);
	v->order = kvcalloc(nr, sizeof(u32), GFP_KERNEL);
	return v->first && v->order ? 0 : -ENOMEM;
}

static void version_exit(struct sworn_version *v)
{
	kvfree(v->first);
	kvfree(v->order);
	v->first = NULL;
	v->order = NULL;
}

u64 sworn_catalog_bytes(const struct sworn_geometry *geo)
{
	return geo->index_segments * (sizeof(struct sworn_bit) + 4 * sizeof(u32));
}

int sworn_catalog_init(struct sworn_catalog *c, const struct sworn_geometry *geo)
{
	u32 nr = geo->index_segments;

	spin_lock_init(&c->lock);
	c->geo = geo;
	c->nr_free = nr;
	c->cursor = 0;
	c->next_id = 1;
	c->next_run = 1;
	c->nr_gone = 0;
	c->used = kvcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	c->bit = kvcalloc(nr, sizeof(*c->bit), GFP_KERNEL);
	if (!c->used || !c->bit || version_init(&c->own[0], nr) ||
	    version_init(&c->own[1], nr)) {
		sworn_catalog_exit(c);
		return -ENOMEM;
	}
	RCU_INIT_POINTER(c->version, &c->own[0]);
	return 0;
}

void sworn_catalog_exit(struct sworn_catalog *c)
{
	version_exit(&c->own[0]);
	version_exit(&c->own[1]);
	kvfree(c->used);
	kvfree(c->bit);
	c->used = NULL;
	c->bit = NULL;
}

int sworn_catalog_alloc(struct sworn_catalog *c, u32 *index_segment)
{
	u32 nr = c->geo->index_segments, n;
	int err = -ENOSPC;

	spin_lock(&c->lock);
	if (c->nr_free) {
		n = find_next_zero_bit(c->used, nr, c->cursor);
		if (n >= nr)
			n = find_first_zero_bit(c->used, nr);
		__set_bit(n, c->used);
		c->nr_free--;
		c->cursor = n + 1 < nr ? n + 1 : 0;
		*index_segment = n;
		err = 0;
	}
	spin_unlock(&c->lock);
	return err;
}

void sworn_catalog_free(struct sworn_catalog *c, u32 index_segment)
{
	spin_lock(&c->lock);
	__clear_bit(index_segment, c->used);
	c->nr_free++;
	spin_unlock(&c->lock);
}

/* Recovery: take the index segments of entries that were read. */
static int claim(struct sworn_catalog *c, const struct sworn_bit *bits, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		if (i && (bits[i].first_lba <= bits[i - 1].last_lba ||
			  bits[i].run != bits[0].run))
			return -EUCLEAN;
		if (__test_and_set_bit(bits[i].index_segment, c->used))
			return -EUCLEAN;
		c->nr_free--;
		c->next_id = max(c->next_id, bits[i].id + 1);
		c->next_run = max(c->next_run, bits[i].run + 1);
	}
	return 0;
}

/*
 * Make the next version: a run of @nr BITs, none if 0, in front of the old
 * runs but the newest @drop.
 */
static void make_version(struct sworn_catalog *c, const struct sworn_bit *bits,
			 u32 nr, u32 drop)
{
	struct sworn_version *old = rcu_dereference_protected(c->version, true);
	struct sworn_version *new = old == &c->own[0] ? &c->own[1] : &c->own[0];
	u32 i, front = nr ? 1 : 0, gone = old->first[drop];

	new->serial = old->serial + 1;
	new->nr_runs = old->nr_runs - drop + front;
	new->nr_bits = old->nr_bits - gone + nr;
	new->first[0] = 0;
	for (i = 0; i < nr; i++) {
		c->bit[bits[i].index_segment] = bits[i];
		new->order[i] = bits[i].index_segment;
	}
	for (i = drop; i <= old->nr_runs; i++)
		new->first[i - drop + front] = old->first[i] - gone + nr;
	memcpy(new->order + nr, old->order + gone,
	       (old->nr_bits - gone) * sizeof(u32));
	rcu_assign_pointer(c->version, new);
}

int sworn_catalog_add(struct sworn_catalog *c, const struct sworn_bit *bits,
		      u32 nr, bool replay)
{
	int err;

	if (!nr)
		return 0;
	if (replay) {
		err = claim(c, bits, nr);
		if (err)
			return err;
	}
	make_version(c, bits, nr, 0);
	return 0;
}

static void release(struct sworn_catalog *c, u32 index_segment)
{
	/* whoever reads its nodes and fails learns that it has gone */
	WRITE_ONCE(c->bit[index_segment].id, 0);
	sworn_catalog_free(c, index_segment);
}

void sworn_catalog_replace(struct sworn_catalog *c, const struct sworn_bit *bits,
			   u32 nr, u32 nr_runs)
{
	struct sworn_version *old = rcu_dereference_protected(c->version, true);

	c->nr_gone = old->first[nr_runs];
	make_version(c, bits, nr, nr_runs);
}

void sworn_catalog_settle(struct sworn_catalog *c)
{
	struct sworn_version *now = rcu_dereference_protected(c->version, true);
	struct sworn_version *old = now == &c->own[0] ? &c->own[1] : &c->own[0];
	u32 i;

	synchronize_rcu();
	for (i = 0; i < c->nr_gone; i++)
		release(c, old->order[i]);
	c->nr_gone = 0;
}

int sworn_catalog_remove(struct sworn_catalog *c, u64 id)
{
	struct sworn_version *v = rcu_dereference_protected(c->version, true);
	u32 at, run, i;

	for (at = 0; at < v->nr_bits && c->bit[v->order[at]].id != id; at++)
		;
	if (at == v->nr_bits)
		return -EUCLEAN;
	release(c, v->order[at]);
	memmove(&v->order[at], &v->order[at + 1],
		(v->nr_bits - at - 1) * sizeof(u32));
	v->nr_bits--;
	for (run = 0; v->first[run + 1] <= at; run++)
		;
	for (i = run + 1; i <= v->nr_runs; i++)
		v->first[i]--;
	if (v->first[run] == v->first[run + 1]) {
		memmove(&v->first[run], &v->first[run + 1],
			(v->nr_runs - run) * sizeof(u32));
		v->nr_runs--;
	}
	return 0;
}

/* Is @bit the next one of the newest run? */
static bool continues(const struct sworn_catalog *c,
		      const struct sworn_version *v, const struct sworn_bit *bit)
{
	const struct sworn_bit *last;

	if (!v->nr_runs)
		return false;
	last = &c->bit[v->order[v->first[1] - 1]];
	return last->run == bit->run;
}

int sworn_catalog_append(struct sworn_catalog *c, const struct sworn_bit *bit)
{
	struct sworn_version *v = rcu_dereference_protected(c->version, true);
	u32 i, at;
	int err;

	if (!continues(c, v, bit))
		return sworn_catalog_add(c, bit, 1, true);
	at = v->first[1];
	if (bit->first_lba <= c->bit[v->order[at - 1]].last_lba)
		return -EUCLEAN;
	err = claim(c, bit, 1);
	if (err)
		return err;
	c->bit[bit->index_segment] = *bit;
	memmove(&v->order[at + 1], &v->order[at],
		(v->nr_bits - at) * sizeof(u32));
	v->order[at] = bit->index_segment;
	for (i = 1; i <= v->nr_runs; i++)
		v->first[i]++;
	v->nr_bits++;
	return 0;
}

u32 sworn_catalog_nr(struct sworn_catalog *c)
{
	u32 nr;

	rcu_read_lock();
	nr = rcu_dereference(c->version)->nr_bits;
	rcu_read_unlock();
	return nr;
}
