// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits, and pages taken and given back; see memory.h.
 *
 * A page is charged before it is taken, to the disk and to the total.  One that
 * is unlinked from a disk's index may still be looked at under RCU: it hangs in
 * the reaper's list for a grace period, and stays charged to the total.
 */
#include "ram/memory.h"

#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/swap.h>
#include <linux/workqueue.h>

#include "ram/ram.h"

static unsigned long memory_limit_mib;
module_param(memory_limit_mib, ulong, 0644);
MODULE_PARM_DESC(memory_limit_mib, "most memory of all disks together, MiB; 0: half of the machine's");

static unsigned long memory_reserve_mib;
module_param(memory_reserve_mib, ulong, 0644);
MODULE_PARM_DESC(memory_reserve_mib,
		 "memory left available to others, MiB; 0: a sixteenth of the machine's, 1024 at most");

static atomic_long_t total_pages = ATOMIC_LONG_INIT(0);
static atomic_long_t freeing_pages = ATOMIC_LONG_INIT(0);

static void reap(struct work_struct *work);

static struct {
	spinlock_t lock;		/* protects @chain */
	struct ram_chain chain;
	struct work_struct work;
} reaper = {
	.lock = __SPIN_LOCK_UNLOCKED(reaper.lock),
	.work = __WORK_INITIALIZER(reaper.work, reap),
};

unsigned long ram_memory_used(void)
{
	return atomic_long_read(&total_pages);
}

unsigned long ram_memory_freeing(void)
{
	return atomic_long_read(&freeing_pages);
}

static unsigned long pages_of_mib(unsigned long mib)
{
	return min(mib, ULONG_MAX >> 20) << (20 - PAGE_SHIFT);
}

unsigned long ram_memory_limit(void)
{
	unsigned long mib = READ_ONCE(memory_limit_mib);

	return mib ? pages_of_mib(mib) : totalram_pages() / 2;
}

unsigned long ram_memory_reserve(void)
{
	unsigned long mib = READ_ONCE(memory_reserve_mib);

	return mib ? pages_of_mib(mib) : min(totalram_pages() / 16, pages_of_mib(1024));
}

/**
 * ram_memory_gfp() - how memory for contents is asked for
 * @nowait: the caller may not sleep
 *
 * Never with reserves, since this may be swap; never by killing.
 */
gfp_t ram_memory_gfp(bool nowait)
{
	return (nowait ? GFP_NOWAIT : GFP_NOIO | __GFP_NORETRY) | __GFP_NOWARN | __GFP_NOMEMALLOC;
}

static void uncharge(struct ram_account *account, unsigned long nr)
{
	atomic_long_sub(nr, &account->pages);
	atomic_long_sub(nr, &total_pages);
}

/* The kernel's estimate costs as much as a page's allocation. */
static bool reserve_is_touched(unsigned long now, unsigned long before)
{
	return now / RAM_TAKE_MAX != before / RAM_TAKE_MAX &&
	       si_mem_available() < (long)ram_memory_reserve();
}

static enum sworn_ram_reason charge(struct ram_account *account, unsigned int nr)
{
	unsigned long mine = atomic_long_add_return(nr, &account->pages);
	unsigned long all = atomic_long_add_return(nr, &total_pages);
	unsigned long limit = READ_ONCE(account->limit_pages);
	enum sworn_ram_reason reason = SWORN_RAM_REASON_NONE;

	if (limit && mine > limit)
		reason = SWORN_RAM_REASON_DISK;
	else if (all > ram_memory_limit())
		reason = SWORN_RAM_REASON_TOTAL;
	else if (reserve_is_touched(mine, mine - nr))
		reason = SWORN_RAM_REASON_MEMORY;
	if (reason)
		uncharge(account, nr);
	return reason;
}

/* One block, only if it is at hand; split, so that its pages live alone. */
static bool take_block(int node, unsigned int nr, struct page **pages)
{
	unsigned int order = ilog2(nr), i;
	struct page *block = alloc_pages_node(node, __GFP_NORETRY | __GFP_NOWARN |
					      __GFP_NOMEMALLOC, order);

	if (!block)
		return false;
	split_page(block, order);
	for (i = 0; i < nr; i++)
		pages[i] = block + nr - 1 - i;
	return true;
}

static enum sworn_ram_reason try_take(struct ram_account *account, unsigned int wanted,
				      bool nowait, struct page **pages, unsigned int *got)
{
	unsigned int nr = rounddown_pow_of_two(min_t(unsigned int, wanted, RAM_TAKE_MAX));
	enum sworn_ram_reason reason;

	if (nr > 1 && !charge(account, nr)) {
		if (take_block(account->node, nr, pages)) {
			*got = nr;
			return SWORN_RAM_REASON_NONE;
		}
		uncharge(account, nr);
	}
	reason = charge(account, 1);
	if (reason)
		return reason;
	pages[0] = alloc_pages_node(account->node, ram_memory_gfp(nowait), 0);
	if (!pages[0]) {
		uncharge(account, 1);
		return SWORN_RAM_REASON_MEMORY;
	}
	*got = 1;
	return SWORN_RAM_REASON_NONE;
}

/**
 * ram_memory_take() - pages for a disk
 * @account: of the disk
 * @wanted: at least 1
 * @nowait: do not sleep
 * @pages: room for %RAM_TAKE_MAX; to be used from the end.  They are not cleared
 * @got: how many there are, at least 1 and at most @wanted
 *
 * Return: 0, or which limit there is no more below.
 */
enum sworn_ram_reason ram_memory_take(struct ram_account *account, unsigned int wanted,
				      bool nowait, struct page **pages, unsigned int *got)
{
	enum sworn_ram_reason reason = try_take(account, wanted, nowait, pages, got);

	if (likely(!reason) || reason == SWORN_RAM_REASON_DISK || nowait || !ram_memory_freeing())
		return reason;
	flush_work(&reaper.work);
	return try_take(account, wanted, nowait, pages, got);
}

/**
 * ram_memory_untake() - give back what was not needed after all
 * @account: of the disk
 * @pages: they hold nothing of a user's, and nobody else has seen them
 * @nr: how many
 */
void ram_memory_untake(struct ram_account *account, struct page **pages, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		__free_page(pages[i]);
	uncharge(account, nr);
}

/* Add @page, which nobody can find any more, to @chain. */
void ram_chain_add(struct ram_chain *chain, struct page *page)
{
	set_page_private(page, 0);
	if (chain->last)
		set_page_private(chain->last, (unsigned long)page);
	else
		chain->first = page;
	chain->last = page;
	chain->nr++;
}

static struct page *chain_pop(struct ram_chain *chain)
{
	struct page *page = chain->first;

	chain->first = (struct page *)page_private(page);
	set_page_private(page, 0);
	return page;
}

/* Clear and free all of a chain that nobody looks at. */
static void free_chain(struct ram_chain *chain, atomic_long_t *counter)
{
	while (chain->first) {
		struct page *page = chain_pop(chain);

		clear_highpage(page);
		__free_page(page);
		atomic_long_dec(&total_pages);
		if (counter)
			atomic_long_dec(counter);
		cond_resched();
	}
	*chain = (struct ram_chain){ };
}

static void reap(struct work_struct *work)
{
	struct ram_chain chain;

	spin_lock(&reaper.lock);
	chain = reaper.chain;
	reaper.chain = (struct ram_chain){ };
	spin_unlock(&reaper.lock);
	if (!chain.nr)
		return;
	synchronize_rcu();
	free_chain(&chain, &freeing_pages);
}

/**
 * ram_memory_retire() - free pages once nobody looks at them any more
 * @account: of the disk
 * @chain: unlinked pages; empty afterwards
 *
 * The disk's account is rid of them at once.  Does not sleep.
 */
void ram_memory_retire(struct ram_account *account, struct ram_chain *chain)
{
	if (!chain->nr)
		return;
	atomic_long_sub(chain->nr, &account->pages);
	atomic_long_add(chain->nr, &freeing_pages);
	spin_lock(&reaper.lock);
	if (reaper.chain.last)
		set_page_private(reaper.chain.last, (unsigned long)chain->first);
	else
		reaper.chain.first = chain->first;
	reaper.chain.last = chain->last;
	reaper.chain.nr += chain->nr;
	spin_unlock(&reaper.lock);
	*chain = (struct ram_chain){ };
	queue_work(ram_workqueue, &reaper.work);
}

/**
 * ram_memory_free() - free pages that nobody can be looking at
 * @account: of the disk
 * @chain: empty afterwards
 *
 * May sleep.
 */
void ram_memory_free(struct ram_account *account, struct ram_chain *chain)
{
	atomic_long_sub(chain->nr, &account->pages);
	free_chain(chain, NULL);
}

/* Wait until all that was retired is free. */
void ram_memory_settle(void)
{
	flush_work(&reaper.work);
}
