// SPDX-License-Identifier: GPL-2.0-only
/* Checking packs, journal, index, accounts and data; see check.h. */
#include "check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "data.h"

/* Findings of one kind that are told one by one. */
#define EACH_MAX 100U

/**
 * struct accounts - records against tables
 * @live, @old: by data segment, bits of blocks that live and hidden records
 *	point at
 * @told_free, @told_twice, @told_key: findings of the kind
 */
struct accounts {
	struct check *check;
	const struct image *img;
	struct state *state;
	struct data_check *data;
	u64 **live;
	u64 **old;
	u64 told_free;
	u64 told_twice;
	u64 told_key;
};

static const char advice_accounts[] =
	"do not write to the disk: copy its contents off, opened with --read-only, and report this";

/* Set a bit; was it set already?  -ENOMEM. */
static int mark(u64 **map, const struct sworn_geometry *geo, u64 hba)
{
	u64 segment = hba / geo->segment_blocks, i = hba % geo->segment_blocks;
	u64 bit = 1ULL << (i % 64);
	int was;

	if (!map[segment])
		map[segment] = calloc(geo->segment_blocks / 64, sizeof(u64));
	if (!map[segment])
		return -ENOMEM;
	was = !!(map[segment][i / 64] & bit);
	map[segment][i / 64] |= bit;
	return was;
}

static bool is_marked(u64 *const *map, const struct sworn_geometry *geo, u64 hba)
{
	u64 segment = hba / geo->segment_blocks, i = hba % geo->segment_blocks;

	return map[segment] && map[segment][i / 64] >> (i % 64) & 1;
}

static void tell(struct accounts *a, u64 *told, const struct sworn_record *r,
		 const char *what, const char *lost)
{
	struct finding *f;

	if ((*told)++ >= EACH_MAX) {
		a->check->report.errors++;
		return;
	}
	f = report_add(&a->check->report, FINDING_ERROR, "tables", "%s", what);
	finding_at(f, image_path(a->img, AREA_DATA),
		   a->img->sb.geo.data_start_block + r->hba, 1);
	finding_lbas(f, r->lba, r->lba);
	finding_lost(f, "%s", lost);
	f->advice = advice_accounts;
}

static int take_live(struct accounts *a, const struct sworn_record *r)
{
	int was = mark(a->live, &a->img->sb.geo, r->hba);

	if (was < 0)
		return was;
	a->check->live++;
	if (was)
		tell(a, &a->told_twice, r,
		     "two LBAs point at one data block", "the contents of one of the two");
	if (!state_referenced(a->state, r->hba))
		tell(a, &a->told_free, r,
		     "a data block that a record points at is marked free",
		     "nothing yet; it will be overwritten");
	return a->data ? data_check_add(a->data, r) : 0;
}

static int take_record(void *data, const struct sworn_record *r, bool live)
{
	struct accounts *a = data;
	int was;

	if (!a->state->key[r->epoch].there)
		tell(a, &a->told_key, r,
		     "a record names a data key that is not in the key table",
		     "the contents of the LBA");
	if (live)
		return take_live(a, r);
	was = mark(a->old, &a->img->sb.geo, r->hba);
	return was < 0 ? was : 0;
}

/* What do the tables count that no live record points at? */
static void count_rest(struct accounts *a)
{
	const struct sworn_geometry *geo = &a->img->sb.geo;
	u64 none = 0, first = 0;

	for (u64 hba = 0; hba < sworn_data_blocks(geo); hba++) {
		if (hba % 64 == 0 && !a->state->map[hba / geo->segment_blocks]) {
			hba += 63;
			continue;
		}
		if (!state_referenced(a->state, hba) || is_marked(a->live, geo, hba))
			continue;
		if (is_marked(a->old, geo, hba)) {
			a->check->superseded++;
		} else if (!none++) {
			first = hba;
		}
	}
	/* below a lost node there are records that nobody has seen */
	if (a->check->counts.lost)
		return;
	a->check->unreferenced = none;
	if (none) {
		struct finding *f = report_add(&a->check->report, FINDING_NOTE, "tables",
			"%" PRIu64 " data blocks are marked used, but no record points at them",
			none);

		finding_at(f, image_path(a->img, AREA_DATA),
			   geo->data_start_block + first, 1);
		finding_lost(f, "the space");
	}
}

static void maps_free(u64 **map, u64 nr)
{
	for (u64 i = 0; map && i < nr; i++)
		free(map[i]);
	free(map);
}

static int walk_all(struct accounts *a)
{
	static const struct walk_ops ops = { .record = take_record };
	struct check *c = a->check;
	int err;

	err = walk_records(a->img, a->state, &ops, a, &c->counts, &c->report);
	if (!err && a->data)
		err = data_check_flush(a->data);
	if (a->data)
		c->verified = data_check_good(a->data);
	if (!err)
		count_rest(a);
	return err;
}

static int check_records(struct check *c, const struct image *img)
{
	u64 nr = img->sb.geo.data_segments;
	struct accounts a = {
		.check = c,
		.img = img,
		.state = &c->recovery.state,
		.live = calloc(nr, sizeof(u64 *)),
		.old = calloc(nr, sizeof(u64 *)),
	};
	int err = a.live && a.old ? 0 : -ENOMEM;

	if (!err && c->data) {
		a.data = data_check_create(img, a.state, a.state->referenced,
					   &c->report);
		if (!a.data)
			err = -ENOMEM;
	}
	if (!err)
		err = walk_all(&a);
	data_check_destroy(a.data);
	maps_free(a.live, nr);
	maps_free(a.old, nr);
	return err;
}

static void check_end(struct check *c, const struct image *img)
{
	const struct recovery *r = &c->recovery;
	struct finding *f;

	/* one that its data did not prove is there too, and was told of */
	if (r->end.verdict == JOURNAL_TORN && r->tail.end_seq == ~0ULL) {
		f = report_add(&c->report, FINDING_NOTE, "journal",
			       "journal block %" PRIu64 " begins a commit that is not whole: the machine stopped while it was written",
			       r->end.next_seq);
		finding_at(f, image_path(img, AREA_META),
			   journal_block(img, r->end.next_seq), 1);
		finding_lost(f, "nothing that a flush had acknowledged");
	}
	if (c->min_commit > r->state.commit_id) {
		f = report_add(&c->report, FINDING_ERROR, "journal",
			       "the last commit is older than --min-commit: the disk was rolled back, or its journal's end is damaged");
		finding_at(f, image_path(img, AREA_META),
			   journal_block(img, r->end.stop_seq), 1);
		finding_value(f, "commit_id", r->state.commit_id, c->min_commit);
		finding_lost(f, "the commits behind it");
	}
}

static void no_state(struct check *c)
{
	struct finding *f;

	if (!c->report.errors || c->recovery.newest < 0) {
		f = report_add(&c->report, FINDING_ERROR, "pack",
			       "there is no checkpoint that can be used");
		f->advice = "restore the devices from a backup of the same moment";
		finding_lost(f, "the disk cannot be opened");
	}
	report_add(&c->report, FINDING_NOTE, "index",
		   "index, tables and data were not checked: there is no state to check them by");
}

int check_image(struct check *c, const struct image *img)
{
	int err;

	check_superblocks(img, &c->report);
	if (!img->unlocked)
		return 0;
	err = recover(&c->recovery, img, true, &c->report);
	if (err)
		return err;
	if (c->recovery.used < 0) {
		no_state(c);
		return 0;
	}
	check_end(c, img);
	err = check_records(c, img);
	report_sort_bad(&c->report);
	return err || !c->report.out_of_memory ? err : -ENOMEM;
}

void check_free(struct check *c)
{
	recovery_free(&c->recovery);
	report_free(&c->report);
}
