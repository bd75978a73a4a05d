// SPDX-License-Identifier: GPL-2.0-only
/* I/O on the areas of a volume. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "area.h"

#define AREA_BIOS 16

int sworn_area_init(struct sworn_area *area, struct block_device *bdev,
		    sector_t start_sector)
{
	sector_t end = bdev_nr_sectors(bdev);

	area->bdev = bdev;
	area->start_sector = start_sector;
	area->blocks = start_sector > end ? 0 :
		(end - start_sector) >> (SWORN_BLOCK_SHIFT - SECTOR_SHIFT);
	area->dirty = false;
	return bioset_init(&area->bios, AREA_BIOS,
			   offsetof(struct sworn_area_bio, bio),
			   BIOSET_NEED_BVECS);
}

void sworn_area_exit(struct sworn_area *area)
{
	bioset_exit(&area->bios);
}

struct bio *sworn_area_bio(struct sworn_area *area, blk_opf_t opf, u64 block,
			   void **bufs, unsigned int n)
{
	struct bio *bio = bio_alloc_bioset(area->bdev, n, opf, GFP_NOIO,
					   &area->bios);
	unsigned int i;

	bio->bi_iter.bi_sector = sworn_area_sector(area, block);
	for (i = 0; i < n; i++)
		__bio_add_page(bio, virt_to_page(bufs[i]), SWORN_BLOCK_SIZE,
			       offset_in_page(bufs[i]));
	return bio;
}

int sworn_area_io(struct sworn_area *area, blk_opf_t opf, u64 block,
		  void **bufs, unsigned int n)
{
	if (block > area->blocks || n > area->blocks - block)
		return -EUCLEAN;
	while (n) {
		unsigned int now = min(n, SWORN_IO_BLOCKS);
		struct bio *bio = sworn_area_bio(area, opf, block, bufs, now);
		int err = submit_bio_wait(bio);

		bio_put(bio);
		if (op_is_write(opf) && !(opf & REQ_FUA))
			sworn_area_wrote(area);
		if (err)
			return err;
		block += now;
		bufs += now;
		n -= now;
	}
	return 0;
}

int sworn_area_flush(struct sworn_area *area)
{
	int err;

	if (!sworn_area_take_dirty(area) || !bdev_write_cache(area->bdev))
		return 0;
	err = blkdev_issue_flush(area->bdev);
	if (err)
		sworn_area_wrote(area);
	return err;
}

int sworn_buffers_alloc(void **bufs, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		bufs[i] = kzalloc(SWORN_BLOCK_SIZE, GFP_KERNEL);
		if (!bufs[i]) {
			sworn_buffers_free(bufs, i);
			return -ENOMEM;
		}
	}
	return 0;
}

void sworn_buffers_free(void **bufs, unsigned int n)
{
	while (n--) {
		kfree_sensitive(bufs[n]);
		bufs[n] = NULL;
	}
}
