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
	v->from = kvcalloc(nr, sizeof(u64), GFP_KERNEL);
	return v->first && v->order && v->from ? 0 : -ENOMEM;
}

static void version_exit(struct sworn_version *v)
{
	kvfree(v->first);
	kvfree(v->order);
	kvfree(v->from);
	v->first = NULL;
	v->order = NULL;
	v->from = NULL;
}

u64 sworn_catalog_bytes(const struct sworn_geometry *geo)
{
	return geo->index_segments * (sizeof(struct sworn_bit) + 5 * sizeof(u32) +
				      2 * sizeof(u64));
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
	c->gone = kvcalloc(nr, sizeof(u32), GFP_KERNEL);
	if (!c->used || !c->bit || !c->gone || version_init(&c->own[0], nr) ||
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
	kvfree(c->gone);
	c->used = NULL;
	c->bit = NULL;
	c->gone = NULL;
}

int sworn_catalog_alloc(struct sworn_catalog *c, u32 keep, u32 *index_segment)
{
	u32 nr = c->geo->index_segments, n;
	int err = -ENOSPC;

	spin_lock(&c->lock);
	if (c->nr_free > keep) {
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

u64 sworn_catalog_run(const struct sworn_catalog *c,
		      const struct sworn_version *v, u32 run)
{
	return c->bit[v->order[v->first[run]]].run;
}

u64 sworn_catalog_records(const struct sworn_catalog *c,
			  const struct sworn_version *v, u32 run)
{
	u64 n = 0;
	u32 i;

	for (i = v->first[run]; i < v->first[run + 1]; i++)
		n += c->bit[v->order[i]].nr_records;
	return n;
}

u64 sworn_catalog_upper(const struct sworn_catalog *c)
{
	const struct sworn_version *v = rcu_dereference_protected(c->version,
								  true);
	u64 n = 0;
	u32 run;

	for (run = 0; run + 1 < v->nr_runs; run++)
		n += sworn_catalog_records(c, v, run);
	return n;
}

/* What share of a BIT's records may lie from @from on?  One at the least. */
static u32 records_from(const struct sworn_bit *bit, u64 was, u64 from)
{
	u64 n = bit->nr_records, all = bit->last_lba - was + 1;

	/* 2^23 records at the most, and LBAs of 40 bits */
	n = div64_u64(n * (bit->last_lba - from + 1), all);
	return n ? n : 1;
}

enum sworn_fate sworn_catalog_fate(const struct sworn_catalog *c,
				   const struct sworn_edit *e, u32 run, u32 at,
				   struct sworn_disk_trim *trim)
{
	const struct sworn_version *v = rcu_dereference_protected(c->version,
								  true);
	const struct sworn_bit *bit = &c->bit[v->order[at]];
	u64 number = sworn_catalog_run(c, v, run);

	if (number < e->oldest || number > e->newest || v->from[at] >= e->hi ||
	    bit->last_lba < e->lo)
		return SWORN_BIT_STAYS;
	if (bit->last_lba < e->hi)
		return SWORN_BIT_GOES;
	memset(trim, 0, sizeof(*trim));
	trim->id = cpu_to_le64(bit->id);
	trim->first_lba = cpu_to_le64(e->hi);
	trim->nr_records = cpu_to_le32(records_from(bit, v->from[at], e->hi));
	return SWORN_BIT_TRIMMED;
}

static void put_bit(struct sworn_version *v, u32 index_segment, u64 from)
{
	v->order[v->nr_bits] = index_segment;
	v->from[v->nr_bits++] = from;
}

/* The run under construction ends here; without BITs it is none. */
static void end_run(struct sworn_version *v)
{
	if (v->nr_bits > v->first[v->nr_runs])
		v->first[++v->nr_runs] = v->nr_bits;
}

static void put_new(struct sworn_catalog *c, struct sworn_version *v,
		    const struct sworn_edit *e)
{
	u32 i;

	for (i = 0; i < e->nr; i++) {
		c->bit[e->bits[i].index_segment] = e->bits[i];
		put_bit(v, e->bits[i].index_segment, e->bits[i].first_lba);
	}
}

/* What an edit leaves of a BIT. */
static void put_old(struct sworn_catalog *c, struct sworn_version *v,
		    const struct sworn_version *old, u32 run, u32 at,
		    const struct sworn_edit *e)
{
	u32 segment = old->order[at];
	struct sworn_disk_trim trim;

	switch (sworn_catalog_fate(c, e, run, at, &trim)) {
	case SWORN_BIT_STAYS:
		put_bit(v, segment, old->from[at]);
		break;
	case SWORN_BIT_TRIMMED:
		/* lookups do not look at this figure */
		c->bit[segment].nr_records = le32_to_cpu(trim.nr_records);
		put_bit(v, segment, e->hi);
		break;
	case SWORN_BIT_GOES:
		/* one that joins another run keeps its index segment */
		if (!e->nr || e->bits[0].index_segment != segment)
			c->gone[c->nr_gone++] = segment;
		break;
	}
}

/* Do the new BITs belong before the BIT at @at of a run? */
static bool new_before(const struct sworn_catalog *c,
		       const struct sworn_version *old, u64 number, u32 at,
		       const struct sworn_edit *e)
{
	return e->bits[0].run > number ||
	       (e->bits[0].run == number &&
		c->bit[old->order[at]].last_lba >= e->lo);
}

void sworn_catalog_edit(struct sworn_catalog *c, const struct sworn_edit *e)
{
	struct sworn_version *old = rcu_dereference_protected(c->version, true);
	struct sworn_version *new = old == &c->own[0] ? &c->own[1] : &c->own[0];
	bool placed = !e->nr;
	u32 run, at;

	new->serial = old->serial + 1;
	new->nr_runs = 0;
	new->nr_bits = 0;
	new->first[0] = 0;
	for (run = 0; run < old->nr_runs; run++) {
		u64 number = sworn_catalog_run(c, old, run);

		for (at = old->first[run]; at < old->first[run + 1]; at++) {
			if (!placed && new_before(c, old, number, at, e)) {
				put_new(c, new, e);
				placed = true;
				if (e->bits[0].run > number)
					end_run(new);
			}
			put_old(c, new, old, run, at, e);
		}
		/* behind all that is left of the run */
		if (!placed && e->bits[0].run == number) {
			put_new(c, new, e);
			placed = true;
		}
		end_run(new);
	}
	if (!placed)
		put_new(c, new, e);
	end_run(new);
	rcu_assign_pointer(c->version, new);
}

static void release(struct sworn_catalog *c, u32 index_segment)
{
	/* whoever reads its nodes and fails learns that it has gone */
	WRITE_ONCE(c->bit[index_segment].id, 0);
	sworn_catalog_free(c, index_segment);
}

void sworn_catalog_settle(struct sworn_catalog *c)
{
	u32 i;

	synchronize_rcu();
	for (i = 0; i < c->nr_gone; i++)
		release(c, c->gone[i]);
	c->nr_gone = 0;
}

/* Where the BIT with an id is, or nr_bits. */
static u32 find_bit_id(const struct sworn_catalog *c,
		       const struct sworn_version *v, u64 id)
{
	u32 at;

	for (at = 0; at < v->nr_bits && c->bit[v->order[at]].id != id; at++)
		;
	return at;
}

static u32 run_of(const struct sworn_version *v, u32 at)
{
	u32 run = 0;

	while (v->first[run + 1] <= at)
		run++;
	return run;
}

int sworn_catalog_remove(struct sworn_catalog *c, u64 id)
{
	struct sworn_version *v = rcu_dereference_protected(c->version, true);
	u32 at = find_bit_id(c, v, id), run, i;

	if (at == v->nr_bits)
		return -EUCLEAN;
	run = run_of(v, at);
	release(c, v->order[at]);
	memmove(&v->order[at], &v->order[at + 1],
		(v->nr_bits - at - 1) * sizeof(u32));
	memmove(&v->from[at], &v->from[at + 1],
		(v->nr_bits - at - 1) * sizeof(u64));
	v->nr_bits--;
	for (i = run + 1; i <= v->nr_runs; i++)
		v->first[i]--;
	if (v->first[run] == v->first[run + 1]) {
		memmove(&v->first[run], &v->first[run + 1],
			(v->nr_runs - run) * sizeof(u32));
		v->nr_runs--;
	}
	return 0;
}

int sworn_catalog_trim(struct sworn_catalog *c, const struct sworn_disk_trim *t)
{
	struct sworn_version *v = rcu_dereference_protected(c->version, true);
	u32 at = find_bit_id(c, v, le64_to_cpu(t->id));
	u64 from = le64_to_cpu(t->first_lba);

	if (at == v->nr_bits || t->reserved || from <= v->from[at] ||
	    from > c->bit[v->order[at]].last_lba)
		return -EUCLEAN;
	v->from[at] = from;
	c->bit[v->order[at]].nr_records = le32_to_cpu(t->nr_records);
	return 0;
}

/* The first run that is not newer than @number. */
static u32 find_run(const struct sworn_catalog *c, const struct sworn_version *v,
		    u64 number)
{
	u32 run = 0;

	while (run < v->nr_runs && sworn_catalog_run(c, v, run) > number)
		run++;
	return run;
}

/* Where in its run a BIT belongs: most are the last one. */
static u32 find_place(const struct sworn_catalog *c,
		      const struct sworn_version *v, u32 run, u64 first_lba)
{
	u32 at = v->first[run + 1];

	while (at > v->first[run] && v->from[at - 1] > first_lba)
		at--;
	return at;
}

static bool overlaps(const struct sworn_catalog *c,
		     const struct sworn_version *v, u32 run, u32 at,
		     const struct sworn_bit *bit)
{
	return (at > v->first[run] &&
		c->bit[v->order[at - 1]].last_lba >= bit->first_lba) ||
	       (at < v->first[run + 1] && v->from[at] <= bit->last_lba);
}

int sworn_catalog_insert(struct sworn_catalog *c, const struct sworn_bit *bit)
{
	struct sworn_version *v = rcu_dereference_protected(c->version, true);
	u32 run = find_run(c, v, bit->run), at, i;

	if (__test_and_set_bit(bit->index_segment, c->used))
		return -EUCLEAN;
	c->nr_free--;
	if (run == v->nr_runs || sworn_catalog_run(c, v, run) != bit->run) {
		/* a run of its own, empty so far */
		memmove(&v->first[run + 1], &v->first[run],
			(v->nr_runs - run + 1) * sizeof(u32));
		v->nr_runs++;
	}
	at = find_place(c, v, run, bit->first_lba);
	if (overlaps(c, v, run, at, bit))
		return -EUCLEAN;
	memmove(&v->order[at + 1], &v->order[at],
		(v->nr_bits - at) * sizeof(u32));
	memmove(&v->from[at + 1], &v->from[at],
		(v->nr_bits - at) * sizeof(u64));
	v->order[at] = bit->index_segment;
	v->from[at] = bit->first_lba;
	v->nr_bits++;
	for (i = run + 1; i <= v->nr_runs; i++)
		v->first[i]++;
	c->bit[bit->index_segment] = *bit;
	c->next_id = max(c->next_id, bit->id + 1);
	c->next_run = max(c->next_run, bit->run + 1);
	return 0;
}

bool sworn_catalog_next(struct sworn_catalog *c, u64 id, u64 end,
			struct sworn_bit *bit, u64 *from)
{
	const struct sworn_version *v;
	u64 best = end;
	u32 at;

	rcu_read_lock();
	v = rcu_dereference(c->version);
	for (at = 0; at < v->nr_bits; at++) {
		const struct sworn_bit *b = &c->bit[v->order[at]];

		if (b->id >= id && b->id < best) {
			best = b->id;
			*bit = *b;
			*from = v->from[at];
		}
	}
	rcu_read_unlock();
	return best < end;
}

struct sworn_catalog_size sworn_catalog_size(struct sworn_catalog *c)
{
	struct sworn_catalog_size size;
	const struct sworn_version *v;

	rcu_read_lock();
	v = rcu_dereference(c->version);
	size.bits = v->nr_bits;
	size.runs = v->nr_runs;
	rcu_read_unlock();
	return size;
}
