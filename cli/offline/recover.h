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
 * struct tail - the last group of the journal
 * @beside: it was sent beside its data: if it is the last it counts only if
 *	these verify
 * @rec: its records that point at blocks, without those that it replaced itself
 * @asked: the data were asked
 * @end_seq: they do not prove it: the group that begins here never was; or ~0
 */
struct tail {
	u64 base_seq;
	bool beside;
	bool asked;
	u32 nr;
	struct sworn_record rec[SWORN_BESIDE_RECORDS];
	u64 end_seq;
};

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
	struct tail tail;
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
