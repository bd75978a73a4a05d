// SPDX-License-Identifier: GPL-2.0-only
/* Who uses a block device. */
#include "kernel.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sysfs.h"

/* A list of words being written. */
struct list {
	char *text;
	size_t bytes;
	int nr;
};

#define LIST_MAX 6

__attribute__((format(printf, 2, 3)))
static void list_add(struct list *l, const char *fmt, ...)
{
	size_t used = strlen(l->text);
	va_list ap;

	if (l->nr++ >= LIST_MAX)
		return;
	snprintf(l->text + used, l->bytes - used, "%s", used ? ", " : "");
	used = strlen(l->text);
	va_start(ap, fmt);
	vsnprintf(l->text + used, l->bytes - used, fmt, ap);
	va_end(ap);
}

/* mountinfo writes blanks and the like as three octal digits. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] && s[3]) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static void add_mounts(struct list *l, unsigned int major, unsigned int minor)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, where[PATH_MAX];
	unsigned int maj, min;
	size_t bytes = 0;

	if (!file)
		return;
	while (getline(&line, &bytes, file) > 0)
		if (sscanf(line, "%*d %*d %u:%u %*s %4095s", &maj, &min, where) == 3 &&
		    maj == major && min == minor) {
			unescape(where);
			list_add(l, "mounted on %s", where);
		}
	free(line);
	fclose(file);
}

static bool same_device(const char *path, unsigned int major, unsigned int minor)
{
	struct stat st;

	return !stat(path, &st) && S_ISBLK(st.st_mode) &&
	       st.st_rdev == makedev(major, minor);
}

static void add_swaps(struct list *l, unsigned int major, unsigned int minor)
{
	FILE *file = fopen("/proc/swaps", "re");
	char *line = NULL, what[PATH_MAX];
	size_t bytes = 0;

	if (!file)
		return;
	while (getline(&line, &bytes, file) > 0)
		if (sscanf(line, "%4095s", what) == 1 && what[0] == '/') {
			unescape(what);
			if (same_device(what, major, minor))
				list_add(l, "used as swap");
		}
	free(line);
	fclose(file);
}

/* Devices made of this one: device-mapper, md, ... */
static void add_holders(struct list *l, unsigned int major, unsigned int minor)
{
	char path[PATH_MAX], name[BACK_NAME_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/holders", major, minor);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		sysfs_line(name, sizeof(name), "/sys/block/%s/dm/name",
			   entry->d_name);
		list_add(l, "part of device %s", name[0] ? name : entry->d_name);
	}
	closedir(dir);
}

static bool process_has_open(const char *pid, unsigned int major,
			     unsigned int minor)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, entry->d_name);
		found = entry->d_name[0] != '.' && same_device(path, major, minor);
	}
	closedir(dir);
	return found;
}

static void add_processes(struct list *l, unsigned int major, unsigned int minor)
{
	struct dirent *entry;
	char name[64];
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    atoi(entry->d_name) == getpid() ||
		    !process_has_open(entry->d_name, major, minor))
			continue;
		sysfs_line(name, sizeof(name), "/proc/%s/comm", entry->d_name);
		list_add(l, "open in process %s (%s)", entry->d_name, name);
	}
	closedir(dir);
}

/* A mounted partition holds the whole disk. */
static void add_partitions(struct list *l, unsigned int major, unsigned int minor)
{
	char path[PATH_MAX], number[32];
	unsigned int maj, min;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major, minor);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/%s/partition",
			 major, minor, entry->d_name);
		if (entry->d_name[0] == '.' || access(path, F_OK))
			continue;
		if (sysfs_line(number, sizeof(number),
			       "/sys/dev/block/%u:%u/%s/dev", major, minor,
			       entry->d_name) &&
		    sscanf(number, "%u:%u", &maj, &min) == 2) {
			add_mounts(l, maj, min);
			add_swaps(l, maj, min);
			add_holders(l, maj, min);
		}
	}
	closedir(dir);
}

void users_describe(unsigned int major, unsigned int minor, char *text,
		    size_t bytes)
{
	struct list l = { .text = text, .bytes = bytes };

	text[0] = '\0';
	add_mounts(&l, major, minor);
	add_swaps(&l, major, minor);
	add_holders(&l, major, minor);
	add_partitions(&l, major, minor);
	add_processes(&l, major, minor);
	if (l.nr > LIST_MAX) {
		l.nr = 0;
		list_add(&l, "and others");
	}
}

bool users_is_device(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISBLK(st.st_mode);
}

int users_device_idle(const char *path, struct failure *f)
{
	char who[512];
	struct stat st;
	int fd, err;

	/* The kernel lets one in exclusively: mounts, swap, md, dm hold it so. */
	fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
		return 0;
	}
	err = errno;
	if (err != EBUSY)
		return fail(f, err, "device %s cannot be opened: %s", path,
			    strerror(err));
	who[0] = '\0';
	if (!stat(path, &st))
		users_describe(major(st.st_rdev), minor(st.st_rdev), who,
			       sizeof(who));
	return fail(f, EBUSY, "device %s is in use: %s", path,
		    who[0] ? who : "the kernel does not say by whom");
}
