// SPDX-License-Identifier: GPL-2.0-only
/* Bringing a disk to life; see activate.h. */
#include "activate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog.h"

/* What an errno of the target means, and what can be done. */
static const struct {
	int err;
	const char *what;
	const char *hint;
} meanings[] = {
	{ ENOKEY, "the root key was not found in the kernel's keyring",
	  "look for it with \"keyctl show\"; for a logon key, check type, description and --key-size, or give --key-file" },
	{ EKEYREJECTED, "the root key is not the right one, or the superblock was forged",
	  "give the key that the disk was created with; with the right one, this device was tampered with" },
	{ EKEYREVOKED, "the root key was revoked", "add it to the keyring again" },
	{ EKEYEXPIRED, "the root key has expired", "add it to the keyring again" },
	{ EUCLEAN, "its metadata are damaged or were altered",
	  "nothing was changed on it; restore it from a copy, or look at it with --read-only" },
	{ ESTALE, "its state is older than the one that was asked for: it was rolled back",
	  "find out who put back an older copy; without --min-commit the older state opens" },
	{ ENOSPC, "a device is too small", "use a larger device or a smaller --size" },
	{ EBUSY, "a device is in use", "see \"swornadm list\" and \"lsblk\" for who uses it" },
	{ EOPNOTSUPP, "it was made by a newer version, or with features that this kernel lacks",
	  "upgrade the module dm_sworndisk; for a cipher, see /proc/crypto" },
	{ ENODATA, "there is no SwornDisk on it", "\"swornadm info DEVICE\" says what is there" },
	{ EEXIST, "a SwornDisk, or what is left of one, is there already",
	  "open it with \"swornadm open\"; --force destroys it" },
	{ EINVAL, "the kernel does not accept the table",
	  "are module and swornadm of the same version? See \"swornadm version\"" },
	{ ENOMEM, "the kernel has not enough memory", "it needs the more, the larger the disk is and the smaller its segments are; --cache-size limits the cache" },
	{ EIO, "a device cannot be read or written", "the kernel's log says more: \"dmesg\"" },
	{ EROFS, "a device is write-protected", "open it with --read-only" },
};

static void explain(const struct activation *a, int err, struct failure *f)
{
	const char *what = strerror(-err), *hint = NULL;

	/* An errno for many things; the driver's sentence begins with the word. */
	if (err == -EINVAL && !strncmp(f->kernel, "key:", 4)) {
		fail_exit(f, err, EXIT_KEY,
			  "cannot %s disk \"%s\" on %s: the root key is not usable",
			  a->verb, a->name, a->on);
		fail_hint(f, "check type, description and --key-size");
		return;
	}
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].err == -err) {
			what = meanings[i].what;
			hint = meanings[i].hint;
		}
	}
	fail(f, err, "cannot %s disk \"%s\" on %s: %s", a->verb, a->name, a->on,
	     what);
	if (hint)
		fail_hint(f, "%s", hint);
}

static int load_and_resume(const struct back *back, const struct activation *a,
			   const char *table, struct failure *f)
{
	/* The texts of these are about ioctls; explain() has better ones. */
	struct failure raw = { 0 };
	int err;

	err = back->dm_load(a->name, a->length_sectors, table,
			    a->table->read_only, &raw);
	if (!err && a->ready) {
		err = a->ready(a->arg, f);
		if (err)
			return err;
	}
	if (!err)
		err = back->dm_resume(a->name, &raw);
	return err;
}

static void add_log(const struct back *back, const struct back_disk *disk,
		    struct failure *f)
{
	char *log = back->log_read();

	klog_sentences(log, disk->major, disk->minor, f->kernel,
		       sizeof(f->kernel));
	free(log);
}

int activate(const struct back *back, const struct activation *a,
	     struct failure *f)
{
	char table[TABLE_MAX], uuid[TABLE_DM_UUID_MAX];
	struct back_disk disk = { 0 };
	struct failure ignored = { 0 };
	int err;

	if (table_text(a->table, table, sizeof(table)))
		return fail(f, E2BIG, "disk \"%s\": the table is too long", a->name);
	table_dm_uuid(uuid, a->uuid, a->name);
	back->log_mark();
	err = back->dm_create(a->name, uuid, a->table->read_only, f);
	if (err)
		return err;
	/* Its number tells its lines in the log from those of others. */
	back->dm_query(a->name, &disk, &ignored);
	err = load_and_resume(back, a, table, f);
	if (err) {
		add_log(back, &disk, f);
		explain(a, err, f);
		back->dm_remove(a->name, &ignored);
	}
	back_disk_free(&disk);
	return err;
}
