// SPDX-License-Identifier: GPL-2.0-only
/* Reading a run of BITs in order. */
#include "run_reader.h"

int sworn_run_reader_next(struct sworn_run_reader *r)
{
	bool found;
	int err;

	while (r->at == r->nr) {
		err = sworn_index_leaf(r->ix, r->run, r->next_lba, r->leaf,
				       &found, &r->next_lba);
		if (err)
			return err;
		if (!found) {
			r->done = true;
			return 0;
		}
		r->at = 0;
		r->nr = sworn_node_nr(r->leaf);
	}
	sworn_record_decode(&r->rec, &sworn_node_records(r->leaf)[r->at++]);
	return 0;
}

int sworn_run_reader_start(struct sworn_run_reader *r, struct sworn_index *ix,
			   u32 run)
{
	r->ix = ix;
	r->run = run;
	r->done = false;
	r->at = 0;
	r->nr = 0;
	r->next_lba = 0;
	return sworn_run_reader_next(r);
}
