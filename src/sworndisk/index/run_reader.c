// SPDX-License-Identifier: GPL-2.0-only
/* Reading a run of BITs in order. */
#include <linux/slab.h>

#include "run_reader.h"

int sworn_run_reader_init(struct sworn_run_reader *r)
{
	r->leaf = kmalloc(SWORN_BLOCK_SIZE, GFP_KERNEL);
	return r->leaf ? sworn_buffers_alloc(r->ahead.buf, SWORN_AHEAD_BLOCKS) :
			 -ENOMEM;
}

void sworn_run_reader_exit(struct sworn_run_reader *r)
{
	kfree_sensitive(r->leaf);
	r->leaf = NULL;
	if (r->ahead.buf[0])
		sworn_buffers_free(r->ahead.buf, SWORN_AHEAD_BLOCKS);
}

/* The next leaf, from the first record on that has a say at @from or behind. */
static int next_leaf(struct sworn_run_reader *r, u64 *from)
{
	const struct sworn_disk_record *d;
	struct sworn_record rec;
	bool found;
	int err;

	err = sworn_index_leaf(r, &found, from, &r->next_lba);
	if (err || !found) {
		r->done = !err;
		return err;
	}
	r->at = 0;
	r->nr = sworn_node_nr(r->leaf);
	r->at_start = *from == r->bit_from;
	for (d = sworn_node_records(r->leaf); r->at < r->nr; r->at++, d++) {
		sworn_record_decode(&rec, d);
		if (rec.lba + sworn_record_blocks(&rec) > *from)
			break;
	}
	return 0;
}

int sworn_run_reader_next(struct sworn_run_reader *r)
{
	int err;

	r->at_start = false;
	while (r->at == r->nr) {
		r->from = r->next_lba;
		err = next_leaf(r, &r->from);
		if (err || r->done)
			return err;
	}
	sworn_record_decode(&r->rec, &sworn_node_records(r->leaf)[r->at++]);
	/* a tombstone that reaches across from what was trimmed off */
	if (r->rec.lba < r->from)
		sworn_record_tombstone(&r->rec, r->from, r->rec.lba +
				       sworn_record_blocks(&r->rec) - r->from);
	return 0;
}

int sworn_run_reader_start(struct sworn_run_reader *r, struct sworn_index *ix,
			   u32 run, u64 lba)
{
	r->ix = ix;
	r->run = run;
	r->done = false;
	r->at = 0;
	r->nr = 0;
	r->next_lba = lba;
	r->ahead.bit_id = 0;
	return sworn_run_reader_next(r);
}
