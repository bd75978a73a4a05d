/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries of the tables, and edits of them, in the CPU's terms. */
#ifndef SWORNDISK_FORMAT_TABLES_H
#define SWORNDISK_FORMAT_TABLES_H

#include "geometry.h"
#include "record.h"

static inline u64 sworn_data_blocks(const struct sworn_geometry *geo)
{
	return geo->data_segments * geo->segment_blocks;
}

/* SVT entries of a data segment that is referenced in part. */
static inline u32 sworn_svt_parts(u32 segment_blocks)
{
	return (segment_blocks + SWORN_SVT_BLOCKS - 1) / SWORN_SVT_BLOCKS;
}

/* Does a DST entry agree with itself and with the size of a segment? */
static inline bool sworn_dst_valid(const struct sworn_disk_dst_entry *d,
				   u32 segment_blocks)
{
	u32 valid = le16_to_cpu(d->valid_blocks);

	return valid <= segment_blocks && !d->heat &&
	       d->state == (valid ? SWORN_SEGMENT_USED : SWORN_SEGMENT_FREE);
}

/* Is a key's slot one, and what is reserved zero? */
static inline bool sworn_epoch_valid(const struct sworn_disk_epoch *d,
				     u32 max_epochs)
{
	return le16_to_cpu(d->slot) < max_epochs && !d->reserved0 &&
	       !d->reserved1;
}

static inline void sworn_extent_encode(struct sworn_disk_extent *d,
				       const struct sworn_extent *e)
{
	d->start_count = cpu_to_le64(e->hba << 24 | e->n);
}

/**
 * sworn_extent_decode() - take an extent that was read from a device
 * @e: of more blocks than %SWORN_EXTENT_MAX if it says so
 *
 * Return: 0, or -EUCLEAN if it is empty or reaches behind the data region.
 */
static inline int sworn_extent_decode(struct sworn_extent *e,
				      const struct sworn_disk_extent *d,
				      const struct sworn_geometry *geo)
{
	e->hba = le64_to_cpu(d->start_count) >> 24;
	e->n = le64_to_cpu(d->start_count) & 0xffffff;
	return e->n && e->hba + e->n <= sworn_data_blocks(geo) ? 0 : -EUCLEAN;
}

#endif /* SWORNDISK_FORMAT_TABLES_H */
