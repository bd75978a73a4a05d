// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying the journal.
 *
 * A group counts when all its blocks are there, each chained to the one
 * before, the last marked COMMIT.  Behind the last such group the rest of the
 * ring is searched for an authentic block of a group that began later than the
 * one that is missing.  Groups are written one after the other, so such a
 * block proves that the missing group was complete once: that is damage or a
 * rollback of part of the journal, and not the trace of a crash.  And a block of
 * the missing group itself proves that all before it was complete, data and all.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "journal.h"

/*
 * struct replay - a walk over the ring
 * @seq: next block expected
 * @end_seq: go no further
 * @group: payloads of the group under way, @group_bytes of them used
 */
struct replay {
	struct sworn_journal *j;
	const struct sworn_replay_ops *ops;
	void *data;
	u64 seq;
	u64 end_seq;
	u8 prev_tag[SWORN_TAG_SIZE];
	u64 base_seq;
	u8 *group;
	size_t group_bytes;
	size_t group_room;
	u64 read_seq;
	u32 read_nr;
};

/* The block of the ring where @seq belongs, reading ahead.  NULL: I/O error. */
static struct sworn_disk_journal_block *block_at(struct replay *r, u64 seq,
						 int *err)
{
	struct sworn_journal *j = r->j;

	if (seq < r->read_seq || seq - r->read_seq >= r->read_nr) {
		u64 at = sworn_journal_place(j, seq);

		r->read_seq = seq;
		r->read_nr = min_t(u64, SWORN_IO_BLOCKS, j->blocks - at);
		*err = sworn_area_io(j->meta, REQ_OP_READ, j->start_block + at,
				     j->buf, r->read_nr);
		if (*err)
			return NULL;
	}
	return j->buf[seq - r->read_seq];
}

/* Verify and decrypt in place. */
static int open_block(struct replay *r, struct sworn_disk_journal_block *b)
{
	struct sworn_journal *j = r->j;
	u32 sealed = sworn_journal_sealed(le32_to_cpu(b->payload_bytes));
	int err = 0;

	if (sealed > SWORN_JOURNAL_PAYLOAD)
		return -EBADMSG;
	if (memcmp(b->salt, j->salt, SWORN_SALT_SIZE))
		err = sworn_journal_set_salt(j, b->salt);
	if (err)
		return err;
	sworn_iv_seq(j->cryptor->iv, le64_to_cpu(b->seq));
	return sworn_aead_open(j->cryptor, j->tfm, b, SWORN_JOURNAL_AAD_BYTES,
			       b->payload, sealed, b->tag);
}

/*
 * The next block of the chain.  Returns 1 if it is there, 0 if the chain ends
 * here, or an error.
 */
static int next_block(struct replay *r, struct sworn_disk_journal_block **block)
{
	struct sworn_disk_journal_block *b;
	int err = 0;

	b = block_at(r, r->seq, &err);
	if (!b)
		return err;
	if (!sworn_journal_follows(b, r->seq, r->prev_tag, r->base_seq))
		return 0;
	err = open_block(r, b);
	if (err)
		return err == -EBADMSG ? 0 : err;
	*block = b;
	return 1;
}

static int keep_payload(struct replay *r, const void *payload, u32 bytes)
{
	if (r->group_bytes + bytes > r->group_room) {
		size_t room = max_t(size_t, 2 * r->group_room, 1 << 18);
		u8 *more;

		if (room > 2 * r->j->blocks * SWORN_BLOCK_SIZE)
			return -EUCLEAN;
		more = kvmalloc(room, GFP_KERNEL);
		if (!more)
			return -ENOMEM;
		memcpy(more, r->group, r->group_bytes);
		kvfree_sensitive(r->group, r->group_room);
		r->group = more;
		r->group_room = room;
	}
	memcpy(r->group + r->group_bytes, payload, bytes);
	r->group_bytes += bytes;
	return 0;
}

static int apply_group(struct replay *r)
{
	struct sworn_item item;
	size_t at = 0;
	int err;

	for (;;) {
		err = sworn_item_next(r->group, r->group_bytes, &at, &item);
		if (err <= 0)
			return err;
		err = r->ops->item(r->data, r->base_seq, item.type, item.body,
				   item.bytes);
		if (err)
			return err;
	}
}

/* Walk the chain to its end; the journal is left behind the last group. */
static int walk(struct replay *r)
{
	struct sworn_journal *j = r->j;
	u64 first = r->seq;
	int err;

	for (;;) {
		struct sworn_disk_journal_block *b;
		bool commit;

		if (r->seq - first >= j->blocks || r->base_seq == r->end_seq)
			return 0;
		err = next_block(r, &b);
		if (err <= 0)
			return err;
		commit = le32_to_cpu(b->flags) & SWORN_JF_COMMIT;
		memcpy(r->prev_tag, b->tag, SWORN_TAG_SIZE);
		r->seq++;
		err = keep_payload(r, b->payload, le32_to_cpu(b->payload_bytes));
		if (err)
			return err;
		if (!commit)
			continue;
		err = apply_group(r);
		if (err)
			return err;
		r->group_bytes = 0;
		r->base_seq = r->seq;
		j->next_seq = r->seq;
		memcpy(j->prev_tag, r->prev_tag, SWORN_TAG_SIZE);
		r->ops->group(r->data);
		cond_resched();
	}
}

/* Look for proof that the group at next_seq was complete once, or begun. */
static int search_later_groups(struct replay *r)
{
	struct sworn_journal *j = r->j;
	u64 i;
	int err = 0;

	r->read_nr = 0;
	for (i = 1; i < j->blocks; i++) {
		u64 place = j->next_seq + i;
		struct sworn_disk_journal_block *b = block_at(r, place, &err);
		u64 seq;

		if (!b)
			return err;
		seq = le64_to_cpu(b->seq);
		if (seq <= j->next_seq || seq - j->next_seq > 1ULL << 40 ||
		    sworn_journal_place(j, seq) != sworn_journal_place(j, place) ||
		    !sworn_journal_claims(b, seq) ||
		    le64_to_cpu(b->base_seq) < j->next_seq)
			continue;
		err = open_block(r, b);
		if (!err && le64_to_cpu(b->base_seq) > j->next_seq)
			return -EUCLEAN;
		if (err && err != -EBADMSG)
			return err;
		j->begun |= !err;
		cond_resched();
	}
	return 0;
}

int sworn_journal_replay(struct sworn_journal *j, u64 from_seq,
			 const u8 *prev_tag, u64 end_seq,
			 const struct sworn_replay_ops *ops, void *data)
{
	struct replay r = {
		.j = j,
		.ops = ops,
		.data = data,
		.seq = from_seq,
		.end_seq = end_seq,
		.base_seq = from_seq,
	};
	int err;

	memcpy(r.prev_tag, prev_tag, SWORN_TAG_SIZE);
	j->next_seq = from_seq;
	memcpy(j->prev_tag, prev_tag, SWORN_TAG_SIZE);
	err = walk(&r);
	j->begun = r.seq > j->next_seq;
	if (!err)
		err = search_later_groups(&r);
	j->session = false;
	kvfree_sensitive(r.group, r.group_room);
	return err;
}
