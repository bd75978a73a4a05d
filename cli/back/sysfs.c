// SPDX-License-Identifier: GPL-2.0-only
/* Short files of sysfs and procfs; see sysfs.h. */
#include "sysfs.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool sysfs_line(char *line, size_t bytes, const char *fmt, ...)
{
	char path[PATH_MAX];
	FILE *file;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	line[0] = '\0';
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(line, (int)bytes, file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line[0] != '\0';
}
