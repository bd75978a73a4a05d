// SPDX-License-Identifier: GPL-2.0-only
/* RAM disks, by the generic netlink family of sworn_ram; see ram.h. */
#include "ram.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "genl.h"
#include "include/uapi/sworn_ram.h"
#include "kernel.h"

/* How long udev may take to make a link. */
#define LINK_TRIES	50
#define LINK_PAUSE_NS	100000000L

static struct nl_sock *channel;
static int family;

static int connect_family(void)
{
	if (channel)
		return 0;
	family = genl_open(SWORN_RAM_GENL_NAME, &channel);
	return family < 0 ? family : 0;
}

static int other_namespace(struct failure *f)
{
	fail_exit(f, ENOENT, EXIT_FAILED,
		  "module sworn_ram is loaded, but cannot be spoken to from this network namespace");
	return fail_hint(f, "RAM disks belong to the whole machine: go to its first network namespace, for example with \"nsenter --net=/proc/1/ns/net\"");
}

static int prepare(bool change, struct failure *f)
{
	int err;

	if (change && geteuid()) {
		fail(f, EPERM, "must be run as root: only reading is for everybody");
		return fail_hint(f, "try again with sudo");
	}
	err = connect_family();
	if (err == -ENOENT && change && access("/sys/module/sworn_ram", F_OK)) {
		err = kmod_load("sworn_ram", f);
		if (err)
			return err;
		err = connect_family();
	}
	if (err == -ENOENT && !access("/sys/module/sworn_ram", F_OK))
		return other_namespace(f);
	if (err && err != -ENOENT)
		return fail(f, err, "generic netlink: %s", strerror(-err));
	return err;
}

static struct nl_msg *request(int command, int flags)
{
	return genl_request(family, command, SWORN_RAM_GENL_VERSION, flags);
}

static uint64_t number(struct nlattr **attrs, int which)
{
	if (!attrs[which])
		return 0;
	return nla_len(attrs[which]) == 8 ? nla_get_u64(attrs[which]) :
	       nla_len(attrs[which]) == 4 ? nla_get_u32(attrs[which]) : 0;
}

static uint32_t small(struct nlattr **attrs, int which)
{
	return (uint32_t)number(attrs, which);
}

static const char *reason_word(uint32_t reason)
{
	static const char *const words[] = { "none", "disk", "total", "memory" };

	return reason < sizeof(words) / sizeof(words[0]) ? words[reason] : "unknown";
}

static void decode(struct nlattr **a, struct back_ram_disk *disk)
{
	*disk = (struct back_ram_disk){
		.index = small(a, SWORN_RAM_A_INDEX),
		.major = small(a, SWORN_RAM_A_MAJOR),
		.minor = small(a, SWORN_RAM_A_MINOR),
		.size_bytes = number(a, SWORN_RAM_A_SIZE),
		.sector_bytes = small(a, SWORN_RAM_A_SECTOR_SIZE),
		.queues = small(a, SWORN_RAM_A_QUEUES),
		.depth = small(a, SWORN_RAM_A_DEPTH),
		.node = a[SWORN_RAM_A_NODE] ? (int)small(a, SWORN_RAM_A_NODE) : -1,
		.read_only = a[SWORN_RAM_A_READ_ONLY],
		.deferred = a[SWORN_RAM_A_DEFERRED],
		.openers = small(a, SWORN_RAM_A_OPENERS),
		.limit_bytes = number(a, SWORN_RAM_A_LIMIT),
		.memory_bytes = number(a, SWORN_RAM_A_MEMORY),
		.limit_hits = number(a, SWORN_RAM_A_LIMIT_HITS),
		.reason = reason_word(small(a, SWORN_RAM_A_REASON)),
		.read_bytes = number(a, SWORN_RAM_A_READ),
		.written_bytes = number(a, SWORN_RAM_A_WRITTEN),
		.discarded_bytes = number(a, SWORN_RAM_A_DISCARDED),
	};
	if (a[SWORN_RAM_A_NAME])
		snprintf(disk->name, sizeof(disk->name), "%.*s", nla_len(a[SWORN_RAM_A_NAME]),
			 (char *)nla_data(a[SWORN_RAM_A_NAME]));
}

static int take_disk(int command, struct nlattr **attrs, void *arg)
{
	(void)command;
	decode(attrs, arg);
	return 0;
}

/* @what: "RAM disk "x" cannot be made"; the kernel's words go with it. */
__attribute__((format(printf, 3, 4)))
static int told(const struct genl_answer *answer, struct failure *f, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	if (!answer->err)
		return 0;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!f->err)
		snprintf(f->kernel, sizeof(f->kernel), "%s", answer->text);
	return fail(f, answer->err, "%s: %s", what, strerror(-answer->err));
}

/* Every put of libnl fails only for want of memory, and then genl_ask() does. */
static struct nl_msg *whole(struct nl_msg *msg, int bad)
{
	if (!bad)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static struct nl_msg *encode(struct nl_msg *msg, const struct back_ram_spec *spec)
{
	int bad;

	if (!msg)
		return NULL;
	bad = (spec->name && nla_put_string(msg, SWORN_RAM_A_NAME, spec->name)) ||
	      (spec->size_bytes && nla_put_u64(msg, SWORN_RAM_A_SIZE, spec->size_bytes)) ||
	      (spec->sector_bytes && nla_put_u32(msg, SWORN_RAM_A_SECTOR_SIZE, spec->sector_bytes)) ||
	      (spec->queues && nla_put_u32(msg, SWORN_RAM_A_QUEUES, spec->queues)) ||
	      (spec->depth && nla_put_u32(msg, SWORN_RAM_A_DEPTH, spec->depth)) ||
	      (spec->node >= 0 && nla_put_u32(msg, SWORN_RAM_A_NODE, (uint32_t)spec->node)) ||
	      (spec->read_only && nla_put_flag(msg, SWORN_RAM_A_READ_ONLY)) ||
	      (spec->limit_bytes && nla_put_u64(msg, SWORN_RAM_A_LIMIT, spec->limit_bytes));
	return whole(msg, bad);
}

static void link_path(const struct back_ram_disk *disk, char *path, size_t bytes)
{
	snprintf(path, bytes, "/dev/sworn/ram/%s", disk->name);
}

/* Where udev runs, whoever made a disk may use its name at once. */
static void await_link(const struct back_ram_disk *disk)
{
	const struct timespec pause = { .tv_nsec = LINK_PAUSE_NS };
	char path[PATH_MAX];

	if (access("/run/udev/control", F_OK) ||
	    (access("/usr/lib/udev/rules.d/60-sworn-ram.rules", F_OK) &&
	     access("/etc/udev/rules.d/60-sworn-ram.rules", F_OK)))
		return;
	link_path(disk, path, sizeof(path));
	for (int i = 0; i < LINK_TRIES && access(path, F_OK); i++)
		nanosleep(&pause, NULL);
}

static int create(const struct back_ram_spec *spec, struct back_ram_disk *made, struct failure *f)
{
	struct genl_answer answer;
	int err;

	genl_ask(channel, encode(request(SWORN_RAM_CMD_CREATE, 0), spec), SWORN_RAM_A_MAX,
		 take_disk, made, &answer);
	err = told(&answer, f, "RAM disk %s%s%scannot be made", spec->name ? "\"" : "",
		   spec->name ? spec->name : "", spec->name ? "\" " : "");
	if (!err)
		await_link(made);
	return err;
}

struct list {
	struct back_ram_disk *disks;
	size_t nr;
};

static int take_row(int command, struct nlattr **attrs, void *arg)
{
	struct back_ram_disk *disks;
	struct list *list = arg;

	(void)command;
	disks = reallocarray(list->disks, list->nr + 1, sizeof(*disks));
	if (!disks)
		return -ENOMEM;
	list->disks = disks;
	decode(attrs, &disks[list->nr++]);
	return 0;
}

static int list(struct back_ram_disk **disks, size_t *nr, struct failure *f)
{
	struct list found = { NULL, 0 };
	struct genl_answer answer;

	genl_ask(channel, request(SWORN_RAM_CMD_GET, NLM_F_DUMP), SWORN_RAM_A_MAX, take_row, &found,
		 &answer);
	/* Disks came or went meanwhile: what was told is good enough. */
	if (answer.err == -ESTALE)
		answer.err = 0;
	if (answer.err)
		free(found.disks);
	else
		*disks = found.disks, *nr = found.nr;
	return told(&answer, f, "RAM disks cannot be listed");
}

static struct nl_msg *named(int command, const char *name)
{
	struct nl_msg *msg = request(command, 0);

	return msg ? whole(msg, nla_put_string(msg, SWORN_RAM_A_NAME, name)) : NULL;
}

static int absent(const char *name, struct failure *f)
{
	fail(f, ENODEV, "there is no RAM disk \"%s\"", name);
	return fail_hint(f, "\"swornadm ram list\" shows those that there are");
}

static int query(const char *name, struct back_ram_disk *disk, struct failure *f)
{
	struct genl_answer answer;

	genl_ask(channel, named(SWORN_RAM_CMD_GET, name), SWORN_RAM_A_MAX, take_disk, disk, &answer);
	if (answer.err == -ENODEV)
		return absent(name, f);
	return told(&answer, f, "RAM disk \"%s\"", name);
}

static int take_totals(int command, struct nlattr **a, void *arg)
{
	struct back_ram_totals *totals = arg;

	(void)command;
	*totals = (struct back_ram_totals){
		.disks = small(a, SWORN_RAM_A_DISKS),
		.memory_bytes = number(a, SWORN_RAM_A_MEMORY),
		.limit_bytes = number(a, SWORN_RAM_A_LIMIT),
		.reserve_bytes = number(a, SWORN_RAM_A_RESERVE),
		.freeing_bytes = number(a, SWORN_RAM_A_FREEING),
	};
	return 0;
}

static int totals(struct back_ram_totals *sum, struct failure *f)
{
	struct genl_answer answer;

	genl_ask(channel, request(SWORN_RAM_CMD_TOTALS, 0), SWORN_RAM_A_MAX, take_totals, sum, &answer);
	return told(&answer, f, "the totals of all RAM disks");
}

static int change(const char *name, const struct back_ram_change *what, struct back_ram_disk *disk,
		  struct failure *f)
{
	struct nl_msg *msg = named(SWORN_RAM_CMD_CHANGE, name);
	struct genl_answer answer;

	if (msg)
		msg = whole(msg,
			    (what->set_size && nla_put_u64(msg, SWORN_RAM_A_SIZE, what->size_bytes)) ||
			    (what->set_limit && nla_put_u64(msg, SWORN_RAM_A_LIMIT, what->limit_bytes)) ||
			    (what->force && nla_put_flag(msg, SWORN_RAM_A_FORCE)));
	genl_ask(channel, msg, SWORN_RAM_A_MAX, take_disk, disk, &answer);
	if (answer.err == -ENODEV)
		return absent(name, f);
	told(&answer, f, "RAM disk \"%s\" cannot be changed", name);
	if (answer.err == -EBUSY)
		fail_hint(f, "make it smaller when nobody uses it, or give --force: what lies beyond the new end is lost");
	return answer.err;
}

static int remove_disk(const char *name, bool deferred, struct failure *f)
{
	struct nl_msg *msg = named(SWORN_RAM_CMD_REMOVE, name);
	struct back_ram_disk disk;
	struct failure ignored = { 0 };
	struct genl_answer answer;
	char users[512] = "";

	if (msg && deferred)
		msg = whole(msg, nla_put_flag(msg, SWORN_RAM_A_DEFERRED));
	genl_ask(channel, msg, SWORN_RAM_A_MAX, NULL, NULL, &answer);
	if (answer.err == -ENODEV)
		return absent(name, f);
	if (answer.err == -EBUSY && !query(name, &disk, &ignored))
		users_describe(disk.major, disk.minor, users, sizeof(users));
	told(&answer, f, "RAM disk \"%s\" cannot be removed%s%s", name, users[0] ? ", it is in use: " : "",
	     users);
	if (answer.err == -EBUSY)
		fail_hint(f, "end its use first, or give --deferred: it goes when its last user does");
	return answer.err;
}

struct watch {
	back_ram_event *take;
	void *arg;
};

static int take_event(int command, struct nlattr **attrs, void *arg)
{
	static const char *const words[] = {
		[SWORN_RAM_CMD_ADDED_NTF] = "added",
		[SWORN_RAM_CMD_REMOVED_NTF] = "removed",
		[SWORN_RAM_CMD_CHANGED_NTF] = "changed",
		[SWORN_RAM_CMD_LIMIT_NTF] = "limit",
	};
	struct watch *watch = arg;
	struct back_ram_disk disk;

	if (!command)
		return watch->take("lost", NULL, watch->arg);
	/* Of a later version: not ours to tell. */
	if (command < 0 || (size_t)command >= sizeof(words) / sizeof(words[0]) || !words[command])
		return 0;
	decode(attrs, &disk);
	return watch->take(words[command], &disk, watch->arg);
}

static int watch(back_ram_event *take, void *arg, struct failure *f)
{
	struct watch w = { take, arg };
	int err = genl_listen(channel, SWORN_RAM_GENL_NAME, SWORN_RAM_GENL_EVENTS, SWORN_RAM_A_MAX,
			      take_event, &w);

	return err ? fail(f, err, "events of sworn_ram: %s", strerror(-err)) : 0;
}

static void path(const struct back_ram_disk *disk, char *text, size_t bytes)
{
	link_path(disk, text, bytes);
	if (access(text, F_OK))
		snprintf(text, bytes, "/dev/swornram%u", disk->index);
}

const struct back_ram back_ram_kernel = {
	.prepare = prepare,
	.create = create,
	.list = list,
	.query = query,
	.totals = totals,
	.change = change,
	.remove = remove_disk,
	.watch = watch,
	.path = path,
};
