// SPDX-License-Identifier: GPL-2.0-only
/* The driver's answers to "segments"; see segments.h. */
#include "segments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "send.h"
#include "include/uapi/sworndisk_format.h"
#include "include/uapi/sworndisk_target.h"

const char *segment_state_name(enum segment_state state)
{
	static const char *const names[] = {
		[SEGMENT_USED] = "used",
		[SEGMENT_FREE] = "free",
		[SEGMENT_OPEN] = "open",
	};

	return names[state];
}

void segments_free(struct segments *s)
{
	free(s->segment);
	s->segment = NULL;
}

/* COUNT, what it is, and how many there are: "17o*3"; false: it is no such word */
static bool take_word(struct segments *s, uint64_t *at, const char *word)
{
	struct segment segment = { .state = SEGMENT_USED };
	uint64_t times = 1;
	char *end;

	segment.live_blocks = (uint32_t)strtoul(word, &end, 10);
	if (end == word || segment.live_blocks > s->segment_blocks)
		return false;
	if (*end == SWORN_MAP_FREE)
		segment.state = SEGMENT_FREE;
	else if (*end == SWORN_MAP_OPEN)
		segment.state = SEGMENT_OPEN;
	if (segment.state != SEGMENT_USED)
		end++;
	if (*end == '*')
		times = strtoull(end + 1, &end, 10);
	if (*end || !times || times > s->nr - *at)
		return false;
	while (times--)
		s->segment[(*at)++] = segment;
	return true;
}

static bool take_head(struct segments *s, uint64_t at, char *text, char **words)
{
	uint64_t nr, from, blocks;
	int n = 0;

	if (sscanf(text, "segments %" SCNu64 " from:%" SCNu64 " segment_blocks:%" SCNu64 " live%n",
		   &nr, &from, &blocks, &n) != 3 || !n || from != at)
		return false;
	*words = text + n;
	if (s->segment)
		return nr == s->nr && blocks == s->segment_blocks;
	if (!nr || nr > SWORN_BLOCK_NR_MAX || !blocks)
		return false;
	s->nr = nr;
	s->segment_blocks = blocks;
	s->segment = calloc(nr, sizeof(*s->segment));
	return s->segment;
}

/* One answer; @at goes on by what it told. */
static bool take_piece(struct segments *s, uint64_t *at, char *text)
{
	uint64_t before = *at;
	char *words, *word, *save = NULL;

	text[strcspn(text, "\n")] = '\0';
	if (!take_head(s, *at, text, &words))
		return false;
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		if (!take_word(s, at, word))
			return false;
	return *at > before;
}

int segments_read(const struct back *back, const char *name,
		  struct segments *s, struct failure *f)
{
	char message[64];
	uint64_t at = 0;
	int err = 0;

	memset(s, 0, sizeof(*s));
	do {
		char *reply = NULL;

		snprintf(message, sizeof(message), SWORN_MSG_SEGMENTS " %" PRIu64, at);
		err = send_message(back, name, message, NULL, &reply, f);
		if (!err && (!reply || !take_piece(s, &at, reply)))
			err = fail(f, EPROTO,
				   "disk \"%s\": the driver's answer to \"%s\" is not understood",
				   name, message);
		free(reply);
	} while (!err && at < s->nr);
	if (err)
		segments_free(s);
	return err;
}
