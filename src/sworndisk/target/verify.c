// SPDX-License-Identifier: GPL-2.0-only
/*
 * The message "verify": what to do, or what was found, in pieces that fit an
 * answer.
 */
#define DM_MSG_PREFIX "sworndisk"

#include <linux/slab.h>

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

/* Bad places looked at with the lock held once. */
#define AT_A_TIME	64U
/* Bytes of the longest line, with what device-mapper wants left. */
#define LINE_MAX	96U

static const char * const phases[] = {
	[SWORN_VERIFY_IDLE] = SWORN_VERIFY_IS_IDLE,
	[SWORN_VERIFY_RUNNING] = SWORN_VERIFY_IS_RUNNING,
	[SWORN_VERIFY_PAUSED] = SWORN_VERIFY_IS_PAUSED,
	[SWORN_VERIFY_DONE] = SWORN_VERIFY_IS_DONE,
};

static const char * const kinds[] = {
	[SWORN_VERIFY_DATA] = SWORN_VERIFY_OF_DATA,
	[SWORN_VERIFY_DATA_UNREAD] = SWORN_VERIFY_OF_DATA_UNREAD,
	[SWORN_VERIFY_NODE] = SWORN_VERIFY_OF_NODE,
	[SWORN_VERIFY_NODE_UNREAD] = SWORN_VERIFY_OF_NODE_UNREAD,
};

const char *sworn_verify_phase_name(enum sworn_verify_phase phase)
{
	return phases[phase];
}

static ssize_t emit_bad(const struct sworn_verify_bad *bad, u32 n, u32 *done,
			char *result, unsigned int maxlen, ssize_t sz)
{
	u32 i;

	for (i = 0; i < n && sz + LINE_MAX < maxlen; i++)
		DMEMIT("%s %llu %llu %llu\n", kinds[bad[i].kind],
		       bad[i].first_lba, bad[i].last_lba, bad[i].block);
	*done += i;
	return sz;
}

static int report(struct sworn_volume *vol, u32 from, char *result,
		  unsigned int maxlen)
{
	struct sworn_verify_at at;
	struct sworn_verify_bad *bad;
	ssize_t sz = 0;
	u32 n, done;

	bad = kmalloc_array(AT_A_TIME, sizeof(*bad), GFP_KERNEL);
	if (!bad)
		return -ENOMEM;
	sworn_verify_look(vol, &at);
	DMEMIT("verify %s percent:%u lba:%llu data_blocks:%llu nodes:%llu",
	       phases[at.phase], sworn_verify_percent(vol, &at), at.next_lba,
	       at.data_blocks, at.nodes);
	DMEMIT(" errors:%llu unlisted:%llu started:%llu ended:%llu from:%u places:%u\n",
	       at.errors, at.unlisted, at.started_s, at.ended_s, from,
	       at.nr_bad);
	do {
		done = 0;
		n = sworn_verify_bad(vol, from, AT_A_TIME, bad);
		sz = emit_bad(bad, n, &done, result, maxlen, sz);
		from += done;
	} while (done);
	kfree(bad);
	return 1;
}

static int report_from(struct sworn_volume *vol, const char *word, char *result,
		       unsigned int maxlen)
{
	u32 from = 0;

	if (word && kstrtou32(word, 10, &from)) {
		DMERR("message " SWORN_MSG_VERIFY " " SWORN_VERIFY_DO_REPORT ": expected a number, got %s",
		      word);
		return -EINVAL;
	}
	return report(vol, from, result, maxlen);
}

/* struct deed - what can be done; @must: what it takes */
struct deed {
	const char *word;
	int (*run)(struct sworn_volume *vol);
	const char *must;
};

static const struct deed deeds[] = {
	{ SWORN_VERIFY_DO_START, sworn_verify_start, "not under way" },
	{ SWORN_VERIFY_DO_PAUSE, sworn_verify_pause, SWORN_VERIFY_IS_RUNNING },
	{ SWORN_VERIFY_DO_RESUME, sworn_verify_go_on, SWORN_VERIFY_IS_PAUSED },
	{ SWORN_VERIFY_DO_CANCEL, sworn_verify_cancel, "begun" },
};

static int run(struct sworn_volume *vol, const struct deed *d)
{
	struct sworn_verify_at at;
	int err = d->run(vol);

	if (!err)
		return 0;
	sworn_verify_look(vol, &at);
	if (!READ_ONCE(vol->running))
		DMERR("message " SWORN_MSG_VERIFY " %s: device is suspended",
		      d->word);
	else if (err == -EIO)
		DMERR("message " SWORN_MSG_VERIFY " %s: nothing can be read in mode %s",
		      d->word, sworn_mode_name(sworn_volume_mode(vol)));
	else
		DMERR("message " SWORN_MSG_VERIFY " %s: verifying is %s, must be %s",
		      d->word, phases[at.phase], d->must);
	return err;
}

int sworn_verify_message(struct sworn_volume *vol, unsigned int argc,
			 char **argv, char *result, unsigned int maxlen)
{
	unsigned int i;

	if (!strcasecmp(argv[0], SWORN_VERIFY_DO_REPORT))
		return report_from(vol, argc > 1 ? argv[1] : NULL, result,
				   maxlen);
	for (i = 0; i < ARRAY_SIZE(deeds); i++)
		if (argc == 1 && !strcasecmp(argv[0], deeds[i].word))
			return run(vol, &deeds[i]);
	DMERR("message " SWORN_MSG_VERIFY ": expected start, pause, resume, cancel or report [<from>], got %s%s",
	      argv[0], argc > 1 ? " and more" : "");
	return -EINVAL;
}
