// SPDX-License-Identifier: GPL-2.0-only
/* Keys and seals; see crypto.h. */
#include "crypto.h"

#include <errno.h>
#include <openssl/hmac.h>
#include <string.h>

static const EVP_CIPHER *evp_cipher(u32 cipher)
{
	switch (cipher) {
	case SWORN_CIPHER_AES_256_GCM:
		return EVP_aes_256_gcm();
	case SWORN_CIPHER_AES_128_GCM:
		return EVP_aes_128_gcm();
	case SWORN_CIPHER_CHACHA20_POLY1305:
		return EVP_chacha20_poly1305();
	default:
		return NULL;
	}
}

int crypto_key_set(struct crypto_key *k, u32 cipher, const u8 *key)
{
	const EVP_CIPHER *evp = evp_cipher(cipher);

	if (!evp)
		return -EOPNOTSUPP;
	if (!k->open)
		k->open = EVP_CIPHER_CTX_new();
	if (!k->open)
		return -ENOMEM;
	k->cipher = cipher;
	return EVP_DecryptInit_ex(k->open, evp, NULL, key, NULL) == 1 ?
		0 : -EOPNOTSUPP;
}

void crypto_key_free(struct crypto_key *k)
{
	EVP_CIPHER_CTX_free(k->open);
	k->open = NULL;
}

int crypto_open(struct crypto_key *k, const u8 *iv, const void *aad,
		size_t aad_bytes, void *buf, size_t bytes, const u8 *tag)
{
	u8 rest[SWORN_TAG_SIZE];
	int n;

	if (EVP_DecryptInit_ex(k->open, NULL, NULL, NULL, iv) != 1 ||
	    EVP_DecryptUpdate(k->open, NULL, &n, aad, (int)aad_bytes) != 1 ||
	    EVP_DecryptUpdate(k->open, buf, &n, buf, (int)bytes) != 1 ||
	    EVP_CIPHER_CTX_ctrl(k->open, EVP_CTRL_AEAD_SET_TAG, SWORN_TAG_SIZE,
				(void *)(uintptr_t)tag) != 1)
		return -EIO;
	return EVP_DecryptFinal_ex(k->open, rest, &n) == 1 ? 0 : -EBADMSG;
}

int crypto_seal_once(u32 cipher, const u8 *key, const u8 *iv, const void *aad,
		     size_t aad_bytes, void *buf, size_t bytes, u8 *tag)
{
	const EVP_CIPHER *evp = evp_cipher(cipher);
	u8 rest[SWORN_TAG_SIZE];
	EVP_CIPHER_CTX *ctx;
	int n, err = 0;

	if (!evp)
		return -EOPNOTSUPP;
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx)
		return -ENOMEM;
	if (EVP_EncryptInit_ex(ctx, evp, NULL, key, iv) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, aad, (int)aad_bytes) != 1 ||
	    EVP_EncryptUpdate(ctx, buf, &n, buf, (int)bytes) != 1 ||
	    EVP_EncryptFinal_ex(ctx, rest, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SWORN_TAG_SIZE,
				tag) != 1)
		err = -EIO;
	EVP_CIPHER_CTX_free(ctx);
	return err;
}

int crypto_derive(const u8 *parent, size_t parent_bytes, const char *label,
		  const u8 *salt, const u8 *uuid, u8 *key)
{
	struct sworn_kdf_message m;
	unsigned int bytes = SWORN_SHA256_SIZE;

	sworn_kdf_message_set(&m, label, salt, uuid);
	return HMAC(EVP_sha256(), parent, (int)parent_bytes, (const u8 *)&m,
		    sizeof(m), key, &bytes) ? 0 : -EIO;
}

int crypto_key_derive(struct crypto_key *k, u32 cipher, const u8 *parent,
		      size_t parent_bytes, const char *label, const u8 *salt,
		      const u8 *uuid)
{
	u8 key[SWORN_SHA256_SIZE];
	int err;

	err = crypto_derive(parent, parent_bytes, label, salt, uuid, key);
	if (!err)
		err = crypto_key_set(k, cipher, key);
	explicit_bzero(key, sizeof(key));
	return err;
}
