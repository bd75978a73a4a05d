// SPDX-License-Identifier: GPL-2.0-only
/*
 * The message "segments": how many blocks of each data segment are referenced,
 * in pieces that fit an answer.
 */
#define DM_MSG_PREFIX "sworndisk"

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

/* Segments looked at with the lock held once. */
#define AT_A_TIME	256U
/* Bytes of the longest word, with what device-mapper wants left. */
#define WORD_MAX	32U

/* struct view - a segment, as the answer has it */
struct view {
	u32 referenced;
	char mark;
};

static u32 look(struct sworn_segments *s, u32 from, u32 n, struct view *view)
{
	u32 i;

	n = min(n, AT_A_TIME);
	sworn_segments_lock(s);
	for (i = 0; i < n; i++) {
		view[i].referenced = s->dst[from + i].valid_blocks;
		view[i].mark = test_bit(from + i, s->open) ? SWORN_MAP_OPEN :
			       test_bit(from + i, s->used) ? 0 :
			       SWORN_MAP_FREE;
	}
	sworn_segments_unlock(s);
	return n;
}

static bool alike(const struct view *a, const struct view *b)
{
	return a->referenced == b->referenced && a->mark == b->mark;
}

/* A word for equal neighbours: COUNT, what it is, and how many there are. */
static ssize_t emit_words(const struct view *view, u32 n, u32 *done,
			  char *result, unsigned int maxlen, ssize_t sz)
{
	u32 i, same;

	for (i = 0; i < n && sz + WORD_MAX < maxlen; i += same) {
		for (same = 1; i + same < n && alike(&view[i], &view[i + same]); )
			same++;
		DMEMIT(" %u", view[i].referenced);
		if (view[i].mark)
			DMEMIT("%c", view[i].mark);
		if (same > 1)
			DMEMIT("*%u", same);
	}
	*done += i;
	return sz;
}

int sworn_segments_message(struct sworn_volume *vol, u32 from, u32 n,
			   char *result, unsigned int maxlen)
{
	struct sworn_segments *s = &vol->segments;
	struct view *view;
	u32 done = 0, now;
	ssize_t sz = 0;

	if (from >= s->nr) {
		DMERR("message " SWORN_MSG_SEGMENTS ": segment %u: expected 0 to %u",
		      from, s->nr - 1);
		return -EINVAL;
	}
	view = kmalloc_array(AT_A_TIME, sizeof(*view), GFP_KERNEL);
	if (!view)
		return -ENOMEM;
	n = min(n, s->nr - from);
	DMEMIT("segments %u from:%u segment_blocks:%u live", s->nr, from,
	       s->segment_blocks);
	while (done < n && sz + WORD_MAX < maxlen) {
		now = look(s, from + done, n - done, view);
		sz = emit_words(view, now, &done, result, maxlen, sz);
	}
	kfree(view);
	return 1;
}
