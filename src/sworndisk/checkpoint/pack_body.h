/* SPDX-License-Identifier: GPL-2.0-only */
/* Between pack.c, which seals body blocks, and pack_body.c, which fills them. */
#ifndef SWORNDISK_CHECKPOINT_PACK_BODY_H
#define SWORNDISK_CHECKPOINT_PACK_BODY_H

#include "pack.h"

/* Begin a body under a new salt. */
int sworn_pack_start_body(struct sworn_packs *p, u64 generation);

/* The zeroed payload of the next body block. */
void *sworn_pack_body_buf(struct sworn_packs *p);

/* Seal the block that sworn_pack_body_buf() gave. */
int sworn_pack_put_body(struct sworn_packs *p);

/* Write what is sealed and not yet written. */
int sworn_pack_flush_body(struct sworn_packs *p);

/* Verified payload of a body block; blocks are asked for in order. */
int sworn_pack_get_body(struct sworn_packs *p, u64 block, const void **payload);

#endif /* SWORNDISK_CHECKPOINT_PACK_BODY_H */
