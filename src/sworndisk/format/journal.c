// SPDX-License-Identifier: GPL-2.0-only
/* Journal blocks and items: judging what was read. */
#include "journal.h"

bool sworn_journal_claims(const struct sworn_disk_journal_block *b, u64 seq)
{
	return le32_to_cpu(b->magic) == SWORN_JOURNAL_MAGIC &&
	       le64_to_cpu(b->seq) == seq && le64_to_cpu(b->base_seq) <= seq &&
	       le32_to_cpu(b->payload_bytes) <= SWORN_JOURNAL_PAYLOAD &&
	       !(le32_to_cpu(b->flags) & ~SWORN_JF_KNOWN) && !b->reserved;
}

bool sworn_journal_follows(const struct sworn_disk_journal_block *b, u64 seq,
			   const u8 *prev_tag, u64 base_seq)
{
	return sworn_journal_claims(b, seq) &&
	       !memcmp(b->prev_tag, prev_tag, SWORN_TAG_SIZE) &&
	       le64_to_cpu(b->base_seq) == base_seq;
}

int sworn_item_next(const void *payload, size_t bytes, size_t *at,
		    struct sworn_item *item)
{
	const struct sworn_disk_item *d = payload + *at;

	if (*at == bytes)
		return 0;
	if (bytes - *at < sizeof(*d))
		return -EUCLEAN;
	item->type = le16_to_cpu(d->type);
	item->bytes = le32_to_cpu(d->bytes);
	item->body = d + 1;
	if (d->reserved || item->bytes > bytes - *at - sizeof(*d))
		return -EUCLEAN;
	*at += sizeof(*d) + item->bytes;
	return 1;
}
