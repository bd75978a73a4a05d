// SPDX-License-Identifier: GPL-2.0-only
/* The state that the driver would open; see recover.h. */
#include "recover.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

static const char advice_pack[] =
	"nothing need be done: the next checkpoint writes it anew";
static const char advice_lost[] =
	"put the devices back from a backup of the same moment; nothing here can be repaired without guessing";

/*
 * struct attempt - the way from one pack to the end of the journal
 * @checkpoint: generation in a CHECKPOINT item of the group under way, or 0
 * @seen_own, @seen_newest: the journal reached that item of the pack, of the
 *	newest one
 */
struct attempt {
	const struct image *img;
	const struct pack *pack;
	const struct pack *newest;
	struct state *state;
	struct tail *tail;
	u64 checkpoint;
	bool seen_own;
	bool seen_newest;
};

/* A record that was replaced in its own group proves nothing. */
static int keep_record(struct tail *t, const struct sworn_record *r)
{
	u32 i;

	if (sworn_record_is_tombstone(r))
		return 0;
	for (i = 0; i < t->nr && t->rec[i].lba != r->lba; i++)
		;
	if (i == SWORN_BESIDE_RECORDS)
		return -EUCLEAN;
	t->rec[i] = *r;
	t->nr += i == t->nr;
	return 0;
}

static int keep_tail(struct attempt *a, u64 base_seq, const struct sworn_item *item)
{
	const struct sworn_disk_record *d = item->body;
	struct tail *t = a->tail;
	struct sworn_record r;
	int err = 0;

	if (t->base_seq != base_seq) {
		t->base_seq = base_seq;
		t->beside = false;
		t->nr = 0;
	}
	if (item->type == SWORN_ITEM_BESIDE)
		t->beside = true;
	if (item->type != SWORN_ITEM_RECORDS || !t->beside)
		return 0;
	for (u32 i = 0; !err && i < item->bytes / sizeof(*d); i++) {
		sworn_record_decode(&r, &d[i]);
		err = keep_record(t, &r);
	}
	if (err)
		snprintf(a->state->why, sizeof(a->state->why),
			 "a commit beside its data has more than %u records",
			 SWORN_BESIDE_RECORDS);
	return err;
}

static int take_item(void *data, u64 base_seq, const struct sworn_item *item)
{
	struct attempt *a = data;
	int err = keep_tail(a, base_seq, item);

	if (err)
		return err;
	if (item->type == SWORN_ITEM_CHECKPOINT && item->bytes == sizeof(__le64))
		a->checkpoint = le64_to_cpu(*(const __le64 *)item->body);
	return state_apply(a->state, item, base_seq >= a->pack->state.state_seq);
}

static bool is_record_of(const struct attempt *a, const struct pack *p,
			 u64 base_seq, const u8 *tag)
{
	return base_seq == p->state.record_seq &&
	       a->checkpoint == p->state.generation &&
	       !memcmp(tag, p->state.record_tag, SWORN_TAG_SIZE);
}

static int take_group(void *data, u64 base_seq, u64 next_seq, const u8 *tag)
{
	struct attempt *a = data;

	(void)next_seq;
	a->seen_own |= is_record_of(a, a->pack, base_seq, tag);
	a->seen_newest |= is_record_of(a, a->newest, base_seq, tag);
	a->checkpoint = 0;
	return 0;
}

static struct finding *journal_finding(struct report *report,
				       const struct image *img, u64 seq,
				       const char *what)
{
	struct finding *f = report_add(report, FINDING_ERROR, "journal",
				       "journal block %" PRIu64 " %s", seq, what);

	finding_at(f, image_path(img, AREA_META), journal_block(img, seq), 1);
	return f;
}

/* What is wrong with a journal; was anything? */
static bool judge_end(const struct attempt *a, const struct journal_end *end,
		      struct report *report)
{
	struct finding *f;
	char later[32];

	switch (end->verdict) {
	case JOURNAL_UNREADABLE:
		f = journal_finding(report, a->img, end->stop_seq, "cannot be read");
		finding_texts(f, "read", strerror(-end->err), "success");
		break;
	case JOURNAL_WRONG:
		f = journal_finding(report, a->img, end->stop_seq,
				    "begins a group that contradicts the tables");
		finding_texts(f, "items", a->state->why, "");
		break;
	case JOURNAL_DAMAGED:
		f = journal_finding(report, a->img, end->stop_seq,
				    "is damaged, or was put back to an older state");
		snprintf(later, sizeof(later), "in block %" PRIu64, end->later_seq);
		finding_texts(f, "later commit", later, "");
		break;
	default:
		if (a->seen_own && a->seen_newest)
			return false;
		f = journal_finding(report, a->img, end->stop_seq,
				    "is missing: the journal ends before a checkpoint that was written behind it");
		finding_value(f, "last checkpoint's block",
			      end->next_seq, a->newest->state.record_seq);
		break;
	}
	finding_lost(f, "the commits from there on; without them the disk cannot be opened");
	f->advice = advice_lost;
	return true;
}

/* Build the state from a pack.  1: it is there, 0: it is not. */
static int attempt(struct attempt *a, struct pack *p, struct journal_end *end,
		   bool *has_end, struct report *report)
{
	static const struct journal_ops ops = {
		.item = take_item,
		.group = take_group,
	};
	int err;

	a->pack = p;
	a->seen_own = false;
	a->seen_newest = false;
	a->tail->base_seq = ~0ULL;
	a->tail->beside = false;
	err = state_init(a->state, &a->img->sb.geo, a->img->sb.cipher);
	if (err)
		return err;
	err = pack_read_body(p, a->img, a->state);
	if (err)
		return err == -ENOMEM || err == -ECANCELED ? err : 0;
	err = journal_walk(a->img, p->state.replay_seq, p->state.replay_prev_tag,
			   a->tail->end_seq, &ops, a, end);
	if (err)
		return err;
	*has_end = true;
	if (judge_end(a, end, report))
		return 0;
	err = state_sort(a->state);
	return err ? err : 1;
}

static void report_header(const struct pack *p, const struct image *img,
			  struct report *report)
{
	struct finding *f;

	f = report_add(report, FINDING_ERROR, "pack",
		       "header of checkpoint pack %u: %s", p->place, p->why);
	finding_at(f, image_path(img, AREA_META), pack_block(p, img), 1);
	finding_lost(f, "nothing, as long as the other pack is whole");
	f->advice = advice_pack;
}

static void report_body(const struct pack *p, const struct image *img,
			bool in_force, struct report *report)
{
	struct finding *f;

	f = report_add(report, in_force ? FINDING_ERROR : FINDING_NOTE, "pack",
		       "checkpoint %" PRIu64 ", block %" PRIu64 " of its body: %s%s",
		       p->state.generation, p->bad_block, p->why, in_force ? "" :
		       "; damaged, or the next checkpoint was being written over it");
	finding_at(f, image_path(img, AREA_META),
		   pack_block(p, img) + 1 + p->bad_block, 1);
	finding_lost(f, "nothing, as long as the other pack is whole");
	f->advice = advice_pack;
}

static void report_headers(const struct recovery *r, const struct image *img,
			   struct report *report)
{
	for (u32 i = 0; i < SWORN_PACKS; i++) {
		const struct pack *p = &r->pack[i], *other = &r->pack[!i];

		if (!p->header)
			continue;
		/* a new disk has one pack only, and the second is the next */
		if (p->header == -ENODATA && !other->header &&
		    other->state.generation == 1)
			continue;
		report_header(p, img, report);
	}
}

/* An old pack that was put back does not hold the journal: nobody needs it. */
static bool in_ring(const struct recovery *r, const struct pack *p,
		    const struct sworn_geometry *geo)
{
	return p->state.replay_seq <= r->end.next_seq &&
	       r->end.next_seq - p->state.replay_seq <= geo->journal_blocks / 4 * 3;
}

/* The way by the older pack must lead to the same state. */
static int judge_fallback(struct recovery *r, const struct image *img,
			  struct report *report)
{
	struct pack *older = &r->pack[!r->newest];
	struct state state = { 0 };
	struct tail tail = { .end_seq = r->tail.end_seq };
	struct attempt a = {
		.img = img,
		.newest = &r->pack[r->newest],
		.state = &state,
		.tail = &tail,
	};
	struct journal_end end;
	bool has_end = false;
	int there;

	if (older->header || !in_ring(r, older, &img->sb.geo))
		return 0;
	there = attempt(&a, older, &end, &has_end, report);
	if (!there && !has_end)
		report_body(older, img, false, report);
	if (there > 0) {
		const char *what = state_differs(&r->state, &state);

		if (what)
			report_add(report, FINDING_ERROR, "tables",
				   "%s: checkpoints %" PRIu64 " and %" PRIu64 " do not lead to the same",
				   what, older->state.generation,
				   a.newest->state.generation);
	}
	state_free(&state);
	return there < 0 ? there : 0;
}

/* From the newest pack, or if its body does not serve, from the other one. */
static int choose(struct recovery *r, const struct image *img,
		  struct report *report)
{
	struct attempt a = {
		.img = img,
		.newest = &r->pack[r->newest],
		.state = &r->state,
		.tail = &r->tail,
	};
	int there = attempt(&a, &r->pack[r->newest], &r->end, &r->has_end, report);

	if (there > 0)
		r->used = r->newest;
	if (there || r->has_end)
		return there;
	report_body(&r->pack[r->newest], img, true, report);
	if (r->pack[!r->newest].header)
		return 0;
	state_free(&r->state);
	there = attempt(&a, &r->pack[!r->newest], &r->end, &r->has_end, report);
	if (there > 0)
		r->used = !r->newest;
	else if (!there && !r->has_end)
		report_body(&r->pack[!r->newest], img, true, report);
	return there;
}

/* Read and open the blocks of the last group: does one not verify? */
static int ask_data(struct recovery *r, const struct image *img, void *block,
		    const struct sworn_record **bad)
{
	int err = 0;

	for (u32 i = 0; !err && i < r->tail.nr; i++) {
		*bad = &r->tail.rec[i];
		err = data_open(img, &r->state, *bad, block);
	}
	return err;
}

static void report_unread(struct report *report, const struct image *img,
			  const struct sworn_record *bad, int err)
{
	struct finding *f;

	f = report_add(report, FINDING_ERROR, "data",
		       "a data block written with the last commit cannot be read, so nobody knows whether that counts");
	finding_at(f, image_path(img, AREA_DATA),
		   img->sb.geo.data_start_block + bad->hba, 1);
	finding_texts(f, "read", err == -ERANGE ? "the device ends before it" :
		      strerror(-err), "success");
	finding_lbas(f, bad->lba, bad->lba);
	finding_lost(f, "the disk cannot be opened");
	f->advice = "mend the device; or write zeroes to the block, which gives that commit up";
}

static void report_dropped(struct report *report, const struct image *img,
			   const struct sworn_record *bad, u64 commit_id)
{
	struct finding *f;

	f = report_add(report, FINDING_NOTE, "data",
		       "commit %" PRIu64 " was cut off: its data are not all there, so it does not count",
		       commit_id);
	finding_at(f, image_path(img, AREA_DATA),
		   img->sb.geo.data_start_block + bad->hba, 1);
	finding_lbas(f, bad->lba, bad->lba);
	finding_lost(f, "nothing that a flush had acknowledged, if the machine stopped while it was written");
}

/*
 * The last group may have been on its way at the same time as its data.  If not
 * all of that has arrived, all begins anew without it.  Not if the group behind
 * it was begun: then all was there once.
 */
static int prove_tail(struct recovery *r, const struct image *img,
		      struct report *report, const struct report *before)
{
	const struct sworn_record *bad = NULL;
	void *block;
	int err;

	if (r->used < 0 || !r->tail.beside || r->end.verdict != JOURNAL_WHOLE)
		return 0;
	block = malloc(SWORN_BLOCK_SIZE);
	if (!block)
		return -ENOMEM;
	r->tail.asked = true;
	err = ask_data(r, img, block, &bad);
	explicit_bzero(block, SWORN_BLOCK_SIZE);
	free(block);
	if (!err)
		return 0;
	if (err != -EBADMSG) {
		report_unread(report, img, bad, err);
		r->used = -1;
		return 0;
	}
	/* what was found on the way is found again */
	report->nr = before->nr;
	report->errors = before->errors;
	report->notes = before->notes;
	report_dropped(report, img, bad, r->state.commit_id);
	state_free(&r->state);
	r->tail.asked = false;
	r->tail.end_seq = r->tail.base_seq;
	r->has_end = false;
	r->used = -1;
	return choose(r, img, report);
}

int recover(struct recovery *r, const struct image *img, bool fallback,
	    struct report *report)
{
	struct report nobody = { 0 }, before;
	int err = 0;

	memset(r, 0, sizeof(*r));
	r->tail.end_seq = ~0ULL;
	r->newest = -1;
	r->used = -1;
	report = report ? report : &nobody;
	for (u32 i = 0; !err && i < SWORN_PACKS; i++)
		err = pack_read_header(&r->pack[i], img, i);
	if (err)
		return err;
	report_headers(r, img, report);
	for (int i = 0; i < SWORN_PACKS; i++)
		if (!r->pack[i].header &&
		    (r->newest < 0 || r->pack[i].state.generation >
				      r->pack[r->newest].state.generation))
			r->newest = i;
	before = *report;
	if (r->newest >= 0)
		err = choose(r, img, report);
	if (err >= 0 && r->newest >= 0)
		err = prove_tail(r, img, report, &before);
	if (err >= 0 && r->used >= 0 && r->used == r->newest && fallback)
		err = judge_fallback(r, img, report);
	report_free(&nobody);
	return err < 0 ? err : 0;
}

void recovery_free(struct recovery *r)
{
	state_free(&r->state);
}
