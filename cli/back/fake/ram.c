// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAM disks that are files; see ram.h and files.h.  In the fake's folder:
 *
 *	ram/NAME	a disk: lines "size N", "limit N", "openers N", ...
 *	ram-events	what a watch sees: lines "EVENT NAME"
 *	fail/ram-CALL	the call fails: an errno
 */
#include "../ram.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static char *disk_path(char path[PATH_MAX], const char *name)
{
	return fake_path(path, "ram/%s", name);
}

static void set(struct back_ram_disk *disk, const char *key, uint64_t value)
{
	if (!strcmp(key, "index"))
		disk->index = (uint32_t)value;
	else if (!strcmp(key, "size"))
		disk->size_bytes = value;
	else if (!strcmp(key, "limit"))
		disk->limit_bytes = value;
	else if (!strcmp(key, "memory"))
		disk->memory_bytes = value;
	else if (!strcmp(key, "openers"))
		disk->openers = (uint32_t)value;
	else if (!strcmp(key, "hits"))
		disk->limit_hits = value;
	else if (!strcmp(key, "sector"))
		disk->sector_bytes = (uint32_t)value;
	else if (!strcmp(key, "read-only"))
		disk->read_only = value;
}

static int load(const char *name, struct back_ram_disk *disk)
{
	char path[PATH_MAX], key[32];
	uint64_t value;
	FILE *file = fopen(disk_path(path, name), "re");

	if (!file)
		return -ENODEV;
	*disk = (struct back_ram_disk){ .sector_bytes = 512, .queues = 4, .depth = 64, .node = -1,
					.major = 259, .reason = "none" };
	snprintf(disk->name, sizeof(disk->name), "%.31s", name);
	while (fscanf(file, "%31s %" SCNu64, key, &value) == 2)
		set(disk, key, value);
	fclose(file);
	if (disk->limit_hits)
		disk->reason = "disk";
	return 0;
}

static void save(const struct back_ram_disk *disk)
{
	char path[PATH_MAX];
	FILE *file = fopen(disk_path(path, disk->name), "we");

	if (!file)
		return;
	fprintf(file, "index %u\nsize %" PRIu64 "\nlimit %" PRIu64 "\nopeners %u\nsector %u\nread-only %d\n",
		disk->index, disk->size_bytes, disk->limit_bytes, disk->openers, disk->sector_bytes,
		disk->read_only);
	fclose(file);
}

static int prepare(bool change, struct failure *f)
{
	char path[PATH_MAX];

	disk_path(path, "");
	if (access(path, F_OK) && !change)
		return -ENOENT;
	mkdir(path, 0700);
	return fake_fails("ram-prepare", f);
}

static int create(const struct back_ram_spec *spec, struct back_ram_disk *made, struct failure *f)
{
	int err = fake_fails("ram-create", f);

	if (err)
		return err;
	fake_note("ram create %s size=%" PRIu64 " sector=%u queues=%u depth=%u node=%d ro=%d limit=%" PRIu64,
		  spec->name ? spec->name : "-", spec->size_bytes, spec->sector_bytes, spec->queues,
		  spec->depth, spec->node, spec->read_only, spec->limit_bytes);
	*made = (struct back_ram_disk){
		.size_bytes = spec->size_bytes ? spec->size_bytes : 32 << 20,
		.sector_bytes = spec->sector_bytes ? spec->sector_bytes : 512,
		.limit_bytes = spec->limit_bytes,
		.read_only = spec->read_only,
		.reason = "none",
	};
	snprintf(made->name, sizeof(made->name), "%s", spec->name ? spec->name : "swornram0");
	save(made);
	return 0;
}

static int list(struct back_ram_disk **disks, size_t *nr, struct failure *f)
{
	struct dirent **names;
	char path[PATH_MAX];
	int n = fake_names(disk_path(path, ""), &names);

	*nr = n > 0 ? (size_t)n : 0;
	*disks = calloc(*nr + 1, sizeof(**disks));
	if (!*disks)
		return fail(f, ENOMEM, "out of memory");
	for (int i = 0; i < n; i++) {
		load(names[i]->d_name, &(*disks)[i]);
		free(names[i]);
	}
	free(names);
	return fake_fails("ram-list", f);
}

static int query(const char *name, struct back_ram_disk *disk, struct failure *f)
{
	return load(name, disk) ? fail(f, ENODEV, "there is no RAM disk \"%s\"", name) : 0;
}

static int totals(struct back_ram_totals *sum, struct failure *f)
{
	struct back_ram_disk *disks;
	size_t nr;
	int err = list(&disks, &nr, f);

	if (err)
		return err;
	*sum = (struct back_ram_totals){ .disks = (uint32_t)nr, .limit_bytes = 1ULL << 30,
					 .reserve_bytes = 64 << 20 };
	for (size_t i = 0; i < nr; i++)
		sum->memory_bytes += disks[i].memory_bytes;
	free(disks);
	return 0;
}

static int change(const char *name, const struct back_ram_change *what, struct back_ram_disk *disk,
		  struct failure *f)
{
	int err = fake_fails("ram-change", f);

	if (!err)
		err = query(name, disk, f);
	if (err)
		return err;
	fake_note("ram change %s size=%" PRIu64 " limit=%" PRIu64 "%s", name, what->size_bytes,
		  what->limit_bytes, what->force ? " force" : "");
	if (what->set_size)
		disk->size_bytes = what->size_bytes;
	if (what->set_limit)
		disk->limit_bytes = what->limit_bytes;
	save(disk);
	return 0;
}

static int remove_disk(const char *name, bool deferred, struct failure *f)
{
	struct back_ram_disk disk;
	char path[PATH_MAX];
	int err = query(name, &disk, f);

	if (!err)
		err = fake_fails("ram-remove", f);
	if (err)
		return err;
	fake_note("ram remove %s%s", name, deferred ? " deferred" : "");
	if (disk.openers)
		return deferred ? 0 : fail(f, EBUSY, "RAM disk \"%s\" is open", name);
	unlink(disk_path(path, name));
	return 0;
}

static int watch(back_ram_event *take, void *arg, struct failure *f)
{
	char path[PATH_MAX], event[16], name[32];
	struct back_ram_disk disk;
	FILE *file;
	int stop = 0;

	file = fopen(fake_path(path, "ram-events"), "re");
	while (!stop && file && fscanf(file, "%15s %31s", event, name) == 2)
		stop = take(event, load(name, &disk) ? NULL : &disk, arg);
	if (file)
		fclose(file);
	return stop ? stop : fake_fails("ram-watch", f);
}

static void path_of(const struct back_ram_disk *disk, char *text, size_t bytes)
{
	snprintf(text, bytes, "/dev/sworn/ram/%s", disk->name);
}

const struct back_ram back_ram_fake = {
	.prepare = prepare,
	.create = create,
	.list = list,
	.query = query,
	.totals = totals,
	.change = change,
	.remove = remove_disk,
	.watch = watch,
	.path = path_of,
};
