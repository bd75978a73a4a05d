/* SPDX-License-Identifier: GPL-2.0-only */
/* The contents of a disk: pages by index. */
#ifndef SWORN_RAM_STORE_H
#define SWORN_RAM_STORE_H

#include <linux/blk-mq.h>
#include <linux/xarray.h>

#include "ram/memory.h"

/**
 * struct ram_store - contents
 * @pages: by offset in pages; readers under RCU, writers with its lock
 * @account: memory it uses
 */
struct ram_store {
	struct xarray pages;
	struct ram_account account;
};

void ram_store_init(struct ram_store *store, int node);
void ram_store_read(struct ram_store *store, struct request *rq);
enum sworn_ram_reason ram_store_write(struct ram_store *store, struct request *rq, bool nowait);
void ram_store_drop(struct ram_store *store, u64 from, u64 to);
void ram_store_zero(struct ram_store *store, u64 from, u64 to);
void ram_store_destroy(struct ram_store *store);

#endif /* SWORN_RAM_STORE_H */
