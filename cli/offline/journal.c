// SPDX-License-Identifier: GPL-2.0-only
/* The journal; see journal.h, and for what makes a group docs/format.md. */
#include "journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * struct walk - a walk
 * @buf: @read_nr blocks from number @read_seq on
 * @group: payloads of the group under way
 */
struct walk {
	const struct image *img;
	const struct journal_ops *ops;
	void *data;
	struct journal_end *end;
	struct crypto_key key;
	u8 salt[SWORN_SALT_SIZE];
	bool have_key;
	u64 seq;
	u64 end_seq;
	u64 base_seq;
	u8 prev_tag[SWORN_TAG_SIZE];
	struct sworn_disk_journal_block *buf;
	u64 read_seq;
	u32 read_nr;
	u8 *group;
	size_t group_bytes;
	size_t group_room;
};

u64 journal_block(const struct image *img, u64 seq)
{
	return img->sb.geo.journal_start_block + seq % img->sb.geo.journal_blocks;
}

static struct sworn_disk_journal_block *block_at(struct walk *w, u64 seq, int *err)
{
	u64 blocks = w->img->sb.geo.journal_blocks, left = blocks - seq % blocks;

	if (seq < w->read_seq || seq - w->read_seq >= w->read_nr) {
		w->read_seq = seq;
		w->read_nr = left < IMAGE_BATCH ? (u32)left : IMAGE_BATCH;
		*err = image_read(w->img, AREA_META, journal_block(w->img, seq),
				  w->buf, w->read_nr);
		/* one that cannot be read does not take its neighbours along */
		if (*err) {
			w->read_nr = 1;
			*err = image_read(w->img, AREA_META,
					  journal_block(w->img, seq), w->buf, 1);
		}
		if (*err) {
			w->read_nr = 0;
			return NULL;
		}
	}
	return &w->buf[seq - w->read_seq];
}

/* Verify and decrypt in place. */
static int open_block(struct walk *w, struct sworn_disk_journal_block *b)
{
	u32 sealed = sworn_journal_sealed(le32_to_cpu(b->payload_bytes));
	const struct image *img = w->img;
	u8 iv[SWORN_IV_BYTES];
	int err;

	if (sealed > SWORN_JOURNAL_PAYLOAD)
		return -EBADMSG;
	if (!w->have_key || memcmp(w->salt, b->salt, sizeof(w->salt))) {
		err = crypto_key_derive(&w->key, img->sb.cipher,
					img->secrets->volume_key,
					SWORN_KEY_SIZE_MAX, SWORN_LABEL_JOURNAL,
					b->salt, img->sb.uuid);
		if (err)
			return err;
		memcpy(w->salt, b->salt, sizeof(w->salt));
		w->have_key = true;
	}
	sworn_iv_seq(iv, le64_to_cpu(b->seq));
	return crypto_open(&w->key, iv, b, SWORN_JOURNAL_AAD_BYTES, b->payload,
			   sealed, b->tag);
}

/* 1: the next block of the chain is there; 0: the chain ends. */
static int next_block(struct walk *w, struct sworn_disk_journal_block **block)
{
	struct sworn_disk_journal_block *b;
	int err = 0;

	b = block_at(w, w->seq, &err);
	if (!b) {
		w->end->verdict = JOURNAL_UNREADABLE;
		w->end->err = err;
		return 0;
	}
	if (!sworn_journal_follows(b, w->seq, w->prev_tag, w->base_seq))
		return 0;
	err = open_block(w, b);
	if (err)
		return err == -EBADMSG ? 0 : err;
	*block = b;
	return 1;
}

static int keep_payload(struct walk *w, const struct sworn_disk_journal_block *b)
{
	u32 bytes = le32_to_cpu(b->payload_bytes);

	if (w->group_bytes + bytes > w->group_room) {
		size_t room = 2 * w->group_room + (1 << 16);
		u8 *more = realloc(w->group, room);

		if (!more)
			return -ENOMEM;
		w->group = more;
		w->group_room = room;
	}
	memcpy(w->group + w->group_bytes, b->payload, bytes);
	w->group_bytes += bytes;
	return 0;
}

static int apply_group(struct walk *w)
{
	struct sworn_item item;
	size_t at = 0;
	int err;

	while ((err = sworn_item_next(w->group, w->group_bytes, &at, &item)) > 0) {
		err = w->ops->item ? w->ops->item(w->data, w->base_seq, &item) : 0;
		if (err)
			return err;
	}
	return err;
}

static int end_group(struct walk *w)
{
	struct journal_end *end = w->end;
	int err = apply_group(w);

	if (!err && w->ops->group)
		err = w->ops->group(w->data, w->base_seq, w->seq, w->prev_tag);
	if (err)
		return err;
	w->group_bytes = 0;
	w->base_seq = w->seq;
	end->groups++;
	end->next_seq = w->seq;
	memcpy(end->tag, w->prev_tag, SWORN_TAG_SIZE);
	return 0;
}

static int take_block(struct walk *w, const struct sworn_disk_journal_block *b)
{
	int err = w->ops->block ? w->ops->block(w->data, b) : 0;

	memcpy(w->prev_tag, b->tag, SWORN_TAG_SIZE);
	w->seq++;
	if (!err)
		err = keep_payload(w, b);
	if (!err && le32_to_cpu(b->flags) & SWORN_JF_COMMIT)
		err = end_group(w);
	return err;
}

static int follow_chain(struct walk *w)
{
	u64 first = w->seq;
	int err;

	while (w->seq - first < w->img->sb.geo.journal_blocks &&
	       w->base_seq != w->end_seq) {
		struct sworn_disk_journal_block *b = NULL;

		if (image_cancelled())
			return -ECANCELED;
		err = next_block(w, &b);
		if (err <= 0)
			return err;
		err = take_block(w, b);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Groups are written one after the other: an authentic block of a group that
 * began later than the missing one proves that this was whole once.
 */
static int search_rest(struct walk *w)
{
	struct journal_end *end = w->end;
	u64 blocks = w->img->sb.geo.journal_blocks;
	int err = 0;

	w->read_nr = 0;
	for (u64 i = 1; i < blocks && end->verdict != JOURNAL_DAMAGED; i++) {
		u64 at = end->next_seq + i, seq, base;
		struct sworn_disk_journal_block *b;

		if (image_cancelled())
			return -ECANCELED;
		/* what cannot be read proves nothing */
		b = block_at(w, at, &err);
		if (!b)
			continue;
		seq = le64_to_cpu(b->seq);
		base = le64_to_cpu(b->base_seq);
		if (seq <= end->next_seq || seq - end->next_seq > 1ULL << 40 ||
		    seq % blocks != at % blocks ||
		    !sworn_journal_claims(b, seq) || base < end->next_seq)
			continue;
		err = open_block(w, b);
		if (err == -EBADMSG)
			continue;
		if (err)
			return err;
		if (base == end->next_seq) {
			end->verdict = JOURNAL_TORN;
		} else {
			end->verdict = JOURNAL_DAMAGED;
			end->later_seq = seq;
		}
	}
	return 0;
}

static int walk(struct walk *w)
{
	struct journal_end *end = w->end;
	int err = follow_chain(w);

	end->stop_seq = w->seq;
	if (err == -ENOMEM || err == -ECANCELED)
		return err;
	if (err) {
		end->verdict = JOURNAL_WRONG;
		end->err = err;
		end->stop_seq = w->base_seq;
		return 0;
	}
	if (end->verdict == JOURNAL_UNREADABLE)
		return 0;
	if (end->stop_seq > end->next_seq)
		end->verdict = JOURNAL_TORN;
	return search_rest(w);
}

int journal_walk(const struct image *img, u64 from_seq, const u8 *prev_tag,
		 u64 end_seq, const struct journal_ops *ops, void *data,
		 struct journal_end *end)
{
	struct walk w = {
		.img = img,
		.ops = ops,
		.data = data,
		.end = end,
		.seq = from_seq,
		.end_seq = end_seq,
		.base_seq = from_seq,
	};
	int err = -ENOMEM;

	memset(end, 0, sizeof(*end));
	end->next_seq = from_seq;
	memcpy(end->tag, prev_tag, SWORN_TAG_SIZE);
	memcpy(w.prev_tag, prev_tag, SWORN_TAG_SIZE);
	w.buf = calloc(IMAGE_BATCH, sizeof(*w.buf));
	if (w.buf)
		err = walk(&w);
	crypto_key_free(&w.key);
	/* data keys pass through here */
	if (w.group)
		explicit_bzero(w.group, w.group_room);
	free(w.group);
	if (w.buf)
		explicit_bzero(w.buf, IMAGE_BATCH * sizeof(*w.buf));
	free(w.buf);
	return err;
}
