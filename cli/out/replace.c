// SPDX-License-Identifier: GPL-2.0-only
/* Files that are replaced as a whole; see replace.h. */
#include "replace.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *text, size_t bytes)
{
	while (bytes) {
		ssize_t n = write(fd, text, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		bytes -= (size_t)n;
	}
	return fsync(fd) || fchmod(fd, 0644) ? -errno : 0;
}

int replace_file(const char *path, const char *text, size_t bytes,
		 struct failure *f)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	int fd, err;

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return fail(f, ENAMETOOLONG, "file %.64s...: the name is too long", path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return fail(f, errno, "file %s cannot be written: %s", path,
			    strerror(errno));
	err = write_all(fd, text, bytes);
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err) {
		unlink(temporary);
		return fail(f, err, "file %s cannot be written: %s", path,
			    strerror(-err));
	}
	return 0;
}
