// SPDX-License-Identifier: GPL-2.0-only
/*
 * The root key: hex digits, which are for tests, or a key of the kernel's
 * keyring in the form that dm-crypt uses, :<bytes>:<type>:<description>.
 */
#include <keys/encrypted-type.h>
#include <keys/trusted-type.h>
#include <keys/user-type.h>
#include <linux/kernel.h>
#include <linux/key.h>
#include <linux/module.h>

#include "target.h"

static int take(struct sworn_root_key *root, const void *data, size_t bytes)
{
	if (bytes < SWORN_ROOT_KEY_MIN || bytes > SWORN_ROOT_KEY_MAX)
		return -EINVAL;
	memcpy(root->key, data, bytes);
	root->bytes = bytes;
	return 0;
}

static int take_user(struct sworn_root_key *root, const struct key *key)
{
	const struct user_key_payload *p = user_key_payload_locked(key);

	return p ? take(root, p->data, p->datalen) : -EKEYREVOKED;
}

static int take_encrypted(struct sworn_root_key *root, const struct key *key)
{
	const struct encrypted_key_payload *p = key->payload.data[0];

	return p ? take(root, p->decrypted_data, p->decrypted_datalen) :
		   -EKEYREVOKED;
}

static int take_trusted(struct sworn_root_key *root, const struct key *key)
{
	const struct trusted_key_payload *p = key->payload.data[0];

	return p ? take(root, p->key, p->key_len) : -EKEYREVOKED;
}

static struct key_type *logon_type(void)
{
	return &key_type_logon;
}

static struct key_type *user_type(void)
{
	return &key_type_user;
}

/* These live in modules that a machine need not have. */
static struct key_type *encrypted_type(void)
{
	return symbol_request(key_type_encrypted);
}

static struct key_type *trusted_type(void)
{
	return symbol_request(key_type_trusted);
}

static const struct key_kind {
	const char *name;
	struct key_type *(*type)(void);
	int (*take)(struct sworn_root_key *root, const struct key *key);
	const char *symbol;
} kinds[] = {
	{ "logon", logon_type, take_user, NULL },
	{ "user", user_type, take_user, NULL },
	{ "encrypted", encrypted_type, take_encrypted, "key_type_encrypted" },
	{ "trusted", trusted_type, take_trusted, "key_type_trusted" },
};

static int ask_keyring(const struct key_kind *kind, const char *description,
		       struct sworn_root_key *root, char **why)
{
	struct key_type *type = kind->type();
	struct key *key;
	int err;

	if (!type) {
		*why = "key: this kernel has no keys of that type";
		return -ENOKEY;
	}
	key = request_key(type, description, NULL);
	if (IS_ERR(key)) {
		*why = "key: not found in the keyring";
		err = -ENOKEY;
	} else {
		down_read(&key->sem);
		err = kind->take(root, key);
		up_read(&key->sem);
		key_put(key);
		if (err)
			*why = "key: revoked, or not 32 to 64 bytes long";
	}
	if (kind->symbol)
		__symbol_put(kind->symbol);
	return err;
}

static int parse_named(const char *word, struct sworn_root_key *root, char **why)
{
	const char *type, *description;
	unsigned int bytes, i;
	int used = 0;

	*why = "key: expected :<bytes>:<logon|user|encrypted|trusted>:<description>";
	if (sscanf(word, ":%u:%n", &bytes, &used) < 1 || !used)
		return -EINVAL;
	type = word + used;
	description = strchr(type, ':');
	if (!description || !description[1])
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t n = strlen(kinds[i].name);
		int err;

		if (n != description - type || strncmp(type, kinds[i].name, n))
			continue;
		err = ask_keyring(&kinds[i], description + 1, root, why);
		if (!err && root->bytes != bytes) {
			*why = "key: its length in the keyring differs from the table's";
			err = -EINVAL;
		}
		return err;
	}
	return -EINVAL;
}

int sworn_key_parse(const char *word, struct sworn_root_key *key, bool *named,
		    char **why)
{
	size_t digits = strlen(word);

	*named = word[0] == ':';
	if (*named)
		return parse_named(word, key, why);
	if (digits % 2 || digits / 2 < SWORN_ROOT_KEY_MIN ||
	    digits / 2 > SWORN_ROOT_KEY_MAX ||
	    hex2bin(key->key, word, digits / 2)) {
		*why = "key: expected 64 to 128 hex digits or :<bytes>:<type>:<description>";
		return -EINVAL;
	}
	key->bytes = digits / 2;
	return 0;
}
