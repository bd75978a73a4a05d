/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keys, nonces and associated data are made of; docs/format.md, "Keys",
 * "Nonces", "Who vouches for what".  Whoever has a cipher does the rest.
 */
#ifndef SWORNDISK_FORMAT_SEAL_H
#define SWORNDISK_FORMAT_SEAL_H

#include "record.h"

#define SWORN_IV_BYTES		12

#define SWORN_LABEL_BYTES	16

#define SWORN_LABEL_KEK		"kek"
#define SWORN_LABEL_JOURNAL	"journal"
#define SWORN_LABEL_PACK	"pack"
#define SWORN_LABEL_VERIFY	"verify"

/**
 * struct sworn_kdf_message - its HMAC-SHA256 under the parent is a derived key
 */
struct sworn_kdf_message {
	char label[SWORN_LABEL_BYTES];
	u8 salt[SWORN_SALT_SIZE];
	u8 uuid[SWORN_UUID_SIZE];
};

static_assert(sizeof(struct sworn_kdf_message) == 64, "");

/* @label is shorter than its field. */
static inline void sworn_kdf_message_set(struct sworn_kdf_message *m,
					 const char *label, const u8 *salt,
					 const u8 *uuid)
{
	memset(m, 0, sizeof(*m));
	memcpy(m->label, label, strlen(label));
	memcpy(m->salt, salt, sizeof(m->salt));
	memcpy(m->uuid, uuid, sizeof(m->uuid));
}

/* Nonces: of what is counted, and of journal blocks. */
static inline void sworn_iv_counter(u8 *iv, u32 counter)
{
	__le32 v = cpu_to_le32(counter);

	memset(iv, 0, SWORN_IV_BYTES);
	memcpy(iv, &v, sizeof(v));
}

static inline void sworn_iv_seq(u8 *iv, u64 seq)
{
	__le64 v = cpu_to_le64(seq);

	memset(iv, 0, SWORN_IV_BYTES);
	memcpy(iv, &v, sizeof(v));
}

static inline void sworn_aad_set(struct sworn_disk_aad *aad,
				 enum sworn_aad_type type, u64 a, u64 b)
{
	aad->type = cpu_to_le32(type);
	aad->reserved = 0;
	aad->a = cpu_to_le64(a);
	aad->b = cpu_to_le64(b);
}

/**
 * sworn_data_bind() - nonce and associated data of a data block
 * @iv: %SWORN_IV_BYTES; receives the nonce
 * @aad: receives the associated data: the block's LBA and HBA
 * @r: the block's record
 */
static inline void sworn_data_bind(u8 *iv, struct sworn_disk_aad *aad,
				   const struct sworn_record *r)
{
	sworn_iv_counter(iv, r->counter);
	sworn_aad_set(aad, SWORN_AAD_DATA, r->lba, r->hba);
}

#endif /* SWORNDISK_FORMAT_SEAL_H */
