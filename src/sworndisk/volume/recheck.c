// SPDX-License-Identifier: GPL-2.0-only
/*
 * A block that did not verify is looked at once more.  Two things may have
 * happened that are no corruption: the block was moved, and its old place
 * written anew, between lookup and read; or the caller of direct I/O changed
 * the pages while they were being decrypted.  So the index is asked again, and
 * the block is read into a page of our own.
 */
#include <linux/ratelimit.h>

#include "io.h"

#define TRIES 8

int sworn_open_from(struct sworn_run *run, const void *from)
{
	struct sworn_epoch *epoch = sworn_run_aim(run);

	return epoch ? sworn_block_open_from(&run->cryptor, epoch->tfm, from,
					     run->io->bio->bi_io_vec,
					     run->iter) :
		       -EBADMSG;
}

void sworn_zero_block(const struct bio_vec *bvecs, struct bvec_iter iter)
{
	u32 left = SWORN_BLOCK_SIZE;

	while (left) {
		struct bio_vec bv = bvec_iter_bvec(bvecs, iter);

		bv.bv_len = min(bv.bv_len, left);
		memzero_bvec(&bv);
		left -= bv.bv_len;
		bvec_iter_advance_single(bvecs, &iter, bv.bv_len);
	}
}

static void zero_at(struct sworn_run *run)
{
	sworn_zero_block(run->io->bio->bi_io_vec, run->iter);
}

static void report(struct sworn_volume *vol, const struct sworn_record *r)
{
	u64 place = vol->geo->data_start_block + r->hba;

	sworn_count(vol, SWORN_COUNT_INTEGRITY_FAILURES, 1);
	sworn_err_limited(vol, "sector %llu: data does not verify (sector %llu of %pg)",
			  r->lba * SWORN_BLOCK_SECTORS,
			  (u64)sworn_area_sector(&vol->data, place),
			  vol->data.bdev);
	sworn_volume_event(vol, SWORN_EVENT_CORRUPTION);
}

/* Read where the record of the block says and verify. */
static int read_again(struct sworn_run *run, const struct sworn_record *r,
		      void *buf)
{
	struct sworn_volume *vol = run->io->vol;
	struct sworn_unit *unit;
	u32 n = 1;
	int err;

	unit = sworn_unit_get(&vol->units, r->hba, &n);
	if (unit) {
		err = sworn_open_from(run, unit->block[r->hba & (SWORN_UNIT_BLOCKS - 1)]);
		sworn_unit_put(unit);
		return err;
	}
	sworn_count(vol, SWORN_COUNT_DATA_READ, 1);
	err = sworn_area_io(&vol->data, REQ_OP_READ,
			    vol->geo->data_start_block + r->hba, &buf, 1);
	return err ? err : sworn_open_from(run, buf);
}

/*
 * Returns 0, -EAGAIN when the block has moved since the last look, or an
 * error; -EBADMSG is final.
 */
static int try_again(struct sworn_run *run, void *buf, bool first)
{
	struct sworn_io *io = run->io;
	u32 i = run->first + run->at;
	struct sworn_disk_record now;
	struct sworn_record r;
	u64 found;
	int err;

	err = sworn_index_lookup(&io->vol->index, io->lba + i, 1, &now, &found,
				 SWORN_LOOKUP_READ);
	if (err)
		return err;
	sworn_record_decode(&r, &now);
	if (!found || sworn_record_is_tombstone(&r)) {
		zero_at(run);
		return 0;
	}
	if (!first && !memcmp(&now, &io->rec[i], sizeof(now)))
		return -EBADMSG;
	io->rec[i] = now;
	err = read_again(run, &r, buf);
	return err == -EBADMSG ? -EAGAIN : err;
}

void sworn_recheck(struct sworn_run *run)
{
	struct sworn_io *io = run->io;
	struct sworn_volume *vol = io->vol;
	u32 at = run->first + run->at;
	struct sworn_record r;
	void *buf = mempool_alloc(&vol->bounce, GFP_NOIO);
	int err = -EAGAIN;
	u32 i;

	for (i = 0; err == -EAGAIN && i < TRIES; i++)
		err = try_again(run, buf, !i);
	memzero_explicit(buf, SWORN_BLOCK_SIZE);
	mempool_free(buf, &vol->bounce);
	if (!err)
		return;
	/* what the cipher left there is nobody's data */
	zero_at(run);
	sworn_record_decode(&r, &io->rec[at]);
	if (err != -EBADMSG && err != -EAGAIN) {
		sworn_err_limited(vol, "sector %llu: cannot be read again: error %d",
				  r.lba * SWORN_BLOCK_SECTORS, err);
		io->status = errno_to_blk_status(err);
		atomic64_or(sworn_slots(at, 1), &io->unread);
		return;
	}
	report(vol, &r);
	io->status = BLK_STS_PROTECTION;
	atomic64_or(sworn_slots(at, 1), &io->bad);
}
