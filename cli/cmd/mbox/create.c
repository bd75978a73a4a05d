// SPDX-License-Identifier: GPL-2.0-only
/* swornadm mbox create. */
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../args/number.h"
#include "include/uapi/sworn_mbox.h"
#include "show.h"

static int wrong(struct context *c)
{
	return fail_hint(c->failure, "\"swornadm mbox create --help\" tells more");
}

static int take_kind(struct context *c, struct back_mbox_spec *spec)
{
	const char *kind = c->options.kind;

	spec->buffer = kind && !strcmp(kind, "buffer");
	if (kind && !spec->buffer && strcmp(kind, "rendezvous")) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "--kind \"%s\" is unknown: expected rendezvous or buffer", kind);
		return wrong(c);
	}
	if (spec->buffer && spec->once) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "--once is for messages: expected --kind rendezvous with it");
		return wrong(c);
	}
	return 0;
}

static int take_mode(struct context *c, struct back_mbox_spec *spec)
{
	const char *text = c->options.mode;
	unsigned long mode;
	char *end;

	if (!text)
		return 0;
	mode = strtoul(text, &end, 8);
	if (*text < '0' || *text > '7' || *end || mode > SWORN_MBOX_MODE_MAX) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "--mode \"%s\": expected permission bits in octal, 0 to 0777", text);
		return wrong(c);
	}
	spec->set_mode = true;
	spec->mode = (uint32_t)mode;
	return 0;
}

/* A number, of a user or group that need not have a name. */
static bool is_id(const char *text, uint32_t *id)
{
	uint64_t value;

	if (number_parse(text, &value) || value >= UINT32_MAX)
		return false;
	*id = (uint32_t)value;
	return true;
}

static bool find_user(const char *text, uint32_t *uid)
{
	const struct passwd *user = getpwnam(text);

	if (user)
		*uid = user->pw_uid;
	return user || is_id(text, uid);
}

static bool find_login_group(uint32_t uid, uint32_t *gid)
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		*gid = user->pw_gid;
	return user;
}

static bool find_group(const char *text, uint32_t *gid)
{
	const struct group *group = getgrnam(text);

	if (group)
		*gid = group->gr_gid;
	return group || is_id(text, gid);
}

/* As chown has it: USER, USER: (and the group of the user), USER:GROUP or :GROUP. */
static int take_owner(struct context *c, struct back_mbox_spec *spec)
{
	const char *text = c->options.owner, *group = NULL;
	char user[256];

	if (!text)
		return 0;
	snprintf(user, sizeof(user), "%s", text);
	if (strchr(user, ':')) {
		*strchr(user, ':') = '\0';
		group = strchr(text, ':') + 1;
	}
	if ((*user || !group) && !find_user(user, &spec->uid)) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "--owner \"%s\": there is no user \"%s\": expected USER[:GROUP], names or numbers",
			  text, user);
		return wrong(c);
	}
	if (*user && group && !*group && !find_login_group(spec->uid, &spec->gid)) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "--owner \"%s\": there is no user \"%s\", and so no group: expected USER:GROUP",
			  text, user);
		return wrong(c);
	}
	if (group && (*group || !*user) && !find_group(group, &spec->gid)) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "--owner \"%s\": there is no group \"%s\": expected USER[:GROUP], names or numbers",
			  text, group);
		return wrong(c);
	}
	return 0;
}

static int create_run(struct context *c)
{
	const struct options *o = &c->options;
	struct back_mbox_spec spec = {
		.name = c->args[0],
		.once = o->given[OPT_ONCE],
		.size_bytes = (uint32_t)o->size_bytes,
		.timeout_ms = (uint32_t)(o->timeout_s * 1000),
	};
	struct back_mbox made;
	int err;

	err = take_kind(c, &spec);
	if (!err)
		err = take_mode(c, &spec);
	if (!err)
		err = take_owner(c, &spec);
	if (!err)
		err = c->back->mbox->prepare(true, c->failure);
	if (!err)
		err = c->back->mbox->create(&spec, &made, c->failure);
	if (err)
		return err;
	if (out_is_json(c->out))
		show_mbox(c, &made);
	out_say(c->out, "Made mailbox \"%s\": /dev/sworn/mbox-%s", made.name, made.name);
	return 0;
}

const struct command command_mbox_create = {
	.name = "mbox create",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_MBOX_SIZE, OPT_KIND, OPT_ONCE, OPT_OWNER,
		OPT_MODE, OPT_TIMEOUT, OPT_END },
	.help = "make a mailbox, to hand a secret over",
	.doc = "Make a mailbox, /dev/sworn/mbox-NAME: who reads it waits until somebody has written, and what was read is wiped.",
	.run = create_run,
};
