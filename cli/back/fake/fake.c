// SPDX-License-Identifier: GPL-2.0-only
/*
 * A back end that answers from files, so that the built program can be tested
 * without a kernel.  In its folder:
 *
 *	log		what was asked, a line each; keys are never in it
 *	dm/NAME/	a device: files uuid, target, table, status, length, open
 *	status		status line of devices made here
 *	dev/		paths below it are devices, not image files
 *	users		who has devices open
 *	busy/NAME	device of that name is in use, and by whom
 *	keyring		the key that any description names, as text
 *	fail/CALL	the call fails: an errno
 *	kmsg		the kernel's log after a call that failed
 *	reply		the answer to messages, or
 *	reply.MESSAGE	the answer to this one, its words joined by "_"
 *	events		events, a line each of NAME=VALUE words
 *	ram/		RAM disks: see ram.c
 *	mbox/		mailboxes: see mbox.c
 *
 * Formatting writes a true superblock, so that what was created here can be
 * looked at and opened again.
 */
#include "../back.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../args/uuid.h"
#include "../../disk/superblock.h"
#include "files.h"
#include "include/uapi/sworndisk_target.h"

static struct {
	int32_t id;
	char description[200];
	uint8_t digest[32];
} key;

static int prepare(bool target, struct failure *f)
{
	(void)target;
	return fake_fails("prepare", f);
}

static int dm_create(const char *name, const char *uuid, bool read_only,
		     struct failure *f)
{
	char path[PATH_MAX];
	int err = fake_fails("create", f);

	if (err)
		return err;
	fake_note("create %s %s%s", name, uuid, read_only ? " ro" : "");
	mkdir(fake_path(path, "dm"), 0700);
	mkdir(fake_path(path, "dm/%s", name), 0700);
	fake_write(fake_path(path, "dm/%s/uuid", name), uuid);
	return 0;
}

/* What the fake needs of a table. */
struct parsed {
	char meta[PATH_MAX];
	char format[8];
	char uuid[40];
	char description[200];
	char cipher[32];
	uint64_t segment_sectors;
	bool one_device;
	char data[PATH_MAX];
};

static void parse_table(const char *table, struct parsed *p)
{
	char *copy = strdup(table), *save = NULL, *word;
	int nr = 0;

	memset(p, 0, sizeof(*p));
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save), nr++) {
		if (nr == 0)
			snprintf(p->data, sizeof(p->data), "%s", word);
		else if (nr == 1)
			snprintf(p->meta, sizeof(p->meta), "%s", word);
		else if (nr == 3)
			snprintf(p->format, sizeof(p->format), "%.7s", word);
		sscanf(word, "uuid:%39s", p->uuid);
		sscanf(word, "cipher:%31s", p->cipher);
		sscanf(word, "segment_sectors:%" SCNu64, &p->segment_sectors);
		sscanf(word, "key::%*u:logon:%199s", p->description);
	}
	p->one_device = !strcmp(p->data, p->meta);
	free(copy);
}

static u64 file_blocks(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (u64)st.st_size / SWORN_BLOCK_SIZE;
}

/* Where a driver keeps the wrapped volume key, the fake keeps a digest. */
static int write_superblocks(const struct parsed *p, uint64_t logical_blocks)
{
	struct sworn_layout_request req = {
		.one_device = p->one_device,
		.data_area_blocks = file_blocks(p->data),
		.meta_area_blocks = file_blocks(p->meta),
		.logical_blocks = logical_blocks,
		.segment_blocks = (u32)(p->segment_sectors / 8),
		.overcommit = true,
	};
	struct sworn_superblock sb = { .generation = 1 };
	struct sworn_disk_superblock *d = calloc(1, sizeof(*d));
	const char *why;
	int fd, err;

	err = sworn_layout_plan(&req, &sb.geo, &why);
	sb.cipher = p->cipher[0] ? sworn_cipher_parse(p->cipher) : SWORN_CIPHER_AES_256_GCM;
	sb.incompat = p->one_device ? SWORN_INCOMPAT_ONE_DEVICE : 0;
	uuid_parse(p->uuid, sb.uuid);
	fd = open(p->meta, O_WRONLY | O_CLOEXEC);
	for (u32 i = 0; !err && i < SWORN_SB_COPIES; i++) {
		sworn_sb_encode(d, i, &sb);
		memcpy(d->wrapped_key, key.digest, sizeof(d->wrapped_key));
		superblock_sum(d, d->sha256);
		if (pwrite(fd, d, sizeof(*d), (off_t)SWORN_SB_COPY_BLOCK(i) * SWORN_BLOCK_SIZE) < 0)
			err = -errno;
	}
	close(fd);
	free(d);
	return err;
}

static int check_key(const struct parsed *p)
{
	struct sworn_disk_superblock d;
	int fd, err = 0;

	if (p->description[0] && (!key.id || strcmp(key.description, p->description)))
		return -ENOKEY;
	if (strcmp(p->format, SWORN_FORMAT_FALSE))
		return 0;
	fd = open(p->meta, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pread(fd, &d, sizeof(d), (off_t)SWORN_SB_COPY_BLOCK(0) * SWORN_BLOCK_SIZE) != sizeof(d))
		err = -EIO;
	else if (memcmp(d.wrapped_key, key.digest, sizeof(d.wrapped_key)))
		err = -EKEYREJECTED;
	if (fd >= 0)
		close(fd);
	return err;
}

static int dm_load(const char *name, uint64_t length_sectors,
		   const char *table, bool read_only, struct failure *f)
{
	char path[PATH_MAX], number[24];
	struct parsed p;
	int err = fake_fails("load", f);

	if (err)
		return err;
	parse_table(table, &p);
	fake_note("load %s 0 %" PRIu64 " %s%s", name, length_sectors, table,
		  read_only ? " ro" : "");
	err = check_key(&p);
	if (err)
		return fail(f, err, "load: %s", strerror(-err));
	snprintf(number, sizeof(number), "%" PRIu64, length_sectors);
	fake_write(fake_path(path, "dm/%s/length", name), number);
	fake_write(fake_path(path, "dm/%s/table", name), table);
	return 0;
}

static int dm_resume(const char *name, struct failure *f)
{
	char path[PATH_MAX], *table, *length, *status;
	struct parsed p;
	int err = fake_fails("resume", f);

	if (err)
		return err;
	fake_note("resume %s", name);
	table = fake_read(fake_path(path, "dm/%s/table", name));
	length = fake_read(fake_path(path, "dm/%s/length", name));
	status = fake_read(fake_path(path, "status"));
	parse_table(table ? table : "", &p);
	if (p.description[0] && !key.id)
		err = fail(f, ENOKEY, "resume: the key is gone too early");
	else if (strcmp(p.format, SWORN_FORMAT_FALSE))
		err = write_superblocks(&p, strtoull(length ? length : "0", NULL, 10) / 8);
	fake_write(fake_path(path, "dm/%s/status", name), status ? status : "rw 1/1 0/1 1");
	free(table);
	free(length);
	free(status);
	return err;
}

static int dm_remove(const char *name, struct failure *f)
{
	static const char *const files[] = {
		"uuid", "target", "table", "status", "length", "open" };
	char path[PATH_MAX];
	int err = fake_fails("remove", f);

	if (err)
		return err;
	fake_note("remove %s", name);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(fake_path(path, "dm/%s/%s", name, files[i]));
	rmdir(fake_path(path, "dm/%s", name));
	return 0;
}

static int dm_names(char **names, struct failure *f)
{
	struct dirent **list;
	char path[PATH_MAX];
	size_t bytes = 0;
	FILE *out;
	int nr;

	nr = fake_names(fake_path(path, "dm"), &list);
	out = open_memstream(names, &bytes);
	if (!out)
		return fail(f, ENOMEM, "out of memory");
	for (int i = 0; i < nr; i++) {
		fprintf(out, "%s%c", list[i]->d_name, '\0');
		free(list[i]);
	}
	fputc('\0', out);
	fclose(out);
	free(list);
	return 0;
}

static char *dm_file(const char *name, const char *file)
{
	char path[PATH_MAX];

	return fake_read(fake_path(path, "dm/%s/%s", name, file));
}

static int dm_query(const char *name, struct back_disk *disk,
		    struct failure *f)
{
	char *uuid = dm_file(name, "uuid"), *target = dm_file(name, "target");
	char *length = dm_file(name, "length"), *open_count = dm_file(name, "open");

	(void)f;
	memset(disk, 0, sizeof(*disk));
	disk->table = dm_file(name, "table");
	disk->status = dm_file(name, "status");
	snprintf(disk->name, sizeof(disk->name), "%.127s", name);
	snprintf(disk->uuid, sizeof(disk->uuid), "%.128s", uuid ? uuid : "");
	snprintf(disk->target, sizeof(disk->target), "%.31s", target ? target :
		 disk->status ? SWORN_TARGET_NAME : "");
	disk->major = 254;
	disk->open_count = open_count ? atoi(open_count) : 0;
	disk->length_sectors = length ? strtoull(length, NULL, 10) : 0;
	free(target);
	free(length);
	free(open_count);
	if (!uuid && !disk->status) {
		back_disk_free(disk);
		return -ENXIO;
	}
	free(uuid);
	return 0;
}

static int dm_message(const char *name, const char *message, char **reply,
		      struct failure *f)
{
	char path[PATH_MAX], words[256];
	int err = fake_fails("message", f);

	fake_note("message %s %s", name, message);
	*reply = NULL;
	if (err)
		return err;
	snprintf(words, sizeof(words), "%s", message);
	for (char *p = words; *p; p++)
		*p = *p == ' ' ? '_' : *p;
	*reply = fake_read(fake_path(path, "reply.%s", words));
	if (!*reply)
		*reply = fake_read(fake_path(path, "reply"));
	return 0;
}

static int versions(struct back_versions *v, struct failure *f)
{
	(void)f;
	*v = (struct back_versions){ "1.02.0", "4.0.0", "1.0.0" };
	return 0;
}

static int loop_attach(const char *file, bool read_only,
		       struct back_loop *loop, struct failure *f)
{
	int err = fake_fails("attach", f);

	if (err)
		return err;
	fake_note("attach %s%s", file, read_only ? " ro" : "");
	snprintf(loop->node, sizeof(loop->node), "%s", file);
	loop->fd = open(file, O_RDONLY | O_CLOEXEC);
	return 0;
}

static bool is_device(const char *path)
{
	char dev[PATH_MAX];

	fake_path(dev, "dev/");
	return !strncmp(path, dev, strlen(dev));
}

static int device_idle(const char *path, struct failure *f)
{
	char busy[PATH_MAX], *who;
	const char *slash = strrchr(path, '/');

	who = fake_read(fake_path(busy, "busy/%s", slash ? slash + 1 : path));
	if (!who)
		return 0;
	fail(f, EBUSY, "device %s is in use: %s", path, who);
	free(who);
	return -EBUSY;
}

static void device_users(unsigned int major, unsigned int minor, char *text,
			 size_t bytes)
{
	char path[PATH_MAX], *users = fake_read(fake_path(path, "users"));

	(void)major;
	(void)minor;
	snprintf(text, bytes, "%s", users ? users : "");
	free(users);
}

static ssize_t key_read(const char *type, const char *description, void *to,
			size_t room)
{
	char path[PATH_MAX], *text = fake_read(fake_path(path, "keyring"));
	size_t bytes;

	(void)type;
	(void)description;
	if (!text)
		return -ENOKEY;
	bytes = strlen(text);
	memcpy(to, text, bytes < room ? bytes : room);
	free(text);
	return (ssize_t)bytes;
}

static int key_add(const char *description, const void *secret, size_t bytes,
		   int32_t *id, struct failure *f)
{
	int err = fake_fails("key", f);

	if (err)
		return err;
	fake_note("key add %s %zu", description, bytes);
	snprintf(key.description, sizeof(key.description), "%.199s", description);
	EVP_Digest(secret, bytes, key.digest, NULL, EVP_sha256(), NULL);
	*id = 1;
	key.id = *id;
	return 0;
}

static void key_drop(int32_t id)
{
	fake_note("key drop %s", key.description);
	key.id = key.id == id ? 0 : key.id;
}

static int events_open(struct failure *f)
{
	char path[PATH_MAX];
	int fd, err = fake_fails("events", f);

	if (err)
		return err;
	fd = open(fake_path(path, "events"), O_RDONLY | O_CLOEXEC);
	return fd < 0 ? fail(f, errno, "events: %s", strerror(errno)) : fd;
}

static int events_next(int fd, struct back_event *event, struct failure *f)
{
	size_t used = 0;
	char c;

	(void)f;
	memset(event, 0, sizeof(*event));
	while (used < sizeof(event->text) - 2) {
		if (read(fd, &c, 1) != 1)
			return -ENODATA;
		if (c == '\n')
			break;
		event->text[used++] = c == ' ' ? '\0' : c;
	}
	return back_event_get(event, SWORN_UEVENT) ? 1 : 0;
}

static void log_mark(void)
{
}

static char *log_read(void)
{
	char path[PATH_MAX];

	return fake_read(fake_path(path, "kmsg"));
}

static const struct back fake = {
	.ram = &back_ram_fake,
	.mbox = &back_mbox_fake,
	.prepare = prepare,
	.dm_create = dm_create,
	.dm_load = dm_load,
	.dm_resume = dm_resume,
	.dm_remove = dm_remove,
	.dm_names = dm_names,
	.dm_query = dm_query,
	.dm_message = dm_message,
	.versions = versions,
	.loop_attach = loop_attach,
	.file_idle = device_idle,
	.is_device = is_device,
	.device_idle = device_idle,
	.device_users = device_users,
	.key_add = key_add,
	.key_drop = key_drop,
	.key_read = key_read,
	.events_open = events_open,
	.events_next = events_next,
	.log_mark = log_mark,
	.log_read = log_read,
};

const struct back *back_fake(const char *dir)
{
	return fake_begin(dir) ? &fake : NULL;
}
