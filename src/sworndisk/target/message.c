// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: one table says of each what it is called, what it takes, what it is
 * for and in which states it may come.
 */
#define DM_MSG_PREFIX "sworndisk"

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

/*
 * struct message_call - a message that came
 * @argc, @argv: its words behind the name
 * @result, @maxlen: for an answer
 */
struct message_call {
	struct sworn_target *st;
	unsigned int argc;
	char **argv;
	char *result;
	unsigned int maxlen;
};

/*
 * struct message - one message
 * @args: its words behind the name
 * @min_args, @max_args: how many
 * @help: what it is for
 * @running: not while the device is suspended
 * @upkeep: what it asks upkeep to do, SWORN_MAINT_ flags; else 0
 * @handle: if not for upkeep: 0, 1 with an answer, or a negative errno
 */
struct message {
	const char *name;
	const char *args;
	unsigned int min_args;
	unsigned int max_args;
	const char *help;
	bool running;
	u32 upkeep;
	int (*handle)(const struct message_call *call);
};

static int message_set(const struct message_call *call)
{
	return sworn_options_set(call->st, call->argv[0], call->argv[1]);
}

static int message_get(const struct message_call *call)
{
	sworn_options_get(call->st, call->result, call->maxlen);
	return 1;
}

static int message_stats(const struct message_call *call)
{
	return sworn_stats_message(call->st->vol,
				   call->argc ? call->argv[0] : NULL,
				   call->result, call->maxlen);
}

static int message_segments(const struct message_call *call)
{
	u32 word[2] = { 0, U32_MAX };
	unsigned int i;

	for (i = 0; i < call->argc; i++) {
		if (kstrtou32(call->argv[i], 10, &word[i])) {
			DMERR("message " SWORN_MSG_SEGMENTS ": expected a number, got %s",
			      call->argv[i]);
			return -EINVAL;
		}
	}
	return sworn_segments_message(call->st->vol, word[0], word[1],
				      call->result, call->maxlen);
}

static int message_verify(const struct message_call *call)
{
	return sworn_verify_message(call->st->vol, call->argc, call->argv,
				    call->result, call->maxlen);
}

static int message_help(const struct message_call *call);

static const struct message messages[] = {
	{
		.name = SWORN_MSG_COMPACT,
		.args = "",
		.help = "merge all index runs, and put data in order",
		.running = true,
		.upkeep = SWORN_MAINT_ROTATE | SWORN_MAINT_COMPACT,
	}, {
		.name = SWORN_MSG_CLEAN,
		.args = "",
		.help = "merge all index runs, and empty sparse segments",
		.running = true,
		.upkeep = SWORN_MAINT_ROTATE | SWORN_MAINT_CLEAN,
	}, {
		.name = SWORN_MSG_CHECKPOINT,
		.args = "",
		.help = "write a checkpoint pack",
		.running = true,
		.upkeep = SWORN_MAINT_ROTATE | SWORN_MAINT_CHECKPOINT,
	}, {
		.name = SWORN_MSG_SET,
		.args = " <option> <value>",
		.min_args = 2,
		.max_args = 2,
		.help = "change an option of the live volume",
		.handle = message_set,
	}, {
		.name = SWORN_MSG_GET,
		.args = "",
		.help = "name, value, least, most of what can be changed",
		.handle = message_get,
	}, {
		.name = SWORN_MSG_STATS,
		.args = " [on|off|reset]",
		.max_args = 1,
		.help = "print, switch or empty the statistics",
		.handle = message_stats,
	}, {
		.name = SWORN_MSG_SEGMENTS,
		.args = " [<from> [<count>]]",
		.max_args = 2,
		.help = "referenced blocks of each data segment",
		.handle = message_segments,
	}, {
		.name = SWORN_MSG_VERIFY,
		.args = " start|pause|resume|cancel|report [<from>]",
		.min_args = 1,
		.max_args = 2,
		.help = "read and verify all that is in use; what was found",
		.handle = message_verify,
	}, {
		.name = SWORN_MSG_HELP,
		.args = "",
		.help = "list options and messages",
		.handle = message_help,
	},
};

static int message_help(const struct message_call *call)
{
	unsigned int i, maxlen = call->maxlen;
	char *result = call->result;
	ssize_t sz = 0;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		DMEMIT("message %s%s: %s\n", messages[i].name,
		       messages[i].args, messages[i].help);
	sworn_options_help(result, maxlen, sz);
	return 1;
}

static int handle(const struct message *m, const struct message_call *call)
{
	const struct sworn_volume *vol = call->st->vol;

	if (call->argc < m->min_args || call->argc > m->max_args) {
		DMERR("message %s: expected %s%s", m->name, m->name, m->args);
		return -EINVAL;
	}
	if (!vol->active || (m->running && !vol->running)) {
		DMERR("message %s: device is suspended", m->name);
		return -EBUSY;
	}
	return m->upkeep ? sworn_maintain(call->st->vol, m->upkeep) :
			   m->handle(call);
}

int sworn_message(struct dm_target *ti, unsigned int argc, char **argv,
		  char *result, unsigned int maxlen)
{
	const struct message_call call = {
		.st = ti->private,
		.argc = argc - 1,
		.argv = argv + 1,
		.result = result,
		.maxlen = maxlen,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		if (!strcasecmp(argv[0], messages[i].name))
			return handle(&messages[i], &call);
	DMERR("unknown message: %s", argv[0]);
	return -EINVAL;
}
