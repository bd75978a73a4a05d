/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys and seals of a SwornDisk, by OpenSSL; docs/format.md says what is what. */
#ifndef SWORNADM_OFFLINE_CRYPTO_H
#define SWORNADM_OFFLINE_CRYPTO_H

#include <openssl/evp.h>

#include "sworndisk/format/seal.h"

/**
 * struct crypto_key - a cipher with a key in it
 *
 * All zero is none; crypto_key_free() takes it as it is.
 */
struct crypto_key {
	EVP_CIPHER_CTX *open;
	u32 cipher;
};

/**
 * crypto_key_set() - take a key, instead of the one before
 * @cipher: enum sworn_cipher
 * @key: as many bytes as the cipher takes
 *
 * Return: 0, -EOPNOTSUPP (the library has no such cipher), -ENOMEM.
 */
int crypto_key_set(struct crypto_key *k, u32 cipher, const u8 *key);
void crypto_key_free(struct crypto_key *k);

/**
 * crypto_open() - verify and decrypt in place
 * @iv: %SWORN_IV_BYTES
 *
 * Return: 0; -EBADMSG, and @buf is not to be used; -EIO if the library failed.
 */
int crypto_open(struct crypto_key *k, const u8 *iv, const void *aad,
		size_t aad_bytes, void *buf, size_t bytes, const u8 *tag);

/* Encrypt in place, with a key that is used once; 0, -EOPNOTSUPP, -EIO. */
int crypto_seal_once(u32 cipher, const u8 *key, const u8 *iv, const void *aad,
		     size_t aad_bytes, void *buf, size_t bytes, u8 *tag);

/* A derived key, %SWORN_SHA256_SIZE bytes; 0 or -EIO. */
int crypto_derive(const u8 *parent, size_t parent_bytes, const char *label,
		  const u8 *salt, const u8 *uuid, u8 *key);

/* crypto_derive() and crypto_key_set() in one. */
int crypto_key_derive(struct crypto_key *k, u32 cipher, const u8 *parent,
		      size_t parent_bytes, const char *label, const u8 *salt,
		      const u8 *uuid);

#endif /* SWORNADM_OFFLINE_CRYPTO_H */
