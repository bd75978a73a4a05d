// SPDX-License-Identifier: GPL-2.0-only
/* Verify notes: two places, used in turn. */
#include <linux/random.h>
#include <linux/slab.h>

#include "note.h"

int sworn_notes_init(struct sworn_notes *n, struct sworn_area *meta,
		     struct sworn_kdf *kdf, u32 cipher,
		     const struct sworn_geometry *geo)
{
	static const u8 no_salt[SWORN_SALT_SIZE];

	memset(n, 0, sizeof(*n));
	n->meta = meta;
	n->kdf = kdf;
	n->cipher = cipher;
	n->geo = geo;
	/* a key that seals nothing: each note brings its own */
	n->tfm = sworn_kdf_aead(kdf, cipher, SWORN_LABEL_VERIFY, no_salt);
	if (IS_ERR(n->tfm)) {
		int err = PTR_ERR(n->tfm);

		n->tfm = NULL;
		return err;
	}
	n->cryptor = kzalloc(sworn_cryptor_bytes(n->tfm), GFP_KERNEL);
	n->note = kzalloc(sizeof(*n->note), GFP_KERNEL);
	if (n->cryptor && n->note)
		return 0;
	sworn_notes_exit(n);
	return -ENOMEM;
}

void sworn_notes_exit(struct sworn_notes *n)
{
	kfree_sensitive(n->note);
	n->note = NULL;
	kfree_sensitive(n->cryptor);
	n->cryptor = NULL;
	if (n->tfm)
		crypto_free_aead(n->tfm);
	n->tfm = NULL;
}

static int note_io(struct sworn_notes *n, blk_opf_t opf, u32 place)
{
	void *buf[SWORN_VERIFY_NOTE_BLOCKS];
	u32 i;

	for (i = 0; i < SWORN_VERIFY_NOTE_BLOCKS; i++)
		buf[i] = (void *)n->note + i * SWORN_BLOCK_SIZE;
	return sworn_area_io(n->meta, opf, SWORN_VERIFY_NOTE_BLOCK(place), buf,
			     SWORN_VERIFY_NOTE_BLOCKS);
}

static int set_key(struct sworn_notes *n)
{
	sworn_iv_counter(n->cryptor->iv, 0);
	return sworn_kdf_rekey(n->kdf, n->tfm, n->cipher, SWORN_LABEL_VERIFY,
			       n->note->salt);
}

int sworn_note_write(struct sworn_notes *n, const struct sworn_verify_at *at,
		     const struct sworn_verify_bad *bad, u64 commit_id)
{
	struct sworn_disk_verify_note *note = n->note;
	int err;

	note->magic = cpu_to_le64(SWORN_VERIFY_MAGIC);
	note->generation = cpu_to_le64(n->generation + 1);
	memcpy(note->uuid, n->kdf->uuid, SWORN_UUID_SIZE);
	get_random_bytes(note->salt, sizeof(note->salt));
	sworn_verify_encode(&note->state, at, bad, commit_id);
	err = set_key(n);
	if (!err)
		err = sworn_aead_seal(n->cryptor, n->tfm, note,
				      SWORN_VERIFY_AAD_BYTES, &note->state,
				      sizeof(note->state), note->tag);
	if (!err)
		err = note_io(n, REQ_OP_WRITE | REQ_FUA,
			      (n->generation + 1) % SWORN_VERIFY_NOTES);
	if (!err)
		n->generation++;
	return err;
}

/* What stands in a place, opened. */
static int read_place(struct sworn_notes *n, u32 place)
{
	struct sworn_disk_verify_note *note = n->note;
	int err = note_io(n, REQ_OP_READ, place);

	if (err)
		return err;
	if (le64_to_cpu(note->magic) != SWORN_VERIFY_MAGIC ||
	    memcmp(note->uuid, n->kdf->uuid, SWORN_UUID_SIZE) ||
	    le64_to_cpu(note->generation) % SWORN_VERIFY_NOTES != place)
		return -ENODATA;
	err = set_key(n);
	if (!err)
		err = sworn_aead_open(n->cryptor, n->tfm, note,
				      SWORN_VERIFY_AAD_BYTES, &note->state,
				      sizeof(note->state), note->tag);
	return err == -EBADMSG ? -ENODATA : err;
}

int sworn_note_read(struct sworn_notes *n, struct sworn_verify_at *at,
		    struct sworn_verify_bad *bad, u64 *commit_id)
{
	u64 newest = 0;
	u32 place;
	int err;

	for (place = 0; place < SWORN_VERIFY_NOTES; place++) {
		err = read_place(n, place);
		if (err && err != -ENODATA)
			return err;
		if (!err)
			newest = max(newest, le64_to_cpu(n->note->generation));
	}
	n->generation = newest;
	if (!newest)
		return -ENODATA;
	err = read_place(n, newest % SWORN_VERIFY_NOTES);
	if (!err)
		err = sworn_verify_decode(&n->note->state, n->geo, at, bad,
					  commit_id);
	return err == -EUCLEAN ? -ENODATA : err;
}
