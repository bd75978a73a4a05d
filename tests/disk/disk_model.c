// SPDX-License-Identifier: GPL-2.0-only
/*
 * disk_model: a disk that is remembered.
 *
 * Does a reproducible run of operations on a block device and knows, block by
 * block, what must be there.  A block's contents name the block and the
 * operation that wrote it, so that a block found in the wrong place or time
 * tells where it came from.
 *
 *   disk_model new MODEL BLOCKS
 *       a model of a device of zeroes
 *   disk_model run MODEL DEVICE KEY=VALUE...
 *       do operations, compare what is read, keep the model up to date
 *   disk_model check MODEL DEVICE [errors=1]
 *       compare the whole device; with errors=1 a block that cannot be read is
 *       not wrong: prints which, and how many
 *   disk_model which MODEL DEVICE acked=N [any=1] [save=1] KEY=VALUE...
 *       the device after a crash in such a run that began with MODEL: after
 *       which operation is it?  With any=0 it must be one that commits; it
 *       may not be one before operation N, which was acknowledged.  With
 *       save=1 the model becomes that state.
 *
 *   disk_model plan MODEL - KEY=VALUE...
 *       say what such a run would do, for who looks into a failure
 *
 * Keys: seed=N ops=N max=BLOCKS (of one operation) first=BLOCK count=BLOCKS
 * (where) stripe=BLOCKS stripes=N of=I (only every Nth stripe, from stripe I on,
 * is this model's: nothing else is touched or looked at) inside=1 (writes stay within 64 blocks, as those with FUA do in any
 * case: the target is given no larger ones, and a cut may come between two),
 * the weights write= read= discard= zero= flush= fua= message=; and for run
 * only: dm=NAME gets the messages, compact, checkpoint and clean by turns; ack=1 prints
 * "acked N;" when operation N, one that commits, is done; mark=NAME also sends
 * this as a mark to the dm-log-writes device NAME; errors=1 takes any error of a read for an answer, and prints how many.
 *
 * All I/O is O_DIRECT from memory that is aligned to 512 bytes and to no more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blocks.h"

#define MAX_BLOCKS 2048u

enum kind { WRITE, READ, DISCARD, ZERO, FLUSH, FUA, MESSAGE, KINDS };

static const char *const kind_names[KINDS] = {
	"write", "read", "discard", "zero", "flush", "fua", "message",
};

static const char *const messages[] = { "compact", "checkpoint", "clean" };

/* The model: by whom each block was last written; 0 is nobody. */
struct model {
	uint64_t magic;
	uint64_t blocks;
	uint64_t next_op;
	uint64_t unused;
	uint32_t writer[];
};

struct config {
	uint64_t seed, ops, max, first, count, acked, stripe, stripes, of;
	uint64_t weight[KINDS];
	bool ack, any, save, errors, inside;
	const char *mark, *dm;
};

struct operation {
	enum kind kind;
	uint32_t number;
	uint64_t lba;
	uint64_t count;
};

static const char *device_name = "";
static int device;
static unsigned char *memory;
static uint64_t read_errors;

/* 512 bytes into a page, so that no block lies in one page. */
static unsigned char *at_offset(uint32_t number)
{
	return memory + 512 * (number % 8);
}

static void compare(const unsigned char *from, uint64_t lba, uint32_t writer)
{
	uint32_t found;
	char text[128];

	if (tell(from, lba, &found) && found == writer)
		return;
	describe(from, text, sizeof(text));
	if (writer)
		die("%s: block %llu: expected operation %u, found %s", device_name,
		    (unsigned long long)lba, writer, text);
	die("%s: block %llu: expected zeroes, found %s", device_name,
	    (unsigned long long)lba, text);
}

/* Returns 0, or the errno of an error that is allowed. */
static int read_blocks(unsigned char *to, uint64_t lba, uint64_t count, bool errors)
{
	int err = get_blocks(device, to, lba, count);

	if (!err)
		return 0;
	if (errors && err > 0) {
		read_errors++;
		return err;
	}
	die("%s: reading %llu blocks from block %llu: %s", device_name,
	    (unsigned long long)count, (unsigned long long)lba,
	    err > 0 ? strerror(err) : "less was read");
}

/* --- the run ------------------------------------------------------------- */

static struct operation next_operation(const struct config *c, uint64_t *state, uint32_t number)
{
	struct operation op = { .number = number };
	uint64_t sum = 0, pick;
	int kind;

	for (kind = 0; kind < KINDS; kind++)
		sum += c->weight[kind];
	pick = draw(state, sum);
	for (kind = 0; pick >= c->weight[kind]; kind++)
		pick -= c->weight[kind];
	op.kind = kind;
	/* Small ones often, large ones at times. */
	op.count = 1 + draw(state, draw(state, 4) ? (c->max + 7) / 8 : c->max);
	if (op.count > c->count)
		op.count = c->count;
	op.lba = c->first + draw(state, c->count - op.count + 1);
	if (c->stripes) {
		const uint64_t round = c->stripe * c->stripes, rounds = c->count / round;

		op.lba = c->first + draw(state, rounds) * round + c->of * c->stripe;
		if (op.count > c->stripe)
			op.count = c->stripe;
		op.lba += draw(state, c->stripe - op.count + 1);
	}
	if (op.kind == FUA || (op.kind == WRITE && c->inside))
		if (op.count > PIECE - op.lba % PIECE)
			op.count = PIECE - op.lba % PIECE;
	return op;
}

static bool commits(const struct operation *op)
{
	return op->kind == FLUSH || op->kind == FUA || op->kind == MESSAGE;
}

static bool changes(const struct operation *op)
{
	return op->kind == WRITE || op->kind == FUA || op->kind == DISCARD || op->kind == ZERO;
}

static void do_write(const struct operation *op)
{
	int err = put_blocks(device, at_offset(op->number), op->lba, op->count, op->number,
			     op->kind == FUA);

	if (err)
		die("%s: operation %u: writing %llu blocks at %llu: %s", device_name,
		    op->number, (unsigned long long)op->count,
		    (unsigned long long)op->lba, strerror(err));
}

static void do_range(const struct operation *op)
{
	int err = drop_blocks(device, op->lba, op->count, op->kind == ZERO);

	if (err)
		die("%s: operation %u: %s of %llu blocks at %llu: %s", device_name, op->number,
		    kind_names[op->kind], (unsigned long long)op->count,
		    (unsigned long long)op->lba, strerror(err));
}

static void do_read(const struct operation *op, const struct model *m, bool errors)
{
	unsigned char *to = at_offset(op->number);
	uint64_t i;

	if (read_blocks(to, op->lba, op->count, errors))
		return;
	for (i = 0; i < op->count; i++)
		compare(to + i * BLOCK, op->lba + i, m->writer[op->lba + i]);
}

static void send_message(const char *name, const char *message, uint32_t number)
{
	char command[256];

	if (!name)
		die("operation %u: a message, and no dm=NAME to send it to", number);
	snprintf(command, sizeof(command), "dmsetup message %s 0 %s", name, message);
	if (system(command))
		die("operation %u: %s failed", number, command);
}

static void acknowledge(const struct config *c, uint32_t number)
{
	char mark[32];

	if (c->ack) {
		printf("acked %u;\n", number);
		fflush(stdout);
	}
	if (c->mark) {
		snprintf(mark, sizeof(mark), "mark %u", number);
		send_message(c->mark, mark, number);
	}
}

static void perform(const struct config *c, const struct operation *op, const struct model *m)
{
	switch (op->kind) {
	case WRITE:
	case FUA:
		do_write(op);
		break;
	case READ:
		do_read(op, m, c->errors);
		break;
	case DISCARD:
	case ZERO:
		do_range(op);
		break;
	case MESSAGE:
		send_message(c->dm, messages[op->number % 3], op->number);
		break;
	default:
		if (fdatasync(device))
			die("%s: operation %u: flush: %s", device_name, op->number, strerror(errno));
	}
	if (commits(op))
		acknowledge(c, op->number);
}

static void account(struct model *m, const struct operation *op)
{
	uint64_t i;
	uint32_t writer = op->kind == WRITE || op->kind == FUA ? op->number : 0;

	if (!changes(op))
		return;
	for (i = 0; i < op->count; i++)
		m->writer[op->lba + i] = writer;
}

static void run(struct model *m, const struct config *c)
{
	uint64_t state = mix(c->seed), i;

	for (i = 0; i < c->ops; i++) {
		struct operation op = next_operation(c, &state, m->next_op);

		perform(c, &op, m);
		account(m, &op);
		m->next_op++;
	}
	if (c->errors)
		printf("%llu reads failed\n", (unsigned long long)read_errors);
}

static void plan(const struct model *m, const struct config *c)
{
	uint64_t state = mix(c->seed), i;

	for (i = 0; i < c->ops; i++) {
		struct operation op = next_operation(c, &state, m->next_op + i);

		printf("%u %s %llu %llu\n", op.number, kind_names[op.kind],
		       (unsigned long long)op.lba, (unsigned long long)op.count);
	}
}

/* --- comparing ----------------------------------------------------------- */

static bool is_ours(const struct config *c, uint64_t lba)
{
	return !c->stripes || (lba - c->first) / c->stripe % c->stripes == c->of;
}

static void each_piece(const struct model *m, const struct config *c, bool errors,
		       void (*look)(const unsigned char *, uint64_t lba, void *), void *what)
{
	unsigned char *to = at_offset(8);
	uint64_t lba, i, count, most = 256;
	int err;

	for (lba = 0; lba < m->blocks; lba += count) {
		count = m->blocks - lba < most ? m->blocks - lba : most;
		err = read_blocks(to, lba, count, errors);
		if (err) {
			/* Which of them, one by one, up to the next round number. */
			if (count > 1) {
				read_errors--;
				count = 0;
			} else {
				printf("block %llu: %s\n", (unsigned long long)lba, strerror(err));
			}
			most = 1;
			continue;
		}
		for (i = 0; i < count; i++)
			if (is_ours(c, lba + i))
				look(to + i * BLOCK, lba + i, what);
		if ((lba + count) % 256 == 0)
			most = 256;
	}
}

static void look_same(const unsigned char *from, uint64_t lba, void *what)
{
	const struct model *m = what;

	compare(from, lba, m->writer[lba]);
}

static void check(struct model *m, const struct config *c)
{
	each_piece(m, c, c->errors, look_same, m);
	if (c->errors)
		printf("%llu blocks unreadable\n", (unsigned long long)read_errors);
}

static void look_writer(const unsigned char *from, uint64_t lba, void *what)
{
	uint32_t *found = what;
	char text[128];

	if (tell(from, lba, &found[lba]))
		return;
	describe(from, text, sizeof(text));
	die("%s: block %llu is torn or misplaced: %s", device_name, (unsigned long long)lba, text);
}

/*
 * Do the run again, in the model alone, and count after each operation in how
 * many blocks model and device differ.
 */
static void which(struct model *saved, const struct config *c)
{
	const size_t size = sizeof(*saved) + saved->blocks * sizeof(saved->writer[0]);
	uint64_t state = mix(c->seed), i, j, differ = 0, least = ~0ull, nearest = 0;
	uint32_t *found = calloc(saved->blocks, sizeof(*found));
	struct model *m = malloc(size), *after = malloc(size);
	bool match = false, may_end = true;

	if (!found || !m || !after)
		die("no memory");
	memcpy(m, saved, size);
	each_piece(m, c, false, look_writer, found);
	for (j = 0; j < m->blocks; j++)
		differ += m->writer[j] != found[j];
	for (i = 0;; i++) {
		uint64_t number = m->next_op - 1;
		struct operation op;

		/* Some operations leave all as it was: the last one that fits. */
		if (!differ && number >= c->acked && (may_end || i == c->ops || c->any)) {
			match = true;
			memcpy(after, m, size);
		}
		if (differ < least) {
			least = differ;
			nearest = number;
		}
		if (i == c->ops)
			break;
		op = next_operation(c, &state, m->next_op++);
		may_end = commits(&op);
		if (!changes(&op))
			continue;
		for (j = op.lba; j < op.lba + op.count; j++)
			differ -= m->writer[j] != found[j];
		account(m, &op);
		for (j = op.lba; j < op.lba + op.count; j++)
			differ += m->writer[j] != found[j];
	}
	if (!match)
		die("%s: not the state after any %s from %llu on; nearest is %llu, with %llu blocks different",
		    device_name, c->any ? "operation" : "commit", (unsigned long long)c->acked,
		    (unsigned long long)nearest, (unsigned long long)least);
	printf("%llu\n", (unsigned long long)after->next_op - 1);
	if (c->save)
		memcpy(saved, after, size);
}

/* --- the command line ---------------------------------------------------- */

static void parse(struct config *c, const struct model *m, char **words)
{
	*c = (struct config){
		.seed = 1, .ops = 1000, .max = 256, .count = m->blocks,
		.weight = { [WRITE] = 10, [READ] = 6, [DISCARD] = 1, [ZERO] = 1,
			    [FLUSH] = 1, [FUA] = 1 },
	};
	for (; *words; words++) {
		char *value = strchr(*words, '=');
		int kind;

		if (!value)
			die("\"%s\" is not KEY=VALUE", *words);
		*value++ = 0;
		for (kind = 0; kind < KINDS; kind++)
			if (!strcmp(*words, kind_names[kind]))
				break;
		if (kind < KINDS)
			c->weight[kind] = parse_number(value);
		else if (!strcmp(*words, "seed"))
			c->seed = parse_number(value);
		else if (!strcmp(*words, "ops"))
			c->ops = parse_number(value);
		else if (!strcmp(*words, "max"))
			c->max = parse_number(value);
		else if (!strcmp(*words, "first"))
			c->first = parse_number(value);
		else if (!strcmp(*words, "count"))
			c->count = parse_number(value);
		else if (!strcmp(*words, "stripe"))
			c->stripe = parse_number(value);
		else if (!strcmp(*words, "stripes"))
			c->stripes = parse_number(value);
		else if (!strcmp(*words, "of"))
			c->of = parse_number(value);
		else if (!strcmp(*words, "acked"))
			c->acked = parse_number(value);
		else if (!strcmp(*words, "ack"))
			c->ack = parse_number(value);
		else if (!strcmp(*words, "inside"))
			c->inside = parse_number(value);
		else if (!strcmp(*words, "any"))
			c->any = parse_number(value);
		else if (!strcmp(*words, "save"))
			c->save = parse_number(value);
		else if (!strcmp(*words, "errors"))
			c->errors = parse_number(value);
		else if (!strcmp(*words, "dm"))
			c->dm = value;
		else if (!strcmp(*words, "mark"))
			c->mark = value;
		else
			die("unknown key %s", *words);
	}
	if (c->first + c->count > m->blocks && c->count == m->blocks)
		c->count = m->blocks - c->first;
	if (!c->count || c->first + c->count > m->blocks || c->max < 1 || c->max > MAX_BLOCKS)
		die("a range or size that cannot be");
	if (c->stripes && (!c->stripe || c->of >= c->stripes || c->count < c->stripe * c->stripes))
		die("stripes that cannot be");
}

static struct model *load(const char *path)
{
	struct model *m;
	off_t size;
	int fd;

	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	size = lseek(fd, 0, SEEK_END);
	m = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m == MAP_FAILED || m->magic != BLOCKS_MAGIC)
		die("%s is no model", path);
	close(fd);
	return m;
}

static void new_model(const char *path, uint64_t blocks)
{
	struct model m = { .magic = BLOCKS_MAGIC, .blocks = blocks, .next_op = 1 };
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, &m, sizeof(m)) != sizeof(m) ||
	    ftruncate(fd, sizeof(m) + blocks * sizeof(m.writer[0])) || close(fd))
		die("%s: %s", path, strerror(errno));
}

int main(int argc, char **argv)
{
	struct config c;
	struct model *m;

	if (argc == 4 && !strcmp(argv[1], "new")) {
		new_model(argv[2], parse_number(argv[3]));
		return 0;
	}
	if (argc < 4)
		die("what to do? see the top of disk_model.c");
	m = load(argv[2]);
	parse(&c, m, argv + 4);
	if (!strcmp(argv[1], "plan")) {
		plan(m, &c);
		return 0;
	}
	device_name = argv[3];
	device = open(device_name, (strcmp(argv[1], "run") ? O_RDONLY : O_RDWR) |
		      O_DIRECT | O_CLOEXEC);
	if (device < 0)
		die("%s: %s", device_name, strerror(errno));
	if (posix_memalign((void **)&memory, BLOCK, (MAX_BLOCKS + 1) * BLOCK))
		die("no memory");

	if (!strcmp(argv[1], "run"))
		run(m, &c);
	else if (!strcmp(argv[1], "check"))
		check(m, &c);
	else if (!strcmp(argv[1], "which"))
		which(m, &c);
	else
		die("%s: unknown word", argv[1]);
	return 0;
}
