// SPDX-License-Identifier: GPL-2.0-only
/* Key derivation by HMAC-SHA256. */
#include <linux/string.h>

#include "../format/superblock.h"
#include "aead.h"
#include "kdf.h"

int sworn_kdf_init(struct sworn_kdf *kdf, const u8 *key, unsigned int bytes,
		   const u8 *uuid)
{
	struct crypto_shash *hmac = crypto_alloc_shash("hmac(sha256)", 0, 0);
	int err;

	if (IS_ERR(hmac))
		return PTR_ERR(hmac);
	err = crypto_shash_setkey(hmac, key, bytes);
	if (err) {
		crypto_free_shash(hmac);
		return err;
	}
	kdf->hmac = hmac;
	memcpy(kdf->uuid, uuid, SWORN_UUID_SIZE);
	return 0;
}

void sworn_kdf_exit(struct sworn_kdf *kdf)
{
	if (kdf->hmac)
		crypto_free_shash(kdf->hmac);
	kdf->hmac = NULL;
}

static int derive(struct sworn_kdf *kdf, const char *label, const u8 *salt,
		  u8 *out)
{
	SHASH_DESC_ON_STACK(desc, kdf->hmac);
	struct sworn_kdf_message m;
	int err;

	sworn_kdf_message_set(&m, label, salt, kdf->uuid);
	desc->tfm = kdf->hmac;
	err = crypto_shash_digest(desc, (const u8 *)&m, sizeof(m), out);
	shash_desc_zero(desc);
	return err;
}

int sworn_kdf_rekey(struct sworn_kdf *kdf, struct crypto_aead *tfm, u32 cipher,
		    const char *label, const u8 *salt)
{
	u8 key[SWORN_SHA256_SIZE];
	int err;

	err = derive(kdf, label, salt, key);
	if (!err)
		err = crypto_aead_setkey(tfm, key, sworn_cipher_key_bytes(cipher));
	memzero_explicit(key, sizeof(key));
	return err;
}

struct crypto_aead *sworn_kdf_aead(struct sworn_kdf *kdf, u32 cipher,
				   const char *label, const u8 *salt)
{
	struct crypto_aead *tfm;
	u8 key[SWORN_SHA256_SIZE];
	int err;

	err = derive(kdf, label, salt, key);
	tfm = err ? ERR_PTR(err) : sworn_aead_create(cipher, key);
	memzero_explicit(key, sizeof(key));
	return tfm;
}

int sworn_sha256(const void *buf, unsigned int bytes, u8 *out)
{
	struct crypto_shash *sha = crypto_alloc_shash("sha256", 0, 0);
	int err;

	if (IS_ERR(sha))
		return PTR_ERR(sha);
	err = crypto_shash_tfm_digest(sha, buf, bytes, out);
	crypto_free_shash(sha);
	return err;
}
