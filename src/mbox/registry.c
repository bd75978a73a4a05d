// SPDX-License-Identifier: GPL-2.0-only
/* All mailboxes, by index and by name. */
#include "mbox/mbox.h"

#include <linux/ctype.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/netlink.h>

/* Outermost of all locks: making and removing a mailbox as a whole. */
static DEFINE_MUTEX(registry_mutex);
static DEFINE_IDR(boxes);
static u32 generation;

void mbox_registry_lock(void)
{
	mutex_lock(&registry_mutex);
}

void mbox_registry_unlock(void)
{
	mutex_unlock(&registry_mutex);
}

/* Another number whenever a mailbox has come or gone; never 0. */
u32 mbox_registry_generation(void)
{
	lockdep_assert_held(&registry_mutex);
	return generation ?: 1;
}

struct mbox *mbox_registry_find(const char *name)
{
	struct mbox *box;
	int index;

	lockdep_assert_held(&registry_mutex);
	idr_for_each_entry(&boxes, box, index)
		if (!strcmp(box->spec.name, name))
			return box;
	return NULL;
}

struct mbox *mbox_registry_at(int index)
{
	lockdep_assert_held(&registry_mutex);
	return idr_find(&boxes, index);
}

/* The first mailbox at @index or behind it, and where that is; or NULL. */
struct mbox *mbox_registry_next(int *index)
{
	lockdep_assert_held(&registry_mutex);
	return idr_get_next(&boxes, index);
}

static bool name_is_good(const char *name)
{
	if (!isascii(*name) || !isalnum(*name))
		return false;
	for (; *name; name++)
		if (!isascii(*name) || !(isalnum(*name) || strchr("._-", *name)))
			return false;
	return true;
}

static int check_spec(const struct mbox_spec *spec, struct netlink_ext_ack *extack)
{
	if (!name_is_good(spec->name)) {
		NL_SET_ERR_MSG(extack, "name: expected letters, digits, \".\", \"_\" and \"-\", and a letter or digit first");
		return -EINVAL;
	}
	if (spec->once && spec->kind == SWORN_MBOX_KIND_BUFFER) {
		NL_SET_ERR_MSG(extack, "once: a buffer has no messages; expected the kind rendezvous");
		return -EINVAL;
	}
	if (!uid_valid(spec->uid) || !gid_valid(spec->gid)) {
		NL_SET_ERR_MSG(extack, "owner: expected numbers of a user and a group");
		return -EINVAL;
	}
	if (mbox_registry_find(spec->name)) {
		NL_SET_ERR_MSG(extack, "name: there is a mailbox of that name");
		return -EEXIST;
	}
	return 0;
}

static void explain(int err, struct netlink_ext_ack *extack)
{
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "size: all mailboxes together would have more than the parameter memory_limit_kib allows");
	else
		NL_SET_ERR_MSG(extack, "the device cannot be made");
}

/**
 * mbox_registry_add() - make a mailbox
 * @spec: as it is to be; not checked yet
 * @extack: why not
 *
 * With the mutex held.
 *
 * Return: the mailbox, or an ERR_PTR.
 */
struct mbox *mbox_registry_add(const struct mbox_spec *spec, struct netlink_ext_ack *extack)
{
	struct mbox *box;
	int index, err;

	lockdep_assert_held(&registry_mutex);
	err = check_spec(spec, extack);
	if (err)
		return ERR_PTR(err);
	/* Not the lowest: who knows a removed one by its number is not to reach another. */
	index = idr_alloc_cyclic(&boxes, NULL, 0, SWORN_MBOX_COUNT_MAX, GFP_KERNEL);
	if (index < 0) {
		if (index == -ENOSPC)
			NL_SET_ERR_MSG(extack, "there are 1024 mailboxes, and no more can be made");
		return ERR_PTR(index);
	}
	box = mbox_create(spec, index);
	if (IS_ERR(box)) {
		idr_remove(&boxes, index);
		explain(PTR_ERR(box), extack);
		return box;
	}
	idr_replace(&boxes, box, index);
	generation++;
	mbox_netlink_tell(SWORN_MBOX_CMD_ADDED_NTF, box);
	return box;
}

/**
 * mbox_registry_remove() - remove a mailbox
 * @box: of the registry
 *
 * With the mutex held.
 */
void mbox_registry_remove(struct mbox *box)
{
	lockdep_assert_held(&registry_mutex);
	/* Its number is free for another when nobody finds this one any more. */
	mbox_remove(box);
	idr_remove(&boxes, box->index);
	generation++;
	mbox_netlink_tell(SWORN_MBOX_CMD_REMOVED_NTF, box);
	put_device(&box->dev);
}

/**
 * mbox_registry_empty() - remove all mailboxes
 *
 * Nobody has one open.
 */
void mbox_registry_empty(void)
{
	struct mbox *box;
	int index;

	mbox_registry_lock();
	idr_for_each_entry(&boxes, box, index)
		mbox_registry_remove(box);
	idr_destroy(&boxes);
	mbox_registry_unlock();
}
