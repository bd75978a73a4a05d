// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proving the last group: it was written beside its data, and now the data
 * blocks themselves say whether they were.  docs/design.md, section 6.
 */
#include "volume.h"

static int verify(struct sworn_volume *vol, const struct sworn_record *r,
		  void *block)
{
	int err = sworn_epochs_open_block(&vol->epochs, vol->journal.cryptor, r,
					  block);

	memzero_explicit(block, SWORN_BLOCK_SIZE);
	return err;
}

/* A record that was replaced in its own group proves nothing. */
static bool counts(struct sworn_volume *vol, const struct sworn_record *r)
{
	return !sworn_record_is_tombstone(r) &&
	       sworn_segments_referenced(&vol->segments, r->hba);
}

/* From @i on, how many records count and lie together?  The first is in @r. */
static u32 piece(struct sworn_volume *vol, const struct sworn_tail *tail, u32 i,
		 struct sworn_record *r)
{
	u32 n = 0;

	while (i + n < tail->nr && n < SWORN_IO_BLOCKS) {
		struct sworn_record next;

		sworn_record_decode(&next, &tail->rec[i + n]);
		if (!counts(vol, &next) || (n && next.hba != r->hba + n))
			break;
		if (!n)
			*r = next;
		n++;
	}
	return n;
}

/* When that fails, block by block: the message is to name the one. */
static int read_piece(struct sworn_volume *vol, u64 hba, u32 n)
{
	u64 block = vol->geo->data_start_block + hba;
	void **buf = vol->journal.buf;
	int err = sworn_area_io(&vol->data, REQ_OP_READ, block, buf, n);
	u32 i;

	if (!err)
		return 0;
	for (i = 0, err = 0; !err && i < n; i++, block++)
		err = sworn_area_io(&vol->data, REQ_OP_READ, block, buf + i, 1);
	if (err)
		sworn_err(vol, "sector %llu of %pg, written with the last commit, cannot be read: error %d; mend the device, or write zeroes there to give that commit up",
			  (u64)sworn_area_sector(&vol->data, block - 1),
			  vol->data.bdev, err);
	return err;
}

int sworn_prove(struct sworn_volume *vol, const struct sworn_tail *tail)
{
	u32 i, k, n;
	int err = 0;

	for (i = 0; !err && i < tail->nr; i += max(n, 1U)) {
		struct sworn_record r;

		n = piece(vol, tail, i, &r);
		if (n)
			err = read_piece(vol, r.hba, n);
		for (k = 0; !err && k < n; k++) {
			sworn_record_decode(&r, &tail->rec[i + k]);
			err = verify(vol, &r, vol->journal.buf[k]);
		}
		cond_resched();
	}
	return err;
}
