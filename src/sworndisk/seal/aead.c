// SPDX-License-Identifier: GPL-2.0-only
/* AEAD calls on single blocks. */
#include <linux/slab.h>

#include "../format/superblock.h"
#include "aead.h"

static const char *driver_name(u32 cipher)
{
	switch (cipher) {
	case SWORN_CIPHER_AES_256_GCM:
	case SWORN_CIPHER_AES_128_GCM:
		return "gcm(aes)";
	case SWORN_CIPHER_CHACHA20_POLY1305:
		return "rfc7539(chacha20,poly1305)";
	default:
		return NULL;
	}
}

/*
 * Asynchronous implementations are welcome: x86 registers its SIMD GCM as one
 * although it runs at once in process context, and masking it out would give
 * the generic code, ten times slower.
 */
struct crypto_aead *sworn_aead_create(u32 cipher, const u8 *key)
{
	const char *name = driver_name(cipher);
	struct crypto_aead *tfm;
	int err;

	if (!name)
		return ERR_PTR(-EOPNOTSUPP);
	tfm = crypto_alloc_aead(name, 0, 0);
	if (IS_ERR(tfm))
		return tfm;
	err = crypto_aead_setkey(tfm, key, sworn_cipher_key_bytes(cipher));
	if (!err)
		err = crypto_aead_setauthsize(tfm, SWORN_TAG_SIZE);
	if (!err && crypto_aead_ivsize(tfm) != SWORN_IV_BYTES)
		err = -EOPNOTSUPP;
	if (err) {
		crypto_free_aead(tfm);
		return ERR_PTR(err);
	}
	return tfm;
}

size_t sworn_cryptor_bytes(struct crypto_aead *tfm)
{
	return ALIGN(sizeof(struct sworn_cryptor) + crypto_aead_reqsize(tfm),
		     __alignof__(struct sworn_cryptor));
}

static void set_linear(struct sworn_cryptor *c, const void *aad,
		       unsigned int aad_bytes, void *buf, unsigned int bytes)
{
	sg_init_table(c->src, 3);
	sg_set_buf(&c->src[0], aad, aad_bytes);
	sg_set_buf(&c->src[1], buf, bytes);
	sg_set_buf(&c->src[2], c->tag, SWORN_TAG_SIZE);
}

/* Ask for the call to be waited for. */
static void set_wait(struct sworn_cryptor *c, struct crypto_aead *tfm)
{
	crypto_init_wait(&c->wait);
	aead_request_set_tfm(&c->req, tfm);
	aead_request_set_callback(&c->req, CRYPTO_TFM_REQ_MAY_BACKLOG,
				  crypto_req_done, &c->wait);
}

int sworn_aead_seal(struct sworn_cryptor *c, struct crypto_aead *tfm,
		    const void *aad, unsigned int aad_bytes,
		    void *buf, unsigned int bytes, u8 *tag)
{
	int err;

	set_linear(c, aad, aad_bytes, buf, bytes);
	set_wait(c, tfm);
	aead_request_set_ad(&c->req, aad_bytes);
	aead_request_set_crypt(&c->req, c->src, c->src, bytes, c->iv);
	err = crypto_wait_req(crypto_aead_encrypt(&c->req), &c->wait);
	if (!err)
		memcpy(tag, c->tag, SWORN_TAG_SIZE);
	return err;
}

int sworn_aead_open(struct sworn_cryptor *c, struct crypto_aead *tfm,
		    const void *aad, unsigned int aad_bytes,
		    void *buf, unsigned int bytes, const u8 *tag)
{
	memcpy(c->tag, tag, SWORN_TAG_SIZE);
	set_linear(c, aad, aad_bytes, buf, bytes);
	set_wait(c, tfm);
	aead_request_set_ad(&c->req, aad_bytes);
	aead_request_set_crypt(&c->req, c->src, c->src, bytes + SWORN_TAG_SIZE,
			       c->iv);
	return crypto_wait_req(crypto_aead_decrypt(&c->req), &c->wait);
}

/*
 * Put the pieces of one block of a bio behind entry 0 of @sg.  Returns the
 * number of entries in use with entry 0, or -E2BIG.
 */
static int set_pieces(struct scatterlist *sg, unsigned int max,
		      const struct bio_vec *bvecs, struct bvec_iter iter)
{
	unsigned int left = SWORN_BLOCK_SIZE, n = 1;

	while (left) {
		struct bio_vec bv = bvec_iter_bvec(bvecs, iter);
		unsigned int bytes = min(bv.bv_len, left);

		if (n == max)
			return -E2BIG;
		sg_set_page(&sg[n++], bv.bv_page, bytes, bv.bv_offset);
		left -= bytes;
		bvec_iter_advance_single(bvecs, &iter, bytes);
	}
	return n;
}

/* The common block lies in one piece: then three entries are all there is. */
static bool in_one_piece(const struct bio_vec *bvecs, struct bvec_iter iter)
{
	return bvec_iter_len(bvecs, iter) >= SWORN_BLOCK_SIZE;
}

static void copy_from_bio(void *to, const struct bio_vec *bvecs,
			  struct bvec_iter iter)
{
	unsigned int left = SWORN_BLOCK_SIZE;

	while (left) {
		struct bio_vec bv = bvec_iter_bvec(bvecs, iter);

		bv.bv_len = min(bv.bv_len, left);
		memcpy_from_bvec(to, &bv);
		to += bv.bv_len;
		left -= bv.bv_len;
		bvec_iter_advance_single(bvecs, &iter, bv.bv_len);
	}
}

int sworn_block_seal(struct sworn_cryptor *c, struct crypto_aead *tfm,
		     const struct bio_vec *bvecs, struct bvec_iter iter,
		     void *to, u8 *tag)
{
	struct scatterlist *src = c->src;
	int err;

	sg_init_table(c->dst, 3);
	sg_set_buf(&c->dst[0], &c->aad, sizeof(c->aad));
	sg_set_buf(&c->dst[1], to, SWORN_BLOCK_SIZE);
	sg_set_buf(&c->dst[2], c->tag, SWORN_TAG_SIZE);

	if (in_one_piece(bvecs, iter)) {
		struct bio_vec bv = bvec_iter_bvec(bvecs, iter);

		sg_init_table(src, 2);
		sg_set_buf(&src[0], &c->aad, sizeof(c->aad));
		sg_set_page(&src[1], bv.bv_page, SWORN_BLOCK_SIZE, bv.bv_offset);
	} else {
		copy_from_bio(to, bvecs, iter);
		src = c->dst;
	}
	set_wait(c, tfm);
	aead_request_set_ad(&c->req, sizeof(c->aad));
	aead_request_set_crypt(&c->req, src, c->dst, SWORN_BLOCK_SIZE, c->iv);
	err = crypto_wait_req(crypto_aead_encrypt(&c->req), &c->wait);
	if (!err)
		memcpy(tag, c->tag, SWORN_TAG_SIZE);
	return err;
}

int sworn_block_open_start(struct sworn_cryptor *c, struct crypto_aead *tfm,
			   const struct bio_vec *bvecs, struct bvec_iter iter,
			   crypto_completion_t done, void *data)
{
	int n = 2;

	if (in_one_piece(bvecs, iter)) {
		struct bio_vec bv = bvec_iter_bvec(bvecs, iter);

		sg_init_table(c->src, 3);
		sg_set_page(&c->src[1], bv.bv_page, SWORN_BLOCK_SIZE,
			    bv.bv_offset);
	} else {
		sg_init_table(c->src, ARRAY_SIZE(c->src));
		n = set_pieces(c->src, SWORN_BLOCK_PIECES + 1, bvecs, iter);
		if (n < 0)
			return n;
		sg_mark_end(&c->src[n]);
	}
	sg_set_buf(&c->src[0], &c->aad, sizeof(c->aad));
	sg_set_buf(&c->src[n], c->tag, SWORN_TAG_SIZE);
	aead_request_set_tfm(&c->req, tfm);
	aead_request_set_callback(&c->req, CRYPTO_TFM_REQ_MAY_BACKLOG, done,
				  data);
	aead_request_set_ad(&c->req, sizeof(c->aad));
	aead_request_set_crypt(&c->req, c->src, c->src,
			       SWORN_BLOCK_SIZE + SWORN_TAG_SIZE, c->iv);
	return crypto_aead_decrypt(&c->req);
}

int sworn_block_open_from(struct sworn_cryptor *c, struct crypto_aead *tfm,
			  const void *from, const struct bio_vec *bvecs,
			  struct bvec_iter iter)
{
	struct scatterlist *dst = c->dst;
	int n;

	sg_init_table(dst, 3);
	sg_set_buf(&dst[0], &c->aad, sizeof(c->aad));
	sg_set_buf(&dst[1], from, SWORN_BLOCK_SIZE);
	sg_set_buf(&dst[2], c->tag, SWORN_TAG_SIZE);

	/* here the ciphertext's list is the short one */
	sg_init_table(c->src, ARRAY_SIZE(c->src));
	n = set_pieces(c->src, SWORN_BLOCK_PIECES + 1, bvecs, iter);
	if (n < 0)
		return n;
	sg_set_buf(&c->src[0], &c->aad, sizeof(c->aad));
	sg_mark_end(&c->src[n - 1]);
	set_wait(c, tfm);
	aead_request_set_ad(&c->req, sizeof(c->aad));
	aead_request_set_crypt(&c->req, dst, c->src,
			       SWORN_BLOCK_SIZE + SWORN_TAG_SIZE, c->iv);
	return crypto_wait_req(crypto_aead_decrypt(&c->req), &c->wait);
}
