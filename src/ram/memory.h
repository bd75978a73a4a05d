/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of the disks: limits, taking pages from the kernel and giving them
 * back; docs/ram.md section 2.
 */
#ifndef SWORN_RAM_MEMORY_H
#define SWORN_RAM_MEMORY_H

#include <linux/atomic.h>
#include <linux/mm_types.h>
#include <linux/types.h>

#include "include/uapi/sworn_ram.h"

/* Most pages that are taken at once. */
#define RAM_TAKE_MAX	32

/**
 * struct ram_account - what one disk uses
 * @pages: charged
 * @limit_pages: no more than that; 0: no limit
 * @node: NUMA node to take from
 */
struct ram_account {
	atomic_long_t pages;
	unsigned long limit_pages;
	int node;
};

/**
 * struct ram_chain - pages linked by their private field
 * @first: the one to begin with
 * @last: the one to append to
 * @nr: how many
 */
struct ram_chain {
	struct page *first;
	struct page *last;
	unsigned long nr;
};

void ram_chain_add(struct ram_chain *chain, struct page *page);

/* What is charged to all disks, and of that still on its way back, in pages. */
unsigned long ram_memory_used(void);
unsigned long ram_memory_freeing(void);

/* Most that all disks together get; what stays available to others; pages. */
unsigned long ram_memory_limit(void);
unsigned long ram_memory_reserve(void);

gfp_t ram_memory_gfp(bool nowait);

enum sworn_ram_reason ram_memory_take(struct ram_account *account, unsigned int wanted,
				      bool nowait, struct page **pages, unsigned int *got);
void ram_memory_untake(struct ram_account *account, struct page **pages, unsigned int nr);
void ram_memory_retire(struct ram_account *account, struct ram_chain *chain);
void ram_memory_free(struct ram_account *account, struct ram_chain *chain);
void ram_memory_settle(void);

#endif /* SWORN_RAM_MEMORY_H */
