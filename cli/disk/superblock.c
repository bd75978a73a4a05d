// SPDX-License-Identifier: GPL-2.0-only
/* Superblocks on a device; see superblock.h. */
#include "superblock.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read.h"

int superblock_sum(const struct sworn_disk_superblock *d,
		   u8 sum[SWORN_SHA256_SIZE])
{
	return EVP_Digest(d, SWORN_SB_SUM_BYTES, sum, NULL, EVP_sha256(), NULL) ?
		0 : -EIO;
}

static void judge(const struct sworn_disk_superblock *d, u32 nr,
		  struct superblock_copy *copy)
{
	u8 sum[SWORN_SHA256_SIZE];

	copy->magic = sworn_sb_has_magic(d);
	if (!copy->magic) {
		copy->err = -ENODATA;
		copy->why = "no SwornDisk superblock";
	} else if (superblock_sum(d, sum) || memcmp(sum, d->sha256, sizeof(sum))) {
		copy->err = -EUCLEAN;
		copy->why = "superblock: sha256 does not match";
	} else {
		copy->err = sworn_sb_decode(d, nr, &copy->sb, &copy->why);
	}
}

/* The error that says most about the device. */
static int worst(const struct superblock_view *view)
{
	int err = -ENODATA;

	for (u32 i = 0; i < SWORN_SB_COPIES; i++) {
		if (view->copy[i].err == -EOPNOTSUPP)
			return -EOPNOTSUPP;
		if (view->copy[i].magic)
			err = -EUCLEAN;
	}
	return err;
}

static int note_worst(const struct superblock_view *view, const char *path,
		      struct failure *f)
{
	int err = worst(view);

	for (u32 i = 0; i < SWORN_SB_COPIES && err != -ENODATA; i++) {
		const struct superblock_copy *copy = &view->copy[i];

		if (!copy->magic || (err == -EOPNOTSUPP && copy->err != err))
			continue;
		fail(f, err, "device %s: no usable copy of the superblock; copy %u: %s",
		     path, i, copy->why);
	}
	if (err == -EOPNOTSUPP)
		fail_hint(f, "the disk was made by a newer version of SwornDisk: upgrade this machine's");
	else if (err == -EUCLEAN)
		fail_hint(f, "without a superblock the disk cannot be opened: restore the device from a copy");
	return err;
}

int superblock_read(int fd, const char *path, struct superblock_view *view,
		    struct failure *f)
{
	struct sworn_disk_superblock *d = aligned_alloc(SWORN_BLOCK_SIZE, sizeof(*d));
	ssize_t n = 0;

	if (!d)
		return fail(f, ENOMEM, "out of memory");
	memset(view, 0, sizeof(*view));
	for (u32 i = 0; i < SWORN_SB_COPIES && n >= 0; i++) {
		struct superblock_copy *copy = &view->copy[i];

		memset(d, 0, sizeof(*d));
		n = read_whole(fd, d, sizeof(*d),
			       (off_t)SWORN_SB_COPY_BLOCK(i) * SWORN_BLOCK_SIZE);
		if (n < 0)
			break;
		judge(d, i, copy);
		if (!copy->err && (!view->best ||
				   copy->sb.generation > view->best->sb.generation))
			view->best = copy;
	}
	free(d);
	if (n < 0)
		return fail(f, (int)n, "device %s: superblock cannot be read: %s",
			    path, strerror((int)-n));
	return view->best ? 0 : note_worst(view, path, f);
}

bool superblock_claimed(const struct superblock_view *view)
{
	for (u32 i = 0; i < SWORN_SB_COPIES; i++)
		if (view->copy[i].magic)
			return true;
	return false;
}

int superblock_destroy(int fd, const char *path, uint64_t device_bytes,
		       struct failure *f)
{
	uint64_t at = (uint64_t)SWORN_RESERVED_BLOCKS * SWORN_BLOCK_SIZE;
	uint64_t end = at + (uint64_t)SWORN_SB_AREA_BLOCKS * SWORN_BLOCK_SIZE;
	static const char zeroes[SWORN_BLOCK_SIZE];
	size_t bytes;
	ssize_t n;

	end = end > device_bytes ? device_bytes : end;
	while (at < end) {
		bytes = end - at < sizeof(zeroes) ? end - at : sizeof(zeroes);
		n = pwrite(fd, zeroes, bytes, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(f, n ? errno : EIO,
				    "device %s: superblock cannot be overwritten: %s",
				    path, strerror(n ? errno : EIO));
		at += (uint64_t)n;
	}
	if (fsync(fd))
		return fail(f, errno, "device %s: superblock cannot be overwritten: %s",
			    path, strerror(errno));
	return 0;
}
