// SPDX-License-Identifier: GPL-2.0-only
/* Epochs: data keys and their nonce counters. */
#include <linux/random.h>
#include <linux/slab.h>

#include "../format/tables.h"
#include "epoch.h"

int sworn_epochs_init(struct sworn_epochs *e, u32 cipher, u32 max,
		      size_t cryptor_bytes)
{
	e->cryptor_bytes = cryptor_bytes;
	e->cipher = cipher;
	e->max = max;
	e->nr = 0;
	e->current_epoch = NULL;
	e->slots = kvcalloc(max, sizeof(*e->slots), GFP_KERNEL);
	return e->slots ? 0 : -ENOMEM;
}

static void epoch_free(struct sworn_epoch *epoch)
{
	if (!epoch)
		return;
	crypto_free_aead(epoch->tfm);
	kfree_sensitive(epoch);
}

void sworn_epochs_exit(struct sworn_epochs *e)
{
	u32 i;

	for (i = 0; e->slots && i < e->max; i++)
		epoch_free(e->slots[i]);
	kvfree(e->slots);
	e->slots = NULL;
	e->current_epoch = NULL;
	e->nr = 0;
}

static struct sworn_epoch *epoch_create(struct sworn_epochs *e, u32 slot,
					u64 born, const u8 *key)
{
	struct sworn_epoch *epoch = kzalloc(sizeof(*epoch), GFP_KERNEL);
	struct crypto_aead *tfm;

	if (!epoch)
		return ERR_PTR(-ENOMEM);
	tfm = sworn_aead_create(e->cipher, key);
	if (!IS_ERR(tfm) && sworn_cryptor_bytes(tfm) > e->cryptor_bytes) {
		/* another implementation was registered since the table's load */
		crypto_free_aead(tfm);
		tfm = ERR_PTR(-EAGAIN);
	}
	if (IS_ERR(tfm)) {
		kfree(epoch);
		return ERR_CAST(tfm);
	}
	epoch->tfm = tfm;
	epoch->slot = slot;
	epoch->born = born;
	memcpy(epoch->key, key, SWORN_KEY_SIZE_MAX);
	return epoch;
}

int sworn_epochs_load(struct sworn_epochs *e, const struct sworn_disk_epoch *d)
{
	u32 slot = le16_to_cpu(d->slot);
	struct sworn_epoch *epoch;

	if (!sworn_epoch_valid(d, e->max))
		return -EUCLEAN;
	if (e->slots[slot])
		return memcmp(e->slots[slot]->key, d->key, SWORN_KEY_SIZE_MAX) ?
			-EUCLEAN : 0;
	epoch = epoch_create(e, slot, le64_to_cpu(d->born), d->key);
	if (IS_ERR(epoch))
		return PTR_ERR(epoch);
	epoch->announced = true;
	epoch->loaded = true;
	e->slots[slot] = epoch;
	e->nr++;
	return 0;
}

int sworn_epochs_forget(struct sworn_epochs *e, u64 slot)
{
	if (slot >= e->max || !e->slots[slot])
		return -EUCLEAN;
	epoch_free(e->slots[slot]);
	e->slots[slot] = NULL;
	e->nr--;
	return 0;
}

void sworn_epochs_drop(struct sworn_epochs *e, u32 slot)
{
	e->slots[slot]->dropped = true;
	e->nr--;
}

int sworn_epochs_start(struct sworn_epochs *e, u64 born)
{
	u8 key[SWORN_KEY_SIZE_MAX];
	struct sworn_epoch *epoch;
	u32 slot;

	for (slot = 0; slot < e->max && e->slots[slot]; slot++)
		;
	if (slot == e->max)
		return -ENOSPC;
	get_random_bytes(key, sizeof(key));
	epoch = epoch_create(e, slot, born, key);
	memzero_explicit(key, sizeof(key));
	if (IS_ERR(epoch))
		return PTR_ERR(epoch);
	WRITE_ONCE(e->slots[slot], epoch);
	e->nr++;
	/* pairs with the load in sworn_epochs_take() */
	smp_store_release(&e->current_epoch, epoch);
	return 0;
}

/* By bisection: the table is small, and this is rare. */
u64 sworn_epochs_median_born(const struct sworn_epochs *e)
{
	u64 lo = 0, hi = e->current_epoch ? e->current_epoch->born : 0;

	while (lo < hi) {
		u64 mid = lo + (hi - lo) / 2;
		u32 slot, n = 0;

		for (slot = 0; slot < e->max; slot++)
			n += e->slots[slot] && !e->slots[slot]->dropped &&
			     e->slots[slot]->born <= mid;
		if (n < e->nr / 2)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int sworn_epochs_take(struct sworn_epochs *e, u32 n, struct sworn_epoch **epoch,
		      u32 *counter)
{
	/* pairs with the release in sworn_epochs_start() */
	struct sworn_epoch *now = smp_load_acquire(&e->current_epoch);
	u64 first;

	if (!now)
		return -ENOKEY;
	first = atomic64_fetch_add(n, &now->next_counter);
	if (first + n > SWORN_EPOCH_BLOCKS_MAX)
		return -ENOKEY;
	*epoch = now;
	*counter = first;
	return 0;
}

int sworn_epochs_open_block(struct sworn_epochs *e, struct sworn_cryptor *c,
			    const struct sworn_record *r, void *block)
{
	struct sworn_epoch *epoch = sworn_epochs_get(e, r->epoch);

	if (!epoch)
		return -EUCLEAN;
	sworn_data_bind(c->iv, &c->aad, r);
	return sworn_aead_open(c, epoch->tfm, &c->aad, sizeof(c->aad), block,
			       SWORN_BLOCK_SIZE, r->mac);
}

void sworn_epoch_encode(struct sworn_disk_epoch *d, const struct sworn_epoch *e)
{
	memset(d, 0, sizeof(*d));
	d->slot = cpu_to_le16(e->slot);
	d->born = cpu_to_le64(e->born);
	memcpy(d->key, e->key, SWORN_KEY_SIZE_MAX);
}
