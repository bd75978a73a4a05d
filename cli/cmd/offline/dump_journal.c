// SPDX-License-Identifier: GPL-2.0-only
/* Parts of a dump: checkpoint packs, the journal. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "dump.h"

static const char *section_name(u32 type)
{
	switch (type) {
	case SWORN_SECTION_DST:
		return "DST";
	case SWORN_SECTION_BITC:
		return "BITC";
	case SWORN_SECTION_KEYS:
		return "KEYS";
	case SWORN_SECTION_SVT:
		return "SVT";
	default:
		return "?";
	}
}

static void put_sections(struct out *out, const struct pack *p)
{
	struct sworn_pack_section s;
	u64 block = 0;

	out_list_begin(out, "sections", false, NULL);
	for (u32 i = 0; i < p->contents.nr_sections; i++) {
		if (sworn_pack_section(&p->contents, i, &block, &s))
			break;
		if (!out_is_json(out)) {
			out_say(out, "  %s: %" PRIu64 " entries", section_name(s.type), s.nr);
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_text(out, "type", NULL, section_name(s.type));
		out_number(out, "entries", NULL, s.nr);
		out_number(out, "first_block", NULL, s.first_block);
		out_object_end(out);
	}
	out_list_end(out);
}

static void put_pack(struct out *out, const struct image *img,
		     const struct recovery *r, const struct pack *p)
{
	out_object_begin(out, NULL, NULL);
	out_number(out, "place", NULL, p->place);
	out_number(out, "block", NULL, pack_block(p, img));
	out_bool(out, "sound", NULL, !p->header);
	if (p->header) {
		out_text(out, "problem", NULL, p->why);
	} else {
		out_bool(out, "usable", NULL, !p->body);
		out_bool(out, "in_force", NULL, r->used == (int)p->place);
		out_number(out, "generation", NULL, p->state.generation);
		out_number(out, "commit_id", NULL, p->state.commit_id);
		out_number(out, "superblock_generation", NULL, p->state.sb_generation);
		out_number(out, "replay_seq", NULL, p->state.replay_seq);
		out_number(out, "state_seq", NULL, p->state.state_seq);
		out_number(out, "record_seq", NULL, p->state.record_seq);
		out_number(out, "next_bit_id", NULL, p->state.next_bit_id);
		out_number(out, "next_run", NULL, p->state.next_run);
		out_number(out, "body_blocks", NULL, p->contents.body_blocks);
		put_sections(out, p);
	}
	out_object_end(out);
}

static void say_pack(struct out *out, const struct image *img,
		     const struct recovery *r, const struct pack *p)
{
	if (p->header) {
		out_say(out, "pack %u, block %" PRIu64 ": %s", p->place,
			pack_block(p, img), p->why);
		return;
	}
	out_say(out, "pack %u, block %" PRIu64 ": checkpoint %" PRIu64 "%s, commit %" PRIu64 ", %" PRIu64 " blocks behind the header",
		p->place, pack_block(p, img), p->state.generation,
		r->used == (int)p->place ? ", in force" :
		p->body ? ", cannot be used" : "", p->state.commit_id,
		p->contents.body_blocks);
	out_say(out, "  journal from block %" PRIu64 ", tables before block %" PRIu64 ", recorded in block %" PRIu64,
		p->state.replay_seq, p->state.state_seq, p->state.record_seq);
	put_sections(out, p);
}

void dump_packs(struct out *out, const struct image *img,
		const struct recovery *r)
{
	out_list_begin(out, "packs", false, NULL);
	for (u32 i = 0; i < SWORN_PACKS; i++) {
		if (out_is_json(out))
			put_pack(out, img, r, &r->pack[i]);
		else
			say_pack(out, img, r, &r->pack[i]);
	}
	out_list_end(out);
}

static const char *item_name(u32 type)
{
	static const char *const names[] = {
		[SWORN_ITEM_RECORDS] = "RECORDS",
		[SWORN_ITEM_EPOCH] = "EPOCH",
		[SWORN_ITEM_ROTATE] = "ROTATE",
		[SWORN_ITEM_BIT_ADD] = "BIT_ADD",
		[SWORN_ITEM_BIT_DEL] = "BIT_DEL",
		[SWORN_ITEM_MINOR_DONE] = "MINOR_DONE",
		[SWORN_ITEM_CHECKPOINT] = "CHECKPOINT",
		[SWORN_ITEM_DEAD] = "DEAD",
		[SWORN_ITEM_COMMIT] = "COMMIT",
		[SWORN_ITEM_EPOCH_DROP] = "EPOCH_DROP",
		[SWORN_ITEM_LIVE] = "LIVE",
		[SWORN_ITEM_BIT_TRIM] = "BIT_TRIM",
		[SWORN_ITEM_BESIDE] = "BESIDE",
	};
	const char *name = type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;

	return name ? name : "?";
}

#define ITEM_TYPES 16

/*
 * struct dumping - what the walk is for
 * @bytes: of the items of the group under way, by type
 */
struct dumping {
	struct out *out;
	const struct image *img;
	u64 bytes[ITEM_TYPES];
	u64 commit_id;
};

static int put_block(void *data, const struct sworn_disk_journal_block *b)
{
	u32 bytes = le32_to_cpu(b->payload_bytes), flags = le32_to_cpu(b->flags);
	struct dumping *d = data;
	u64 seq = le64_to_cpu(b->seq);

	if (!out_is_json(d->out)) {
		out_say(d->out, "journal block %" PRIu64 ", block %" PRIu64 ": group %" PRIu64 ", %u bytes%s%s",
			seq, journal_block(d->img, seq), le64_to_cpu(b->base_seq), bytes,
			flags & SWORN_JF_SESSION ? ", begins a session" : "",
			flags & SWORN_JF_COMMIT ? ", commit" : "");
		return 0;
	}
	out_object_begin(d->out, NULL, NULL);
	out_number(d->out, "seq", NULL, seq);
	out_number(d->out, "block", NULL, journal_block(d->img, seq));
	out_number(d->out, "base_seq", NULL, le64_to_cpu(b->base_seq));
	out_number(d->out, "payload_bytes", NULL, bytes);
	out_number(d->out, "sealed_bytes", NULL, sworn_journal_sealed(bytes));
	out_bool(d->out, "commit", NULL, flags & SWORN_JF_COMMIT);
	out_bool(d->out, "session", NULL, flags & SWORN_JF_SESSION);
	out_object_end(d->out);
	return 0;
}

static int count_item(void *data, u64 base_seq, const struct sworn_item *item)
{
	struct dumping *d = data;

	(void)base_seq;
	if (item->type < ITEM_TYPES)
		d->bytes[item->type] += item->bytes + sizeof(struct sworn_disk_item);
	if (item->type == SWORN_ITEM_COMMIT && item->bytes == sizeof(__le64))
		d->commit_id = le64_to_cpu(*(const __le64 *)item->body);
	return 0;
}

static int put_group(void *data, u64 base_seq, u64 next_seq, const u8 *tag)
{
	struct dumping *d = data;

	(void)tag;
	if (!out_is_json(d->out)) {
		out_say(d->out, "commit %" PRIu64 ": journal blocks %" PRIu64 " to %" PRIu64,
			d->commit_id, base_seq, next_seq - 1);
		for (u32 i = 0; i < ITEM_TYPES; i++)
			if (d->bytes[i])
				out_say(d->out, "  %s: %" PRIu64 " bytes", item_name(i), d->bytes[i]);
	} else {
		out_object_begin(d->out, NULL, NULL);
		out_number(d->out, "commit_id", NULL, d->commit_id);
		out_number(d->out, "first_seq", NULL, base_seq);
		out_number(d->out, "next_seq", NULL, next_seq);
		out_object_begin(d->out, "item_bytes", NULL);
		for (u32 i = 0; i < ITEM_TYPES; i++)
			if (d->bytes[i])
				out_number(d->out, item_name(i), NULL, d->bytes[i]);
		out_object_end(d->out);
		out_object_end(d->out);
	}
	memset(d->bytes, 0, sizeof(d->bytes));
	return 0;
}

/* Data blocks that decide whether the last commit counts. */
static void put_tail(struct out *out, const struct image *img,
		     const struct recovery *r)
{
	out_list_begin(out, "proving_blocks", false, NULL);
	for (u32 i = 0; r->tail.asked && i < r->tail.nr; i++) {
		u64 block = img->sb.geo.data_start_block + r->tail.rec[i].hba;

		if (!out_is_json(out)) {
			out_say(out, "block %" PRIu64 " of the data proves the last commit", block);
			continue;
		}
		out_object_begin(out, NULL, NULL);
		out_number(out, "lba", NULL, r->tail.rec[i].lba);
		out_number(out, "block", NULL, block);
		out_object_end(out);
	}
	out_list_end(out);
}

/* The one that needs more of the journal, if it serves. */
static const struct pack *oldest(const struct recovery *r)
{
	const struct pack *p = &r->pack[r->newest], *other = &r->pack[!r->newest];

	return !other->header && !other->body ? other : p;
}

int dump_journal(struct out *out, const struct image *img,
		 const struct recovery *r)
{
	static const struct journal_ops blocks = { .block = put_block };
	static const struct journal_ops groups = { .item = count_item, .group = put_group };
	struct dumping d = { .out = out, .img = img };
	struct journal_end end;
	const struct pack *p;
	int err;

	if (r->newest < 0)
		return 0;
	p = oldest(r);
	out_list_begin(out, "journal_blocks", false, NULL);
	err = journal_walk(img, p->state.replay_seq, p->state.replay_prev_tag,
			   r->tail.end_seq, &blocks, &d, &end);
	out_list_end(out);
	if (err)
		return err;
	out_list_begin(out, "journal_groups", false, NULL);
	err = journal_walk(img, p->state.replay_seq, p->state.replay_prev_tag,
			   r->tail.end_seq, &groups, &d, &end);
	out_list_end(out);
	out_number(out, "journal_next_seq", "journal goes on at", end.next_seq);
	put_tail(out, img, r);
	return err;
}
