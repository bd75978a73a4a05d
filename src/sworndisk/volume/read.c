// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads.  docs/design.md, section 5.
 *
 * The common read, all of whose blocks lie together on the device, is
 * remapped and decrypted in place when it comes back.  Everything else is cut
 * into pieces by the reader's work queue: pieces in the device are clones.
 */
#include "../../compat/compat.h"
#include "io.h"

/* What a softirq decrypts itself; more would keep others waiting. */
#define SOFTIRQ_BLOCKS	8U

static void run_work(struct work_struct *work);
static bool run_decrypt(struct sworn_run *run);

static u64 all_blocks(u32 n)
{
	return n == 64 ? ~0ULL : (1ULL << n) - 1;
}

static void run_init(struct sworn_run *run, struct sworn_io *io, u32 first,
		     u32 nr)
{
	run->io = io;
	run->clone = NULL;
	run->first = first;
	run->nr = nr;
	run->at = 0;
	run->err = 0;
	run->begun = sworn_watch_begin();
	run->iter = io->iter;
	bvec_iter_advance(io->bio->bi_io_vec, &run->iter,
			  first << SWORN_BLOCK_SHIFT);
}

static void io_put(struct sworn_io *io)
{
	if (!atomic_dec_and_test(&io->pending))
		return;
	io->stage = SWORN_IO_OWN;
	io->bio->bi_status = io->status;
	bio_endio(io->bio);
}

/*
 * Blocks from @first on did not come, whatever the device says of them: one
 * that keeps checksums of its own knows BLK_STS_PROTECTION, too.  Context: any.
 */
static void blocks_unread(struct sworn_io *io, u32 first, u32 nr,
			  blk_status_t status)
{
	io->status = status;
	atomic64_or(sworn_slots(first, nr), &io->unread);
}

static void run_finish(struct sworn_run *run)
{
	struct sworn_io *io = run->io;

	if (run->clone)
		bio_put(run->clone);
	io_put(io);
}

static void run_queue(struct sworn_run *run)
{
	INIT_WORK(&run->work, run_work);
	queue_work(run->io->vol->decrypt_wq, &run->work);
}

/* The block at @at is done. */
static void run_next(struct sworn_run *run)
{
	bvec_iter_advance(run->io->bio->bi_io_vec, &run->iter, SWORN_BLOCK_SIZE);
	run->at++;
}

/* An asynchronous cipher is through with a block. */
static void block_done(sworn_crypto_token token, int err)
{
	struct sworn_run *run = sworn_crypto_data(token);

	/* it left the backlog; it will call again */
	if (err == -EINPROGRESS)
		return;
	run->err = err;
	run_queue(run);
}

/*
 * Decrypt from the block at @at on.  Returns true when the run is through,
 * false when it goes on elsewhere.  Does not sleep.
 */
static bool run_decrypt(struct sworn_run *run)
{
	struct sworn_io *io = run->io;
	u64 begun = sworn_watch_begin();
	u32 from = run->at;

	while (run->at < run->nr) {
		struct sworn_epoch *epoch = sworn_run_aim(run);
		int err;

		err = epoch ? sworn_block_open_start(&run->cryptor, epoch->tfm,
						     io->bio->bi_io_vec,
						     run->iter, block_done, run) :
			      -EBADMSG;
		if (err == -EINPROGRESS || err == -EBUSY)
			return false;
		if (err) {
			run->err = err;
			run_queue(run);
			return false;
		}
		run_next(run);
	}
	sworn_watch_end(&io->vol->watch, SWORN_STAGE_DECRYPT, begun,
			io->lba + run->first + from, run->nr - from);
	return true;
}

/* Go on where a run came back or failed; may sleep. */
static void run_work(struct work_struct *work)
{
	struct sworn_run *run = container_of(work, struct sworn_run, work);

	if (run->err)
		sworn_recheck(run);
	run->err = 0;
	run_next(run);
	if (run_decrypt(run))
		run_finish(run);
}

/* Decrypting starts in process context. */
static void run_start_work(struct work_struct *work)
{
	struct sworn_run *run = container_of(work, struct sworn_run, work);

	if (run_decrypt(run))
		run_finish(run);
}

/* Is this a place to decrypt so many blocks in? */
static bool may_decrypt_here(u32 nr)
{
	if (in_hardirq() || irqs_disabled())
		return false;
	return in_task() || nr <= SOFTIRQ_BLOCKS;
}

/* The ciphertext of a run is in the bio's pages. */
static bool run_arrived(struct sworn_run *run)
{
	sworn_watch_end(&run->io->vol->watch, SWORN_STAGE_DATA_READ, run->begun,
			run->io->lba + run->first, run->nr);
	if (may_decrypt_here(run->nr))
		return run_decrypt(run);
	INIT_WORK(&run->work, run_start_work);
	queue_work(run->io->vol->decrypt_wq, &run->work);
	return false;
}

bool sworn_read_endio(struct sworn_io *io, blk_status_t *status)
{
	if (io->stage == SWORN_IO_OWN)
		return true;
	if (*status) {
		sworn_count(io->vol, SWORN_COUNT_READ_ERRORS, 1);
		return true;
	}
	if (!run_arrived(&io->run))
		return false;
	*status = io->status;
	return true;
}

static void clone_endio(struct bio *clone)
{
	struct sworn_run *run = clone->bi_private;

	if (clone->bi_status) {
		blocks_unread(run->io, run->first, run->nr, clone->bi_status);
		sworn_count(run->io->vol, SWORN_COUNT_READ_ERRORS, 1);
		run_finish(run);
	} else if (run_arrived(run)) {
		run_finish(run);
	}
}

/* Read a run of blocks by a clone; process context with no bio_list. */
static void submit_clone(struct sworn_io *io, u32 first, u32 nr, u64 hba)
{
	struct sworn_volume *vol = io->vol;
	struct sworn_run *run;
	struct bio *clone;

	clone = bio_alloc_clone(vol->data.bdev, io->bio, GFP_NOIO,
				&vol->read_bios);
	run = (void *)clone - sworn_run_bytes(vol->cryptor_bytes);
	run_init(run, io, first, nr);
	run->clone = clone;
	clone->bi_iter = run->iter;
	clone->bi_iter.bi_size = nr << SWORN_BLOCK_SHIFT;
	clone->bi_iter.bi_sector = sworn_area_sector(&vol->data,
						     vol->geo->data_start_block +
						     hba);
	/* nobody would poll it */
	clone->bi_opf &= ~REQ_POLLED;
	clone->bi_private = run;
	clone->bi_end_io = clone_endio;
	sworn_count(vol, SWORN_COUNT_DATA_READ, nr);
	atomic_inc(&io->pending);
	submit_bio(clone);
}

static bool decode_data(const struct sworn_io *io, u32 i, struct sworn_record *r)
{
	if (!(io->found & (1ULL << i)))
		return false;
	sworn_record_decode(r, &io->rec[i]);
	return !sworn_record_is_tombstone(r);
}

/* Blocks from @first on that lie together. */
static u32 run_length(struct sworn_io *io, u32 first, u64 hba)
{
	struct sworn_record r;
	u32 n = 1;

	while (first + n < io->nr && decode_data(io, first + n, &r) &&
	       r.hba == hba + n)
		n++;
	return n;
}

static void zero_block(struct sworn_io *io, u32 i)
{
	struct bvec_iter iter = io->iter;

	bvec_iter_advance(io->bio->bi_io_vec, &iter, i << SWORN_BLOCK_SHIFT);
	sworn_zero_block(io->bio->bi_io_vec, iter);
}

/* Blocks that a write unit still holds. */
static void read_from_unit(struct sworn_io *io, struct sworn_unit *unit,
			   u32 first, u32 nr, u64 hba)
{
	SWORN_WATCH_SCOPE(&io->vol->watch, SWORN_STAGE_DECRYPT, io->lba + first, nr);
	struct sworn_run *run = &io->run;
	u32 slot = hba & (SWORN_UNIT_BLOCKS - 1);

	run_init(run, io, first, nr);
	for (; run->at < nr; run_next(run)) {
		int err = sworn_open_from(run, unit->block[slot + run->at]);

		if (err == -EBADMSG) {
			/* overwritten and written anew since the lookup */
			sworn_recheck(run);
		} else if (err) {
			sworn_err_limited(io->vol, "sector %llu: cannot be read from a write unit: error %d",
					  (io->lba + first + run->at) *
					  SWORN_BLOCK_SECTORS, err);
			blocks_unread(io, first + run->at, 1,
				      errno_to_blk_status(err));
		}
	}
}

static void read_piece(struct sworn_io *io, u32 *at)
{
	struct sworn_unit *unit;
	struct sworn_record r;
	u32 nr;

	if (!decode_data(io, *at, &r)) {
		zero_block(io, (*at)++);
		return;
	}
	nr = run_length(io, *at, r.hba);
	unit = sworn_unit_get(&io->vol->units, r.hba, &nr);
	if (unit) {
		read_from_unit(io, unit, *at, nr, r.hba);
		sworn_unit_put(unit);
	} else {
		submit_clone(io, *at, nr, r.hba);
	}
	*at += nr;
}

/* All blocks zero: no I/O. */
static bool nothing_there(const struct sworn_io *io)
{
	struct sworn_record r;
	u32 i;

	for (i = 0; io->found && i < io->nr; i++)
		if (decode_data(io, i, &r))
			return false;
	return true;
}

static bool on_device(struct sworn_volume *vol, u64 hba, u32 nr)
{
	while (nr) {
		u32 n = nr;
		struct sworn_unit *unit = sworn_unit_get(&vol->units, hba, &n);

		if (unit) {
			sworn_unit_put(unit);
			return false;
		}
		hba += n;
		nr -= n;
	}
	return true;
}

/* All blocks together on the device: @hba receives where. */
static bool one_piece(struct sworn_io *io, u64 *hba)
{
	struct sworn_record r;
	u32 i;

	if (io->found != all_blocks(io->nr))
		return false;
	for (i = 0; i < io->nr; i++) {
		if (!decode_data(io, i, &r))
			return false;
		if (!i)
			*hba = r.hba;
		else if (r.hba != *hba + i)
			return false;
	}
	return on_device(io->vol, *hba, io->nr);
}

static void remap(struct sworn_io *io, u64 hba)
{
	struct sworn_volume *vol = io->vol;

	run_init(&io->run, io, 0, io->nr);
	atomic_set(&io->pending, 1);
	io->stage = SWORN_IO_REMAPPED;
	bio_set_dev(io->bio, vol->data.bdev);
	io->bio->bi_iter.bi_sector = sworn_area_sector(&vol->data,
						       vol->geo->data_start_block +
						       hba);
	sworn_count(vol, SWORN_COUNT_DATA_READ, io->nr);
}

/* Index nodes may have to be read first. */
static void lookup_work(struct work_struct *work)
{
	struct sworn_run *run = container_of(work, struct sworn_run, work);
	struct sworn_io *io = run->io;
	u32 at = 0;
	int err;

	err = sworn_index_lookup(&io->vol->index, io->lba, io->nr, io->rec,
				 &io->found, SWORN_LOOKUP_READ);
	atomic_set(&io->pending, 1);
	if (err) {
		sworn_err_limited(io->vol, "sector %llu: index lookup failed: error %d",
				  io->lba * SWORN_BLOCK_SECTORS, err);
		io->status = errno_to_blk_status(err);
	}
	while (!err && at < io->nr)
		read_piece(io, &at);
	io_put(io);
}

int sworn_read(struct sworn_volume *vol, struct bio *bio, struct sworn_io *io)
{
	u64 hba;
	int err;

	sworn_io_init(io, vol, bio);
	sworn_count(vol, SWORN_COUNT_USER_READ, io->nr);

	err = sworn_index_lookup(&vol->index, io->lba, io->nr, io->rec,
				 &io->found, SWORN_LOOKUP_CACHED);
	if (err && err != -EAGAIN)
		return sworn_bio_end(bio, errno_to_blk_status(err));
	if (!err && nothing_there(io)) {
		zero_fill_bio(bio);
		return sworn_bio_end(bio, BLK_STS_OK);
	}
	if (!err && one_piece(io, &hba)) {
		remap(io, hba);
		return DM_MAPIO_REMAPPED;
	}
	io->run.io = io;
	INIT_WORK(&io->run.work, lookup_work);
	queue_work(vol->read_wq, &io->run.work);
	return DM_MAPIO_SUBMITTED;
}

int sworn_read_live(struct sworn_volume *vol, struct bio *bio,
		    struct sworn_io *io, u64 *live)
{
	struct sworn_record r;
	u32 at;
	int err;

	sworn_io_init(io, vol, bio);
	*live = 0;
	err = sworn_index_lookup(&vol->index, io->lba, io->nr, io->rec,
				 &io->found, SWORN_LOOKUP_READ);
	if (err)
		return err;
	for (at = 0; at < io->nr; at++)
		if (decode_data(io, at, &r))
			*live |= sworn_slots(at, 1);
	if (!*live)
		return 0;
	atomic_set(&io->pending, 1);
	for (at = 0; at < io->nr; ) {
		if (*live & sworn_slots(at, 1))
			read_piece(io, &at);
		else
			at++;
	}
	io_put(io);
	return 1;
}
