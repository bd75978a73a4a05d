// SPDX-License-Identifier: GPL-2.0-only
/* Checkpoint packs: encode, decode and judge. */
#include "pack.h"

u32 sworn_section_entry_bytes(u32 type)
{
	switch (type) {
	case SWORN_SECTION_DST:
		return sizeof(struct sworn_disk_dst_entry);
	case SWORN_SECTION_BITC:
		return sizeof(struct sworn_disk_bit);
	case SWORN_SECTION_KEYS:
		return sizeof(struct sworn_disk_epoch);
	case SWORN_SECTION_SVT:
		return sizeof(struct sworn_disk_svt_entry);
	default:
		return 0;
	}
}

void sworn_pack_state_encode(struct sworn_disk_pack_state *d,
			     const struct sworn_pack_state *s,
			     const struct sworn_pack_contents *c)
{
	memset(d, 0, sizeof(*d));
	d->sb_generation = cpu_to_le64(s->sb_generation);
	d->replay_seq = cpu_to_le64(s->replay_seq);
	d->state_seq = cpu_to_le64(s->state_seq);
	d->record_seq = cpu_to_le64(s->record_seq);
	d->commit_id = cpu_to_le64(s->commit_id);
	d->next_bit_id = cpu_to_le64(s->next_bit_id);
	d->next_run = cpu_to_le64(s->next_run);
	d->next_segment_seq = cpu_to_le64(s->next_segment_seq);
	d->body_blocks = cpu_to_le64(c->body_blocks);
	d->nr_sections = cpu_to_le32(c->nr_sections);
	memcpy(d->replay_prev_tag, s->replay_prev_tag, SWORN_TAG_SIZE);
	memcpy(d->record_tag, s->record_tag, SWORN_TAG_SIZE);
	memcpy(d->sections, c->section, sizeof(d->sections));
}

int sworn_pack_state_decode(const struct sworn_disk_pack_state *d,
			    const struct sworn_geometry *geo,
			    struct sworn_pack_state *s,
			    struct sworn_pack_contents *c)
{
	s->sb_generation = le64_to_cpu(d->sb_generation);
	s->replay_seq = le64_to_cpu(d->replay_seq);
	s->state_seq = le64_to_cpu(d->state_seq);
	s->record_seq = le64_to_cpu(d->record_seq);
	s->commit_id = le64_to_cpu(d->commit_id);
	s->next_bit_id = le64_to_cpu(d->next_bit_id);
	s->next_run = le64_to_cpu(d->next_run);
	s->next_segment_seq = le64_to_cpu(d->next_segment_seq);
	memcpy(s->replay_prev_tag, d->replay_prev_tag, SWORN_TAG_SIZE);
	memcpy(s->record_tag, d->record_tag, SWORN_TAG_SIZE);
	c->body_blocks = le64_to_cpu(d->body_blocks);
	c->nr_sections = le32_to_cpu(d->nr_sections);
	memcpy(c->section, d->sections, sizeof(c->section));
	if (c->body_blocks >= geo->pack_blocks ||
	    c->nr_sections > SWORN_PACK_SECTIONS_MAX ||
	    s->replay_seq > s->state_seq || s->state_seq > s->record_seq ||
	    s->record_seq - s->replay_seq > geo->journal_blocks ||
	    d->reserved0)
		return -EUCLEAN;
	return 0;
}

int sworn_pack_section(const struct sworn_pack_contents *c, u32 i, u64 *block,
		       struct sworn_pack_section *s)
{
	const struct sworn_disk_section *d = &c->section[i];
	u64 bytes = le64_to_cpu(d->bytes);

	s->type = le32_to_cpu(d->type);
	s->first_block = le64_to_cpu(d->first_block);
	s->entry_bytes = sworn_section_entry_bytes(s->type);
	if (!s->entry_bytes || d->reserved || s->first_block != *block)
		return -EUCLEAN;
	s->per_block = SWORN_PACK_BODY_PAYLOAD / s->entry_bytes;
	s->nr = div_u64(bytes, s->entry_bytes);
	if (s->nr * s->entry_bytes != bytes ||
	    bytes > (c->body_blocks - *block) * SWORN_PACK_BODY_PAYLOAD)
		return -EUCLEAN;
	*block += sworn_pack_section_blocks(bytes);
	return 0;
}
