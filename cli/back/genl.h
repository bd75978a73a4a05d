/* SPDX-License-Identifier: GPL-2.0-only */
/* A generic netlink family: one request at a time, and events. */
#ifndef SWORNADM_BACK_GENL_H
#define SWORNADM_BACK_GENL_H

#include <stddef.h>
#include <netlink/netlink.h>

/**
 * struct genl_answer - what came of a request
 * @err: 0 or a negative errno
 * @text: the kernel's words on it, if there were any
 */
struct genl_answer {
	int err;
	char text[256];
};

/* Attributes of one message; anything but 0 ends the reading. */
typedef int genl_take(int command, struct nlattr **attrs, void *arg);

/**
 * genl_open() - a socket that knows a family
 * @socket: filled in; nl_socket_free() it
 *
 * Return: the family's number, or a negative errno; -ENOENT: the kernel, or
 * this network namespace, does not know it.
 */
int genl_open(const char *family, struct nl_sock **socket);

/* A request of the family; NULL when out of memory. */
struct nl_msg *genl_request(int family, int command, int version, int flags);

/**
 * genl_ask() - send a request, and take what comes back
 * @msg: is freed
 * @take: is given each answer; may be NULL
 * @max: highest attribute
 */
void genl_ask(struct nl_sock *socket, struct nl_msg *msg, int max, genl_take *take, void *arg,
	      struct genl_answer *answer);

/**
 * genl_listen() - take events of a group, until @take says otherwise
 *
 * @take is called with command 0 when events were lost.
 *
 * Return: 0 or a negative errno.
 */
int genl_listen(struct nl_sock *socket, const char *family, const char *group, int max,
		genl_take *take, void *arg);

#endif /* SWORNADM_BACK_GENL_H */
