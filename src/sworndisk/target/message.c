// SPDX-License-Identifier: GPL-2.0-only
/* Messages: one table of name, number of words and handler. */
#define DM_MSG_PREFIX "sworndisk"

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

static int message_compact(struct sworn_volume *vol)
{
	return sworn_maintain(vol, SWORN_MAINT_ROTATE | SWORN_MAINT_COMPACT);
}

static int message_clean(struct sworn_volume *vol)
{
	return sworn_maintain(vol, SWORN_MAINT_ROTATE | SWORN_MAINT_CLEAN);
}

static int message_checkpoint(struct sworn_volume *vol)
{
	return sworn_maintain(vol, SWORN_MAINT_ROTATE | SWORN_MAINT_CHECKPOINT);
}

static const struct message {
	const char *name;
	unsigned int words;
	int (*handle)(struct sworn_volume *vol);
} messages[] = {
	{ SWORN_MSG_COMPACT, 1, message_compact },
	{ SWORN_MSG_CLEAN, 1, message_clean },
	{ SWORN_MSG_CHECKPOINT, 1, message_checkpoint },
};

int sworn_message(struct dm_target *ti, unsigned int argc, char **argv,
		  char *result, unsigned int maxlen)
{
	struct sworn_target *st = ti->private;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		if (strcasecmp(argv[0], messages[i].name))
			continue;
		if (argc != messages[i].words) {
			DMERR("message %s: expected %u words, got %u",
			      messages[i].name, messages[i].words, argc);
			return -EINVAL;
		}
		if (!st->vol->running) {
			DMERR("message %s: device is suspended",
			      messages[i].name);
			return -EBUSY;
		}
		return messages[i].handle(st->vol);
	}
	DMERR("unknown message: %s", argv[0]);
	return -EINVAL;
}
