// SPDX-License-Identifier: GPL-2.0-only
/* Moving live blocks. */
#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../segment/victim.h"
#include "mover.h"

/* Pieces that as many blocks may lie in without being moved, and one. */
#define BLOCKS_PER_PIECE	32U
/* Share of the segments that putting blocks in order leaves free. */
#define KEEP_SHARE		64U

int sworn_mover_init(struct sworn_mover *m, struct sworn_area *data,
		     u64 data_start_block, struct sworn_epochs *epochs,
		     struct sworn_segments *segments, struct sworn_units *units,
		     size_t cryptor_bytes)
{
	memset(m, 0, sizeof(*m));
	m->data = data;
	m->data_start_block = data_start_block;
	m->epochs = epochs;
	m->segments = segments;
	sworn_head_init(&m->head, segments, units, 0, false);
	m->cryptor = kzalloc(cryptor_bytes, GFP_KERNEL);
	m->marks = kvcalloc(BITS_TO_LONGS(segments->nr), sizeof(long),
			    GFP_KERNEL);
	if (m->cryptor && m->marks &&
	    !sworn_buffers_alloc(m->buf, SWORN_UNIT_BLOCKS))
		return 0;
	sworn_mover_exit(m);
	return -ENOMEM;
}

void sworn_mover_exit(struct sworn_mover *m)
{
	if (m->buf[0])
		sworn_buffers_free(m->buf, SWORN_UNIT_BLOCKS);
	kfree_sensitive(m->cryptor);
	kvfree(m->marks);
	m->cryptor = NULL;
	m->marks = NULL;
}

void sworn_mover_order(struct sworn_mover *m)
{
	m->order = true;
	/* cleaning, which makes free segments, needs some to begin with */
	m->head.keep = max(2U, m->segments->nr / KEEP_SHARE);
}

void sworn_mover_rest(struct sworn_mover *m)
{
	m->order = false;
	m->clean = false;
	m->retire = false;
	m->head.keep = 0;
	sworn_head_close(&m->head);
}

void sworn_mover_retire(struct sworn_mover *m, u64 born)
{
	m->retire = true;
	m->retire_born = born;
}

u32 sworn_mover_mark(struct sworn_mover *m, u64 young)
{
	struct sworn_segments *s = m->segments;
	u64 room = (u64)READ_ONCE(s->nr_free) * s->segment_blocks;

	m->marked_blocks = room;
	m->nr_marked = sworn_victims_mark(s, &m->marked_blocks,
					  s->segment_blocks / 4 * 3, young,
					  m->marks);
	m->clean = m->nr_marked;
	return m->nr_marked;
}

/* Blocks from @first on that lie together. */
static u32 piece(const struct sworn_record *rec, u32 first, u32 n)
{
	u32 i = first + 1;

	while (i < n && rec[i].hba == rec[i - 1].hba + 1)
		i++;
	return i - first;
}

static bool in_disorder(const struct sworn_record *rec, u32 n)
{
	u32 i, pieces = 0;

	for (i = 0; i < n; i += piece(rec, i, n))
		pieces++;
	return pieces > 1 + n / BLOCKS_PER_PIECE;
}

static bool old_key(struct sworn_mover *m, const struct sworn_record *r)
{
	struct sworn_epoch *e = sworn_epochs_get(m->epochs, r->epoch);

	return e && e->loaded && e->born <= m->retire_born;
}

u64 sworn_mover_wanted(void *data, const struct sworn_record *rec, u32 n)
{
	struct sworn_mover *m = data;
	u32 i, shift = ilog2(m->segments->segment_blocks);
	u64 mask = 0;

	if (m->order && in_disorder(rec, n))
		return sworn_slots(0, n);
	for (i = 0; i < n; i++)
		if ((m->clean && test_bit(rec[i].hba >> shift, m->marks)) ||
		    (m->retire && old_key(m, &rec[i])))
			mask |= sworn_slots(i, 1);
	return mask;
}

/* struct reading - requests under way */
struct reading {
	atomic_t pending;
	int err;
	struct completion done;
};

static void reading_put(struct reading *r)
{
	if (atomic_dec_and_test(&r->pending))
		complete(&r->done);
}

static void reading_endio(struct bio *bio)
{
	struct reading *r = bio->bi_private;

	if (bio->bi_status)
		WRITE_ONCE(r->err, blk_status_to_errno(bio->bi_status));
	bio_put(bio);
	reading_put(r);
}

/* All pieces at once.  What a commit refers to is on the device. */
static int read_blocks(struct sworn_mover *m, const struct sworn_record *rec,
		       u32 n)
{
	struct reading r = { .pending = ATOMIC_INIT(1) };
	u32 i, len;

	init_completion(&r.done);
	for (i = 0; i < n; i += len) {
		struct bio *bio;

		len = piece(rec, i, n);
		bio = sworn_area_bio(m->data, REQ_OP_READ,
				     m->data_start_block + rec[i].hba,
				     m->buf + i, len);
		bio->bi_private = &r;
		bio->bi_end_io = reading_endio;
		atomic_inc(&r.pending);
		submit_bio(bio);
	}
	reading_put(&r);
	wait_for_completion_io(&r.done);
	return r.err;
}

static int verify(struct sworn_mover *m, const struct sworn_record *rec, u32 n)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < n; i++)
		err = sworn_epochs_open_block(m->epochs, m->cryptor, &rec[i],
					      m->buf[i]);
	return err;
}

static int seal(struct sworn_mover *m, struct sworn_record *r,
		struct sworn_epoch *epoch, void *block, const void *from)
{
	memcpy(block, from, SWORN_BLOCK_SIZE);
	sworn_data_bind(m->cryptor->iv, &m->cryptor->aad, r);
	return sworn_aead_seal(m->cryptor, epoch->tfm, &m->cryptor->aad,
			       sizeof(m->cryptor->aad), block,
			       SWORN_BLOCK_SIZE, r->mac);
}

/* Write plaintext blocks in new places; returns how many got one. */
static u32 write_blocks(struct sworn_mover *m, struct sworn_record *rec, u32 n)
{
	struct sworn_unit *unit;
	struct sworn_epoch *epoch;
	u32 i, slot, got, counter, done = 0;
	int err = 0;

	while (!err && done < n) {
		unit = sworn_head_reserve(&m->head, n - done, &slot, &got);
		if (IS_ERR(unit))
			break;
		err = sworn_epochs_take(m->epochs, got, &epoch, &counter);
		for (i = 0; i < got; i++) {
			struct sworn_record r = rec[done];

			r.hba = sworn_unit_hba(unit, slot + i);
			if (!err) {
				r.epoch = epoch->slot;
				r.counter = counter + i;
				err = seal(m, &r, epoch, unit->block[slot + i],
					   m->buf[done]);
			}
			if (err) {
				/* it goes to the device: let nothing be in it */
				memset(unit->block[slot + i], 0,
				       SWORN_BLOCK_SIZE);
				sworn_segments_abandon(m->segments, r.hba, 1);
			} else {
				rec[done++] = r;
			}
		}
		sworn_unit_done(unit, slot, got);
	}
	return done;
}

u64 sworn_mover_move(void *data, struct sworn_record *rec, u32 n, u64 mask)
{
	struct sworn_mover *m = data;
	struct sworn_record *r = m->rec;
	u64 moved = 0;
	u32 i, k = 0, done = 0;

	/* packed together */
	for (i = 0; i < n; i++)
		if (mask & sworn_slots(i, 1))
			r[k++] = rec[i];
	if (!read_blocks(m, r, k) && !verify(m, r, k))
		done = write_blocks(m, r, k);
	for (i = 0, k = 0; i < n && k < done; i++) {
		if (!(mask & sworn_slots(i, 1)))
			continue;
		rec[i] = r[k++];
		moved |= sworn_slots(i, 1);
	}
	for (i = 0; i < hweight64(mask); i++)
		memzero_explicit(m->buf[i], SWORN_BLOCK_SIZE);
	atomic64_add(done, &m->blocks_moved);
	return moved;
}

bool sworn_mover_moves(void *data)
{
	const struct sworn_mover *m = data;

	return m->order || m->clean || m->retire;
}
