// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: ram_genl malformed            messages with one fault each, and what they must be told
 *        ram_genl fuzz SEED COUNT      random ones; each must be answered
 *        ram_genl crowd COUNT          so many disks, twenty at a time, each written to while it goes
 *        ram_genl nobody NAME          as an unprivileged user: reading works, changes do not
 *        ram_genl namespace            in a network namespace of its own there is no such family
 *
 * Ends with 0 if everything was answered as it must be.
 */
#include "tool.h"

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "../../src/include/uapi/sworn_ram.h"

#define GENL_NAME	SWORN_RAM_GENL_NAME
#define GENL_VERSION	SWORN_RAM_GENL_VERSION

static uint32_t indices[256], nr_indices, nr_disks;

/* Attributes that somebody may want. */
static void note_attribute(int type, const void *value)
{
	if (type == SWORN_RAM_A_DISKS)
		memcpy(&nr_disks, value, sizeof(nr_disks));
	if (type == SWORN_RAM_A_INDEX && nr_indices < 256)
		memcpy(&indices[nr_indices++], value, sizeof(indices[0]));
}

#include "genl.h"

static uint32_t count_disks(void)
{
	struct message m;

	begin(&m, SWORN_RAM_CMD_TOTALS);
	nr_disks = ~0u;
	if (ask(&m))
		die("the totals are not told");
	return nr_disks;
}

/* --- one fault each --------------------------------------------------------- */

static void expect_name(const char *name, int expected)
{
	expect_bytes(name, SWORN_RAM_CMD_CREATE, SWORN_RAM_A_NAME, name, strlen(name) + 1, expected);
}

static void bad_values(void)
{
	const int create = SWORN_RAM_CMD_CREATE;

	expect_u64("no size", create, SWORN_RAM_A_SIZE, 0, ERANGE);
	expect_u64("a size over the limit", create, SWORN_RAM_A_SIZE, SWORN_RAM_SIZE_MAX + 512, ERANGE);
	expect_u64("all ones for a size", create, SWORN_RAM_A_SIZE, ~0ull, ERANGE);
	expect_u64("a size that is no number of sectors", create, SWORN_RAM_A_SIZE, 513, EINVAL);
	expect_u64("a limit out of range", create, SWORN_RAM_A_LIMIT, ~0ull, ERANGE);
	expect_u32("sectors of 1024", create, SWORN_RAM_A_SECTOR_SIZE, 1024, EINVAL);
	expect_u32("sectors of nothing", create, SWORN_RAM_A_SECTOR_SIZE, 0, EINVAL);
	expect_u32("no queues", create, SWORN_RAM_A_QUEUES, 0, ERANGE);
	expect_u32("too many queues", create, SWORN_RAM_A_QUEUES, SWORN_RAM_QUEUES_MAX + 1, ERANGE);
	expect_u32("queues without depth", create, SWORN_RAM_A_DEPTH, 0, ERANGE);
	expect_u32("too deep", create, SWORN_RAM_A_DEPTH, SWORN_RAM_DEPTH_MAX + 1, ERANGE);
	expect_u32("a node that is not there", create, SWORN_RAM_A_NODE, 100000, EINVAL);
	expect_u32("a node below zero", create, SWORN_RAM_A_NODE, ~0u, ERANGE);
	expect_u32("an index below zero", SWORN_RAM_CMD_GET, SWORN_RAM_A_INDEX, ~0u, ERANGE);
	expect_u32("an index that is not there", SWORN_RAM_CMD_GET, SWORN_RAM_A_INDEX, 4711, ENODEV);
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
	expect_name("a\nb", EINVAL);
	expect_name("\xc3\xa4", EINVAL);
	expect_name("swornram7", EINVAL);
	expect_bytes("a name without an end", SWORN_RAM_CMD_CREATE, SWORN_RAM_A_NAME, "abc", 3, EINVAL);
	expect_bytes("a name of nothing", SWORN_RAM_CMD_CREATE, SWORN_RAM_A_NAME, "", 0, EINVAL);
	expect_bytes("a long name", SWORN_RAM_CMD_CREATE, SWORN_RAM_A_NAME, longest, 64, EINVAL);
	longest[32] = 0;
	expect_bytes("a name of 32", SWORN_RAM_CMD_CREATE, SWORN_RAM_A_NAME, longest, 33, EINVAL);
	expect_bytes("a name that is not there", SWORN_RAM_CMD_REMOVE, SWORN_RAM_A_NAME, "gone", 5, ENODEV);
}

static void bad_attributes(void)
{
	const int create = SWORN_RAM_CMD_CREATE;
	struct message m;

	expect_u32("a size of four bytes", create, SWORN_RAM_A_SIZE, 1 << 20, EINVAL);
	expect_u64("queues of eight bytes", create, SWORN_RAM_A_QUEUES, 1, EINVAL);
	expect_bytes("a size of nothing", create, SWORN_RAM_A_SIZE, "", 0, EINVAL);
	expect_u32("a flag with a value", create, SWORN_RAM_A_READ_ONLY, 1, ERANGE);
	expect_u32("an index to be made", create, SWORN_RAM_A_INDEX, 3, EINVAL);
	expect_u32("what only answers have", create, SWORN_RAM_A_OPENERS, 3, EINVAL);
	expect_u32("an unknown attribute", create, 200, 3, EINVAL);
	expect_u32("an attribute of type 0", create, 0, 3, EINVAL);
	expect_u32("a nest for a number", create, SWORN_RAM_A_QUEUES | NLA_F_NESTED, 1, EINVAL);
	expect_u32("an attribute where there is none", SWORN_RAM_CMD_TOTALS, SWORN_RAM_A_DISKS, 1, EINVAL);
	begin(&m, create);
	put_u32(&m, SWORN_RAM_A_DEPTH, 8);
	((struct nlattr *)m.body)->nla_len = 2;
	expect("an attribute shorter than its head", &m, EINVAL);
	begin(&m, create);
	put_u32(&m, SWORN_RAM_A_DEPTH, 8);
	((struct nlattr *)m.body)->nla_len = 4000;
	expect("an attribute longer than the message", &m, EINVAL);
	begin(&m, create);
	m.header.nlmsg_len += 3;
	expect("bytes that are nothing", &m, EINVAL);
}

static void bad_messages(void)
{
	struct message m;

	begin(&m, SWORN_RAM_CMD_GET);
	expect("nobody is asked for", &m, EINVAL);
	put_text(&m, SWORN_RAM_A_NAME, "x");
	put_u32(&m, SWORN_RAM_A_INDEX, 0);
	expect("a name and an index", &m, EINVAL);
	begin(&m, SWORN_RAM_CMD_REMOVE);
	expect("nothing to remove", &m, EINVAL);
	begin(&m, SWORN_RAM_CMD_CHANGE);
	put_text(&m, SWORN_RAM_A_NAME, "x");
	expect("nobody to change", &m, ENODEV);
	begin(&m, SWORN_RAM_CMD_LIMIT_NTF);
	expect("an event that is sent", &m, EOPNOTSUPP);
	begin(&m, 99);
	expect("an unknown command", &m, EOPNOTSUPP);
	begin(&m, SWORN_RAM_CMD_UNSPEC);
	expect("no command", &m, EOPNOTSUPP);
	begin(&m, SWORN_RAM_CMD_CREATE);
	m.header.nlmsg_flags |= NLM_F_DUMP;
	expect("a dump of what makes", &m, EOPNOTSUPP);
	begin(&m, SWORN_RAM_CMD_CREATE);
	m.genl.reserved = 1;
	expect("what is reserved", &m, EINVAL);
	begin(&m, SWORN_RAM_CMD_CREATE);
	m.header.nlmsg_len = NLMSG_LENGTH(2);
	expect("half a head", &m, EINVAL);
}

static int malformed(void)
{
	uint32_t before = count_disks();

	bad_values();
	bad_names();
	bad_attributes();
	bad_messages();
	if (count_disks() != before) {
		printf("%u disks, expected %u\n", nr_disks, before);
		wrong++;
	}
	printf("%u messages, %d answered wrongly\n", sequence, wrong);
	return wrong ? TOOL_FAILED : 0;
}

/* --- random ones ------------------------------------------------------------ */

static void put_noise(struct message *m)
{
	static const uint32_t sizes[] = { 0, 1, 2, 4, 4, 4, 8, 8, 8, 31, 32, 33, 100 };
	static const uint64_t values[] = { 0, 1, 512, 4096, 1 << 20, 1 << 30, 1ull << 40, 1ull << 60,
		~0ull, 0x7fffffff, 0x80000000, 4097, 0x6161616161616161 };
	uint64_t data[16];
	size_t i;

	for (i = 0; i < 16; i++)
		data[i] = any(2) ? values[any(sizeof(values) / sizeof(values[0]))] : mix(state + i);
	put(m, any(8) ? any(SWORN_RAM_A_MAX + 4) : any(65536), data,
	    sizes[any(sizeof(sizes) / sizeof(sizes[0]))]);
}

/* What makes sense, so that noise gets past the first checks. */
static void put_sense(struct message *m)
{
	char name[8] = { 'f', '0' + any(10), 0 };

	switch (any(6)) {
	case 0:
		put_text(m, SWORN_RAM_A_NAME, name);
		break;
	case 1:
		put_u64(m, SWORN_RAM_A_SIZE, (uint64_t)(1 + any(1000)) << 12);
		break;
	case 2:
		put_u32(m, SWORN_RAM_A_SECTOR_SIZE, any(2) ? 512 : 4096);
		break;
	case 3:
		put_u32(m, SWORN_RAM_A_INDEX, any(10));
		break;
	case 4:
		put_u64(m, SWORN_RAM_A_LIMIT, any(1 << 20));
		break;
	case 5:
		put(m, any(2) ? SWORN_RAM_A_FORCE : SWORN_RAM_A_DEFERRED, NULL, 0);
		break;
	}
}

static int ask_random(void)
{
	uint32_t nr = any(5), flips = any(8) ? 0 : 1 + any(8), i;
	struct message m;
	size_t body;

	begin(&m, any(16) ? 1 + any(SWORN_RAM_CMD_MAX) : any(256));
	for (i = 0; i < nr; i++) {
		if (any(3))
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
	uint32_t i;

	do {
		nr_indices = 0;
		begin(&m, SWORN_RAM_CMD_GET);
		m.header.nlmsg_flags |= NLM_F_DUMP;
		if (ask(&m))
			die("the disks are not told");
		for (i = 0; i < nr_indices; i++) {
			begin(&m, SWORN_RAM_CMD_REMOVE);
			put_u32(&m, SWORN_RAM_A_INDEX, indices[i]);
			if (ask(&m))
				die("disk %u cannot be removed", indices[i]);
		}
	} while (nr_indices);
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
		if (count_disks() > 100)
			remove_all();
	}
	remove_all();
	if (count_disks())
		die("%u disks are left", nr_disks);
	printf("%llu messages: %llu accepted, %llu refused\n", (unsigned long long)count,
	       (unsigned long long)accepted, (unsigned long long)refused);
	return accepted && refused ? 0 : TOOL_FAILED;
}

/* --- many ------------------------------------------------------------------- */

#define CROWD	20

/* Writes until there is no room, or no disk. */
static void write_disk(uint32_t index)
{
	static char data[1 << 16] __attribute__((aligned(4096)));
	char path[64];
	off_t at;
	int fd;

	snprintf(path, sizeof(path), "/dev/swornram%u", index);
	fd = open(path, O_WRONLY | O_DIRECT);
	memset(data, 'x', sizeof(data));
	for (at = 0; fd >= 0 && pwrite(fd, data, sizeof(data), at) > 0; at += sizeof(data))
		;
	_exit(0);
}

static void remove_index(uint32_t index)
{
	struct message m;

	begin(&m, SWORN_RAM_CMD_REMOVE);
	put_u32(&m, SWORN_RAM_A_INDEX, index);
	put(&m, SWORN_RAM_A_DEFERRED, NULL, 0);
	if (ask(&m))
		die("disk %u cannot be removed", index);
}

static int crowd(uint64_t count)
{
	uint32_t live[CROWD];
	struct message m;
	uint64_t i;

	for (i = 0; i < count + CROWD; i++) {
		if (i >= CROWD)
			remove_index(live[i % CROWD]);
		if (i >= count)
			continue;
		nr_indices = 0;
		begin(&m, SWORN_RAM_CMD_CREATE);
		put_u64(&m, SWORN_RAM_A_SIZE, 4 << 20);
		put_u64(&m, SWORN_RAM_A_LIMIT, 2 << 20);
		put_u32(&m, SWORN_RAM_A_DEPTH, 1024);
		if (ask(&m) || nr_indices != 1)
			die("disk number %llu cannot be made", (unsigned long long)i);
		live[i % CROWD] = indices[0];
		if (!fork())
			write_disk(indices[0]);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

/* --- who may ---------------------------------------------------------------- */

static int nobody(const char *name)
{
	static const int changes[] = { SWORN_RAM_CMD_CREATE, SWORN_RAM_CMD_CHANGE, SWORN_RAM_CMD_REMOVE };
	struct message m;
	size_t i;

	close(sock);
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		die("setresuid: %s", strerror(errno));
	if (find_family())
		die("nobody is not even told of the family");
	for (i = 0; i < 3; i++) {
		begin(&m, changes[i]);
		put_text(&m, SWORN_RAM_A_NAME, changes[i] == SWORN_RAM_CMD_CREATE ? "nobodys" : name);
		if (changes[i] == SWORN_RAM_CMD_CHANGE)
			put_u64(&m, SWORN_RAM_A_SIZE, 1 << 20);
		expect("a change by nobody", &m, EPERM);
	}
	begin(&m, SWORN_RAM_CMD_GET);
	put_text(&m, SWORN_RAM_A_NAME, name);
	expect("a question by nobody", &m, 0);
	printf("%d answered wrongly\n", wrong);
	return wrong ? TOOL_FAILED : 0;
}

static int namespace(void)
{
	int err;

	close(sock);
	if (unshare(CLONE_NEWNET))
		die("unshare: %s", strerror(errno));
	err = find_family();
	printf("the family: %s\n", strerror(err));
	return err == ENOENT ? 0 : TOOL_FAILED;
}

int main(int argc, char **argv)
{
	if (find_family() || !family)
		die("there is no family %s", SWORN_RAM_GENL_NAME);
	if (argc == 2 && !strcmp(argv[1], "malformed"))
		return malformed();
	if (argc == 4 && !strcmp(argv[1], "fuzz"))
		return fuzz(parse_number(argv[2]), parse_number(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "crowd"))
		return crowd(parse_number(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "nobody"))
		return nobody(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "namespace"))
		return namespace();
	die("see the comment at the top of ram_genl.c");
}
