/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of a dump: dump.c knows which are wanted, these how they look. */
#ifndef SWORNADM_CMD_OFFLINE_DUMP_H
#define SWORNADM_CMD_OFFLINE_DUMP_H

#include "begin.h"

/* Without a key. */
void dump_superblocks(struct out *out, const struct image *img);
int dump_packs_locked(struct out *out, const struct image *img);
int dump_journal_locked(struct out *out, const struct image *img);

/* Of what was recovered; 0, -ENOMEM or -ECANCELED. */
void dump_packs(struct out *out, const struct image *img,
		const struct recovery *r);
int dump_journal(struct out *out, const struct image *img,
		 const struct recovery *r);
void dump_epochs(struct out *out, const struct recovery *r);
int dump_bits(struct out *out, const struct image *img, struct recovery *r);
void dump_segments(struct out *out, const struct image *img,
		   const struct recovery *r);
int dump_records(struct out *out, const struct image *img, struct recovery *r);

#endif /* SWORNADM_CMD_OFFLINE_DUMP_H */
