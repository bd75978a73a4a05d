// SPDX-License-Identifier: GPL-2.0-only
/* I/O on the areas of a volume. */
#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "area.h"

#define AREA_BIOS 16

int sworn_area_init(struct sworn_area *area, struct block_device *bdev,
		    sector_t start_sector, struct sworn_watch *watch)
{
	sector_t end = bdev_nr_sectors(bdev);

	area->bdev = bdev;
	area->start_sector = start_sector;
	area->blocks = start_sector > end ? 0 :
		(end - start_sector) >> (SWORN_BLOCK_SHIFT - SECTOR_SHIFT);
	area->dirty = false;
	area->watch = watch;
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

	sworn_area_bio_of(bio)->durable = opf & REQ_FUA;
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

static bool take_flush(struct sworn_area *area)
{
	return sworn_area_take_dirty(area) && bdev_write_cache(area->bdev);
}

static int flush(struct sworn_area *area)
{
	int err = blkdev_issue_flush(area->bdev);

	if (err)
		sworn_area_wrote(area);
	return err;
}

int sworn_area_flush(struct sworn_area *area)
{
	return take_flush(area) ? flush(area) : 0;
}

static void flush_endio(struct bio *bio)
{
	complete(bio->bi_private);
}

/* Two devices at the same time. */
static int flush_both(struct sworn_area *a, struct sworn_area *b)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct bio bio;
	int err, other;

	bio_init(&bio, a->bdev, NULL, 0, REQ_OP_WRITE | REQ_PREFLUSH);
	bio.bi_private = &done;
	bio.bi_end_io = flush_endio;
	submit_bio(&bio);
	other = flush(b);
	wait_for_completion_io(&done);
	err = blk_status_to_errno(bio.bi_status);
	bio_uninit(&bio);
	if (err)
		sworn_area_wrote(a);
	return err ? err : other;
}

int sworn_areas_flush(struct sworn_area *a, struct sworn_area *b)
{
	bool due_a = take_flush(a), due_b = take_flush(b);
	int err;

	if (due_a && due_b && a->bdev != b->bdev)
		return flush_both(a, b);
	err = due_a ? flush(a) : due_b ? flush(b) : 0;
	/* one flush was for both */
	if (err && due_b)
		sworn_area_wrote(b);
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
