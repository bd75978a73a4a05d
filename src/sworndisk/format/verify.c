// SPDX-License-Identifier: GPL-2.0-only
/* Verify notes: encode, decode and judge. */
#include "verify.h"

void sworn_verify_encode(struct sworn_disk_verify_state *d,
			 const struct sworn_verify_at *at,
			 const struct sworn_verify_bad *bad, u64 commit_id)
{
	u32 i;

	memset(d, 0, sizeof(*d));
	d->commit_id = cpu_to_le64(commit_id);
	d->next_lba = cpu_to_le64(at->next_lba);
	d->next_bit = cpu_to_le64(at->next_bit);
	d->end_bit = cpu_to_le64(at->end_bit);
	d->data_blocks = cpu_to_le64(at->data_blocks);
	d->nodes = cpu_to_le64(at->nodes);
	d->errors = cpu_to_le64(at->errors);
	d->unlisted = cpu_to_le64(at->unlisted);
	d->started_s = cpu_to_le64(at->started_s);
	d->ended_s = cpu_to_le64(at->ended_s);
	d->phase = cpu_to_le32(at->phase);
	d->nr_bad = cpu_to_le32(at->nr_bad);
	for (i = 0; i < at->nr_bad; i++) {
		d->bad[i].kind = cpu_to_le32(bad[i].kind);
		d->bad[i].first_lba = cpu_to_le64(bad[i].first_lba);
		d->bad[i].last_lba = cpu_to_le64(bad[i].last_lba);
		d->bad[i].block = cpu_to_le64(bad[i].block);
	}
}

static int bad_decode(struct sworn_verify_bad *b,
		      const struct sworn_disk_verify_bad *d,
		      const struct sworn_geometry *geo)
{
	u32 kind = le32_to_cpu(d->kind);

	b->kind = kind;
	b->first_lba = le64_to_cpu(d->first_lba);
	b->last_lba = le64_to_cpu(d->last_lba);
	b->block = le64_to_cpu(d->block);
	if (!kind || kind >= SWORN_VERIFY_KIND_END || d->reserved ||
	    b->first_lba > b->last_lba || b->last_lba >= geo->logical_blocks ||
	    b->block >= geo->meta_area_blocks)
		return -EUCLEAN;
	return 0;
}

int sworn_verify_decode(const struct sworn_disk_verify_state *d,
			const struct sworn_geometry *geo,
			struct sworn_verify_at *at,
			struct sworn_verify_bad *bad, u64 *commit_id)
{
	u32 phase = le32_to_cpu(d->phase), i;
	int err = 0;

	*commit_id = le64_to_cpu(d->commit_id);
	at->phase = phase;
	at->next_lba = le64_to_cpu(d->next_lba);
	at->next_bit = le64_to_cpu(d->next_bit);
	at->end_bit = le64_to_cpu(d->end_bit);
	at->data_blocks = le64_to_cpu(d->data_blocks);
	at->nodes = le64_to_cpu(d->nodes);
	at->errors = le64_to_cpu(d->errors);
	at->unlisted = le64_to_cpu(d->unlisted);
	at->started_s = le64_to_cpu(d->started_s);
	at->ended_s = le64_to_cpu(d->ended_s);
	at->nr_bad = le32_to_cpu(d->nr_bad);
	if (phase >= SWORN_VERIFY_PHASES || at->nr_bad > SWORN_VERIFY_BAD_MAX ||
	    at->next_lba > geo->logical_blocks || at->unlisted > at->errors)
		return -EUCLEAN;
	for (i = 0; i < sizeof(d->reserved) / sizeof(d->reserved[0]); i++)
		if (d->reserved[i])
			return -EUCLEAN;
	for (i = 0; !err && i < at->nr_bad; i++)
		err = bad_decode(&bad[i], &d->bad[i], geo);
	return err;
}
