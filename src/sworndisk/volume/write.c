// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes and discards.  docs/design.md, section 4.
 *
 * This runs in the submitter's context, from map(): it waits for nothing that
 * it submitted itself, for units go out through a work queue.
 */
#include "io.h"

/* Free space is looked at when one of the first slots of a unit is given out. */
#define SPACE_CHECK_SLOTS	4U

/* Another head may have places left when there is no segment to be had. */
static struct sworn_unit *reserve(struct sworn_volume *vol, u32 want, u32 *slot,
				  u32 *got)
{
	u32 i, first = raw_smp_processor_id() % vol->nr_heads;
	struct sworn_unit *unit = NULL;

	for (i = 0; i < vol->nr_heads; i++) {
		unit = sworn_head_reserve(&vol->heads[(first + i) % vol->nr_heads],
					  want, slot, got);
		if (!IS_ERR(unit))
			break;
	}
	return unit;
}

static blk_status_t refuse(struct sworn_volume *vol)
{
	if (sworn_volume_mode(vol) != SWORN_OUT_OF_SPACE)
		return BLK_STS_IOERR;
	/* there may be something to find since */
	sworn_space_check(vol);
	return BLK_STS_NOSPC;
}

static bool may_write(struct sworn_volume *vol)
{
	return sworn_volume_mode(vol) < SWORN_OUT_OF_SPACE;
}

/*
 * Discards go on without space, but not into the part of the journal that is
 * kept for commits: without an index segment upkeep cannot shorten it.
 */
static bool may_discard(struct sworn_volume *vol)
{
	enum sworn_mode mode = sworn_volume_mode(vol);

	return mode < SWORN_OUT_OF_SPACE ||
	       (mode == SWORN_OUT_OF_SPACE && sworn_journal_has_room(vol));
}

/* Encrypt @n blocks into the slots of a unit and make their records. */
static int seal_blocks(struct sworn_io *io, struct sworn_unit *unit, u32 slot,
		       u32 n, u32 done)
{
	struct sworn_volume *vol = io->vol;
	struct sworn_cryptor *c = &io->run.cryptor;
	struct sworn_epoch *epoch;
	struct sworn_record r;
	u32 i, counter;
	u64 begun = sworn_watch_begin();
	int err;

	err = sworn_epochs_take(&vol->epochs, n, &epoch, &counter);
	for (i = 0; i < n; i++) {
		if (err) {
			/* it goes to the device: let nothing be in it */
			memset(unit->block[slot + i], 0, SWORN_BLOCK_SIZE);
			continue;
		}
		r.lba = io->lba + done + i;
		r.hba = sworn_unit_hba(unit, slot + i);
		r.epoch = epoch->slot;
		r.counter = counter + i;
		r.settled = false;
		sworn_data_bind(c->iv, &c->aad, &r);
		err = sworn_block_seal(c, epoch->tfm, io->bio->bi_io_vec,
				       io->iter, unit->block[slot + i], r.mac);
		if (err)
			memset(unit->block[slot + i], 0, SWORN_BLOCK_SIZE);
		sworn_record_encode(&io->rec[done + i], &r);
		bvec_iter_advance(io->bio->bi_io_vec, &io->iter,
				  SWORN_BLOCK_SIZE);
	}
	sworn_watch_end(&vol->watch, SWORN_STAGE_ENCRYPT, begun,
			io->lba + done, n);
	return err;
}

/*
 * Staging is bounded, although records may be replaced for ever; and more so
 * when upkeep has to make room in the journal by commits that carry it.
 */
static bool staging_full(struct sworn_volume *vol)
{
	u32 most = sworn_journal_has_room(vol) ? 2 * vol->geo->memtable_records :
						 vol->geo->memtable_records / 4;

	return atomic_read(&vol->index.tables.nr_staged) >= most;
}

static bool may_stage(struct sworn_volume *vol)
{
	return !staging_full(vol) ||
	       sworn_volume_mode(vol) > SWORN_OUT_OF_SPACE;
}

static bool may_go_on(struct sworn_volume *vol)
{
	return !sworn_tables_full(&vol->index.tables) ||
	       READ_ONCE(vol->index_full) ||
	       sworn_volume_mode(vol) > SWORN_OUT_OF_SPACE;
}

/* The active table is full: upkeep makes room. */
static void wait_for_room(struct sworn_volume *vol)
{
	SWORN_WATCH_SCOPE(&vol->watch, SWORN_STAGE_WAIT, 0, 0);

	sworn_maint_kick(vol);
	wait_event(vol->room, may_go_on(vol));
}

static void wait_for_memory(struct sworn_volume *vol)
{
	SWORN_WATCH_SCOPE(&vol->watch, SWORN_STAGE_WAIT, 0, 0);

	sworn_commit_kick(vol);
	sworn_tables_wait_memory(&vol->index.tables);
}

static void wait_for_staging(struct sworn_volume *vol)
{
	u64 begun;

	if (!staging_full(vol))
		return;
	begun = sworn_watch_begin();
	sworn_commit_kick(vol);
	wait_event(vol->room, may_stage(vol));
	sworn_watch_end(&vol->watch, SWORN_STAGE_WAIT, begun, 0, 0);
}

/* *@n receives how many records were not inserted. */
static blk_status_t insert_records(struct sworn_io *io, u32 from, u32 *n)
{
	struct sworn_volume *vol = io->vol;
	bool nomem;

	wait_for_staging(vol);
	for (;;) {
		u32 now = sworn_tables_insert(&vol->index.tables, &io->rec[from],
					      *n, true, NULL, &nomem);

		from += now;
		*n -= now;
		if (!*n)
			break;
		if (nomem)
			wait_for_memory(vol);
		else
			wait_for_room(vol);
		if (sworn_volume_mode(vol) > SWORN_OUT_OF_SPACE ||
		    READ_ONCE(vol->index_full))
			return refuse(vol);
	}
	if (sworn_tables_want_rotation(&vol->index.tables))
		sworn_maint_kick(vol);
	return BLK_STS_OK;
}

/* No record will come for these blocks of a write, which were sealed. */
static void abandon(struct sworn_io *io, u32 from, u32 end)
{
	struct sworn_record r;

	for (; from < end; from++) {
		sworn_record_decode(&r, &io->rec[from]);
		sworn_segments_abandon(&io->vol->segments, r.hba, 1);
	}
}

/* All records at once, in the end: a commit takes a write whole, or not. */
static blk_status_t write_blocks(struct sworn_io *io)
{
	struct sworn_volume *vol = io->vol;
	u32 done = 0, slot, got, left = io->nr;
	struct sworn_unit *unit;
	blk_status_t status;
	u64 hba;
	int err;

	while (done < io->nr) {
		unit = reserve(vol, io->nr - done, &slot, &got);
		if (IS_ERR(unit)) {
			if (sworn_space_wait(vol))
				continue;
			abandon(io, 0, done);
			return refuse(vol);
		}
		/* now and then */
		if (slot < SPACE_CHECK_SLOTS)
			sworn_space_check(vol);
		hba = sworn_unit_hba(unit, slot);
		err = seal_blocks(io, unit, slot, got, done);
		/* before the insertion, see the design's section 4 */
		sworn_unit_done(unit, slot, got);
		if (err) {
			sworn_segments_abandon(&vol->segments, hba, got);
			abandon(io, 0, done);
			return errno_to_blk_status(err);
		}
		done += got;
	}
	status = insert_records(io, 0, &left);
	abandon(io, io->nr - left, io->nr);
	return status;
}

static int finish(struct sworn_volume *vol, struct bio *bio, blk_status_t status)
{
	if (status || !(bio->bi_opf & REQ_FUA))
		return sworn_bio_end(bio, status);
	sworn_commit_bio(vol, bio);
	return DM_MAPIO_SUBMITTED;
}

int sworn_write(struct sworn_volume *vol, struct bio *bio, struct sworn_io *io)
{
	sworn_io_init(io, vol, bio);

	if (!may_write(vol))
		return sworn_bio_end(bio, refuse(vol));
	sworn_count(vol, SWORN_COUNT_USER_WRITTEN, io->nr);
	return finish(vol, bio, write_blocks(io));
}

static blk_status_t insert_range(struct sworn_volume *vol, u64 lba, u64 n)
{
	int err;

	wait_for_staging(vol);
	for (;;) {
		err = sworn_tables_insert_range(&vol->index.tables, lba, n, true);
		if (!err)
			return BLK_STS_OK;
		/* upkeep is what makes room, and it has none itself */
		if (err == -EXFULL && READ_ONCE(vol->index_full))
			return refuse(vol);
		if (err == -ENOMEM)
			wait_for_memory(vol);
		else
			wait_for_room(vol);
		if (sworn_volume_mode(vol) > SWORN_OUT_OF_SPACE)
			return refuse(vol);
	}
}

int sworn_discard(struct sworn_volume *vol, struct bio *bio)
{
	u64 lba = sworn_bio_lba(bio);
	u64 n = bio_sectors(bio) >> (SWORN_BLOCK_SHIFT - SECTOR_SHIFT);
	blk_status_t status = BLK_STS_OK;

	if (!may_discard(vol))
		return sworn_bio_end(bio, refuse(vol));
	if (n)
		status = insert_range(vol, lba, n);
	if (status)
		return sworn_bio_end(bio, status);
	sworn_count(vol, SWORN_COUNT_DISCARDED, n);
	if (sworn_tables_want_rotation(&vol->index.tables) ||
	    sworn_volume_mode(vol) == SWORN_OUT_OF_SPACE)
		sworn_maint_kick(vol);
	return finish(vol, bio, BLK_STS_OK);
}
