// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contents of a disk; docs/ram.md sections 2 and 4 say who may look at a
 * page when, and why a copy may meet a discard.
 */
#include "ram/store.h"

#include <linux/bvec.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched.h>

/* Pages handled with a lock held, or without looking at the scheduler. */
#define STORE_BATCH	256

void ram_store_init(struct ram_store *store, int node)
{
	xa_init(&store->pages);
	store->account = (struct ram_account){ .node = node };
}

/*
 * The page at @index, or NULL.  Under RCU, as long as @xas is in use; the page
 * after the last one is found in a step.
 */
static struct page *seek(struct xa_state *xas, unsigned long index)
{
	void *entry;

	if (index == xas->xa_index + 1 && xas_valid(xas)) {
		entry = xas_next(xas);
	} else {
		xas_set(xas, index);
		entry = xas_load(xas);
	}
	while (unlikely(xas_retry(xas, entry)))
		entry = xas_load(xas);
	return entry;
}

/**
 * ram_store_read() - fill a request's pages
 * @store: where from
 * @rq: a read
 */
void ram_store_read(struct ram_store *store, struct request *rq)
{
	u64 at = (u64)blk_rq_pos(rq) << SECTOR_SHIFT;
	XA_STATE(xas, &store->pages, 0);
	struct req_iterator iter;
	struct bio_vec bv;

	rcu_read_lock();
	rq_for_each_segment(bv, rq, iter) {
		char *to = bvec_kmap_local(&bv);
		unsigned int done, chunk;

		for (done = 0; done < bv.bv_len; done += chunk, at += chunk) {
			struct page *page = seek(&xas, at >> PAGE_SHIFT);
			unsigned int offset = offset_in_page(at);

			chunk = min_t(unsigned int, bv.bv_len - done, PAGE_SIZE - offset);
			if (page)
				memcpy(to + done, page_address(page) + offset, chunk);
			else
				memset(to + done, 0, chunk);
		}
		kunmap_local(to);
		flush_dcache_page(bv.bv_page);
	}
	rcu_read_unlock();
}

/**
 * struct writer - a write under way
 * @store: where to
 * @nowait: do not sleep
 * @left: bytes of the request that are not written yet
 * @nr: pages taken from the kernel that are not in the index yet
 * @pages: those
 */
struct writer {
	struct ram_store *store;
	bool nowait;
	unsigned int left;
	unsigned int nr;
	struct page *pages[RAM_TAKE_MAX];
};

/*
 * Put a new page with these contents at @at.  -EAGAIN: somebody else was
 * faster; otherwise 0, or minus the reason why there is none.
 */
static int add_page(struct writer *w, u64 at, const char *from, unsigned int bytes)
{
	unsigned int offset = offset_in_page(at);
	struct page *page;
	void *old;

	if (!w->nr) {
		unsigned int wanted = DIV_ROUND_UP(offset + w->left, PAGE_SIZE);
		enum sworn_ram_reason reason;

		reason = ram_memory_take(&w->store->account, wanted, w->nowait, w->pages, &w->nr);
		if (reason)
			return -(int)reason;
	}
	page = w->pages[w->nr - 1];
	if (bytes < PAGE_SIZE)
		clear_page(page_address(page));
	memcpy(page_address(page) + offset, from, bytes);
	old = xa_cmpxchg(&w->store->pages, at >> PAGE_SHIFT, NULL, page, ram_memory_gfp(w->nowait));
	if (likely(!old)) {
		w->nr--;
		return 0;
	}
	/* It goes back to the kernel, or gets other contents. */
	clear_page(page_address(page));
	return xa_is_err(old) ? -(int)SWORN_RAM_REASON_MEMORY : -EAGAIN;
}

/* Under RCU, which it leaves for a while when there is no page yet. */
static int write_chunk(struct writer *w, struct xa_state *xas, u64 at, const char *from,
		       unsigned int bytes)
{
	int err;

	do {
		struct page *page = seek(xas, at >> PAGE_SHIFT);

		if (likely(page)) {
			memcpy(page_address(page) + offset_in_page(at), from, bytes);
			return 0;
		}
		rcu_read_unlock();
		err = add_page(w, at, from, bytes);
		rcu_read_lock();
		xas_reset(xas);
	} while (err == -EAGAIN);
	return err;
}

static int write_segment(struct writer *w, struct xa_state *xas, u64 at, struct bio_vec *bv)
{
	const char *from = bvec_kmap_local(bv);
	unsigned int done, chunk;
	int err = 0;

	for (done = 0; !err && done < bv->bv_len; done += chunk) {
		chunk = min_t(unsigned int, bv->bv_len - done,
			      PAGE_SIZE - offset_in_page(at + done));
		err = write_chunk(w, xas, at + done, from + done, chunk);
		w->left -= chunk;
	}
	kunmap_local(from);
	return err;
}

/**
 * ram_store_write() - take over a request's contents
 * @store: where to
 * @rq: a write
 * @nowait: do not sleep
 *
 * Return: 0, or why there is no memory for all of it; a part may be written.
 */
enum sworn_ram_reason ram_store_write(struct ram_store *store, struct request *rq, bool nowait)
{
	struct writer w = { .store = store, .nowait = nowait, .left = blk_rq_bytes(rq) };
	u64 at = (u64)blk_rq_pos(rq) << SECTOR_SHIFT;
	XA_STATE(xas, &store->pages, 0);
	struct req_iterator iter;
	struct bio_vec bv;
	int err = 0;

	rcu_read_lock();
	rq_for_each_segment(bv, rq, iter) {
		flush_dcache_page(bv.bv_page);
		err = write_segment(&w, &xas, at, &bv);
		if (err)
			break;
		at += bv.bv_len;
	}
	rcu_read_unlock();
	if (w.nr)
		ram_memory_untake(&store->account, w.pages, w.nr);
	return -err;
}

/* Zero from @from up to @to, within one page. */
static void zero_part(struct ram_store *store, u64 from, u64 to)
{
	struct page *page;

	if (from >= to)
		return;
	rcu_read_lock();
	page = xa_load(&store->pages, from >> PAGE_SHIFT);
	if (page)
		memset(page_address(page) + offset_in_page(from), 0, to - from);
	rcu_read_unlock();
}

/* Take the pages from @first up to @end out of the index. */
static void unlink_pages(struct ram_store *store, unsigned long first, unsigned long end,
			 void (*give)(struct ram_account *account, struct ram_chain *chain))
{
	XA_STATE(xas, &store->pages, first);
	struct ram_chain chain = { };
	struct page *page;

	if (first >= end)
		return;
	xas_lock(&xas);
	xas_for_each(&xas, page, end - 1) {
		unsigned long index = xas.xa_index;

		xas_store(&xas, NULL);
		ram_chain_add(&chain, page);
		if (chain.nr < STORE_BATCH)
			continue;
		/* Not xas_pause(): the page's node may be gone. */
		xas_set(&xas, index + 1);
		xas_unlock(&xas);
		give(&store->account, &chain);
		cond_resched();
		xas_lock(&xas);
	}
	xas_unlock(&xas);
	give(&store->account, &chain);
}

/* Clear the pages from @first up to @end where they are. */
static void clear_pages(struct ram_store *store, unsigned long first, unsigned long end)
{
	XA_STATE(xas, &store->pages, first);
	unsigned int done = 0;
	struct page *page;

	if (first >= end)
		return;
	rcu_read_lock();
	xas_for_each(&xas, page, end - 1) {
		if (xas_retry(&xas, page))
			continue;
		clear_page(page_address(page));
		if (++done % STORE_BATCH)
			continue;
		xas_pause(&xas);
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
}

/* The parts of pages at the ends of a range; @first up to @end are whole. */
static void zero_ends(struct ram_store *store, u64 from, u64 to, unsigned long first,
		      unsigned long end)
{
	if (first > end) {
		zero_part(store, from, to);
		return;
	}
	zero_part(store, from, (u64)first << PAGE_SHIFT);
	zero_part(store, (u64)end << PAGE_SHIFT, to);
}

/**
 * ram_store_drop() - make a range zeroes and give its memory back
 * @store: of what
 * @from: its first byte
 * @to: the byte behind its last
 */
void ram_store_drop(struct ram_store *store, u64 from, u64 to)
{
	unsigned long first = DIV_ROUND_UP_ULL(from, PAGE_SIZE), end = to >> PAGE_SHIFT;

	zero_ends(store, from, to, first, end);
	unlink_pages(store, first, end, ram_memory_retire);
}

/**
 * ram_store_zero() - make a range zeroes and keep its memory
 * @store: of what
 * @from: its first byte
 * @to: the byte behind its last
 */
void ram_store_zero(struct ram_store *store, u64 from, u64 to)
{
	unsigned long first = DIV_ROUND_UP_ULL(from, PAGE_SIZE), end = to >> PAGE_SHIFT;

	zero_ends(store, from, to, first, end);
	clear_pages(store, first, end);
}

/**
 * ram_store_destroy() - free all
 * @store: nobody may use it any more
 */
void ram_store_destroy(struct ram_store *store)
{
	unlink_pages(store, 0, ULONG_MAX, ram_memory_free);
	WARN_ON_ONCE(!xa_empty(&store->pages) || atomic_long_read(&store->account.pages));
	xa_destroy(&store->pages);
}
