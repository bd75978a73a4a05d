// SPDX-License-Identifier: GPL-2.0-only
/* The root key; see key.h. */
#include "key.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read.h"

/* One more than allowed fits, to tell that a file is too long. */
#define PAGE_BYTES	4096

static int page_alloc(struct root_key *key, struct failure *f)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return fail(f, ENOMEM, "out of memory");
	if (mlock(page, PAGE_BYTES)) {
		int err = errno;

		munmap(page, PAGE_BYTES);
		fail(f, err, "memory for the root key cannot be locked: %s",
		     strerror(err));
		return fail_hint(f, "raise the limit: \"ulimit -l\"");
	}
	madvise(page, PAGE_BYTES, MADV_DONTDUMP);
	key->page = page;
	return 0;
}

/* Hexadecimal text, perhaps with a new line: meant to be decoded? */
static bool looks_hex(const uint8_t *text, size_t bytes)
{
	if (bytes && text[bytes - 1] == '\n')
		bytes--;
	if (bytes < 32 || bytes % 2)
		return false;
	for (size_t i = 0; i < bytes; i++)
		if (!isxdigit(text[i]))
			return false;
	return true;
}

static int check_size(struct root_key *key, const char *path, size_t bytes,
		      bool hex, struct failure *f)
{
	if (bytes >= KEY_BYTES_MIN && bytes <= KEY_BYTES_MAX) {
		key->bytes = bytes;
		if (hex)
			key->remark = "the key file holds hexadecimal digits; they are used as they are, as text, not decoded";
		return 0;
	}
	if (bytes > KEY_BYTES_MAX)
		fail_exit(f, EINVAL, EXIT_KEY,
			  "key file %s: it holds more than %u bytes: expected %u to %u bytes",
			  path, KEY_BYTES_MAX, KEY_BYTES_MIN, KEY_BYTES_MAX);
	else
		fail_exit(f, EINVAL, EXIT_KEY,
			  "key file %s: it holds %zu bytes: expected %u to %u bytes",
			  path, bytes, KEY_BYTES_MIN, KEY_BYTES_MAX);
	if (hex)
		return fail_hint(f, "it looks like hexadecimal text, but keys are raw bytes: decode it with \"xxd -r -p %s\"",
				 path);
	return fail_hint(f, "keys are raw random bytes, not a password; --generate-key makes one");
}

static int read_file(struct root_key *key, const char *path, struct failure *f)
{
	/* Hexadecimal text of the longest key and its new line still fit. */
	size_t limit = 2 * KEY_BYTES_MAX + 2;
	bool standard = !strcmp(path, "-");
	struct stat st;
	ssize_t n;
	int fd;

	if (standard && isatty(STDIN_FILENO)) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "--key-file \"-\" reads raw bytes: they cannot be typed at a terminal");
		return fail_hint(f, "send them through a pipe");
	}
	fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_exit(f, errno, EXIT_KEY, "key file %s cannot be opened: %s",
				 path, strerror(errno));
	/* what is too long is not read to its end */
	n = read_whole(fd, key->page, limit, READ_ON);
	if (!standard && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    st.st_mode & (S_IRWXG | S_IRWXO))
		key->remark = "others than its owner may read or write the key file: \"chmod 400\" it";
	if (!standard)
		close(fd);
	if (n < 0)
		return fail_exit(f, (int)n, EXIT_KEY, "key file %s cannot be read: %s",
				 path, strerror((int)-n));
	return check_size(key, path, (size_t)n, looks_hex(key->page, (size_t)n), f);
}

static int generate_file(struct root_key *key, const char *path,
			 struct failure *f)
{
	ssize_t n;
	int fd;

	if (getrandom(key->page, KEY_BYTES_MIN, 0) != KEY_BYTES_MIN)
		return fail_exit(f, errno, EXIT_KEY, "no random bytes for a key: %s",
				 strerror(errno));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	if (fd < 0) {
		int err = errno;

		fail_exit(f, err, err == EEXIST ? EXIT_REFUSED : EXIT_KEY,
			  "key file %s cannot be made: %s", path, strerror(err));
		if (err == EEXIST)
			fail_hint(f, "it is not overwritten, as it may be the key of another disk: to use it, give --key-file %s",
				  path);
		return -err;
	}
	key->file_made = path;
	key->bytes = KEY_BYTES_MIN;
	n = write(fd, key->page, KEY_BYTES_MIN);
	if (n != (ssize_t)KEY_BYTES_MIN || fsync(fd)) {
		int err = n < 0 || n == (ssize_t)KEY_BYTES_MIN ? errno : ENOSPC;

		close(fd);
		return fail_exit(f, err, EXIT_KEY, "key file %s cannot be written: %s",
				 path, strerror(err));
	}
	close(fd);
	return 0;
}

static const char *const types[] = { "logon", "user", "encrypted", "trusted" };

static int take_description(struct root_key *key, const struct options *o,
			    struct failure *f)
{
	const char *desc = o->key_desc, *colon = strchr(desc, ':');
	bool known = false;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		known |= colon && strlen(types[i]) == (size_t)(colon - desc) &&
			 !strncmp(types[i], desc, (size_t)(colon - desc));
	if (!known || !colon[1])
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--key-desc \"%s\": expected TYPE:DESCRIPTION, where TYPE is logon, user, encrypted or trusted",
				 desc);
	if (strpbrk(desc, " \t\n\\") || strlen(desc) > KEY_WORD_MAX - 16)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--key-desc \"%s\": blanks, backslashes and more than %d characters cannot be put in a table",
				 desc, KEY_WORD_MAX - 16);
	key->bytes = o->given[OPT_KEY_SIZE] ? o->key_bytes : KEY_BYTES_MIN;
	snprintf(key->word, sizeof(key->word), ":%zu:%s", key->bytes, desc);
	return 0;
}

int key_check_options(const struct options *o, struct failure *f)
{
	int given = o->given[OPT_KEY_FILE] + o->given[OPT_KEY_DESC] +
		    o->given[OPT_GENERATE_KEY];

	if (!given)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "no key is named: expected --key-file, --key-desc or, for a new disk, --generate-key");
	if (given > 1)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "more than one key is named: expected one of --key-file, --key-desc and --generate-key");
	if (o->given[OPT_KEY_SIZE] && !o->given[OPT_KEY_DESC])
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--key-size is for --key-desc only: a key file is used whole");
	return 0;
}

int key_load(struct root_key *key, const struct options *o, struct failure *f)
{
	int err;

	if (o->given[OPT_KEY_DESC])
		return take_description(key, o, f);
	err = page_alloc(key, f);
	if (err)
		return err;
	return o->given[OPT_KEY_FILE] ? read_file(key, o->key_file, f) :
					generate_file(key, o->generate_key, f);
}

static int read_keyring(struct root_key *key, const struct back *back,
			const char *desc, struct failure *f)
{
	ssize_t n;

	if (strncmp(desc, "user:", 5)) {
		fail_exit(f, EACCES, EXIT_KEY,
			  "--key-desc \"%s\": a process cannot read a key of this type: that is what it is for",
			  desc);
		return fail_hint(f, "give the key with --key-file; \"-\" reads it from a pipe");
	}
	n = back->key_read("user", desc + 5, key->page, PAGE_BYTES);
	if (n < 0)
		return fail_exit(f, (int)n, EXIT_KEY,
				 "--key-desc \"%s\": the keyring's key cannot be read: %s",
				 desc, strerror((int)-n));
	/* what the driver takes: so many bytes, no more and no fewer */
	if ((size_t)n != key->bytes)
		return fail_exit(f, EINVAL, EXIT_KEY,
				 "--key-desc \"%s\": the key has %zd bytes: expected %zu",
				 desc, n, key->bytes);
	return 0;
}

int key_load_here(struct root_key *key, const struct back *back,
		  const struct options *o, struct failure *f)
{
	int err = 0;

	if (o->given[OPT_KEY_DESC]) {
		err = take_description(key, o, f);
		if (!err)
			err = page_alloc(key, f);
		return err ? err : read_keyring(key, back, o->key_desc, f);
	}
	return key_load(key, o, f);
}

int key_install(struct root_key *key, const struct back *back,
		const char *label, struct failure *f)
{
	char description[160];
	int err;

	if (!key->page)
		return 0;
	snprintf(description, sizeof(description), "sworndisk:%s", label);
	err = back->key_add(description, key->page, key->bytes, &key->id, f);
	/* The kernel has it now; there is no need of a second copy. */
	explicit_bzero(key->page, PAGE_BYTES);
	if (err) {
		f->exit = EXIT_KEY;
		return err;
	}
	key->installed = true;
	snprintf(key->word, sizeof(key->word), ":%zu:logon:%s", key->bytes,
		 description);
	return 0;
}

void key_keep(struct root_key *key)
{
	key->file_made = NULL;
}

void key_drop(struct root_key *key, const struct back *back)
{
	if (key->installed)
		back->key_drop(key->id);
	key->installed = false;
	if (key->page) {
		explicit_bzero(key->page, PAGE_BYTES);
		munmap(key->page, PAGE_BYTES);
	}
	key->page = NULL;
	if (key->file_made)
		unlink(key->file_made);
	key->file_made = NULL;
}
