// SPDX-License-Identifier: GPL-2.0-only
/* A disk that is closed; see image.h. */
#include "image.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "../disk/key.h"
#include "../disk/read.h"

static volatile sig_atomic_t cancelled;

static void on_signal(int nr)
{
	cancelled = nr;
}

bool image_cancelled(void)
{
	return cancelled;
}

void image_catch_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static const struct device *device_of(const struct image *img,
				      enum image_area area)
{
	return area == AREA_META && img->meta.path ? &img->meta : &img->data;
}

const char *image_path(const struct image *img, enum image_area area)
{
	return device_of(img, area)->path;
}

u64 image_blocks(const struct image *img, enum image_area area)
{
	return device_of(img, area)->bytes / SWORN_BLOCK_SIZE;
}

int image_read(const struct image *img, enum image_area area, u64 block,
	       void *buf, u32 n)
{
	const struct device *dev = device_of(img, area);
	size_t bytes = (size_t)n * SWORN_BLOCK_SIZE;
	ssize_t got = read_whole(dev->fd, buf, bytes,
				 (off_t)(block * SWORN_BLOCK_SIZE));

	if (got < 0)
		return (int)got;
	return (size_t)got == bytes ? 0 : -ERANGE;
}

static void choose_copy(struct image *img)
{
	img->best = -1;
	for (int i = 0; i < SWORN_SB_COPIES; i++) {
		const struct superblock_copy *copy = &img->view.copy[i];

		if (copy->err || (img->root && !img->opened[i]))
			continue;
		if (img->best < 0 || copy->sb.generation > img->sb.generation) {
			img->best = i;
			img->sb = copy->sb;
		}
	}
}

static int check_paths(const struct image *img, int nr_paths, struct failure *f)
{
	bool one = img->sb.geo.one_device;

	if (one == (nr_paths == 1))
		return 0;
	if (one) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "device %s holds a disk on one device: a second one is given",
			  image_path(img, AREA_META));
		return fail_hint(f, "give that device alone");
	}
	fail_exit(f, EINVAL, EXIT_USAGE,
		  "device %s holds the metadata of a disk on two devices: one is given",
		  img->data.path);
	return fail_hint(f, "give the data device, and behind it the metadata device %s",
			 img->data.path);
}

int image_open(struct image *img, const struct back *back,
	       const char *const *paths, int nr_paths, bool writable,
	       struct failure *f)
{
	const struct device *meta;
	int err;

	err = device_open(&img->data, back, paths[0], !writable || nr_paths > 1, f);
	if (!err && nr_paths > 1)
		err = device_open(&img->meta, back, paths[1], !writable, f);
	if (err)
		return err;
	meta = device_of(img, AREA_META);
	err = superblock_read(meta->fd, meta->path, &img->view, f);
	if (err)
		return err;
	choose_copy(img);
	return check_paths(img, nr_paths, f);
}

static int idle(const struct device *dev, const struct back *back,
		struct failure *f)
{
	if (!dev->path)
		return 0;
	return dev->file ? back->file_idle(dev->path, f) :
			   back->device_idle(dev->path, f);
}

int image_in_use(const struct image *img, const struct back *back,
		 struct failure *f)
{
	int err = idle(&img->data, back, f);

	return err ? err : idle(&img->meta, back, f);
}

/* Open one copy with the root key; the volume key is left in the secrets. */
static int open_copy(struct image *img, u32 copy)
{
	static const u8 iv[SWORN_IV_BYTES];
	struct sworn_disk_superblock *d = &img->secrets->sb;
	struct crypto_key key = { 0 };
	int err;

	err = image_read(img, AREA_META, SWORN_SB_COPY_BLOCK(copy), d, 1);
	if (!err)
		err = crypto_key_derive(&key, le32_to_cpu(d->cipher), img->root,
					img->root_bytes, SWORN_LABEL_KEK,
					d->salt, d->uuid);
	if (!err)
		err = crypto_open(&key, iv, d, SWORN_SB_AAD_BYTES, d->wrapped_key,
				  SWORN_KEY_SIZE_MAX, d->wrapped_tag);
	crypto_key_free(&key);
	return err;
}

static int note_rejected(const struct image *img, int err, struct failure *f)
{
	if (err != -EBADMSG)
		return fail(f, err, "device %s: the superblock cannot be opened: %s",
			    image_path(img, AREA_META), strerror(-err));
	fail_exit(f, EKEYREJECTED, EXIT_KEY,
		  "device %s: the root key is not the right one, or the superblock is forged",
		  image_path(img, AREA_META));
	return fail_hint(f, "give the root key that the disk was created with");
}

static int take_root(struct image *img, const struct back *back,
		     const struct options *o, struct failure *f)
{
	struct root_key key = { 0 };
	int err = key_check_options(o, f);

	if (!err)
		err = key_load_here(&key, back, o, f);
	if (err) {
		key_drop(&key, NULL);
		return err;
	}
	/* the page is this image's from here on */
	img->root = key.page;
	img->root_bytes = key.bytes;
	img->key_remark = key.remark;
	return 0;
}

static struct image_secrets *secrets_alloc(void)
{
	void *page = mmap(NULL, sizeof(struct image_secrets),
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return NULL;
	if (mlock(page, sizeof(struct image_secrets))) {
		munmap(page, sizeof(struct image_secrets));
		return NULL;
	}
	madvise(page, sizeof(struct image_secrets), MADV_DONTDUMP);
	return page;
}

int image_unlock(struct image *img, const struct back *back,
		 const struct options *o, struct failure *f)
{
	int err, last = -EBADMSG;

	img->secrets = secrets_alloc();
	if (!img->secrets) {
		fail(f, ENOMEM, "memory for keys cannot be locked");
		return fail_hint(f, "raise the limit: \"ulimit -l\"");
	}
	err = take_root(img, back, o, f);
	if (err)
		return err;
	for (u32 i = 0; i < SWORN_SB_COPIES; i++) {
		if (img->view.copy[i].err)
			continue;
		err = open_copy(img, i);
		img->opened[i] = !err;
		if (err)
			last = err;
	}
	choose_copy(img);
	if (img->best < 0)
		return note_rejected(img, last, f);
	err = open_copy(img, (u32)img->best);
	if (err)
		return note_rejected(img, err, f);
	memcpy(img->secrets->volume_key, img->secrets->sb.wrapped_key,
	       SWORN_KEY_SIZE_MAX);
	explicit_bzero(&img->secrets->sb, sizeof(img->secrets->sb));
	img->unlocked = true;
	return 0;
}

void image_close(struct image *img)
{
	struct root_key key = { .page = img->root };

	key_drop(&key, NULL);
	img->root = NULL;
	if (img->secrets) {
		explicit_bzero(img->secrets, sizeof(*img->secrets));
		munmap(img->secrets, sizeof(*img->secrets));
	}
	img->secrets = NULL;
	device_close(&img->data);
	device_close(&img->meta);
}

/* Make the block in the secrets; only the two sums and the salt are new. */
static int make_superblock(struct image *img, u32 copy)
{
	static const u8 iv[SWORN_IV_BYTES];
	struct sworn_disk_superblock *d = &img->secrets->sb;
	u8 kek[SWORN_SHA256_SIZE];
	int err;

	sworn_sb_encode(d, copy, &img->sb);
	if (getrandom(d->salt, sizeof(d->salt), 0) != sizeof(d->salt))
		return -EIO;
	memcpy(d->wrapped_key, img->secrets->volume_key, SWORN_KEY_SIZE_MAX);
	err = crypto_derive(img->root, img->root_bytes, SWORN_LABEL_KEK, d->salt,
			    d->uuid, kek);
	if (!err)
		err = crypto_seal_once(img->sb.cipher, kek, iv, d,
				       SWORN_SB_AAD_BYTES, d->wrapped_key,
				       SWORN_KEY_SIZE_MAX, d->wrapped_tag);
	explicit_bzero(kek, sizeof(kek));
	return err ? err : superblock_sum(d, d->sha256);
}

static int write_and_compare(const struct image *img, u32 copy)
{
	const struct device *dev = device_of(img, AREA_META);
	off_t at = (off_t)SWORN_SB_COPY_BLOCK(copy) * SWORN_BLOCK_SIZE;
	struct sworn_disk_superblock *d = &img->secrets->sb, back;
	ssize_t n;

	do
		n = pwrite(dev->fd, d, sizeof(*d), at);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(*d))
		return n < 0 ? -errno : -EIO;
	if (fsync(dev->fd))
		return -errno;
	n = read_whole(dev->fd, &back, sizeof(back), at);
	if (n < 0)
		return (int)n;
	return n == sizeof(back) && !memcmp(&back, d, sizeof(back)) ? 0 : -EIO;
}

int image_write_superblock(struct image *img, u32 copy, struct failure *f)
{
	int err = make_superblock(img, copy);

	if (!err)
		err = write_and_compare(img, copy);
	explicit_bzero(&img->secrets->sb, sizeof(img->secrets->sb));
	if (err)
		return fail(f, err, "device %s, block %u: copy %u of the superblock cannot be written: %s",
			    image_path(img, AREA_META), SWORN_SB_COPY_BLOCK(copy),
			    copy, strerror(-err));
	return 0;
}
