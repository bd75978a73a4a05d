// SPDX-License-Identifier: GPL-2.0-only
/* Checkpoint packs: headers and sealed body blocks. */
#include <linux/random.h>
#include <linux/slab.h>

#include "pack.h"
#include "pack_body.h"

int sworn_packs_init(struct sworn_packs *p, struct sworn_area *meta,
		     struct sworn_kdf *kdf, u32 cipher,
		     const struct sworn_geometry *geo)
{
	int err;

	memset(p, 0, sizeof(*p));
	p->meta = meta;
	p->kdf = kdf;
	p->cipher = cipher;
	p->geo = geo;
	p->tfm = sworn_kdf_aead(kdf, cipher, SWORN_LABEL_PACK, p->salt);
	if (IS_ERR(p->tfm)) {
		err = PTR_ERR(p->tfm);
		p->tfm = NULL;
		return err;
	}
	p->cryptor = kzalloc(sworn_cryptor_bytes(p->tfm), GFP_KERNEL);
	if (p->cryptor && !sworn_buffers_alloc(p->buf, SWORN_IO_BLOCKS))
		return 0;
	sworn_packs_exit(p);
	return -ENOMEM;
}

void sworn_packs_exit(struct sworn_packs *p)
{
	sworn_buffers_free(p->buf, SWORN_IO_BLOCKS);
	kfree_sensitive(p->cryptor);
	p->cryptor = NULL;
	if (p->tfm)
		crypto_free_aead(p->tfm);
	p->tfm = NULL;
}

static u64 body_block(const struct sworn_packs *p, u64 block)
{
	return sworn_pack_block(p->geo, p->generation % SWORN_PACKS) + 1 + block;
}

/* The header has the nonce 0, body block i the nonce i + 1. */
static void set_body_nonce(struct sworn_packs *p, u64 block)
{
	sworn_iv_counter(p->cryptor->iv, block + 1);
	sworn_aad_set(&p->cryptor->aad, SWORN_AAD_PACK_BODY, p->generation,
		      block);
}

static int set_salt(struct sworn_packs *p, const u8 *salt)
{
	memcpy(p->salt, salt, SWORN_SALT_SIZE);
	return sworn_kdf_rekey(p->kdf, p->tfm, p->cipher, SWORN_LABEL_PACK,
			       p->salt);
}

int sworn_pack_start_body(struct sworn_packs *p, u64 generation)
{
	u8 salt[SWORN_SALT_SIZE];

	get_random_bytes(salt, sizeof(salt));
	p->generation = generation;
	p->nr_buf = 0;
	memset(&p->contents, 0, sizeof(p->contents));
	return set_salt(p, salt);
}

int sworn_pack_flush_body(struct sworn_packs *p)
{
	u64 first = p->contents.body_blocks - p->nr_buf;
	int err;

	if (!p->nr_buf)
		return 0;
	err = sworn_area_io(p->meta, REQ_OP_WRITE, body_block(p, first), p->buf,
			    p->nr_buf);
	atomic64_add(p->nr_buf, &p->blocks_written);
	p->nr_buf = 0;
	cond_resched();
	return err;
}

void *sworn_pack_body_buf(struct sworn_packs *p)
{
	memset(p->buf[p->nr_buf], 0, SWORN_BLOCK_SIZE);
	return p->buf[p->nr_buf];
}

int sworn_pack_put_body(struct sworn_packs *p)
{
	struct sworn_disk_pack_body *b = p->buf[p->nr_buf];
	int err;

	if (p->contents.body_blocks + 1 >= p->geo->pack_blocks)
		return -EFBIG;
	set_body_nonce(p, p->contents.body_blocks);
	err = sworn_aead_seal(p->cryptor, p->tfm, &p->cryptor->aad,
			      sizeof(p->cryptor->aad), b->payload,
			      SWORN_PACK_BODY_PAYLOAD, b->tag);
	if (err)
		return err;
	p->contents.body_blocks++;
	return ++p->nr_buf == SWORN_IO_BLOCKS ? sworn_pack_flush_body(p) : 0;
}

int sworn_pack_get_body(struct sworn_packs *p, u64 block, const void **payload)
{
	struct sworn_disk_pack_body *b;
	u32 i = block % SWORN_IO_BLOCKS;
	int err;

	if (block >= p->contents.body_blocks)
		return -EUCLEAN;
	if (!i) {
		/* blocks come in order: this one begins the next lot */
		u32 n = min_t(u64, SWORN_IO_BLOCKS, p->contents.body_blocks - block);

		err = sworn_area_io(p->meta, REQ_OP_READ, body_block(p, block),
				    p->buf, n);
		if (err)
			return err;
	}
	b = p->buf[i];
	set_body_nonce(p, block);
	err = sworn_aead_open(p->cryptor, p->tfm, &p->cryptor->aad,
			      sizeof(p->cryptor->aad), b->payload,
			      SWORN_PACK_BODY_PAYLOAD, b->tag);
	*payload = b->payload;
	return err == -EBADMSG ? -EUCLEAN : err;
}

int sworn_pack_write_header(struct sworn_packs *p,
			    const struct sworn_pack_state *state)
{
	struct sworn_disk_pack_header *h = p->buf[0];
	void *buf = h;
	int err;

	memset(h, 0, sizeof(*h));
	h->magic = cpu_to_le64(SWORN_PACK_MAGIC);
	h->generation = cpu_to_le64(p->generation);
	memcpy(h->uuid, p->kdf->uuid, SWORN_UUID_SIZE);
	memcpy(h->salt, p->salt, SWORN_SALT_SIZE);
	sworn_pack_state_encode(&h->state, state, &p->contents);
	sworn_iv_counter(p->cryptor->iv, 0);
	err = sworn_aead_seal(p->cryptor, p->tfm, h, SWORN_PACK_AAD_BYTES, &h->state,
			      sizeof(h->state), h->tag);
	if (err)
		return err;
	atomic64_inc(&p->blocks_written);
	return sworn_area_io(p->meta, REQ_OP_WRITE | REQ_FUA,
			     sworn_pack_block(p->geo, p->generation % SWORN_PACKS), &buf, 1);
}

int sworn_pack_wipe(struct sworn_packs *p, u32 place)
{
	void *buf = p->buf[0];

	memset(buf, 0, SWORN_BLOCK_SIZE);
	return sworn_area_io(p->meta, REQ_OP_WRITE | REQ_FUA,
			     sworn_pack_block(p->geo, place), &buf, 1);
}

int sworn_pack_read_header(struct sworn_packs *p, u32 place,
			   struct sworn_pack_state *state)
{
	struct sworn_disk_pack_header *h = p->buf[0];
	void *buf = h;
	int err;

	err = sworn_area_io(p->meta, REQ_OP_READ, sworn_pack_block(p->geo, place), &buf, 1);
	if (err)
		return err;
	if (le64_to_cpu(h->magic) != SWORN_PACK_MAGIC)
		return -ENODATA;
	p->generation = le64_to_cpu(h->generation);
	if (p->generation % SWORN_PACKS != place ||
	    memcmp(h->uuid, p->kdf->uuid, SWORN_UUID_SIZE))
		return -EUCLEAN;
	err = set_salt(p, h->salt);
	if (err)
		return err;
	sworn_iv_counter(p->cryptor->iv, 0);
	err = sworn_aead_open(p->cryptor, p->tfm, h, SWORN_PACK_AAD_BYTES, &h->state,
			      sizeof(h->state), h->tag);
	if (!err)
		err = sworn_pack_state_decode(&h->state, p->geo, state,
					      &p->contents);
	state->generation = p->generation;
	return err == -EBADMSG ? -EUCLEAN : err;
}
