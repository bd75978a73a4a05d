// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cleaning while nobody asks for anything.  docs/design.md, section 7.
 */
#include "volume.h"

#define IDLE_DELAY	(5 * HZ)

u64 sworn_volume_activity(const struct sworn_volume *vol)
{
	struct sworn_counters c;

	sworn_volume_counters(vol, &c);
	return c.n[SWORN_COUNT_USER_READ] + c.n[SWORN_COUNT_USER_WRITTEN] +
	       c.n[SWORN_COUNT_DISCARDED];
}

bool sworn_idle_over(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->idle_cleaning) &&
	       sworn_volume_activity(vol) != vol->idle_activity;
}

/* Does cleaning what is marked make more room than it writes? */
bool sworn_idle_pays(const struct sworn_volume *vol)
{
	const struct sworn_catalog *cat = &vol->index.catalog;
	const struct sworn_version *v = rcu_dereference_protected(cat->version,
								  true);
	u64 cost = vol->mover.marked_blocks;
	u64 gain = (u64)vol->mover.nr_marked * vol->geo->segment_blocks - cost;
	u32 i;

	for (i = 0; i < v->first[v->nr_runs]; i++)
		cost += cat->bit[v->order[i]].nr_blocks;
	return gain > cost;
}

static bool may_clean(const struct sworn_volume *vol)
{
	return READ_ONCE(vol->running) && sworn_volume_mode(vol) == SWORN_RW &&
	       sworn_space_scarce(vol, 8);
}

void sworn_idle_watch(struct sworn_volume *vol)
{
	if (!READ_ONCE(vol->idle_watched) && may_clean(vol)) {
		WRITE_ONCE(vol->idle_watched, true);
		queue_delayed_work(vol->maint_wq, &vol->idle_work, IDLE_DELAY);
	}
}

/* Until the next write there is no more to do. */
static void leave(struct sworn_volume *vol)
{
	WRITE_ONCE(vol->idle_watched, false);
}

void sworn_idle_worker(struct work_struct *work)
{
	struct sworn_volume *vol = container_of(to_delayed_work(work),
						struct sworn_volume, idle_work);
	u32 free = READ_ONCE(vol->segments.nr_free);
	u64 now = sworn_volume_activity(vol);

	if (!may_clean(vol)) {
		leave(vol);
		return;
	}
	if (now == vol->idle_activity) {
		int err;

		WRITE_ONCE(vol->idle_cleaning, true);
		err = sworn_maintain(vol, SWORN_MAINT_IDLE);
		WRITE_ONCE(vol->idle_cleaning, false);
		if (err || (sworn_volume_activity(vol) == now &&
			    READ_ONCE(vol->segments.nr_free) <= free)) {
			leave(vol);
			return;
		}
	}
	vol->idle_activity = sworn_volume_activity(vol);
	queue_delayed_work(vol->maint_wq, &vol->idle_work, IDLE_DELAY);
}

void sworn_idle_stop(struct sworn_volume *vol)
{
	cancel_delayed_work_sync(&vol->idle_work);
	leave(vol);
}
