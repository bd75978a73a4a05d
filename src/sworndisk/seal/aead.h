/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AEAD calls on single blocks.  Knows nothing of where blocks lie.
 */
#ifndef SWORNDISK_SEAL_AEAD_H
#define SWORNDISK_SEAL_AEAD_H

#include <crypto/aead.h>
#include <linux/bvec.h>
#include <linux/crypto.h>
#include <linux/scatterlist.h>

#include "../format/seal.h"

/*
 * Pieces that the caller's memory of one block may come in: direct I/O from
 * buffers aligned to 512 bytes gives nine at the most.
 */
#define SWORN_BLOCK_PIECES	9

/**
 * struct sworn_cryptor - what one AEAD call at a time needs
 * @req: last, for the implementation's own context lies behind it
 *
 * Made for one cipher; serves any key of that cipher.
 */
struct sworn_cryptor {
	struct scatterlist src[SWORN_BLOCK_PIECES + 2];
	struct scatterlist dst[3];
	struct sworn_disk_aad aad;
	u8 iv[SWORN_IV_BYTES];
	u8 tag[SWORN_TAG_SIZE];
	struct crypto_wait wait;
	struct aead_request req;
};

/**
 * sworn_aead_create() - a keyed transform
 * @cipher: enum sworn_cipher
 * @key: sworn_cipher_key_bytes() bytes
 *
 * Context: may sleep, allocates.
 * Return: the transform or an ERR_PTR; free with crypto_free_aead().
 */
struct crypto_aead *sworn_aead_create(u32 cipher, const u8 *key);

/* Bytes of a struct sworn_cryptor for transforms like this one. */
size_t sworn_cryptor_bytes(struct crypto_aead *tfm);

/**
 * sworn_aead_seal() - encrypt a linear buffer in place
 * @c: scratch; its iv is set by the caller
 * @aad: associated data, linear kernel memory
 * @buf: linear kernel memory, not vmalloc
 * @tag: receives the tag
 *
 * Context: process; may sleep until an asynchronous implementation is done.
 * Return: 0 or a negative errno.
 */
int sworn_aead_seal(struct sworn_cryptor *c, struct crypto_aead *tfm,
		    const void *aad, unsigned int aad_bytes,
		    void *buf, unsigned int bytes, u8 *tag);

/**
 * sworn_aead_open() - verify and decrypt a linear buffer in place
 *
 * Context: as sworn_aead_seal().
 * Return: 0, -EBADMSG if the tag does not verify, or another errno.
 */
int sworn_aead_open(struct sworn_cryptor *c, struct crypto_aead *tfm,
		    const void *aad, unsigned int aad_bytes,
		    void *buf, unsigned int bytes, const u8 *tag);

/**
 * sworn_block_seal() - encrypt one block of a bio into a page
 * @c: scratch; iv and aad are set by the caller
 * @bvecs: the bio's vector
 * @iter: where the block begins; is not moved
 * @to: 4096 bytes of kernel memory that receive the ciphertext
 * @tag: receives the tag
 *
 * Context: process; may sleep.
 */
int sworn_block_seal(struct sworn_cryptor *c, struct crypto_aead *tfm,
		     const struct bio_vec *bvecs, struct bvec_iter iter,
		     void *to, u8 *tag);

/**
 * sworn_block_open_start() - start to decrypt one block of a bio in place
 * @c: scratch; iv, aad and tag are set by the caller
 * @done: called with @data when the call returned -EINPROGRESS or -EBUSY
 *
 * Context: any.
 * Return: 0, -EBADMSG, -EINPROGRESS, -EBUSY or another errno.
 */
int sworn_block_open_start(struct sworn_cryptor *c, struct crypto_aead *tfm,
			   const struct bio_vec *bvecs, struct bvec_iter iter,
			   crypto_completion_t done, void *data);

/**
 * sworn_block_open_from() - decrypt one block from kernel memory into a bio
 * @from: 4096 bytes of ciphertext; left as they are
 *
 * Context: process; may sleep.
 */
int sworn_block_open_from(struct sworn_cryptor *c, struct crypto_aead *tfm,
			  const void *from, const struct bio_vec *bvecs,
			  struct bvec_iter iter);

#endif /* SWORNDISK_SEAL_AEAD_H */
