/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state that the driver would open: the packs are judged, one is chosen,
 * and the journal is applied.  docs/design.md, section 8.
 */
#ifndef SWORNADM_OFFLINE_RECOVER_H
#define SWORNADM_OFFLINE_RECOVER_H

#include "journal.h"
#include "pack.h"
#include "report.h"

/**
 * struct recovery - what came of it
 * @newest: place of the newest pack whose header verifies; -1: there is none
 * @used: place of the pack that the state was built from; -1: no state
 * @state: sorted
 * @end: of the journal, from @used
 * @has_end: it was gone through
 */
struct recovery {
	struct pack pack[SWORN_PACKS];
	int newest;
	int used;
	struct state state;
	struct journal_end end;
	bool has_end;
};

/**
 * recover() - judge packs and journal
 * @fallback: judge the way by the older pack too
 * @report: what is found, NULL: nobody wants to know
 *
 * Return: 0, be there a state or not; -ENOMEM, -ECANCELED.
 */
int recover(struct recovery *r, const struct image *img, bool fallback,
	    struct report *report);

void recovery_free(struct recovery *r);

#endif /* SWORNADM_OFFLINE_RECOVER_H */
