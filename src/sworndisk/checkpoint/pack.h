/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checkpoint packs: the tables of a volume (DST, BIT catalog, key table) and
 * where in the journal to go on.  Two places, used in turn.
 */
#ifndef SWORNDISK_CHECKPOINT_PACK_H
#define SWORNDISK_CHECKPOINT_PACK_H

#include "../bdev/area.h"
#include "../format/pack.h"
#include "../index/catalog.h"
#include "../seal/epoch.h"
#include "../seal/kdf.h"
#include "../segment/table.h"

/**
 * struct sworn_tables_ref - what a pack holds
 */
struct sworn_tables_ref {
	struct sworn_segments *segments;
	struct sworn_catalog *catalog;
	struct sworn_epochs *epochs;
};

/**
 * struct sworn_packs - reads and writes packs
 * @tfm: has the key of the pack in hand
 * @contents: of the pack in hand
 *
 * Belongs to whoever holds the volume's commit_mutex.
 */
struct sworn_packs {
	struct sworn_area *meta;
	struct sworn_kdf *kdf;
	const struct sworn_geometry *geo;
	u32 cipher;
	struct crypto_aead *tfm;
	struct sworn_cryptor *cryptor;
	u8 salt[SWORN_SALT_SIZE];
	u64 generation;
	struct sworn_pack_contents contents;
	void *buf[SWORN_IO_BLOCKS];
	u32 nr_buf;
	atomic64_t blocks_written;
};

int sworn_packs_init(struct sworn_packs *p, struct sworn_area *meta,
		     struct sworn_kdf *kdf, u32 cipher,
		     const struct sworn_geometry *geo);
void sworn_packs_exit(struct sworn_packs *p);

/**
 * sworn_pack_write_body() - write tables into the pack of a generation
 *
 * On the device, not flushed, when it returns.
 */
int sworn_pack_write_body(struct sworn_packs *p, u64 generation,
			  const struct sworn_tables_ref *tables);

/**
 * sworn_pack_write_header() - make the pack whose body was written valid
 *
 * Durable when it returns.
 */
int sworn_pack_write_header(struct sworn_packs *p,
			    const struct sworn_pack_state *state);

/* Make a pack place invalid; durable when it returns. */
int sworn_pack_wipe(struct sworn_packs *p, u32 place);

/**
 * sworn_pack_read_header() - what is in a place?
 *
 * Return: 0 and @state; -ENODATA no pack; -EUCLEAN damaged; an I/O error.
 */
int sworn_pack_read_header(struct sworn_packs *p, u32 place,
			   struct sworn_pack_state *state);

/**
 * sworn_pack_read_body() - fill empty tables from the pack whose header was
 * read last
 *
 * Return: 0; -EUCLEAN damaged; an I/O error.
 */
int sworn_pack_read_body(struct sworn_packs *p,
			 const struct sworn_tables_ref *tables);

#endif /* SWORNDISK_CHECKPOINT_PACK_H */
