// SPDX-License-Identifier: GPL-2.0-only
/* A mailbox as attributes: nothing of its contents, and not their length. */
#include "mbox/mbox.h"

#include <net/netlink.h>

static int put_u64(struct sk_buff *skb, int attribute, u64 value)
{
	return nla_put_u64_64bit(skb, attribute, value, SWORN_MBOX_A_PAD);
}

static int put_shape(struct sk_buff *skb, const struct mbox *box)
{
	const struct mbox_spec *spec = &box->spec;

	return nla_put_u32(skb, SWORN_MBOX_A_INDEX, box->index) ?:
	       nla_put_string(skb, SWORN_MBOX_A_NAME, spec->name) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_KIND, spec->kind) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_SIZE, spec->size) ?:
	       (spec->once ? nla_put_flag(skb, SWORN_MBOX_A_ONCE) : 0) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_UID, from_kuid(&init_user_ns, spec->uid)) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_GID, from_kgid(&init_user_ns, spec->gid)) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_MODE, spec->mode) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_TIMEOUT, spec->timeout_ms) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_MAJOR, MAJOR(box->dev.devt)) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_MINOR, MINOR(box->dev.devt));
}

static int put_state(struct sk_buff *skb, struct mbox *box)
{
	lockdep_assert_held(&box->lock);
	return nla_put_u32(skb, SWORN_MBOX_A_STATE, box->state) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_OPENERS, box->openers) ?:
	       nla_put_u32(skb, SWORN_MBOX_A_WAITING, box->waiting) ?:
	       put_u64(skb, SWORN_MBOX_A_WRITTEN, box->written) ?:
	       put_u64(skb, SWORN_MBOX_A_TAKEN, box->taken) ?:
	       put_u64(skb, SWORN_MBOX_A_EXPIRED, box->wiped);
}

/**
 * mbox_message_fill() - describe a mailbox
 * @skb: the message
 * @box: must not go meanwhile
 *
 * Return: 0 or -EMSGSIZE.
 */
int mbox_message_fill(struct sk_buff *skb, struct mbox *box)
{
	int err;

	spin_lock(&box->lock);
	err = put_state(skb, box);
	spin_unlock(&box->lock);
	return err ?: put_shape(skb, box);
}

/* Room that such a description needs at most, without headers. */
size_t mbox_message_bytes(void)
{
	return 12 * nla_total_size(sizeof(u32)) + 3 * nla_total_size_64bit(sizeof(u64)) +
	       nla_total_size(0) + nla_total_size(SWORN_MBOX_NAME_MAX + 1);
}
