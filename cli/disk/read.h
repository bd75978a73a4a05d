/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading from files, devices and pipes. */
#ifndef SWORNADM_DISK_READ_H
#define SWORNADM_DISK_READ_H

#include <stddef.h>
#include <sys/types.h>

#define READ_ON	((off_t)-1)

/**
 * read_whole() - read so many bytes, however many calls that takes
 * @at: where to begin; %READ_ON: where the last reading ended, as of a pipe
 *
 * Return: how many there were, fewer only at the end; or a negative errno.
 */
ssize_t read_whole(int fd, void *to, size_t bytes, off_t at);

#endif /* SWORNADM_DISK_READ_H */
