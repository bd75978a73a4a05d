// SPDX-License-Identifier: GPL-2.0-only
/* Signatures of others; see signature.h. */
#include "signature.h"

#include <blkid/blkid.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static blkid_probe probe_open(int fd, const char *path, struct failure *f)
{
	blkid_probe probe = blkid_new_probe();

	if (!probe || blkid_probe_set_device(probe, fd, 0, 0)) {
		fail(f, EIO, "device %s cannot be searched for signatures", path);
		blkid_free_probe(probe);
		return NULL;
	}
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE |
					  BLKID_SUBLKS_LABEL | BLKID_SUBLKS_MAGIC |
					  BLKID_SUBLKS_BADCSUM);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, BLKID_PARTS_MAGIC | BLKID_PARTS_FORCE_GPT);
	return probe;
}

/* Whoever wrote the device chose its label: not a byte for the terminal. */
static void plain(char *to, size_t bytes, const char *from)
{
	size_t i;

	for (i = 0; from[i] && i + 1 < bytes; i++)
		to[i] = isprint((unsigned char)from[i]) && from[i] != '"' ? from[i] : '?';
	to[i] = '\0';
}

static const char *lookup(blkid_probe probe, const char *name)
{
	const char *value = NULL;

	return blkid_probe_lookup_value(probe, name, &value, NULL) ? NULL : value;
}

static void describe(blkid_probe probe, char *what, size_t bytes)
{
	const char *type = lookup(probe, "TYPE"), *usage = lookup(probe, "USAGE");
	const char *table = lookup(probe, "PTTYPE"), *label = lookup(probe, "LABEL");
	char text[64];
	size_t used;

	if (!type) {
		snprintf(what, bytes, "a partition table (%s)", table ? table : "?");
		return;
	}
	if (!strcmp(type, "crypto_LUKS"))
		snprintf(what, bytes, "a LUKS volume");
	else if (usage && !strcmp(usage, "filesystem"))
		snprintf(what, bytes, "a filesystem (%s)", type);
	else
		snprintf(what, bytes, "a signature of type %s", type);
	used = strlen(what);
	if (label && *label) {
		plain(text, sizeof(text), label);
		snprintf(what + used, bytes - used, " labelled \"%s\"", text);
	}
}

int signature_find(int fd, const char *path, char *what, size_t bytes,
		   struct failure *f)
{
	blkid_probe probe = probe_open(fd, path, f);
	int found, err = 0;

	what[0] = '\0';
	if (!probe)
		return -EIO;
	found = blkid_do_safeprobe(probe);
	if (!found)
		describe(probe, what, bytes);
	else if (found == -2)
		snprintf(what, bytes, "signatures of several kinds");
	else if (found < 0)
		err = fail(f, EIO, "device %s cannot be searched for signatures: it cannot be read",
			   path);
	blkid_free_probe(probe);
	return err;
}

int signature_wipe(int fd, const char *path, struct failure *f)
{
	blkid_probe probe = probe_open(fd, path, f);
	int err = 0;

	if (!probe)
		return -EIO;
	/* A device has a few; one that cannot be wiped must not loop for ever. */
	for (int tries = 0; tries < 64 && !blkid_do_probe(probe); tries++) {
		if (blkid_do_wipe(probe, 0)) {
			err = fail(f, errno ? errno : EIO,
				   "device %s: an old signature cannot be wiped", path);
			break;
		}
	}
	blkid_free_probe(probe);
	return err;
}
