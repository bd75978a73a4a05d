/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The folder that a fake back end answers from: what is in it is listed in
 * fake.c, and in the files of those that add to it.
 */
#ifndef SWORNADM_BACK_FAKE_FILES_H
#define SWORNADM_BACK_FAKE_FILES_H

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>

#include "../../failure.h"

/* Answer from the folder @dir.  Is it one? */
bool fake_begin(const char *dir);

/* The path of a file in it, in @path, which is returned. */
char *fake_path(char path[PATH_MAX], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Contents of a file without the last new line; NULL if it is not there. */
char *fake_read(const char *path);

/* Write a line that is all of a file. */
void fake_write(const char *path, const char *text);

/* Names in a folder, but for hidden ones, as scandir() gives them. */
int fake_names(const char *path, struct dirent ***names);

/* Add a line to the log of what was asked. */
void fake_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Is this call to fail?  Returns 0 or a negative errno with @f filled in. */
int fake_fails(const char *call, struct failure *f);

#endif /* SWORNADM_BACK_FAKE_FILES_H */
