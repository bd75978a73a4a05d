// SPDX-License-Identifier: GPL-2.0-only
/* The folder that a fake back end answers from. */
#include "files.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char base[512];

bool fake_begin(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) || !S_ISDIR(st.st_mode) || strlen(dir) >= sizeof(base))
		return false;
	snprintf(base, sizeof(base), "%s", dir);
	return true;
}

char *fake_path(char path[PATH_MAX], const char *fmt, ...)
{
	int n = snprintf(path, PATH_MAX, "%s/", base);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + n, PATH_MAX - (size_t)n, fmt, ap);
	va_end(ap);
	return path;
}

char *fake_read(const char *path)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return NULL;
	if (getdelim(&text, &bytes, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	if (text && *text && text[strlen(text) - 1] == '\n')
		text[strlen(text) - 1] = '\0';
	return text;
}

void fake_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (file) {
		fprintf(file, "%s\n", text);
		fclose(file);
	}
}

static int shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int fake_names(const char *path, struct dirent ***names)
{
	*names = NULL;
	return scandir(path, names, shown, alphasort);
}

void fake_note(const char *fmt, ...)
{
	char path[PATH_MAX];
	FILE *file = fopen(fake_path(path, "log"), "ae");
	va_list ap;

	if (!file)
		return;
	va_start(ap, fmt);
	vfprintf(file, fmt, ap);
	va_end(ap);
	fputc('\n', file);
	fclose(file);
}

int fake_fails(const char *call, struct failure *f)
{
	char path[PATH_MAX], *text = fake_read(fake_path(path, "fail/%s", call));
	int err;

	if (!text)
		return 0;
	err = atoi(text);
	free(text);
	if (err <= 0)
		err = EIO;
	return fail(f, err, "%s: %s", call, strerror(err));
}
