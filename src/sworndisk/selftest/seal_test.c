// SPDX-License-Identifier: GPL-2.0-only
/* Ciphers and key derivation, with known answers. */
#include <linux/slab.h>

#include "../format/superblock.h"
#include "../seal/aead.h"
#include "../seal/kdf.h"
#include "selftest.h"

/* HMAC-SHA256 under 00..1f of "journal", 32 bytes 5a, 00..0f */
static const u8 derived[SWORN_SHA256_SIZE] = {
	0xc5, 0xc7, 0x60, 0xd7, 0x39, 0x36, 0x25, 0x4d,
	0xa3, 0x9d, 0x61, 0x65, 0x40, 0x5c, 0x46, 0x22,
	0x86, 0x89, 0xb4, 0x18, 0xa5, 0x83, 0x59, 0xfe,
	0xc3, 0x7f, 0x8e, 0x94, 0xb1, 0xc0, 0xd3, 0xfc,
};

/* AES-256-GCM of 16 zero bytes under a zero key and nonce (its specification, test case 14) */
static const u8 gcm_text[16] = {
	0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e,
	0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18,
};

static const u8 gcm_tag[16] = {
	0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0,
	0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19,
};

/* What a test works with; the buffer is a block of zeroes. */
struct bench {
	struct crypto_aead *tfm;
	struct sworn_cryptor *c;
	u8 *buf;
	u8 tag[SWORN_TAG_SIZE];
};

static bool bench_init(struct bench *b, struct crypto_aead *tfm)
{
	bool ok = true;

	memset(b, 0, sizeof(*b));
	SELFTEST_CHECK(!IS_ERR(tfm));
	if (!ok)
		return false;
	b->tfm = tfm;
	b->c = kzalloc(sworn_cryptor_bytes(tfm), GFP_KERNEL);
	b->buf = kzalloc(SWORN_BLOCK_SIZE, GFP_KERNEL);
	SELFTEST_CHECK(b->c && b->buf);
	return ok;
}

static void bench_exit(struct bench *b)
{
	if (b->tfm)
		crypto_free_aead(b->tfm);
	kfree(b->c);
	kfree(b->buf);
}

static int seal(struct bench *b, unsigned int bytes)
{
	return sworn_aead_seal(b->c, b->tfm, &b->c->aad, sizeof(b->c->aad),
			       b->buf, bytes, b->tag);
}

static int open(struct bench *b, unsigned int bytes)
{
	return sworn_aead_open(b->c, b->tfm, &b->c->aad, sizeof(b->c->aad),
			       b->buf, bytes, b->tag);
}

static bool round_trip(u32 cipher)
{
	u8 key[SWORN_KEY_SIZE_MAX] = { 9 };
	struct bench b;
	bool ok = bench_init(&b, sworn_aead_create(cipher, key));

	if (!ok)
		goto out;
	sworn_iv_counter(b.c->iv, 5);
	sworn_aad_set(&b.c->aad, SWORN_AAD_DATA, 1, 2);
	SELFTEST_CHECK(!seal(&b, SWORN_BLOCK_SIZE));
	SELFTEST_CHECK(memchr_inv(b.buf, 0, SWORN_BLOCK_SIZE));

	/* the place is bound */
	sworn_aad_set(&b.c->aad, SWORN_AAD_DATA, 1, 3);
	SELFTEST_CHECK(open(&b, SWORN_BLOCK_SIZE) == -EBADMSG);

	memset(b.buf, 0, SWORN_BLOCK_SIZE);
	SELFTEST_CHECK(!seal(&b, SWORN_BLOCK_SIZE));
	SELFTEST_CHECK(!open(&b, SWORN_BLOCK_SIZE));
	SELFTEST_CHECK(!memchr_inv(b.buf, 0, SWORN_BLOCK_SIZE));

	SELFTEST_CHECK(!seal(&b, SWORN_BLOCK_SIZE));
	b.buf[4095] ^= 1;
	SELFTEST_CHECK(open(&b, SWORN_BLOCK_SIZE) == -EBADMSG);
out:
	bench_exit(&b);
	return ok;
}

static bool known_answer(void)
{
	u8 key[SWORN_KEY_SIZE_MAX] = {};
	struct bench b;
	bool ok = bench_init(&b, sworn_aead_create(SWORN_CIPHER_AES_256_GCM, key));

	if (ok) {
		SELFTEST_CHECK(!sworn_aead_seal(b.c, b.tfm, b.c, 0, b.buf, 16,
						b.tag));
		SELFTEST_CHECK(!memcmp(b.buf, gcm_text, sizeof(gcm_text)));
		SELFTEST_CHECK(!memcmp(b.tag, gcm_tag, sizeof(gcm_tag)));
	}
	bench_exit(&b);
	return ok;
}

/* What the derived key seals, the known one opens. */
static bool derivation(void)
{
	u8 key[32], salt[SWORN_SALT_SIZE], uuid[SWORN_UUID_SIZE];
	struct sworn_kdf kdf = {};
	struct bench by_kdf, by_key;
	bool ok = true;
	u32 i;

	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	memset(salt, 0x5a, sizeof(salt));
	memcpy(uuid, key, sizeof(uuid));
	SELFTEST_CHECK(!sworn_kdf_init(&kdf, key, sizeof(key), uuid));
	if (!ok)
		return false;
	ok = bench_init(&by_kdf, sworn_kdf_aead(&kdf, SWORN_CIPHER_AES_256_GCM,
						SWORN_LABEL_JOURNAL, salt));
	ok &= bench_init(&by_key, sworn_aead_create(SWORN_CIPHER_AES_256_GCM,
						    derived));
	if (ok) {
		SELFTEST_CHECK(!seal(&by_kdf, SWORN_BLOCK_SIZE));
		memcpy(by_key.buf, by_kdf.buf, SWORN_BLOCK_SIZE);
		memcpy(by_key.tag, by_kdf.tag, SWORN_TAG_SIZE);
		SELFTEST_CHECK(!open(&by_key, SWORN_BLOCK_SIZE));
	}
	bench_exit(&by_kdf);
	bench_exit(&by_key);
	sworn_kdf_exit(&kdf);
	return ok;
}

bool sworn_selftest_seal(void)
{
	bool ok = known_answer() && derivation();
	u32 cipher;

	for (cipher = 1; sworn_cipher_name(cipher); cipher++)
		ok &= round_trip(cipher);
	return ok;
}
