// SPDX-License-Identifier: GPL-2.0-only
/* Disks that are open; see find.h. */
#include "find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../back/sysfs.h"
#include "table.h"
#include "include/uapi/sworndisk_target.h"

/* Tables speak of devices as MAJOR:MINOR, people by name. */
static void find_place(const char *word, struct place *place)
{
	char path[PATH_MAX], line[PATH_MAX];
	unsigned int major, minor;
	FILE *file;

	snprintf(place->node, sizeof(place->node), "%s", word);
	place->file[0] = '\0';
	if (sscanf(word, "%u:%u", &major, &minor) != 2)
		return;
	if (sysfs_line(line, sizeof(line), "/sys/dev/block/%u:%u/dm/name", major,
		       minor)) {
		snprintf(place->node, sizeof(place->node), "/dev/mapper/%.4000s", line);
		return;
	}
	sysfs_line(place->file, sizeof(place->file),
		   "/sys/dev/block/%u:%u/loop/backing_file", major, minor);
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/uevent", major, minor);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "DEVNAME=", 8))
			snprintf(place->node, sizeof(place->node), "/dev/%.4000s",
				 line + 8);
	}
	fclose(file);
}

static bool is_ours(const struct back_disk *dm)
{
	return !strcmp(dm->target, SWORN_TARGET_NAME) ||
	       (!dm->target[0] && table_dm_uuid_ours(dm->uuid));
}

static void look_closer(struct open_disk *disk)
{
	struct table_devices devices;

	disk->alive = disk->dm.status && disk->dm.table &&
		      !status_parse(disk->dm.status, &disk->status) &&
		      !table_devices(disk->dm.table, &devices);
	if (!disk->alive)
		return;
	find_place(devices.data, &disk->data);
	find_place(devices.meta, &disk->meta);
	disk->one_device = !strcmp(devices.data, devices.meta);
}

/* -EINVAL without a note: not one of ours. */
static int look_at(const struct back *back, const char *name,
		   struct open_disk *disk, struct failure *f)
{
	int err;

	memset(disk, 0, sizeof(*disk));
	err = back->dm_query(name, &disk->dm, f);
	if (err)
		return err;
	if (!is_ours(&disk->dm)) {
		open_disk_free(disk);
		return -EINVAL;
	}
	look_closer(disk);
	return 0;
}

static int add_name(const struct open_disk *disk, void *arg)
{
	char *text = arg;
	size_t used = strlen(text);

	snprintf(text + used, 256 - used, "%s%s", used ? ", " : "", disk->dm.name);
	return 0;
}

static void hint_names(const struct back *back, struct failure *f)
{
	struct failure ignored = { 0 };
	char names[256] = "";

	find_each(back, add_name, names, &ignored);
	if (names[0])
		fail_hint(f, "open are: %s", names);
	else
		fail_hint(f, "no disk is open; \"swornadm open\" opens one");
}

int find_disk(const struct back *back, const char *name,
	      struct open_disk *disk, struct failure *f)
{
	int err = look_at(back, name, disk, f);

	if (err == -EINVAL) {
		fail_exit(f, EINVAL, EXIT_ABSENT,
			  "device \"%s\" is not a SwornDisk: its target is another",
			  name);
	} else if (err == -ENXIO) {
		fail(f, ENXIO, "disk \"%s\" is not open", name);
	} else if (err) {
		return err;
	} else {
		return 0;
	}
	hint_names(back, f);
	return err;
}

int find_each(const struct back *back,
	      int (*visit)(const struct open_disk *disk, void *arg), void *arg,
	      struct failure *f)
{
	struct open_disk *disk = malloc(sizeof(*disk));
	char *names = NULL, *name;
	int err;

	if (!disk)
		return fail(f, ENOMEM, "out of memory");
	err = back->dm_names(&names, f);
	for (name = names; !err && *name; name += strlen(name) + 1) {
		err = look_at(back, name, disk, f);
		/* Another kind of device, or gone since. */
		if (err == -EINVAL || err == -ENXIO) {
			err = 0;
			continue;
		}
		if (err)
			break;
		err = visit(disk, arg);
		open_disk_free(disk);
	}
	free(names);
	free(disk);
	return err;
}

int find_name_free(const struct back *back, const char *name,
		   struct failure *f)
{
	char *names = NULL, *at;
	int err;

	err = back->dm_names(&names, f);
	for (at = names; !err && *at; at += strlen(at) + 1)
		if (!strcmp(at, name)) {
			err = fail(f, EEXIST, "NAME \"%s\" is taken: /dev/mapper/%s is there already",
				   name, name);
			fail_hint(f, "give another name, or \"swornadm close %s\" first",
				  name);
		}
	free(names);
	return err;
}

struct uuid_search {
	const uint8_t *uuid;
	char name[BACK_NAME_MAX];
};

static int match_uuid(const struct open_disk *disk, void *arg)
{
	struct uuid_search *search = arg;
	char text[UUID_TEXT_MAX];
	const char *word = disk->alive ? status_word(&disk->status, "uuid") : NULL;

	if (!table_dm_uuid_is(disk->dm.uuid, search->uuid) &&
	    (!word || strcmp(word, uuid_text(text, search->uuid))))
		return 0;
	snprintf(search->name, sizeof(search->name), "%s", disk->dm.name);
	return 1;
}

int find_uuid_closed(const struct back *back, const uint8_t uuid[UUID_BYTES],
		     const char *path, struct failure *f)
{
	struct uuid_search search = { .uuid = uuid };
	int err = find_each(back, match_uuid, &search, f);

	if (err <= 0)
		return err;
	return fail(f, EBUSY, "the disk on %s is open already, as \"%s\"", path,
		    search.name);
}

const char *place_text(char text[PLACE_TEXT_MAX], const struct place *place)
{
	if (place->file[0])
		snprintf(text, PLACE_TEXT_MAX, "%s (%s)", place->node, place->file);
	else
		snprintf(text, PLACE_TEXT_MAX, "%s", place->node);
	return text;
}

void open_disk_free(struct open_disk *disk)
{
	back_disk_free(&disk->dm);
}
