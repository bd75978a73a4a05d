/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verify notes on the device.  What they say steers nothing but where a
 * verification goes on: one that was put back or destroyed makes it look at
 * too much or too little, never believe a block.
 */
#ifndef SWORNDISK_CHECKPOINT_NOTE_H
#define SWORNDISK_CHECKPOINT_NOTE_H

#include "../bdev/area.h"
#include "../format/verify.h"
#include "../seal/aead.h"
#include "../seal/kdf.h"

/**
 * struct sworn_notes - reads and writes verify notes
 * @tfm: has the key of the note in hand
 * @note: it; linear memory, not vmalloc
 * @generation: of the newest
 *
 * One caller at a time.
 */
struct sworn_notes {
	struct sworn_area *meta;
	struct sworn_kdf *kdf;
	const struct sworn_geometry *geo;
	u32 cipher;
	struct crypto_aead *tfm;
	struct sworn_cryptor *cryptor;
	struct sworn_disk_verify_note *note;
	u64 generation;
};

int sworn_notes_init(struct sworn_notes *n, struct sworn_area *meta,
		     struct sworn_kdf *kdf, u32 cipher,
		     const struct sworn_geometry *geo);
void sworn_notes_exit(struct sworn_notes *n);

/**
 * sworn_note_write() - write a note over the older one
 * @bad: @at->nr_bad places
 *
 * Durable when it returns.  Context: process, not from map().
 */
int sworn_note_write(struct sworn_notes *n, const struct sworn_verify_at *at,
		     const struct sworn_verify_bad *bad, u64 commit_id);

/**
 * sworn_note_read() - the newer note that is in order
 * @bad: room for %SWORN_VERIFY_BAD_MAX places
 *
 * Context: process, not from map().
 * Return: 0; -ENODATA if there is none, whatever stands there; an I/O error.
 */
int sworn_note_read(struct sworn_notes *n, struct sworn_verify_at *at,
		    struct sworn_verify_bad *bad, u64 *commit_id);

#endif /* SWORNDISK_CHECKPOINT_NOTE_H */
