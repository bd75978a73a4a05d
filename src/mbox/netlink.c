// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family; docs/netlink/sworn_mbox.yaml, docs/mbox.md section 7. */
#include "mbox/mbox.h"

#include <linux/capability.h>
#include <linux/rwsem.h>
#include <net/genetlink.h>

/* Not const: before 6.5 policies have no room for what is. */
static struct netlink_range_validation int_range = { .min = 0, .max = INT_MAX };
static struct netlink_range_validation id_range = { .min = 0, .max = U32_MAX - 1 };
static struct netlink_range_validation size_range = { .min = 1, .max = SWORN_MBOX_SIZE_MAX };
static struct netlink_range_validation timeout_range = { .min = 0, .max = SWORN_MBOX_TIMEOUT_MAX };

#define NAME_POLICY	{ .type = NLA_NUL_STRING, .len = SWORN_MBOX_NAME_MAX }
#define INDEX_POLICY	NLA_POLICY_FULL_RANGE(NLA_U32, &int_range)

static const struct nla_policy create_policy[] = {
	[SWORN_MBOX_A_NAME] = NAME_POLICY,
	[SWORN_MBOX_A_KIND] = NLA_POLICY_MAX(NLA_U32, SWORN_MBOX_KIND_BUFFER),
	[SWORN_MBOX_A_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U32, &size_range),
	[SWORN_MBOX_A_ONCE] = { .type = NLA_FLAG },
	[SWORN_MBOX_A_UID] = NLA_POLICY_FULL_RANGE(NLA_U32, &id_range),
	[SWORN_MBOX_A_GID] = NLA_POLICY_FULL_RANGE(NLA_U32, &id_range),
	[SWORN_MBOX_A_MODE] = NLA_POLICY_MAX(NLA_U32, SWORN_MBOX_MODE_MAX),
	[SWORN_MBOX_A_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &timeout_range),
};

static const struct nla_policy named_policy[] = {
	[SWORN_MBOX_A_INDEX] = INDEX_POLICY,
	[SWORN_MBOX_A_NAME] = NAME_POLICY,
};

static struct genl_family family;

static int check_may_change(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(info->extack, "changes need CAP_SYS_ADMIN");
	return -EPERM;
}

/* The mailbox that a message names; with the registry's mutex held. */
static struct mbox *named_box(struct genl_info *info)
{
	struct nlattr *name = info->attrs[SWORN_MBOX_A_NAME];
	struct nlattr *index = info->attrs[SWORN_MBOX_A_INDEX];
	struct mbox *box;

	if (!name == !index) {
		NL_SET_ERR_MSG(info->extack, "expected the name or the index of a mailbox, and not both");
		return ERR_PTR(-EINVAL);
	}
	box = name ? mbox_registry_find(nla_data(name)) : mbox_registry_at(nla_get_u32(index));
	if (box)
		return box;
	NL_SET_ERR_MSG_ATTR(info->extack, name ?: index, "there is no such mailbox");
	return ERR_PTR(-ENODEV);
}

static struct sk_buff *new_reply(void)
{
	return genlmsg_new(mbox_message_bytes(), GFP_KERNEL);
}

static int fill_message(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 command,
			struct mbox *box)
{
	void *header = genlmsg_put(skb, portid, seq, &family, flags, command);
	int err;

	if (!header)
		return -EMSGSIZE;
	err = mbox_message_fill(skb, box);
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

/* Takes over @reply. */
static int reply_box(struct sk_buff *reply, struct genl_info *info, struct mbox *box)
{
	int err = fill_message(reply, info->snd_portid, info->snd_seq, 0, info->genlhdr->cmd, box);

	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

static u32 u32_or(const struct nlattr *attribute, u32 otherwise)
{
	return attribute ? nla_get_u32(attribute) : otherwise;
}

static void parse_spec(struct genl_info *info, struct mbox_spec *spec)
{
	struct nlattr **a = info->attrs;

	*spec = (struct mbox_spec){
		.kind = u32_or(a[SWORN_MBOX_A_KIND], SWORN_MBOX_KIND_RENDEZVOUS),
		.size = u32_or(a[SWORN_MBOX_A_SIZE], MBOX_BYTES_DEFAULT),
		.once = nla_get_flag(a[SWORN_MBOX_A_ONCE]),
		.uid = make_kuid(&init_user_ns, u32_or(a[SWORN_MBOX_A_UID], 0)),
		.gid = make_kgid(&init_user_ns, u32_or(a[SWORN_MBOX_A_GID], 0)),
		.mode = u32_or(a[SWORN_MBOX_A_MODE], MBOX_MODE_DEFAULT),
		.timeout_ms = u32_or(a[SWORN_MBOX_A_TIMEOUT], 0),
	};
	nla_strscpy(spec->name, a[SWORN_MBOX_A_NAME], sizeof(spec->name));
}

static int create_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_may_change(skb, info);
	struct sk_buff *reply;
	struct mbox_spec spec;
	struct mbox *box;

	if (err)
		return err;
	if (!info->attrs[SWORN_MBOX_A_NAME]) {
		NL_SET_ERR_MSG(info->extack, "name: a mailbox needs one");
		return -EINVAL;
	}
	reply = new_reply();
	if (!reply)
		return -ENOMEM;
	parse_spec(info, &spec);
	mbox_registry_lock();
	box = mbox_registry_add(&spec, info->extack);
	if (IS_ERR(box)) {
		nlmsg_free(reply);
		err = PTR_ERR(box);
	} else {
		err = reply_box(reply, info, box);
		/* Who asked would not know that it is there. */
		if (err)
			mbox_registry_remove(box);
	}
	mbox_registry_unlock();
	return err;
}

static int remove_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_may_change(skb, info);
	struct mbox *box;

	if (err)
		return err;
	mbox_registry_lock();
	box = named_box(info);
	if (IS_ERR(box))
		err = PTR_ERR(box);
	else
		mbox_registry_remove(box);
	mbox_registry_unlock();
	return err;
}

static int get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = new_reply();
	struct mbox *box;
	int err;

	if (!reply)
		return -ENOMEM;
	mbox_registry_lock();
	box = named_box(info);
	if (IS_ERR(box)) {
		nlmsg_free(reply);
		err = PTR_ERR(box);
	} else {
		err = reply_box(reply, info, box);
	}
	mbox_registry_unlock();
	return err;
}

/* The next mailbox to tell of is in args[0]. */
static int get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int index = cb->args[0];
	struct mbox *box;

	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(cb->extack, "a dump is of all mailboxes: expected no attributes");
		return -EINVAL;
	}
	mbox_registry_lock();
	cb->seq = mbox_registry_generation();
	while ((box = mbox_registry_next(&index))) {
		void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					   &family, NLM_F_MULTI, SWORN_MBOX_CMD_GET);

		if (!header)
			break;
		genl_dump_check_consistent(cb, header);
		if (mbox_message_fill(skb, box)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
		index++;
	}
	mbox_registry_unlock();
	cb->args[0] = index;
	return skb->len;
}

static const struct genl_ops ops[] = {
	{
		.cmd = SWORN_MBOX_CMD_CREATE,
		.doit = create_doit,
		.policy = create_policy,
		.maxattr = ARRAY_SIZE(create_policy) - 1,
	}, {
		.cmd = SWORN_MBOX_CMD_REMOVE,
		.doit = remove_doit,
		.policy = named_policy,
		.maxattr = ARRAY_SIZE(named_policy) - 1,
	}, {
		.cmd = SWORN_MBOX_CMD_GET,
		.doit = get_doit,
		.dumpit = get_dumpit,
		.policy = named_policy,
		.maxattr = ARRAY_SIZE(named_policy) - 1,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = SWORN_MBOX_GENL_EVENTS },
};

/* netnsok stays false: the family is in the initial network namespace alone. */
static struct genl_family family __ro_after_init = {
	.name = SWORN_MBOX_GENL_NAME,
	.version = SWORN_MBOX_GENL_VERSION,
	.maxattr = SWORN_MBOX_A_MAX,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = SWORN_MBOX_CMD_CREATE,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* Held while an event is sent, so that the family does not go meanwhile. */
static DECLARE_RWSEM(telling);
static bool registered;

/**
 * mbox_netlink_tell() - send an event
 * @event: one of those that end in _NTF
 * @box: must not go meanwhile
 *
 * What cannot be sent is lost: whoever
 * listens asks anew now and then.  May sleep.
 */
void mbox_netlink_tell(enum sworn_mbox_command event, struct mbox *box)
{
	struct sk_buff *skb = new_reply();

	if (!skb)
		return;
	down_read(&telling);
	if (!registered || fill_message(skb, 0, 0, 0, event, box))
		nlmsg_free(skb);
	else
		genlmsg_multicast(&family, skb, 0, 0, GFP_KERNEL);
	up_read(&telling);
}

int mbox_netlink_init(void)
{
	int err = genl_register_family(&family);

	down_write(&telling);
	registered = !err;
	up_write(&telling);
	return err;
}

/* Waits for messages under way; none can come afterwards. */
void mbox_netlink_exit(void)
{
	down_write(&telling);
	registered = false;
	up_write(&telling);
	genl_unregister_family(&family);
}
