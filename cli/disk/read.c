// SPDX-License-Identifier: GPL-2.0-only
/* Reading; see read.h. */
#include "read.h"

#include <errno.h>
#include <unistd.h>

ssize_t read_whole(int fd, void *to, size_t bytes, off_t at)
{
	size_t done = 0;
	ssize_t n;

	while (done < bytes) {
		char *into = (char *)to + done;

		n = at == READ_ON ? read(fd, into, bytes - done) :
				    pread(fd, into, bytes - done,
					  at + (off_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}
