/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bare generic netlink for tests' programs, since a library would not send most
 * of what they do.  Before this is included:
 *
 *	#define GENL_NAME, GENL_VERSION    the family
 *	static void note_attribute(int type, const void *value)
 *		is given each attribute of an answer
 */
#ifndef LAB_GENL_H
#define LAB_GENL_H

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#define ANSWER_SECONDS 20

struct message {
	struct nlmsghdr header;
	struct genlmsghdr genl;
	unsigned char body[4096];
};

static int sock;
static uint16_t family;
static uint32_t sequence;

static void begin(struct message *m, int command)
{
	memset(m, 0, sizeof(*m));
	m->header.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	m->header.nlmsg_type = family;
	m->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	m->genl.cmd = command;
	m->genl.version = GENL_VERSION;
}

static void put(struct message *m, int type, const void *data, size_t bytes)
{
	struct nlattr *a = (struct nlattr *)((char *)m + NLMSG_ALIGN(m->header.nlmsg_len));

	if ((char *)a + NLA_HDRLEN + NLA_ALIGN(bytes) > (char *)(m + 1))
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + bytes;
	if (bytes)
		memcpy((char *)a + NLA_HDRLEN, data, bytes);
	m->header.nlmsg_len = NLMSG_ALIGN(m->header.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static void put_u32(struct message *m, int type, uint32_t value)
{
	put(m, type, &value, sizeof(value));
}

static inline void put_u64(struct message *m, int type, uint64_t value)
{
	put(m, type, &value, sizeof(value));
}

static void put_text(struct message *m, int type, const char *text)
{
	put(m, type, text, strlen(text) + 1);
}

/* Attributes of an answer that somebody may want. */
static void note_attributes(const struct nlmsghdr *h)
{
	const char *at = (const char *)h + NLMSG_LENGTH(GENL_HDRLEN);
	const char *end = (const char *)h + h->nlmsg_len;
	bool control = h->nlmsg_type == GENL_ID_CTRL;

	while (end - at >= NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)at;
		const void *value = at + NLA_HDRLEN;

		if (a->nla_len < NLA_HDRLEN)
			die("the kernel sent an attribute of %u bytes", a->nla_len);
		if (control && a->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&family, value, sizeof(family));
		if (!control)
			note_attribute(a->nla_type, value);
		at += NLA_ALIGN(a->nla_len);
	}
}

/* Reads until the acknowledgement; a positive errno, or 0. */
static int answer(void)
{
	static char buffer[1 << 16];

	for (;;) {
		ssize_t got = recv(sock, buffer, sizeof(buffer), 0);
		struct nlmsghdr *h = (struct nlmsghdr *)buffer;

		if (got < 0)
			die("message %u was never answered: %s", sequence, strerror(errno));
		for (; NLMSG_OK(h, got); h = NLMSG_NEXT(h, got)) {
			if (h->nlmsg_seq != sequence)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE)
				return -*(int *)NLMSG_DATA(h);
			note_attributes(h);
		}
	}
}

static int ask_raw(struct message *m, size_t bytes)
{
	m->header.nlmsg_seq = ++sequence;
	if (send(sock, m, bytes, 0) < 0)
		die("send: %s", strerror(errno));
	return answer();
}

static int ask(struct message *m)
{
	return ask_raw(m, m->header.nlmsg_len);
}

static int find_family(void)
{
	const struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	struct message m;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("netlink: %s", strerror(errno));
	begin(&m, CTRL_CMD_GETFAMILY);
	m.header.nlmsg_type = GENL_ID_CTRL;
	put_text(&m, CTRL_ATTR_FAMILY_NAME, GENL_NAME);
	return ask(&m);
}

/* --- one fault each --------------------------------------------------------- */

static int wrong;

static inline void expect(const char *what, struct message *m, int expected)
{
	int err = ask(m);

	if (err == expected)
		return;
	printf("%s: answered %d (%s), expected %d (%s)\n", what, err, strerror(err), expected,
	       strerror(expected));
	wrong++;
}

static inline void expect_u32(const char *what, int command, int type, uint32_t value, int expected)
{
	struct message m;

	begin(&m, command);
	put_u32(&m, type, value);
	expect(what, &m, expected);
}

static inline void expect_u64(const char *what, int command, int type, uint64_t value, int expected)
{
	struct message m;

	begin(&m, command);
	put_u64(&m, type, value);
	expect(what, &m, expected);
}

static inline void expect_bytes(const char *what, int command, int type, const void *data, size_t bytes,
			 int expected)
{
	struct message m;

	begin(&m, command);
	put(&m, type, data, bytes);
	expect(what, &m, expected);
}

/* --- random ones ------------------------------------------------------------ */

static uint64_t state;

static inline uint32_t any(uint32_t below)
{
	state = mix(state);
	return (state >> 20) % below;
}

#endif /* LAB_GENL_H */
