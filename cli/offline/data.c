// SPDX-License-Identifier: GPL-2.0-only
/* Verifying data blocks; see data.h. */
#include "data.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../out/progress.h"
#include "walk.h"

/* Records that are put in order at a time: 4 MiB of them. */
#define BATCH_RECORDS	(1U << 17)

static const char advice_data[] =
	"reading the LBAs fails with EILSEQ; restore what was in them, or discard them";

/**
 * struct item - a block to be verified
 * @err: what came of it
 */
struct item {
	struct sworn_record rec;
	int err;
};

struct data_check {
	const struct image *img;
	struct state *state;
	struct report *report;
	struct item *item;
	size_t nr;
	u8 *buf;
	u64 done;
	u64 good;
	u64 total;
};

struct data_check *data_check_create(const struct image *img,
				     struct state *state, u64 total,
				     struct report *report)
{
	struct data_check *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->img = img;
	d->state = state;
	d->report = report;
	d->total = total;
	d->item = calloc(BATCH_RECORDS, sizeof(*d->item));
	d->buf = malloc((size_t)IMAGE_BATCH * SWORN_BLOCK_SIZE);
	if (d->item && d->buf)
		return d;
	data_check_destroy(d);
	return NULL;
}

void data_check_destroy(struct data_check *d)
{
	if (!d)
		return;
	if (d->buf)
		explicit_bzero(d->buf, (size_t)IMAGE_BATCH * SWORN_BLOCK_SIZE);
	free(d->buf);
	free(d->item);
	free(d);
}

u64 data_check_good(const struct data_check *d)
{
	return d->good;
}

static int by_hba(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->rec.hba > y->rec.hba) - (x->rec.hba < y->rec.hba);
}

static int by_lba(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->rec.lba > y->rec.lba) - (x->rec.lba < y->rec.lba);
}

static int verify(struct state *state, const struct sworn_record *r, void *block)
{
	struct crypto_key *key = walk_key(state, r->epoch);
	struct sworn_disk_aad aad;
	u8 iv[SWORN_IV_BYTES];

	if (!key)
		return -ENOKEY;
	sworn_data_bind(iv, &aad, r);
	return crypto_open(key, iv, &aad, sizeof(aad), block, SWORN_BLOCK_SIZE,
			   r->mac);
}

int data_open(const struct image *img, struct state *state,
	      const struct sworn_record *r, void *block)
{
	int err = image_read(img, AREA_DATA,
			     img->sb.geo.data_start_block + r->hba, block, 1);

	return err ? err : verify(state, r, block);
}

/* Blocks that lie together, read at once, or one by one if that fails. */
static void verify_piece(struct data_check *d, struct item *item, u32 n)
{
	u64 at = d->img->sb.geo.data_start_block + item[0].rec.hba;
	int err = image_read(d->img, AREA_DATA, at, d->buf, n);

	for (u32 i = 0; i < n; i++) {
		u8 *block = d->buf + (size_t)i * SWORN_BLOCK_SIZE;

		item[i].err = err ? image_read(d->img, AREA_DATA, at + i, block, 1) : 0;
		if (!item[i].err)
			item[i].err = verify(d->state, &item[i].rec, block);
		d->good += !item[i].err;
	}
	d->done += n;
	progress_at(d->done * SWORN_BLOCK_SIZE, d->total * SWORN_BLOCK_SIZE);
}

static void note(struct data_check *d, const struct item *item, u32 n)
{
	u64 lba = item->rec.lba;
	struct finding *f;

	f = report_add(d->report, FINDING_ERROR, "data", "%u data block%s %s", n,
		       n == 1 ? "" : "s", item->err == -EBADMSG ?
		       "do not verify: damaged, altered or put back" :
		       "cannot be read");
	finding_at(f, image_path(d->img, AREA_DATA),
		   d->img->sb.geo.data_start_block + item->rec.hba, n);
	if (item->err != -EBADMSG)
		finding_texts(f, "read", item->err == -ERANGE ?
			      "the device ends before it" : strerror(-item->err),
			      "success");
	finding_lbas(f, lba, lba + n - 1);
	finding_lost(f, "what was in LBAs %" PRIu64 " to %" PRIu64, lba, lba + n - 1);
	f->advice = advice_data;
	report_bad_lbas(d->report, lba, lba + n - 1);
}

/* One finding for blocks that are neighbours here and there. */
static void note_bad(struct data_check *d)
{
	size_t i, n;

	qsort(d->item, d->nr, sizeof(*d->item), by_lba);
	for (i = 0; i < d->nr; i += n) {
		const struct item *first = &d->item[i];

		for (n = 1; i + n < d->nr && first->err &&
		     first[n].err == first->err &&
		     first[n].rec.lba == first->rec.lba + n &&
		     first[n].rec.hba == first->rec.hba + n; n++)
			;
		if (first->err)
			note(d, first, (u32)n);
	}
}

int data_check_flush(struct data_check *d)
{
	size_t i, n;
	u64 good = d->good;

	if (d->nr)
		qsort(d->item, d->nr, sizeof(*d->item), by_hba);
	for (i = 0; i < d->nr; i += n) {
		for (n = 1; i + n < d->nr && n < IMAGE_BATCH &&
		     d->item[i + n].rec.hba == d->item[i].rec.hba + n; n++)
			;
		if (image_cancelled())
			return -ECANCELED;
		verify_piece(d, &d->item[i], (u32)n);
	}
	if (d->good - good != d->nr)
		note_bad(d);
	d->nr = 0;
	return 0;
}

int data_check_add(struct data_check *d, const struct sworn_record *r)
{
	d->item[d->nr++] = (struct item){ .rec = *r };
	return d->nr == BATCH_RECORDS ? data_check_flush(d) : 0;
}
