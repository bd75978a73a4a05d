// SPDX-License-Identifier: GPL-2.0-only
/* Mailboxes, by the generic netlink family of sworn_mbox; see mbox.h. */
#include "mbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "genl.h"
#include "include/uapi/sworn_mbox.h"
#include "kernel.h"

static struct nl_sock *channel;
static int family;

static int connect_family(void)
{
	if (channel)
		return 0;
	family = genl_open(SWORN_MBOX_GENL_NAME, &channel);
	return family < 0 ? family : 0;
}

static int other_namespace(struct failure *f)
{
	fail_exit(f, ENOENT, EXIT_FAILED,
		  "module sworn_mbox is loaded, but cannot be spoken to from this network namespace");
	return fail_hint(f, "mailboxes belong to the whole machine: go to its first network namespace, for example with \"nsenter --net=/proc/1/ns/net\"");
}

static int prepare(bool change, struct failure *f)
{
	int err;

	if (change && geteuid()) {
		fail(f, EPERM, "must be run as root: only reading is for everybody");
		return fail_hint(f, "try again with sudo");
	}
	err = connect_family();
	if (err == -ENOENT && change && access("/sys/module/sworn_mbox", F_OK)) {
		err = kmod_load("sworn_mbox", f);
		if (err)
			return err;
		err = connect_family();
	}
	if (err == -ENOENT && !access("/sys/module/sworn_mbox", F_OK))
		return other_namespace(f);
	if (err && err != -ENOENT)
		return fail(f, err, "generic netlink: %s", strerror(-err));
	return err;
}

static struct nl_msg *request(int command, int flags)
{
	return genl_request(family, command, SWORN_MBOX_GENL_VERSION, flags);
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

static const char *word(const char *const *words, size_t nr, uint32_t value)
{
	return value < nr ? words[value] : "unknown";
}

static void decode(struct nlattr **a, struct back_mbox *box)
{
	static const char *const kinds[] = { "rendezvous", "buffer" };
	static const char *const states[] = { "empty", "filling", "full", "reading", "spent" };

	*box = (struct back_mbox){
		.index = small(a, SWORN_MBOX_A_INDEX),
		.major = small(a, SWORN_MBOX_A_MAJOR),
		.minor = small(a, SWORN_MBOX_A_MINOR),
		.kind = word(kinds, 2, small(a, SWORN_MBOX_A_KIND)),
		.state = word(states, 5, small(a, SWORN_MBOX_A_STATE)),
		.size_bytes = small(a, SWORN_MBOX_A_SIZE),
		.once = a[SWORN_MBOX_A_ONCE],
		.uid = small(a, SWORN_MBOX_A_UID),
		.gid = small(a, SWORN_MBOX_A_GID),
		.mode = small(a, SWORN_MBOX_A_MODE),
		.timeout_ms = small(a, SWORN_MBOX_A_TIMEOUT),
		.openers = small(a, SWORN_MBOX_A_OPENERS),
		.waiting = small(a, SWORN_MBOX_A_WAITING),
		.written = number(a, SWORN_MBOX_A_WRITTEN),
		.taken = number(a, SWORN_MBOX_A_TAKEN),
		.expired = number(a, SWORN_MBOX_A_EXPIRED),
	};
	if (a[SWORN_MBOX_A_NAME])
		snprintf(box->name, sizeof(box->name), "%.*s", nla_len(a[SWORN_MBOX_A_NAME]),
			 (char *)nla_data(a[SWORN_MBOX_A_NAME]));
}

static int take_box(int command, struct nlattr **attrs, void *arg)
{
	(void)command;
	decode(attrs, arg);
	return 0;
}

/* @what: what cannot be done; the kernel's words go with it. */
static int told(const struct genl_answer *answer, struct failure *f, const char *what)
{
	if (!answer->err)
		return 0;
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

static struct nl_msg *encode(struct nl_msg *msg, const struct back_mbox_spec *spec)
{
	uint32_t kind = spec->buffer ? SWORN_MBOX_KIND_BUFFER : SWORN_MBOX_KIND_RENDEZVOUS;
	int bad;

	if (!msg)
		return NULL;
	bad = nla_put_string(msg, SWORN_MBOX_A_NAME, spec->name) ||
	      nla_put_u32(msg, SWORN_MBOX_A_KIND, kind) ||
	      nla_put_u32(msg, SWORN_MBOX_A_UID, spec->uid) ||
	      nla_put_u32(msg, SWORN_MBOX_A_GID, spec->gid) ||
	      nla_put_u32(msg, SWORN_MBOX_A_TIMEOUT, spec->timeout_ms) ||
	      (spec->size_bytes && nla_put_u32(msg, SWORN_MBOX_A_SIZE, spec->size_bytes)) ||
	      (spec->set_mode && nla_put_u32(msg, SWORN_MBOX_A_MODE, spec->mode)) ||
	      (spec->once && nla_put_flag(msg, SWORN_MBOX_A_ONCE));
	return whole(msg, bad);
}

static int create(const struct back_mbox_spec *spec, struct back_mbox *made, struct failure *f)
{
	struct genl_answer answer;
	char what[128];

	*made = (struct back_mbox){ 0 };
	genl_ask(channel, encode(request(SWORN_MBOX_CMD_CREATE, 0), spec), SWORN_MBOX_A_MAX,
		 take_box, made, &answer);
	snprintf(what, sizeof(what), "mailbox \"%.64s\" cannot be made", spec->name);
	if (!answer.err && !*made->name)
		return fail(f, EPROTO, "mailbox \"%.64s\" may be made, but sworn_mbox has not described it",
			    spec->name);
	return told(&answer, f, what);
}

struct list {
	struct back_mbox *boxes;
	size_t nr;
};

static int take_row(int command, struct nlattr **attrs, void *arg)
{
	struct back_mbox *boxes;
	struct list *list = arg;

	(void)command;
	boxes = reallocarray(list->boxes, list->nr + 1, sizeof(*boxes));
	if (!boxes)
		return -ENOMEM;
	list->boxes = boxes;
	decode(attrs, &boxes[list->nr++]);
	return 0;
}

static int list(struct back_mbox **boxes, size_t *nr, struct failure *f)
{
	struct list found = { NULL, 0 };
	struct genl_answer answer;

	genl_ask(channel, request(SWORN_MBOX_CMD_GET, NLM_F_DUMP), SWORN_MBOX_A_MAX, take_row,
		 &found, &answer);
	/* Mailboxes came or went meanwhile: what was told is good enough. */
	if (answer.err == -ESTALE)
		answer.err = 0;
	if (answer.err)
		free(found.boxes);
	else
		*boxes = found.boxes, *nr = found.nr;
	return told(&answer, f, "mailboxes cannot be listed");
}

static int remove_box(const char *name, struct failure *f)
{
	struct nl_msg *msg = request(SWORN_MBOX_CMD_REMOVE, 0);
	struct genl_answer answer;
	char what[128];

	if (msg)
		msg = whole(msg, nla_put_string(msg, SWORN_MBOX_A_NAME, name));
	genl_ask(channel, msg, SWORN_MBOX_A_MAX, NULL, NULL, &answer);
	if (answer.err == -ENODEV) {
		fail(f, ENODEV, "there is no mailbox \"%s\"", name);
		return fail_hint(f, "\"swornadm mbox list\" shows those that there are");
	}
	snprintf(what, sizeof(what), "mailbox \"%.64s\" cannot be removed", name);
	return told(&answer, f, what);
}

struct watch {
	back_mbox_event *take;
	void *arg;
};

static int take_event(int command, struct nlattr **attrs, void *arg)
{
	static const char *const words[] = {
		[SWORN_MBOX_CMD_ADDED_NTF] = "added",
		[SWORN_MBOX_CMD_REMOVED_NTF] = "removed",
		[SWORN_MBOX_CMD_EXPIRED_NTF] = "expired",
		[SWORN_MBOX_CMD_SPENT_NTF] = "spent",
	};
	struct watch *watch = arg;
	struct back_mbox box;

	if (!command)
		return watch->take("lost", NULL, watch->arg);
	/* Of a later version: not ours to tell. */
	if (command < 0 || (size_t)command >= sizeof(words) / sizeof(words[0]) || !words[command])
		return 0;
	decode(attrs, &box);
	return watch->take(words[command], &box, watch->arg);
}

static int watch(back_mbox_event *take, void *arg, struct failure *f)
{
	struct watch w = { take, arg };
	int err = genl_listen(channel, SWORN_MBOX_GENL_NAME, SWORN_MBOX_GENL_EVENTS,
			      SWORN_MBOX_A_MAX, take_event, &w);

	return err ? fail(f, err, "events of sworn_mbox: %s", strerror(-err)) : 0;
}

const struct back_mboxes back_mbox_kernel = {
	.prepare = prepare,
	.create = create,
	.list = list,
	.remove = remove_box,
	.watch = watch,
};
