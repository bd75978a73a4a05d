// SPDX-License-Identifier: GPL-2.0-only
/* Modes: one setter, logged, with an event. */
#include "../../include/uapi/sworndisk_target.h"
#include "volume.h"

static const char * const mode_names[] = {
	[SWORN_RW] = SWORN_MODE_RW,
	[SWORN_OUT_OF_SPACE] = SWORN_MODE_NOSPC,
	[SWORN_RO] = SWORN_MODE_RO,
	[SWORN_FAILED] = SWORN_MODE_FAILED,
};

const char *sworn_mode_name(enum sworn_mode mode)
{
	return mode_names[mode];
}

static bool may_move(enum sworn_mode from, enum sworn_mode to)
{
	return to > from || (from == SWORN_OUT_OF_SPACE && to == SWORN_RW);
}

void sworn_volume_set_mode(struct sworn_volume *vol, enum sworn_mode mode,
			   const char *why)
{
	enum sworn_mode old;
	unsigned long flags;
	bool moved;

	spin_lock_irqsave(&vol->mode_lock, flags);
	old = vol->mode;
	moved = may_move(old, mode);
	if (moved)
		WRITE_ONCE(vol->mode, mode);
	spin_unlock_irqrestore(&vol->mode_lock, flags);
	if (!moved)
		return;
	sworn_warn(vol, "mode %s -> %s: %s", mode_names[old], mode_names[mode],
		   why);
	wake_up_all(&vol->room);
	sworn_volume_event(vol, SWORN_EVENT_MODE);
}

void sworn_volume_event(struct sworn_volume *vol, enum sworn_event event)
{
	unsigned long next = READ_ONCE(vol->event_next), now = jiffies;

	set_bit(event, &vol->events);
	queue_delayed_work(system_wq, &vol->event_work,
			   time_before(now, next) ? next - now : 0);
}
