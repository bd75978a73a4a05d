// SPDX-License-Identifier: GPL-2.0-only
/* Writing the journal. */
#include <linux/random.h>
#include <linux/slab.h>

#include "journal.h"

int sworn_journal_init(struct sworn_journal *j, struct sworn_area *meta,
		       struct sworn_kdf *kdf, u32 cipher, u64 start_block,
		       u64 blocks)
{
	int err;

	memset(j, 0, sizeof(*j));
	j->meta = meta;
	j->kdf = kdf;
	j->cipher = cipher;
	j->start_block = start_block;
	j->blocks = blocks;
	j->tfm = sworn_kdf_aead(kdf, cipher, SWORN_LABEL_JOURNAL, j->salt);
	if (IS_ERR(j->tfm)) {
		err = PTR_ERR(j->tfm);
		j->tfm = NULL;
		return err;
	}
	j->cryptor = kzalloc(sworn_cryptor_bytes(j->tfm), GFP_KERNEL);
	if (j->cryptor && !sworn_buffers_alloc(j->buf, SWORN_IO_BLOCKS))
		return 0;
	sworn_journal_exit(j);
	return -ENOMEM;
}

void sworn_journal_exit(struct sworn_journal *j)
{
	sworn_buffers_free(j->buf, SWORN_IO_BLOCKS);
	kfree_sensitive(j->cryptor);
	j->cryptor = NULL;
	if (j->tfm)
		crypto_free_aead(j->tfm);
	j->tfm = NULL;
}

int sworn_journal_set_salt(struct sworn_journal *j, const u8 *salt)
{
	memcpy(j->salt, salt, SWORN_SALT_SIZE);
	return sworn_kdf_rekey(j->kdf, j->tfm, j->cipher, SWORN_LABEL_JOURNAL,
			       j->salt);
}

/*
 * A session's key is new with every activation: the numbers of blocks that an
 * earlier one wrote behind the tail may come again, its key may not.
 */
static int open_session(struct sworn_journal *j)
{
	u8 salt[SWORN_SALT_SIZE];

	get_random_bytes(salt, sizeof(salt));
	return sworn_journal_set_salt(j, salt);
}

int sworn_journal_begin(struct sworn_journal *j)
{
	int err = 0;

	if (j->failed)
		return -EIO;
	if (!j->session)
		err = open_session(j);
	j->base_seq = j->next_seq;
	j->cur = 0;
	j->fill = 0;
	j->item = NULL;
	return err;
}

static struct sworn_disk_journal_block *block_of(struct sworn_journal *j)
{
	return j->buf[j->cur];
}

static int seal_block(struct sworn_journal *j, u32 flags)
{
	struct sworn_disk_journal_block *b = block_of(j);
	int err;

	if (j->next_seq - j->retained_seq >= j->blocks)
		return -ENOSPC;
	memset(b, 0, offsetof(struct sworn_disk_journal_block, payload));
	memset(b->payload + j->fill, 0, SWORN_JOURNAL_PAYLOAD - j->fill);
	if (!j->session)
		flags |= SWORN_JF_SESSION;
	b->magic = cpu_to_le32(SWORN_JOURNAL_MAGIC);
	b->payload_bytes = cpu_to_le32(j->fill);
	b->seq = cpu_to_le64(j->next_seq);
	b->base_seq = cpu_to_le64(j->base_seq);
	b->flags = cpu_to_le32(flags);
	memcpy(b->salt, j->salt, SWORN_SALT_SIZE);
	memcpy(b->prev_tag, j->prev_tag, SWORN_TAG_SIZE);
	sworn_iv_seq(j->cryptor->iv, j->next_seq);
	err = sworn_aead_seal(j->cryptor, j->tfm, b, SWORN_JOURNAL_AAD_BYTES,
			      b->payload, sworn_journal_sealed(j->fill), b->tag);
	if (err)
		return err;
	j->session = true;
	memcpy(j->prev_tag, b->tag, SWORN_TAG_SIZE);
	WRITE_ONCE(j->next_seq, j->next_seq + 1);
	j->cur++;
	j->fill = 0;
	j->item = NULL;
	return 0;
}

/* Write the sealed blocks; the last request carries @flags. */
static int write_sealed(struct sworn_journal *j, blk_opf_t flags)
{
	SWORN_WATCH_SCOPE(j->meta->watch, SWORN_STAGE_JOURNAL_WRITE,
			  j->next_seq - j->cur, j->cur);
	u64 seq = j->next_seq - j->cur;
	u32 done = 0;
	int err;

	while (done < j->cur) {
		u64 at = sworn_journal_place(j, seq + done);
		u32 n = min_t(u64, j->cur - done, j->blocks - at);
		blk_opf_t opf = REQ_OP_WRITE | SWORN_REQ_AWAITED;

		if (done + n == j->cur)
			opf |= flags;
		err = sworn_area_io(j->meta, opf, j->start_block + at,
				    j->buf + done, n);
		if (err)
			return err;
		done += n;
	}
	atomic64_add(j->cur, &j->blocks_written);
	j->cur = 0;
	return 0;
}

/* Make sure that @bytes fit the block being filled. */
static int make_room(struct sworn_journal *j, u32 bytes)
{
	int err = 0;

	if (bytes > SWORN_JOURNAL_PAYLOAD)
		return -EMSGSIZE;
	if (SWORN_JOURNAL_PAYLOAD - j->fill >= bytes)
		return 0;
	err = seal_block(j, 0);
	if (!err && j->cur == SWORN_IO_BLOCKS)
		err = write_sealed(j, 0);
	return err;
}

static struct sworn_disk_item *put_item(struct sworn_journal *j,
					enum sworn_item_type type,
					const void *body, u32 bytes)
{
	struct sworn_disk_item *item = (void *)block_of(j)->payload + j->fill;

	item->type = cpu_to_le16(type);
	item->reserved = 0;
	item->bytes = cpu_to_le32(bytes);
	memcpy(item + 1, body, bytes);
	j->fill += sizeof(*item) + bytes;
	return item;
}

int sworn_journal_add(struct sworn_journal *j, enum sworn_item_type type,
		      const void *body, u32 bytes)
{
	int err = make_room(j, sizeof(struct sworn_disk_item) + bytes);

	if (err) {
		j->failed = true;
		return err;
	}
	put_item(j, type, body, bytes);
	j->item = NULL;
	return 0;
}

int sworn_journal_add_record(struct sworn_journal *j,
			     const struct sworn_disk_record *rec)
{
	int err;

	if (j->item && SWORN_JOURNAL_PAYLOAD - j->fill >= sizeof(*rec)) {
		memcpy((void *)block_of(j)->payload + j->fill, rec, sizeof(*rec));
		j->fill += sizeof(*rec);
		le32_add_cpu(&j->item->bytes, sizeof(*rec));
		return 0;
	}
	err = make_room(j, sizeof(struct sworn_disk_item) + sizeof(*rec));
	if (err) {
		j->failed = true;
		return err;
	}
	j->item = put_item(j, SWORN_ITEM_RECORDS, rec, sizeof(*rec));
	return 0;
}

int sworn_journal_commit_beside(struct sworn_journal *j)
{
	int err = seal_block(j, SWORN_JF_COMMIT);

	if (!err)
		err = write_sealed(j, sworn_area_fua(j->meta));
	if (err)
		j->failed = true;
	return err;
}

int sworn_journal_commit(struct sworn_journal *j, bool preflush)
{
	blk_opf_t flags = REQ_FUA;
	int err = seal_block(j, SWORN_JF_COMMIT);

	if (!err) {
		/* the last request may be the second: see write_sealed() */
		if (sworn_area_take_dirty(j->meta) || j->cur > 1)
			preflush = true;
		if (preflush)
			flags |= REQ_PREFLUSH;
		err = write_sealed(j, flags);
	}
	if (err)
		j->failed = true;
	return err;
}
