// SPDX-License-Identifier: GPL-2.0-only
/* Devices and image files; see device.h. */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int note_open(const char *path, int err, bool read_only,
		     struct failure *f)
{
	switch (err) {
	case ENOENT:
		return fail(f, err, "device %s does not exist", path);
	case EROFS:
		return fail(f, err, "device %s is write-protected", path);
	case EACCES:
	case EPERM:
		fail(f, err, "device %s cannot be opened for %s: %s", path,
		     read_only ? "reading" : "writing", strerror(err));
		return geteuid() ? fail_hint(f, "try again with sudo") : -err;
	default:
		return fail(f, err, "device %s cannot be opened: %s", path,
			    strerror(err));
	}
}

static int measure(struct device *dev, struct failure *f)
{
	int write_protected = 0;
	struct stat st;

	if (fstat(dev->fd, &st))
		return fail(f, errno, "%s: %s", dev->path, strerror(errno));
	if (!S_ISBLK(st.st_mode)) {
		dev->bytes = (uint64_t)st.st_size;
		return 0;
	}
	if (ioctl(dev->fd, BLKGETSIZE64, &dev->bytes))
		return fail(f, errno, "device %s: size: %s", dev->path,
			    strerror(errno));
	/* The kernel lets such a device be opened, and fails the writes. */
	if (!dev->read_only && !ioctl(dev->fd, BLKROGET, &write_protected) &&
	    write_protected)
		return note_open(dev->path, EROFS, false, f);
	return 0;
}

int device_open(struct device *dev, const struct back *back, const char *path,
		bool read_only, struct failure *f)
{
	struct stat st;

	dev->path = path;
	dev->read_only = read_only;
	if (stat(path, &st))
		return note_open(path, errno, read_only, f);
	if (!back->is_device(path) && !S_ISREG(st.st_mode)) {
		fail(f, EINVAL, "%s is neither a block device nor a regular file: it is a %s",
		     path, S_ISDIR(st.st_mode) ? "directory" :
			   S_ISCHR(st.st_mode) ? "character device" : "special file");
		return -EINVAL;
	}
	dev->file = !back->is_device(path);
	dev->fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (dev->fd < 0)
		return note_open(path, errno, read_only, f);
	return measure(dev, f);
}

int device_make(struct device *dev, const char *path, uint64_t bytes,
		struct failure *f)
{
	dev->path = path;
	dev->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (dev->fd < 0)
		return fail(f, errno, "image file %s cannot be made: %s", path,
			    strerror(errno));
	dev->file = true;
	dev->made = true;
	dev->bytes = bytes;
	if (ftruncate(dev->fd, (off_t)bytes)) {
		fail(f, errno, "image file %s cannot be given %llu bytes: %s", path,
		     (unsigned long long)bytes, strerror(errno));
		if (errno == EFBIG)
			fail_hint(f, "the filesystem it is on does not allow files of that size");
		return -f->err;
	}
	return 0;
}

void device_keep(struct device *dev)
{
	dev->made = false;
}

/* A table is split at blanks: a path that has one goes by its number. */
static int name_in_table(struct device *dev, struct failure *f)
{
	struct stat st;

	snprintf(dev->node, sizeof(dev->node), "%s", dev->path);
	if (!strpbrk(dev->path, " \t\n\\"))
		return 0;
	if (fstat(dev->fd, &st))
		return fail(f, errno, "%s: %s", dev->path, strerror(errno));
	snprintf(dev->node, sizeof(dev->node), "%u:%u", major(st.st_rdev),
		 minor(st.st_rdev));
	return 0;
}

int device_attach(struct device *dev, const struct back *back,
		  struct failure *f)
{
	int err;

	if (dev->node[0])
		return 0;
	if (!dev->file)
		return name_in_table(dev, f);
	err = back->loop_attach(dev->path, dev->read_only, &dev->loop, f);
	if (!err)
		memcpy(dev->node, dev->loop.node, sizeof(dev->node));
	return err;
}

int device_idle(const struct device *dev, const struct back *back,
		struct failure *f)
{
	/* A file's turn comes when it is attached: that looks for others. */
	return dev->file ? 0 : back->device_idle(dev->path, f);
}

void device_close(struct device *dev)
{
	if (dev->loop.fd >= 0)
		close(dev->loop.fd);
	if (dev->fd >= 0)
		close(dev->fd);
	dev->loop.fd = -1;
	dev->fd = -1;
	if (dev->made)
		unlink(dev->path);
	dev->made = false;
}
