// SPDX-License-Identifier: GPL-2.0-only
/* Loop devices for image files. */
#include "kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sysfs.h"

#define ATTACH_TRIES 64

/*
 * Which loop device has the file already?  Two of them would not see each
 * other's writes.
 */
static bool attached_as(const struct stat *st, char *loop, size_t bytes)
{
	char backing[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	struct stat other;
	DIR *dir;

	dir = opendir("/sys/block");
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "loop", 4))
			continue;
		if (!sysfs_line(backing, sizeof(backing),
				"/sys/block/%s/loop/backing_file", entry->d_name) ||
		    stat(backing, &other))
			continue;
		found = other.st_dev == st->st_dev && other.st_ino == st->st_ino;
		if (found)
			snprintf(loop, bytes, "/dev/%s", entry->d_name);
	}
	closedir(dir);
	return found;
}

int loop_back_idle(const char *file, struct failure *f)
{
	char loop[64];
	struct stat st;

	if (stat(file, &st))
		return fail(f, errno, "%s: %s", file, strerror(errno));
	if (!attached_as(&st, loop, sizeof(loop)))
		return 0;
	fail(f, EBUSY, "file %s is in use: attached to %s", file, loop);
	return fail_hint(f, "close the disk that uses it, or detach it with \"losetup -d %s\"",
			 loop);
}

static int open_control(void)
{
	struct failure ignored = { 0 };
	int fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	if (fd < 0 && (errno == ENOENT || errno == ENODEV) &&
	    !kmod_load("loop", &ignored))
		fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Take a free loop device.  Others may be faster: then look for the next one.
 */
static int configure(int control, struct loop_config *config, bool read_only,
		     struct back_loop *loop)
{
	int try, nr, err = -EBUSY;

	for (try = 0; try < ATTACH_TRIES; try++) {
		nr = ioctl(control, LOOP_CTL_GET_FREE);
		if (nr < 0)
			return -errno;
		snprintf(loop->node, sizeof(loop->node), "/dev/loop%d", nr);
		loop->fd = open(loop->node, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
		if (loop->fd < 0)
			return -errno;
		if (!ioctl(loop->fd, LOOP_CONFIGURE, config))
			return 0;
		err = -errno;
		close(loop->fd);
		loop->fd = -1;
		if (err != -EBUSY)
			return err;
	}
	return err;
}

int loop_back_attach(const char *file, bool read_only, struct back_loop *loop,
		     struct failure *f)
{
	struct loop_config config = { 0 };
	char other[64];
	struct stat st;
	int fd, control, err;

	loop->fd = -1;
	fd = open(file, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		err = fail(f, errno, "file %s cannot be opened: %s", file,
			   strerror(errno));
		goto out;
	}
	if (attached_as(&st, other, sizeof(other))) {
		err = fail(f, EBUSY, "file %s is in use: attached to %s", file, other);
		fail_hint(f, "close the disk that uses it, or detach it with \"losetup -d %s\"",
			  other);
		goto out;
	}
	control = open_control();
	if (control < 0) {
		err = fail(f, control, "file %s cannot be attached to a loop device: /dev/loop-control: %s",
			   file, strerror(-control));
		goto out;
	}
	config.fd = (uint32_t)fd;
	/*
	 * Blocks of 4 KiB are all that SwornDisk reads and writes, and what
	 * direct I/O to the file wants; without it every block would be cached
	 * twice.
	 */
	config.block_size = st.st_size % 4096 ? 512 : 4096;
	config.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO |
			       (read_only ? LO_FLAGS_READ_ONLY : 0);
	snprintf((char *)config.info.lo_file_name, LO_NAME_SIZE, "%s", file);
	err = configure(control, &config, read_only, loop);
	if (err)
		fail(f, err, "file %s cannot be attached to a loop device: %s",
		     file, strerror(-err));
	close(control);
out:
	if (fd >= 0)
		close(fd);
	return err;
}
