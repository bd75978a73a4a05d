// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink over libnl; see genl.h. */
#include "genl.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#define ATTRIBUTES_MAX	64
#define EVENTS_BYTES	(1 << 20)

/* libnl has numbers of its own. */
static int errno_of(int err)
{
	switch (err < 0 ? -err : err) {
	case NLE_SUCCESS:
		return 0;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_INTR:
		return -EINTR;
	case NLE_DUMP_INTR:
		return -ESTALE;
	case NLE_PROTO_MISMATCH:
	case NLE_AF_NOSUPPORT:
		return -EPROTONOSUPPORT;
	default:
		return -EIO;
	}
}

int genl_open(const char *family, struct nl_sock **socket)
{
	int one = 1, err;

	*socket = nl_socket_alloc();
	if (!*socket)
		return -ENOMEM;
	err = genl_connect(*socket);
	if (!err) {
		setsockopt(nl_socket_get_fd(*socket), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
		setsockopt(nl_socket_get_fd(*socket), SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
		err = genl_ctrl_resolve(*socket, family);
	}
	if (err >= 0)
		return err;
	nl_socket_free(*socket);
	*socket = NULL;
	return errno_of(err);
}

struct nl_msg *genl_request(int family, int command, int version, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags, (uint8_t)command,
			       (uint8_t)version))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

struct reading {
	struct genl_answer *answer;
	genl_take *take;
	void *arg;
	int max;
	bool done;
	int stop;
};

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct nlattr *attrs[ATTRIBUTES_MAX + 1];
	struct reading *r = arg;
	struct nlmsghdr *header = nlmsg_hdr(msg);

	if (!r->take || genlmsg_parse(header, 0, attrs, r->max, NULL) < 0)
		return NL_SKIP;
	r->stop = r->take(genlmsg_hdr(header)->cmd, attrs, r->arg);
	return r->stop ? NL_STOP : NL_OK;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct reading *r = arg;

	(void)msg;
	r->done = true;
	return NL_STOP;
}

/* What stands behind the error is attributes, for the request was left out. */
static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	struct nlmsghdr *header = (struct nlmsghdr *)((char *)error - NLMSG_HDRLEN);
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1] = { NULL };
	int bytes = (int)header->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*error));
	struct reading *r = arg;

	(void)from;
	r->answer->err = error->error;
	r->done = true;
	if (header->nlmsg_flags & NLM_F_ACK_TLVS && header->nlmsg_flags & NLM_F_CAPPED && bytes > 0 &&
	    !nla_parse(attrs, NLMSGERR_ATTR_MAX,
		       (struct nlattr *)((char *)header + NLMSG_LENGTH(sizeof(*error))), bytes, NULL) &&
	    attrs[NLMSGERR_ATTR_MSG])
		snprintf(r->answer->text, sizeof(r->answer->text), "%.*s",
			 nla_len(attrs[NLMSGERR_ATTR_MSG]),
			 (char *)nla_data(attrs[NLMSGERR_ATTR_MSG]));
	return NL_STOP;
}

void genl_ask(struct nl_sock *socket, struct nl_msg *msg, int max, genl_take *take, void *arg,
	      struct genl_answer *answer)
{
	struct reading r = { .answer = answer, .take = take, .arg = arg, .max = max };
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	memset(answer, 0, sizeof(*answer));
	err = cb && msg && max <= ATTRIBUTES_MAX ? nl_send_auto(socket, msg) : -NLE_NOMEM;
	nlmsg_free(msg);
	if (cb) {
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, &r);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, &r);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, &r);
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, &r);
	}
	while (err >= 0 && !r.done) {
		err = nl_recvmsgs(socket, cb);
		/* What on_error() has noted is more than libnl makes of it. */
		if (r.done || err == -NLE_INTR)
			err = 0;
	}
	nl_cb_put(cb);
	if (!answer->err)
		answer->err = r.stop ? r.stop : err < 0 ? errno_of(err) : 0;
}

int genl_listen(struct nl_sock *socket, const char *family, const char *group, int max,
		genl_take *take, void *arg)
{
	struct genl_answer answer = { 0 };
	struct reading r = { .answer = &answer, .take = take, .arg = arg, .max = max };
	int number = genl_ctrl_resolve_grp(socket, family, group), err;

	if (number < 0)
		return errno_of(number);
	nl_socket_disable_seq_check(socket);
	nl_socket_set_buffer_size(socket, EVENTS_BYTES, 0);
	err = nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, on_valid, &r);
	if (!err)
		err = nl_socket_add_membership(socket, number);
	while (!r.stop && (err >= 0 || err == -NLE_INTR || err == -NLE_NOMEM)) {
		err = nl_recvmsgs_default(socket);
		if (err == -NLE_NOMEM)
			r.stop = take(0, NULL, arg);
	}
	return r.stop ? r.stop : errno_of(err);
}
