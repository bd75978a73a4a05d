// SPDX-License-Identifier: GPL-2.0-only
/* swornadm map. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../args/size.h"
#include "../../command.h"
#include "../../disk/segments.h"
#include "../../out/picture.h"
#include "../../out/replace.h"
#include "../../out/term.h"
#include "include/uapi/sworndisk_format.h"

#define SVG_COLUMNS	96
#define SVG_COLUMNS_FEW	48
#define SVG_ROWS	64
#define PIPE_ROWS	16
/* Lines around the picture. */
#define OTHER_LINES	7

/* struct tally - segments by how full they are */
struct tally {
	uint64_t free;
	uint64_t open;
	uint64_t quarter[4];
	uint64_t live_blocks;
};

static void count(const struct segments *s, struct tally *t)
{
	memset(t, 0, sizeof(*t));
	for (uint64_t i = 0; i < s->nr; i++) {
		uint64_t live = s->segment[i].live_blocks;
		uint64_t quarter = live ? (live * 4 - 1) / s->segment_blocks : 0;

		t->live_blocks += live;
		if (s->segment[i].state == SEGMENT_FREE)
			t->free++;
		else if (s->segment[i].state == SEGMENT_OPEN)
			t->open++;
		else
			t->quarter[quarter]++;
	}
}

static void put_json(struct out *out, const struct segments *s)
{
	uint64_t same;

	if (!out_is_json(out))
		return;
	out_list_begin(out, "map", false, NULL);
	for (uint64_t i = 0; i < s->nr; i += same) {
		const struct segment *a = &s->segment[i];

		for (same = 1; i + same < s->nr && a[same].state == a->state &&
		     a[same].live_blocks == a->live_blocks; )
			same++;
		out_object_begin(out, NULL, NULL);
		out_number(out, "segments", NULL, same);
		out_number(out, "live_blocks", NULL, a->live_blocks);
		out_text(out, "state", NULL, segment_state_name(a->state));
		out_object_end(out);
	}
	out_list_end(out);
}

/* A cell for each @each segments; allocated. */
static struct picture_cell *cells_of(const struct segments *s, uint64_t each,
				     uint64_t *nr)
{
	struct picture_cell *cell;

	*nr = (s->nr + each - 1) / each;
	cell = calloc(*nr, sizeof(*cell));
	for (uint64_t i = 0; cell && i < *nr; i++) {
		uint64_t end = (i + 1) * each < s->nr ? (i + 1) * each : s->nr;
		uint64_t live = 0;

		cell[i].empty = true;
		for (uint64_t k = i * each; k < end; k++) {
			live += s->segment[k].live_blocks;
			cell[i].empty &= s->segment[k].state == SEGMENT_FREE;
			cell[i].marked |= s->segment[k].state == SEGMENT_OPEN;
		}
		cell[i].full = (double)live /
			       (double)((end - i * each) * s->segment_blocks);
	}
	return cell;
}

static uint64_t segments_a_cell(const struct segments *s, int columns, int rows)
{
	uint64_t most = (uint64_t)columns * (uint64_t)rows;

	return (s->nr + most - 1) / most;
}

static void say_tally(struct out *out, const struct segments *s,
		      const struct tally *t)
{
	uint64_t all = s->nr * s->segment_blocks * SWORN_BLOCK_SIZE;
	char live[SIZE_TEXT_MAX], of[SIZE_TEXT_MAX];

	out_say(out, "%s of %s referenced, %.1f%%, old versions included",
		size_text(live, t->live_blocks * SWORN_BLOCK_SIZE), size_text(of, all),
		100.0 * (double)(t->live_blocks * SWORN_BLOCK_SIZE) / (double)all);
	out_say(out, "free %" PRIu64 ", up to 25%% %" PRIu64 ", 50%% %" PRIu64
		", 75%% %" PRIu64 ", 100%% %" PRIu64 ", being filled %" PRIu64,
		t->free, t->quarter[0], t->quarter[1], t->quarter[2], t->quarter[3],
		t->open);
}

static struct picture picture_of(const char *title)
{
	return (struct picture){
		.title = title,
		.legend_empty = "free",
		.legend_full = "referenced, none to all",
		.legend_marked = "being filled",
	};
}

static int draw(struct context *c, const struct segments *s, const struct tally *t)
{
	int columns = (term_width() - 1) / 8 * 8;
	int rows = term_there() ? term_height() - OTHER_LINES : PIPE_ROWS;
	uint64_t each = segments_a_cell(s, columns, rows < 4 ? 4 : rows);
	struct picture p = picture_of(NULL);
	char size[SIZE_TEXT_MAX];
	struct picture_cell *cell = cells_of(s, each, &p.nr);

	if (!cell)
		return fail(c->failure, ENOMEM, "out of memory");
	p.cell = cell;
	out_say(c->out, "%s: %" PRIu64 " segments of %s, %" PRIu64 " a cell",
		c->args[0], s->nr, size_text(size, s->segment_blocks * SWORN_BLOCK_SIZE),
		each);
	picture_print(c->out, &p, columns);
	say_tally(c->out, s, t);
	free(cell);
	return 0;
}

static int write_svg(struct context *c, const struct segments *s)
{
	int columns = s->nr > SVG_COLUMNS_FEW * SVG_COLUMNS_FEW / 2 ? SVG_COLUMNS :
								      SVG_COLUMNS_FEW;
	uint64_t each = segments_a_cell(s, columns, SVG_ROWS);
	char title[256], size[SIZE_TEXT_MAX], *svg = NULL;
	struct picture p = picture_of(title);
	struct picture_cell *cell = cells_of(s, each, &p.nr);
	int err;

	snprintf(title, sizeof(title), "%s: %" PRIu64 " segments of %s, %" PRIu64 " a cell",
		 c->args[0], s->nr, size_text(size, s->segment_blocks * SWORN_BLOCK_SIZE),
		 each);
	p.cell = cell;
	if (cell)
		svg = picture_svg(&p, columns);
	err = svg ? replace_file(c->options.svg, svg, strlen(svg), c->failure) :
		    fail(c->failure, ENOMEM, "out of memory");
	free(svg);
	free(cell);
	return err;
}

static int show(struct context *c, const struct segments *s)
{
	struct tally t;
	int err = 0;

	count(s, &t);
	if (c->options.svg)
		err = write_svg(c, s);
	if (err)
		return err;
	out_text(c->out, "name", NULL, c->args[0]);
	out_number(c->out, "segments", NULL, s->nr);
	out_number(c->out, "segment_blocks", NULL, s->segment_blocks);
	out_number(c->out, "live_blocks", NULL, t.live_blocks);
	out_number(c->out, "free_segments", NULL, t.free);
	out_number(c->out, "open_segments", NULL, t.open);
	if (c->options.svg)
		out_text(c->out, "svg", NULL, c->options.svg);
	put_json(c->out, s);
	return out_is_json(c->out) ? 0 : draw(c, s, &t);
}

static int map_run(struct context *c)
{
	struct segments s;
	int err = c->back->prepare(false, c->failure);

	if (!err)
		err = segments_read(c->back, c->args[0], &s, c->failure);
	if (err)
		return err;
	err = show(c, &s);
	segments_free(&s);
	return err;
}

const struct command command_map = {
	.name = "map",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_SVG, OPT_END },
	.help = "draw how full the segments of a disk are",
	.doc = "Draw the data segments of the disk NAME, in their order on the storage, by how much of each is referenced; with --svg as a picture too.",
	.run = map_run,
};
