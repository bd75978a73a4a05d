/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Key derivation: key = HMAC-SHA256(parent, label || salt || uuid), cut to the
 * cipher's key size.  See docs/format.md, "Keys".
 */
#ifndef SWORNDISK_SEAL_KDF_H
#define SWORNDISK_SEAL_KDF_H

#include <crypto/hash.h>

#include "../format/seal.h"

/**
 * struct sworn_kdf - a parent key that others are derived from
 * @hmac: keyed with it; the only place that holds it
 */
struct sworn_kdf {
	struct crypto_shash *hmac;
	u8 uuid[SWORN_UUID_SIZE];
};

/**
 * sworn_kdf_init() - take a parent key
 *
 * Context: may sleep, allocates.
 */
int sworn_kdf_init(struct sworn_kdf *kdf, const u8 *key, unsigned int bytes,
		   const u8 *uuid);

/* Wipe it; harmless on a zeroed struct. */
void sworn_kdf_exit(struct sworn_kdf *kdf);

/**
 * sworn_kdf_aead() - a transform keyed with a derived key
 *
 * Context: may sleep, allocates.
 * Return: the transform or an ERR_PTR.
 */
struct crypto_aead *sworn_kdf_aead(struct sworn_kdf *kdf, u32 cipher,
				   const char *label, const u8 *salt);

/**
 * sworn_kdf_rekey() - give a transform another derived key
 *
 * Context: may sleep.  Needs no memory of its own.
 */
int sworn_kdf_rekey(struct sworn_kdf *kdf, struct crypto_aead *tfm, u32 cipher,
		    const char *label, const u8 *salt);

/* SHA-256 of a superblock's checked part. */
int sworn_sha256(const void *buf, unsigned int bytes, u8 *out);

#endif /* SWORNDISK_SEAL_KDF_H */
