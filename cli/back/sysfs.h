/* SPDX-License-Identifier: GPL-2.0-only */
/* Short files of sysfs and procfs. */
#ifndef SWORNADM_BACK_SYSFS_H
#define SWORNADM_BACK_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * sysfs_line() - first line of a file, without its end
 * @line: "" if the file cannot be read
 * @fmt: the file's path
 *
 * Return: was there one?
 */
bool sysfs_line(char *line, size_t bytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* SWORNADM_BACK_SYSFS_H */
