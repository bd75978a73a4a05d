/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The root key, from where the administrator keeps it into the kernel.  It is
 * never on a command line, in a table or in pageable memory.
 */
#ifndef SWORNADM_DISK_KEY_H
#define SWORNADM_DISK_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "../args/options.h"
#include "../back/back.h"
#include "../failure.h"

#define KEY_BYTES_MIN	32U
#define KEY_BYTES_MAX	64U
#define KEY_WORD_MAX	384

/**
 * struct root_key - a root key
 * @page: locked memory that holds it, NULL if it is in the keyring already
 * @word: reference for the table, ":32:logon:...", set by key_install()
 * @file_made: --generate-key made this file, and it is not kept yet
 * @remark: something to warn of, NULL if there is nothing
 */
struct root_key {
	uint8_t *page;
	size_t bytes;
	char word[KEY_WORD_MAX];
	int32_t id;
	bool installed;
	const char *file_made;
	const char *remark;
};

/* Do the options name one key?  0 or -EINVAL, noted in @f. */
int key_check_options(const struct options *o, struct failure *f);

/**
 * key_load() - have a key as the options say
 * @o: passed key_check_options()
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int key_load(struct root_key *key, const struct options *o, struct failure *f);

/**
 * key_load_here() - have it in this process
 *
 * As key_load(), but a key in the keyring is read, if the kernel lets it: only
 * keys of the type "user" can be.
 */
int key_load_here(struct root_key *key, const struct back *back,
		  const struct options *o, struct failure *f);

/**
 * key_install() - put it where the kernel finds it, and nobody else
 * @label: what it is called there, after "sworndisk:"
 *
 * Return: 0 or a negative errno, noted in @f.
 */
int key_install(struct root_key *key, const struct back *back,
		const char *label, struct failure *f);

/* The generated file is in use: do not remove it any more. */
void key_keep(struct root_key *key);

/* Wipe it here, and take it out of the keyring. */
void key_drop(struct root_key *key, const struct back *back);

#endif /* SWORNADM_DISK_KEY_H */
