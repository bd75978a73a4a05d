// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: for who waits for the device ("dmsetup wait"), and as uevents that
 * say what it was.
 */
#include <linux/dm-ioctl.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

#define VARIABLES	8

/* struct uevent - the variables of one */
struct uevent {
	char name[DM_NAME_LEN];
	char uuid[DM_UUID_LEN];
	char text[VARIABLES][DM_NAME_LEN + 40];
	char *env[VARIABLES + 1];
};

static const char *event_name(unsigned int event)
{
	switch (event) {
	case SWORN_EVENT_MODE:
		return SWORN_UEVENT_MODE;
	case SWORN_EVENT_LOW_SPACE:
		return SWORN_UEVENT_LOW_SPACE;
	case SWORN_EVENT_VERIFY:
		return SWORN_UEVENT_VERIFY;
	default:
		return SWORN_UEVENT_CORRUPTION;
	}
}

static void fill(struct uevent *u, struct sworn_volume *vol, const char *what)
{
	struct sworn_verify_at at;
	struct sworn_counters c;
	unsigned int i;

	sworn_volume_counters(vol, &c);
	sworn_verify_look(vol, &at);
	snprintf(u->text[0], sizeof(u->text[0]), SWORN_UEVENT "=%s", what);
	snprintf(u->text[1], sizeof(u->text[1]), SWORN_UEVENT_NAME "=%s", u->name);
	snprintf(u->text[2], sizeof(u->text[2]), SWORN_UEVENT_UUID "=%pUb",
		 vol->super.sb.uuid);
	snprintf(u->text[3], sizeof(u->text[3]), SWORN_UEVENT_STATE "=%s",
		 sworn_mode_name(sworn_volume_mode(vol)));
	snprintf(u->text[4], sizeof(u->text[4]), SWORN_UEVENT_FAILURES "=%llu",
		 c.n[SWORN_COUNT_INTEGRITY_FAILURES]);
	snprintf(u->text[5], sizeof(u->text[5]), SWORN_UEVENT_FREE "=%llu",
		 sworn_space_free(vol));
	snprintf(u->text[6], sizeof(u->text[6]), SWORN_UEVENT_LOW "=%u",
		 READ_ONCE(vol->low_space));
	snprintf(u->text[7], sizeof(u->text[7]), SWORN_UEVENT_BAD "=%llu",
		 at.errors);
	for (i = 0; i < VARIABLES; i++)
		u->env[i] = u->text[i];
}

/* Best effort: without memory the log still has it. */
static void send(struct sworn_target *st, unsigned int event)
{
	struct mapped_device *md = dm_table_get_md(st->ti->table);
	struct uevent *u = kzalloc(sizeof(*u), GFP_NOIO | __GFP_NOWARN);

	if (!u)
		return;
	if (!dm_copy_name_and_uuid(md, u->name, u->uuid)) {
		fill(u, st->vol, event_name(event));
		kobject_uevent_env(&disk_to_dev(dm_disk(md))->kobj, KOBJ_CHANGE,
				   u->env);
	}
	kfree(u);
}

void sworn_event_raise(void *data, unsigned long events)
{
	struct sworn_target *st = data;
	/* the message allocates, and reclaim must not come back to us */
	unsigned int noio = memalloc_noio_save();
	unsigned int event;

	dm_table_event(st->ti->table);
	for_each_set_bit(event, &events, SWORN_EVENTS)
		send(st, event);
	memalloc_noio_restore(noio);
}
