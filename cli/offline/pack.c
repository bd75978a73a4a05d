// SPDX-License-Identifier: GPL-2.0-only
/* Checkpoint packs; see pack.h. */
#include "pack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

u64 pack_block(const struct pack *p, const struct image *img)
{
	return sworn_pack_block(&img->sb.geo, p->place);
}

static int set_key(struct crypto_key *key, const struct pack *p,
		   const struct image *img)
{
	return crypto_key_derive(key, img->sb.cipher, img->secrets->volume_key,
				 SWORN_KEY_SIZE_MAX, SWORN_LABEL_PACK, p->salt,
				 img->sb.uuid);
}

static bool all_zero(const void *block)
{
	const u8 *b = block;

	return !b[0] && !memcmp(b, b + 1, SWORN_BLOCK_SIZE - 1);
}

static int unclean(struct pack *p, const char *why)
{
	snprintf(p->why, sizeof(p->why), "%s", why);
	return -EUCLEAN;
}

static int open_header(struct pack *p, const struct image *img,
		       struct sworn_disk_pack_header *h)
{
	struct crypto_key key = { 0 };
	u8 iv[SWORN_IV_BYTES];
	int err;

	memcpy(p->salt, h->salt, sizeof(p->salt));
	err = set_key(&key, p, img);
	sworn_iv_counter(iv, 0);
	if (!err)
		err = crypto_open(&key, iv, h, SWORN_PACK_AAD_BYTES, &h->state,
				  sizeof(h->state), h->tag);
	crypto_key_free(&key);
	if (err == -EBADMSG)
		return unclean(p, "its tag does not verify");
	return err;
}

static int judge_header(struct pack *p, const struct image *img,
			struct sworn_disk_pack_header *h)
{
	int err;

	if (all_zero(h)) {
		unclean(p, "no pack was ever written there");
		return -ENODATA;
	}
	if (le64_to_cpu(h->magic) != SWORN_PACK_MAGIC)
		return unclean(p, "its magic is wrong");
	p->state.generation = le64_to_cpu(h->generation);
	if (p->state.generation % SWORN_PACKS != p->place)
		return unclean(p, "its generation belongs into the other place");
	if (memcmp(h->uuid, img->sb.uuid, SWORN_UUID_SIZE))
		return unclean(p, "its UUID is that of another disk");
	err = open_header(p, img, h);
	if (err)
		return err;
	if (sworn_pack_state_decode(&h->state, &img->sb.geo, &p->state, &p->contents))
		return unclean(p, "a field of it is out of range");
	if (p->state.sb_generation != img->sb.generation)
		return unclean(p, "it belongs to another generation of the superblock");
	return 0;
}

int pack_read_header(struct pack *p, const struct image *img, u32 place)
{
	struct sworn_disk_pack_header *h = malloc(sizeof(*h));

	memset(p, 0, sizeof(*p));
	p->place = place;
	p->body = -EUCLEAN;
	if (!h)
		return -ENOMEM;
	p->header = image_read(img, AREA_META, pack_block(p, img), h, 1);
	if (p->header)
		snprintf(p->why, sizeof(p->why), "it cannot be read: %s",
			 strerror(-p->header));
	else
		p->header = judge_header(p, img, h);
	explicit_bzero(h, sizeof(*h));
	free(h);
	return 0;
}

static int open_body(struct pack *p, const struct image *img,
		     struct crypto_key *key, u64 block,
		     struct sworn_disk_pack_body *b)
{
	struct sworn_disk_aad aad;
	u8 iv[SWORN_IV_BYTES];
	int err;

	p->bad_block = block;
	err = image_read(img, AREA_META, pack_block(p, img) + 1 + block, b, 1);
	if (err) {
		snprintf(p->why, sizeof(p->why), "it cannot be read: %s",
			 strerror(-err));
		return err;
	}
	sworn_iv_counter(iv, (u32)block + 1);
	sworn_aad_set(&aad, SWORN_AAD_PACK_BODY, p->state.generation, block);
	err = crypto_open(key, iv, &aad, sizeof(aad), b->payload,
			  SWORN_PACK_BODY_PAYLOAD, b->tag);
	return err == -EBADMSG ? unclean(p, "its tag does not verify") : err;
}

static int load_section(struct pack *p, const struct image *img,
			struct crypto_key *key, struct sworn_disk_pack_body *b,
			const struct sworn_pack_section *sec, struct state *s)
{
	u64 block = sec->first_block;
	int err;

	for (u64 i = 0; i < sec->nr;) {
		const u8 *at = b->payload;
		u64 end = i + sec->per_block < sec->nr ? i + sec->per_block : sec->nr;

		if (image_cancelled())
			return -ECANCELED;
		err = open_body(p, img, key, block++, b);
		for (; !err && i < end; i++, at += sec->entry_bytes) {
			err = state_load(s, sec->type, i, at);
			if (err == -EUCLEAN)
				unclean(p, s->why);
		}
		if (err)
			return err;
	}
	return 0;
}

static int load_body(struct pack *p, const struct image *img,
		     struct crypto_key *key, struct sworn_disk_pack_body *b,
		     struct state *s)
{
	struct sworn_pack_section sec;
	u64 block = 0;
	int err;

	for (u32 i = 0; i < p->contents.nr_sections; i++) {
		p->bad_block = block;
		if (sworn_pack_section(&p->contents, i, &block, &sec))
			return unclean(p, "the sections do not follow each other");
		err = load_section(p, img, key, b, &sec, s);
		if (err)
			return err;
	}
	if (block != p->contents.body_blocks)
		return unclean(p, "the sections do not fill the body");
	err = state_loaded(s);
	return err ? unclean(p, s->why) : 0;
}

int pack_read_body(struct pack *p, const struct image *img, struct state *s)
{
	struct sworn_disk_pack_body *b = malloc(sizeof(*b));
	struct crypto_key key = { 0 };

	p->body = b ? set_key(&key, p, img) : -ENOMEM;
	if (!p->body)
		p->body = load_body(p, img, &key, b, s);
	crypto_key_free(&key);
	if (b)
		explicit_bzero(b, sizeof(*b));
	free(b);
	s->commit_id = p->state.commit_id;
	return p->body;
}
