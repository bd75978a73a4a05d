// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: mbox_genl malformed         messages with one fault each, and what they must be told
 *        mbox_genl fuzz SEED COUNT   random ones; each must be answered
 *
 * Ends with 0 if everything was answered as it must be.
 */
#include "tool.h"

#include <string.h>

#include "../../src/include/uapi/sworn_mbox.h"

#define GENL_NAME	SWORN_MBOX_GENL_NAME
#define GENL_VERSION	SWORN_MBOX_GENL_VERSION

static uint32_t indices[SWORN_MBOX_COUNT_MAX], nr_indices;

static void note_attribute(int type, const void *value)
{
	if (type == SWORN_MBOX_A_INDEX && nr_indices < SWORN_MBOX_COUNT_MAX)
		memcpy(&indices[nr_indices++], value, sizeof(indices[0]));
}

#include "genl.h"

static uint32_t count_boxes(void)
{
	struct message m;

	begin(&m, SWORN_MBOX_CMD_GET);
	m.header.nlmsg_flags |= NLM_F_DUMP;
	nr_indices = 0;
	if (ask(&m))
		die("the mailboxes are not told");
	return nr_indices;
}

/* --- one fault each --------------------------------------------------------- */

/* With a name: nothing is wrong but the attribute. */
static void create_u32(const char *what, int type, uint32_t value, int expected)
{
	struct message m;

	begin(&m, SWORN_MBOX_CMD_CREATE);
	put_text(&m, SWORN_MBOX_A_NAME, "wrong");
	put_u32(&m, type, value);
	expect(what, &m, expected);
}

static void expect_name(const char *name, int expected)
{
	expect_bytes(name, SWORN_MBOX_CMD_CREATE, SWORN_MBOX_A_NAME, name, strlen(name) + 1, expected);
}

static void bad_values(void)
{
	create_u32("no size", SWORN_MBOX_A_SIZE, 0, ERANGE);
	create_u32("a size over the limit", SWORN_MBOX_A_SIZE, SWORN_MBOX_SIZE_MAX + 1, ERANGE);
	create_u32("all ones for a size", SWORN_MBOX_A_SIZE, ~0u, ERANGE);
	create_u32("a kind that is none", SWORN_MBOX_A_KIND, 2, ERANGE);
	create_u32("a mode with more than permissions", SWORN_MBOX_A_MODE, 04755, ERANGE);
	create_u32("no user", SWORN_MBOX_A_UID, ~0u, ERANGE);
	create_u32("no group", SWORN_MBOX_A_GID, ~0u, ERANGE);
	create_u32("a timeout below zero", SWORN_MBOX_A_TIMEOUT, ~0u, ERANGE);
	expect_u32("an index below zero", SWORN_MBOX_CMD_GET, SWORN_MBOX_A_INDEX, ~0u, ERANGE);
	expect_u32("an index that is not there", SWORN_MBOX_CMD_GET, SWORN_MBOX_A_INDEX, 4711, ENODEV);
}

static void bad_names(void)
{
	char longest[64];

	memset(longest, 'x', sizeof(longest));
	expect_name("", EINVAL);
	expect_name("a/b", EINVAL);
	expect_name("../up", EINVAL);
	expect_name(".hidden", EINVAL);
	expect_name("a b", EINVAL);
	expect_name("a!b", EINVAL);
	expect_name("a\nb", EINVAL);
	expect_name("\xc3\xa4", EINVAL);
	expect_bytes("a name without an end", SWORN_MBOX_CMD_CREATE, SWORN_MBOX_A_NAME, "abc", 3, EINVAL);
	expect_bytes("a name of nothing", SWORN_MBOX_CMD_CREATE, SWORN_MBOX_A_NAME, "", 0, EINVAL);
	expect_bytes("a long name", SWORN_MBOX_CMD_CREATE, SWORN_MBOX_A_NAME, longest, 64, EINVAL);
	longest[32] = 0;
	expect_bytes("a name of 32", SWORN_MBOX_CMD_CREATE, SWORN_MBOX_A_NAME, longest, 33, EINVAL);
	expect_bytes("a name that is not there", SWORN_MBOX_CMD_REMOVE, SWORN_MBOX_A_NAME, "gone", 5, ENODEV);
}

static void bad_attributes(void)
{
	struct message m;

	create_u32("a flag with a value", SWORN_MBOX_A_ONCE, 1, ERANGE);
	create_u32("an index to be made", SWORN_MBOX_A_INDEX, 3, EINVAL);
	create_u32("what only answers have", SWORN_MBOX_A_STATE, 1, EINVAL);
	create_u32("an unknown attribute", 200, 3, EINVAL);
	create_u32("an attribute of type 0", 0, 3, EINVAL);
	create_u32("a nest for a number", SWORN_MBOX_A_SIZE | NLA_F_NESTED, 1, EINVAL);
	expect_u64("a size of eight bytes", SWORN_MBOX_CMD_CREATE, SWORN_MBOX_A_SIZE, 1, EINVAL);
	begin(&m, SWORN_MBOX_CMD_CREATE);
	put_u32(&m, SWORN_MBOX_A_SIZE, 8);
	expect("a mailbox without a name", &m, EINVAL);
	((struct nlattr *)m.body)->nla_len = 2;
	expect("an attribute shorter than its head", &m, EINVAL);
	((struct nlattr *)m.body)->nla_len = 4000;
	expect("an attribute longer than the message", &m, EINVAL);
	begin(&m, SWORN_MBOX_CMD_CREATE);
	put_text(&m, SWORN_MBOX_A_NAME, "wrong");
	put_u32(&m, SWORN_MBOX_A_KIND, SWORN_MBOX_KIND_BUFFER);
	put(&m, SWORN_MBOX_A_ONCE, NULL, 0);
	expect("a buffer for one message", &m, EINVAL);
	begin(&m, SWORN_MBOX_CMD_CREATE);
	m.header.nlmsg_len += 3;
	expect("bytes that are nothing", &m, EINVAL);
}

static void bad_messages(void)
{
	struct message m;

	begin(&m, SWORN_MBOX_CMD_GET);
	expect("nobody is asked for", &m, EINVAL);
	put_text(&m, SWORN_MBOX_A_NAME, "x");
	put_u32(&m, SWORN_MBOX_A_INDEX, 0);
	expect("a name and an index", &m, EINVAL);
	begin(&m, SWORN_MBOX_CMD_REMOVE);
	expect("nothing to remove", &m, EINVAL);
	begin(&m, SWORN_MBOX_CMD_SPENT_NTF);
	expect("an event that is sent", &m, EOPNOTSUPP);
	begin(&m, 99);
	expect("an unknown command", &m, EOPNOTSUPP);
	begin(&m, SWORN_MBOX_CMD_UNSPEC);
	expect("no command", &m, EOPNOTSUPP);
	begin(&m, SWORN_MBOX_CMD_CREATE);
	m.header.nlmsg_flags |= NLM_F_DUMP;
	expect("a dump of what makes", &m, EOPNOTSUPP);
	begin(&m, SWORN_MBOX_CMD_GET);
	m.header.nlmsg_flags |= NLM_F_DUMP;
	put_text(&m, SWORN_MBOX_A_NAME, "x");
	expect("a dump of one", &m, EINVAL);
	begin(&m, SWORN_MBOX_CMD_CREATE);
	m.genl.reserved = 1;
	expect("what is reserved", &m, EINVAL);
	begin(&m, SWORN_MBOX_CMD_CREATE);
	m.header.nlmsg_len = NLMSG_LENGTH(2);
	expect("half a head", &m, EINVAL);
}

static int malformed(void)
{
	uint32_t before = count_boxes();

	bad_values();
	bad_names();
	bad_attributes();
	bad_messages();
	if (count_boxes() != before) {
		printf("%u mailboxes, expected %u\n", nr_indices, before);
		wrong++;
	}
	printf("%u messages, %d answered wrongly\n", sequence, wrong);
	return wrong ? TOOL_FAILED : 0;
}

/* --- random ones ------------------------------------------------------------ */

static void put_noise(struct message *m)
{
	static const uint32_t sizes[] = { 0, 1, 2, 4, 4, 4, 8, 31, 32, 33, 100 };
	uint64_t data[16];
	size_t i;

	for (i = 0; i < 16; i++)
		data[i] = mix(state + i);
	put(m, any(8) ? any(SWORN_MBOX_A_MAX + 4) : any(65536), data,
	    sizes[any(sizeof(sizes) / sizeof(sizes[0]))]);
}

/* What makes sense, so that noise gets past the first checks. */
static void put_sense(struct message *m)
{
	char name[8] = { 'f', '0' + any(10), '0' + any(10), 0 };

	switch (any(6)) {
	case 0 ... 1:
		put_text(m, SWORN_MBOX_A_NAME, name);
		break;
	case 2:
		put_u32(m, SWORN_MBOX_A_SIZE, 1 + any(10000));
		break;
	case 3:
		put_u32(m, SWORN_MBOX_A_KIND, any(2));
		break;
	case 4:
		put_u32(m, SWORN_MBOX_A_INDEX, any(100));
		break;
	case 5:
		put_u32(m, any(2) ? SWORN_MBOX_A_MODE : SWORN_MBOX_A_TIMEOUT, any(512));
		break;
	}
}

static int ask_random(void)
{
	uint32_t nr = any(5), flips = any(8) ? 0 : 1 + any(8), i;
	struct message m;
	size_t body;

	begin(&m, any(16) ? 1 + any(SWORN_MBOX_CMD_MAX) : any(256));
	for (i = 0; i < nr; i++) {
		if (any(4))
			put_sense(&m);
		else
			put_noise(&m);
	}
	if (!any(16))
		m.header.nlmsg_flags |= NLM_F_DUMP;
	body = m.header.nlmsg_len - NLMSG_LENGTH(0);
	for (i = 0; i < flips; i++)
		((unsigned char *)&m.genl)[any(body)] ^= 1 << any(8);
	if (!any(16))
		m.header.nlmsg_len -= any(body);
	return ask(&m);
}

static void remove_all(void)
{
	struct message m;
	uint32_t i, nr;

	while ((nr = count_boxes()))
		for (i = 0; i < nr; i++) {
			begin(&m, SWORN_MBOX_CMD_REMOVE);
			put_u32(&m, SWORN_MBOX_A_INDEX, indices[i]);
			if (ask(&m))
				die("mailbox %u cannot be removed", indices[i]);
		}
}

static int fuzz(uint64_t seed, uint64_t count)
{
	uint64_t i, accepted = 0, refused = 0;

	state = seed;
	for (i = 0; i < count; i++) {
		if (ask_random())
			refused++;
		else
			accepted++;
	}
	remove_all();
	printf("%llu messages: %llu accepted, %llu refused\n", (unsigned long long)count,
	       (unsigned long long)accepted, (unsigned long long)refused);
	return accepted && refused ? 0 : TOOL_FAILED;
}

int main(int argc, char **argv)
{
	if (find_family() || !family)
		die("there is no family %s", GENL_NAME);
	if (argc == 2 && !strcmp(argv[1], "malformed"))
		return malformed();
	if (argc == 4 && !strcmp(argv[1], "fuzz"))
		return fuzz(parse_number(argv[2]), parse_number(argv[3]));
	die("see the comment at the top of mbox_genl.c");
}
