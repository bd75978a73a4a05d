// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family; docs/netlink/sworn_ram.yaml, docs/ram.md section 5. */
#include "ram/ram.h"

#include <linux/capability.h>
#include <net/genetlink.h>

/* Not const: before 6.5 policies have no room for what is. */
static struct netlink_range_validation size_range = { .min = 1, .max = SWORN_RAM_SIZE_MAX };
static struct netlink_range_validation limit_range = { .min = 0, .max = SWORN_RAM_SIZE_MAX };
static struct netlink_range_validation int_range = { .min = 0, .max = INT_MAX };

#define NAME_POLICY	{ .type = NLA_NUL_STRING, .len = SWORN_RAM_NAME_MAX }
#define INDEX_POLICY	NLA_POLICY_FULL_RANGE(NLA_U32, &int_range)

static const struct nla_policy create_policy[] = {
	[SWORN_RAM_A_NAME] = NAME_POLICY,
	[SWORN_RAM_A_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U64, &size_range),
	[SWORN_RAM_A_SECTOR_SIZE] = { .type = NLA_U32 },
	[SWORN_RAM_A_QUEUES] = NLA_POLICY_RANGE(NLA_U32, 1, SWORN_RAM_QUEUES_MAX),
	[SWORN_RAM_A_DEPTH] = NLA_POLICY_RANGE(NLA_U32, 1, SWORN_RAM_DEPTH_MAX),
	[SWORN_RAM_A_NODE] = NLA_POLICY_FULL_RANGE(NLA_U32, &int_range),
	[SWORN_RAM_A_READ_ONLY] = { .type = NLA_FLAG },
	[SWORN_RAM_A_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U64, &limit_range),
};

static const struct nla_policy remove_policy[] = {
	[SWORN_RAM_A_INDEX] = INDEX_POLICY,
	[SWORN_RAM_A_NAME] = NAME_POLICY,
	[SWORN_RAM_A_DEFERRED] = { .type = NLA_FLAG },
};

static const struct nla_policy change_policy[] = {
	[SWORN_RAM_A_INDEX] = INDEX_POLICY,
	[SWORN_RAM_A_NAME] = NAME_POLICY,
	[SWORN_RAM_A_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U64, &size_range),
	[SWORN_RAM_A_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U64, &limit_range),
	[SWORN_RAM_A_FORCE] = { .type = NLA_FLAG },
};

static const struct nla_policy get_policy[] = {
	[SWORN_RAM_A_INDEX] = INDEX_POLICY,
	[SWORN_RAM_A_NAME] = NAME_POLICY,
};

/* Knows nothing, so that everything is refused. */
static const struct nla_policy no_policy[SWORN_RAM_A_MAX + 1];

static struct genl_family family;

static int check_may_change(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(info->extack, "changes need CAP_SYS_ADMIN");
	return -EPERM;
}

/* The disk that a message names; with the registry's mutex held. */
static struct ram_disk *named_disk(struct genl_info *info)
{
	struct nlattr *name = info->attrs[SWORN_RAM_A_NAME];
	struct nlattr *index = info->attrs[SWORN_RAM_A_INDEX];
	struct ram_disk *disk;

	if (!name == !index) {
		NL_SET_ERR_MSG(info->extack, "expected the name or the index of a disk, and not both");
		return ERR_PTR(-EINVAL);
	}
	disk = name ? ram_registry_find(nla_data(name)) : ram_registry_at(nla_get_u32(index));
	if (disk)
		return disk;
	NL_SET_ERR_MSG_ATTR(info->extack, name ?: index, "there is no such disk");
	return ERR_PTR(-ENODEV);
}

static struct sk_buff *new_reply(void)
{
	return genlmsg_new(ram_message_bytes(), GFP_KERNEL);
}

static int fill_message(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 command,
			struct ram_disk *disk)
{
	void *header = genlmsg_put(skb, portid, seq, &family, flags, command);
	int err;

	if (!header)
		return -EMSGSIZE;
	err = ram_message_fill(skb, disk);
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

/* Takes over @reply. */
static int reply_disk(struct sk_buff *reply, struct genl_info *info, struct ram_disk *disk)
{
	int err = fill_message(reply, info->snd_portid, info->snd_seq, 0, info->genlhdr->cmd, disk);

	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

static void parse_spec(struct genl_info *info, struct ram_spec *spec)
{
	struct nlattr **a = info->attrs;

	*spec = ram_spec_default;
	if (a[SWORN_RAM_A_NAME])
		nla_strscpy(spec->name, a[SWORN_RAM_A_NAME], sizeof(spec->name));
	if (a[SWORN_RAM_A_SIZE])
		spec->size = nla_get_u64(a[SWORN_RAM_A_SIZE]);
	if (a[SWORN_RAM_A_SECTOR_SIZE])
		spec->sector_size = nla_get_u32(a[SWORN_RAM_A_SECTOR_SIZE]);
	if (a[SWORN_RAM_A_QUEUES])
		spec->queues = nla_get_u32(a[SWORN_RAM_A_QUEUES]);
	if (a[SWORN_RAM_A_DEPTH])
		spec->depth = nla_get_u32(a[SWORN_RAM_A_DEPTH]);
	if (a[SWORN_RAM_A_NODE])
		spec->node = nla_get_u32(a[SWORN_RAM_A_NODE]);
	if (a[SWORN_RAM_A_LIMIT])
		spec->limit = nla_get_u64(a[SWORN_RAM_A_LIMIT]);
	spec->read_only = nla_get_flag(a[SWORN_RAM_A_READ_ONLY]);
}

static int create_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_may_change(skb, info);
	struct sk_buff *reply;
	struct ram_disk *disk;
	struct ram_spec spec;

	if (err)
		return err;
	if (info->attrs[SWORN_RAM_A_NAME] && !*(char *)nla_data(info->attrs[SWORN_RAM_A_NAME])) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SWORN_RAM_A_NAME], "name: it is empty");
		return -EINVAL;
	}
	reply = new_reply();
	if (!reply)
		return -ENOMEM;
	parse_spec(info, &spec);
	ram_registry_lock();
	disk = ram_registry_add(&spec, info->extack);
	if (IS_ERR(disk)) {
		nlmsg_free(reply);
		err = PTR_ERR(disk);
	} else {
		err = reply_disk(reply, info, disk);
	}
	ram_registry_unlock();
	return err;
}

static int remove_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_may_change(skb, info);
	struct ram_disk *disk;
	bool deferred;

	if (err)
		return err;
	deferred = nla_get_flag(info->attrs[SWORN_RAM_A_DEFERRED]);
	ram_registry_lock();
	disk = named_disk(info);
	err = IS_ERR(disk) ? PTR_ERR(disk) : ram_registry_remove(disk, deferred, info->extack);
	ram_registry_unlock();
	return err;
}

static int check_size(struct ram_disk *disk, u64 size, struct genl_info *info)
{
	if (size & (disk->spec.sector_size - 1)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SWORN_RAM_A_SIZE],
				    "size: expected a multiple of the sector size");
		return -EINVAL;
	}
	if (size < disk->spec.size && ram_disk_openers(disk) &&
	    !nla_get_flag(info->attrs[SWORN_RAM_A_FORCE])) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SWORN_RAM_A_SIZE],
				    "size: the disk is open, and would become smaller; force does that");
		return -EBUSY;
	}
	return 0;
}

static int change(struct ram_disk *disk, struct genl_info *info)
{
	struct nlattr *size = info->attrs[SWORN_RAM_A_SIZE];
	struct nlattr *limit = info->attrs[SWORN_RAM_A_LIMIT];
	int err;

	if (!size && !limit) {
		NL_SET_ERR_MSG(info->extack, "nothing is to be changed: expected a size or a limit");
		return -EINVAL;
	}
	if (size) {
		err = check_size(disk, nla_get_u64(size), info);
		if (err)
			return err;
	}
	if (limit)
		ram_disk_set_limit(disk, nla_get_u64(limit));
	if (size)
		ram_disk_resize(disk, nla_get_u64(size));
	ram_registry_changed(disk);
	return 0;
}

static int change_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = check_may_change(skb, info);
	struct sk_buff *reply;
	struct ram_disk *disk;

	if (err)
		return err;
	reply = new_reply();
	if (!reply)
		return -ENOMEM;
	ram_registry_lock();
	disk = named_disk(info);
	err = IS_ERR(disk) ? PTR_ERR(disk) : change(disk, info);
	if (err)
		nlmsg_free(reply);
	else
		err = reply_disk(reply, info, disk);
	ram_registry_unlock();
	return err;
}

static int get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = new_reply();
	struct ram_disk *disk;
	int err;

	if (!reply)
		return -ENOMEM;
	ram_registry_lock();
	disk = named_disk(info);
	if (IS_ERR(disk)) {
		nlmsg_free(reply);
		err = PTR_ERR(disk);
	} else {
		err = reply_disk(reply, info, disk);
	}
	ram_registry_unlock();
	return err;
}

/* The next disk to tell of is in args[0]. */
static int get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int index = cb->args[0];
	struct ram_disk *disk;

	ram_registry_lock();
	cb->seq = ram_registry_generation();
	while ((disk = ram_registry_next(&index))) {
		void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					   &family, NLM_F_MULTI, SWORN_RAM_CMD_GET);

		if (!header)
			break;
		genl_dump_check_consistent(cb, header);
		if (ram_message_fill(skb, disk)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
		index++;
	}
	ram_registry_unlock();
	cb->args[0] = index;
	return skb->len;
}

static int put_totals(struct sk_buff *skb, u32 nr_disks)
{
	return nla_put_u32(skb, SWORN_RAM_A_DISKS, nr_disks) ?:
	       nla_put_u64_64bit(skb, SWORN_RAM_A_MEMORY, (u64)ram_memory_used() << PAGE_SHIFT,
				 SWORN_RAM_A_PAD) ?:
	       nla_put_u64_64bit(skb, SWORN_RAM_A_LIMIT, (u64)ram_memory_limit() << PAGE_SHIFT,
				 SWORN_RAM_A_PAD) ?:
	       nla_put_u64_64bit(skb, SWORN_RAM_A_RESERVE, (u64)ram_memory_reserve() << PAGE_SHIFT,
				 SWORN_RAM_A_PAD) ?:
	       nla_put_u64_64bit(skb, SWORN_RAM_A_FREEING, (u64)ram_memory_freeing() << PAGE_SHIFT,
				 SWORN_RAM_A_PAD);
}

static int totals_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = new_reply();
	void *header;
	u32 nr_disks;

	if (!reply)
		return -ENOMEM;
	ram_registry_lock();
	nr_disks = ram_registry_count();
	ram_registry_unlock();
	header = genlmsg_put_reply(reply, info, &family, 0, SWORN_RAM_CMD_TOTALS);
	if (!header || put_totals(reply, nr_disks)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static const struct genl_ops ops[] = {
	{
		.cmd = SWORN_RAM_CMD_CREATE,
		.doit = create_doit,
		.policy = create_policy,
		.maxattr = ARRAY_SIZE(create_policy) - 1,
	}, {
		.cmd = SWORN_RAM_CMD_REMOVE,
		.doit = remove_doit,
		.policy = remove_policy,
		.maxattr = ARRAY_SIZE(remove_policy) - 1,
	}, {
		.cmd = SWORN_RAM_CMD_CHANGE,
		.doit = change_doit,
		.policy = change_policy,
		.maxattr = ARRAY_SIZE(change_policy) - 1,
	}, {
		.cmd = SWORN_RAM_CMD_GET,
		.doit = get_doit,
		.dumpit = get_dumpit,
		.policy = get_policy,
		.maxattr = ARRAY_SIZE(get_policy) - 1,
	}, {
		.cmd = SWORN_RAM_CMD_TOTALS,
		.doit = totals_doit,
		.policy = no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = SWORN_RAM_GENL_EVENTS },
};

/* netnsok stays false: the family is in the initial network namespace alone. */
static struct genl_family family __ro_after_init = {
	.name = SWORN_RAM_GENL_NAME,
	.version = SWORN_RAM_GENL_VERSION,
	.maxattr = SWORN_RAM_A_MAX,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = SWORN_RAM_CMD_CREATE,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

static bool registered;

/**
 * ram_netlink_tell() - send an event
 * @event: one of those that end in _NTF
 * @disk: must not go meanwhile
 *
 * What cannot be sent is lost: whoever
 * listens asks anew now and then.  May sleep.
 */
void ram_netlink_tell(enum sworn_ram_command event, struct ram_disk *disk)
{
	struct sk_buff *skb;

	if (!READ_ONCE(registered))
		return;
	skb = new_reply();
	if (!skb)
		return;
	if (fill_message(skb, 0, 0, 0, event, disk))
		nlmsg_free(skb);
	else
		genlmsg_multicast(&family, skb, 0, 0, GFP_KERNEL);
}

int ram_netlink_init(void)
{
	int err = genl_register_family(&family);

	WRITE_ONCE(registered, !err);
	return err;
}

/* Waits for messages under way; none can come afterwards. */
void ram_netlink_exit(void)
{
	WRITE_ONCE(registered, false);
	genl_unregister_family(&family);
}
