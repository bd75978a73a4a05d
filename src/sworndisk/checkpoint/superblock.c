// SPDX-License-Identifier: GPL-2.0-only
/* The two superblock copies. */
#include <linux/random.h>
#include <linux/slab.h>

#include "../seal/aead.h"
#include "../seal/kdf.h"
#include "superblock.h"

/* Wrap or unwrap the volume key inside a superblock. */
static int wrap(struct sworn_disk_superblock *d, const struct sworn_root_key *root,
		bool open)
{
	u32 cipher = le32_to_cpu(d->cipher);
	struct crypto_aead *tfm = NULL;
	struct sworn_cryptor *c = NULL;
	struct sworn_kdf kdf = {};
	int err;

	err = sworn_kdf_init(&kdf, root->key, root->bytes, d->uuid);
	if (err)
		return err;
	tfm = sworn_kdf_aead(&kdf, cipher, SWORN_LABEL_KEK, d->salt);
	sworn_kdf_exit(&kdf);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	c = kzalloc(sworn_cryptor_bytes(tfm), GFP_KERNEL);
	if (!c) {
		crypto_free_aead(tfm);
		return -ENOMEM;
	}
	/* one message under this key: the nonce is zero */
	if (open)
		err = sworn_aead_open(c, tfm, d, SWORN_SB_AAD_BYTES,
				      d->wrapped_key, SWORN_KEY_SIZE_MAX,
				      d->wrapped_tag);
	else
		err = sworn_aead_seal(c, tfm, d, SWORN_SB_AAD_BYTES,
				      d->wrapped_key, SWORN_KEY_SIZE_MAX,
				      d->wrapped_tag);
	kfree_sensitive(c);
	crypto_free_aead(tfm);
	return err;
}

/* Read one copy; 0 if it is whole and decodes. */
static int read_copy(struct sworn_area *meta, u32 copy,
		     struct sworn_disk_superblock *d,
		     struct sworn_superblock *sb, const char **why)
{
	u8 sum[SWORN_SHA256_SIZE];
	void *buf = d;
	int err;

	err = sworn_area_io(meta, REQ_OP_READ, SWORN_SB_COPY_BLOCK(copy), &buf, 1);
	if (err == -EUCLEAN)
		return -ENODATA;	/* the device ends before it */
	if (err) {
		*why = "cannot read the superblock";
		return err;
	}
	if (!sworn_sb_has_magic(d))
		return -ENODATA;
	err = sworn_sha256(d, SWORN_SB_SUM_BYTES, sum);
	if (err)
		return err;
	if (memcmp(sum, d->sha256, sizeof(sum))) {
		*why = "superblock damaged: its checksum does not match";
		return -EUCLEAN;
	}
	return sworn_sb_decode(d, copy, sb, why);
}

static int unwrap(struct sworn_disk_superblock *d,
		  const struct sworn_root_key *root, struct sworn_super *super,
		  const char **why)
{
	int err = wrap(d, root, true);

	if (err == -EBADMSG) {
		*why = "wrong key (or a forged superblock)";
		return -EKEYREJECTED;
	}
	if (err) {
		*why = "the cipher of this disk is not available in this kernel";
		return err;
	}
	memcpy(super->volume_key, d->wrapped_key, SWORN_KEY_SIZE_MAX);
	memzero_explicit(d->wrapped_key, SWORN_KEY_SIZE_MAX);
	return 0;
}

/* The worse of two reasons not to have found a superblock is the one to tell. */
static int worse(int a, int b)
{
	return a == -ENODATA ? b : a;
}

static int choose(struct sworn_area *meta, const struct sworn_root_key *root,
		  struct sworn_disk_superblock *d[SWORN_SB_COPIES],
		  struct sworn_super *super, const char **why)
{
	struct sworn_superblock sb[SWORN_SB_COPIES];
	int err[SWORN_SB_COPIES], unwrapped;
	u32 i, best;

	for (i = 0; i < SWORN_SB_COPIES; i++)
		err[i] = read_copy(meta, i, d[i], &sb[i], why);
	if (err[0] && err[1]) {
		if (err[0] == -ENODATA && err[1] == -ENODATA)
			*why = "no SwornDisk superblock";
		return worse(err[0], err[1]);
	}
	best = err[0] || (!err[1] && sb[1].generation > sb[0].generation);
	super->stale_copies = 0;
	if (err[!best] || sb[!best].generation != sb[best].generation ||
	    memcmp(sb[!best].uuid, sb[best].uuid, SWORN_UUID_SIZE))
		super->stale_copies = 1U << !best;
	unwrapped = unwrap(d[best], root, super, why);
	if (unwrapped && !err[!best]) {
		/* anybody can write a checksum: is the other one genuine? */
		best = !best;
		super->stale_copies = 1U << !best;
		unwrapped = unwrap(d[best], root, super, why);
	}
	super->sb = sb[best];
	return unwrapped;
}

int sworn_super_read(struct sworn_area *meta, const struct sworn_root_key *root,
		     struct sworn_super *super, const char **why)
{
	struct sworn_disk_superblock *d[SWORN_SB_COPIES];
	int err;

	if (sworn_buffers_alloc((void **)d, SWORN_SB_COPIES)) {
		*why = "out of memory";
		return -ENOMEM;
	}
	err = choose(meta, root, d, super, why);
	sworn_buffers_free((void **)d, SWORN_SB_COPIES);
	return err;
}

static int write_copy(struct sworn_area *meta, const struct sworn_root_key *root,
		      const struct sworn_super *super, u32 copy,
		      struct sworn_disk_superblock *d)
{
	void *buf = d;
	int err;

	sworn_sb_encode(d, copy, &super->sb);
	get_random_bytes(d->salt, sizeof(d->salt));
	memcpy(d->wrapped_key, super->volume_key, SWORN_KEY_SIZE_MAX);
	err = wrap(d, root, false);
	if (!err)
		err = sworn_sha256(d, SWORN_SB_SUM_BYTES, d->sha256);
	if (!err)
		err = sworn_area_io(meta, REQ_OP_WRITE | REQ_PREFLUSH | REQ_FUA,
				    SWORN_SB_COPY_BLOCK(copy), &buf, 1);
	return err;
}

int sworn_super_write(struct sworn_area *meta, const struct sworn_root_key *root,
		      const struct sworn_super *super, u32 copies)
{
	struct sworn_disk_superblock *d = kmalloc(SWORN_BLOCK_SIZE, GFP_KERNEL);
	int err = d ? 0 : -ENOMEM;
	u32 copy;

	for (copy = 0; !err && copy < SWORN_SB_COPIES; copy++)
		if (copies & (1U << copy))
			err = write_copy(meta, root, super, copy, d);
	kfree_sensitive(d);
	return err;
}
