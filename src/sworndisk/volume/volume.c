// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines: one for each pair of devices.  A reload makes a second target while
 * the first is live; both find the same engine.
 */
#include <crypto/algapi.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "io.h"

/* Guards the list, and attaching to and letting go of an engine. */
static DEFINE_MUTEX(volumes_lock);
static LIST_HEAD(volumes);

static void event_work(struct work_struct *work)
{
	struct sworn_volume *vol = container_of(work, struct sworn_volume,
						event_work.work);
	unsigned long events;

	if (!vol->event)
		return;
	WRITE_ONCE(vol->event_next, jiffies + HZ / 10);
	events = xchg(&vol->events, 0);
	if (events)
		vol->event(vol->event_data, events);
}

static void volume_destroy(struct sworn_volume *vol)
{
	cancel_delayed_work_sync(&vol->event_work);
	sworn_volume_free(vol);
	sworn_area_exit(&vol->data);
	sworn_area_exit(&vol->meta);
	sworn_watch_exit(&vol->watch);
	free_percpu(vol->count);
	kfree_sensitive(vol);
}

/* The size that a cryptor needs depends on the cipher's implementation. */
static int measure_cipher(struct sworn_volume *vol, const char **why)
{
	u8 key[SWORN_KEY_SIZE_MAX];
	struct crypto_aead *tfm;

	get_random_bytes(key, sizeof(key));
	tfm = sworn_aead_create(vol->super.sb.cipher, key);
	memzero_explicit(key, sizeof(key));
	if (IS_ERR(tfm)) {
		*why = "the cipher of this disk is not available in this kernel";
		return PTR_ERR(tfm);
	}
	vol->cryptor_bytes = sworn_cryptor_bytes(tfm);
	crypto_free_aead(tfm);
	return 0;
}

static bool on_one_device(const struct sworn_params *p)
{
	return p->data_bdev == p->meta_bdev;
}

/* The table, the devices and the superblock must agree. */
static int check_opened(struct sworn_volume *vol, const char **why)
{
	const struct sworn_superblock *sb = &vol->super.sb;
	const struct sworn_params *p = &vol->params;

	if (sb->geo.one_device != on_one_device(p)) {
		*why = sb->geo.one_device ?
			"this disk has data and metadata on one device: give it twice" :
			"this disk has data and metadata on two devices";
		return -EINVAL;
	}
	if (p->len_blocks != sb->geo.logical_blocks) {
		*why = "length differs from the logical size in the superblock";
		return -EINVAL;
	}
	if (vol->data.blocks < sb->geo.data_area_blocks) {
		*why = "data device is shorter than the disk that was made on it";
		return -ENOSPC;
	}
	if (vol->meta.blocks < sb->geo.meta_area_blocks) {
		*why = "metadata device is shorter than the disk that was made on it";
		return -ENOSPC;
	}
	if (sb->compat_ro & ~SWORN_COMPAT_RO_KNOWN && !p->read_only) {
		*why = "disk has features of a newer version: open it with read_only";
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Read the superblock, or decide to format. */
static int probe(struct sworn_volume *vol, const char **why)
{
	const struct sworn_params *p = &vol->params;
	int err;

	if (p->format != SWORN_FORMAT_ALWAYS) {
		err = sworn_super_read(&vol->meta, &p->root, &vol->super, why);
		if (!err)
			return check_opened(vol, why);
		if (p->format == SWORN_NEVER_FORMAT)
			return err;
		if (err != -ENODATA) {
			/* somebody's disk, damaged or under another key */
			return err == -EUCLEAN ? -EEXIST : err;
		}
	}
	vol->needs_format = true;
	return sworn_volume_plan(vol, why);
}

static int volume_init(struct sworn_volume *vol, const char **why)
{
	const struct sworn_params *p = &vol->params;
	bool one_device = on_one_device(p);
	int err;

	*why = "out of memory";
	err = sworn_area_init(&vol->data, p->data_bdev, p->data_start_sector,
			      &vol->watch);
	if (!err)
		err = sworn_area_init(&vol->meta, p->meta_bdev,
				      one_device ? p->data_start_sector : 0,
				      &vol->watch);
	if (err)
		return err;
	if (!vol->params.root.bytes) {
		*why = "no key: add the option key:<hex> or key::<bytes>:<type>:<description>";
		return -ENOKEY;
	}
	err = probe(vol, why);
	if (!err)
		err = measure_cipher(vol, why);
	if (!err)
		err = sworn_sha256(p->root.key, p->root.bytes, vol->root_sum);
	return err;
}

static struct sworn_volume *volume_create(const struct sworn_params *params,
					  void *owner, const char *name,
					  const char **why)
{
	struct sworn_volume *vol = kzalloc(sizeof(*vol), GFP_KERNEL);
	int err;

	if (!vol) {
		*why = "out of memory";
		return ERR_PTR(-ENOMEM);
	}
	vol->count = alloc_percpu(struct sworn_counters);
	if (!vol->count) {
		kfree(vol);
		*why = "out of memory";
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&vol->ref);
	sworn_watch_reset(&vol->watch);
	vol->owner = owner;
	vol->params = *params;
	vol->geo = &vol->super.sb.geo;
	if (!vol->params.low_space_percent)
		vol->params.low_space_percent = SWORN_LOW_SPACE_PERCENT;
	strscpy(vol->name, name, sizeof(vol->name));
	spin_lock_init(&vol->mode_lock);
	spin_lock_init(&vol->flush_lock);
	mutex_init(&vol->commit_mutex);
	mutex_init(&vol->maint_mutex);
	mutex_init(&vol->verify.order);
	spin_lock_init(&vol->verify.state_lock);
	init_waitqueue_head(&vol->verify.wait);
	bio_list_init(&vol->flush_bios);
	init_waitqueue_head(&vol->room);
	INIT_WORK(&vol->commit_work, sworn_commit_worker);
	INIT_WORK(&vol->maint_work, sworn_maint_worker);
	INIT_DELAYED_WORK(&vol->event_work, event_work);
	vol->event_next = jiffies;
	INIT_DELAYED_WORK(&vol->idle_work, sworn_idle_worker);
	err = volume_init(vol, why);
	if (err) {
		volume_destroy(vol);
		return ERR_PTR(err);
	}
	list_add(&vol->list, &volumes);
	return vol;
}

static bool shares_device(const struct sworn_volume *vol,
			  const struct sworn_params *p)
{
	return vol->params.data_bdev == p->data_bdev ||
	       vol->params.data_bdev == p->meta_bdev ||
	       vol->params.meta_bdev == p->data_bdev ||
	       vol->params.meta_bdev == p->meta_bdev;
}

static bool same_place(const struct sworn_volume *vol,
		       const struct sworn_params *p)
{
	return vol->params.data_bdev == p->data_bdev &&
	       vol->params.meta_bdev == p->meta_bdev &&
	       vol->params.data_start_sector == p->data_start_sector;
}

static bool same_key(const struct sworn_volume *vol,
		     const struct sworn_root_key *root)
{
	u8 sum[SWORN_SHA256_SIZE];

	return !sworn_sha256(root->key, root->bytes, sum) &&
	       !crypto_memneq(sum, vol->root_sum, sizeof(sum));
}

/* A live engine on these devices: may this table share it? */
static int attach(struct sworn_volume *vol, const struct sworn_params *p,
		  void *owner, const char **why)
{
	if (vol->owner != owner) {
		*why = "device in use by another SwornDisk";
		return -EBUSY;
	}
	if (!vol->active) {
		*why = "a table loaded before and never resumed is in the way: clear it";
		return -EBUSY;
	}
	if (!same_place(vol, p)) {
		*why = "one of the devices is in use by the live table in another role";
		return -EBUSY;
	}
	if (p->len_blocks != vol->geo->logical_blocks) {
		*why = "length differs from that of the live table";
		return -EINVAL;
	}
	if (p->read_only != vol->params.read_only ||
	    (p->heads && p->heads != vol->nr_heads) ||
	    p->min_commit > vol->commit_id) {
		*why = "read_only, heads and min_commit cannot be changed while the disk is active";
		return -EINVAL;
	}
	if (p->root.bytes && !same_key(vol, &p->root)) {
		*why = "key differs from that of the active disk";
		return -EKEYREJECTED;
	}
	kref_get(&vol->ref);
	return 0;
}

struct sworn_volume *sworn_volume_get(const struct sworn_params *params,
				      void *owner, const char *name,
				      const char **why)
{
	struct sworn_volume *vol, *found = NULL;
	int err;

	mutex_lock(&volumes_lock);
	list_for_each_entry(vol, &volumes, list) {
		if (shares_device(vol, params)) {
			err = attach(vol, params, owner, why);
			found = err ? ERR_PTR(err) : vol;
			break;
		}
	}
	if (!found)
		found = volume_create(params, owner, name, why);
	mutex_unlock(&volumes_lock);
	return found;
}

static void volume_release(struct kref *ref)
{
	struct sworn_volume *vol = container_of(ref, struct sworn_volume, ref);

	list_del(&vol->list);
	volume_destroy(vol);
}

void sworn_volume_put(struct sworn_volume *vol)
{
	mutex_lock(&volumes_lock);
	kref_put(&vol->ref, volume_release);
	mutex_unlock(&volumes_lock);
}
