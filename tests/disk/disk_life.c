// SPDX-License-Identifier: GPL-2.0-only
/*
 * disk_life: a disk's whole life, remembered.
 *
 *   disk_life DATA META BLOCKS KEY=VALUE...
 *
 * makes a sworndisk of BLOCKS blocks on the devices DATA and META (the same
 * one: the one-device form), does a long reproducible list of operations on it
 * and knows, block by block, what must be there: writes of 4 KiB to 1 MiB,
 * reads, discards, zeroing, flushes, writes with FUA, messages, suspend and
 * resume, reloads of the table, closing and opening, and crashes.  After a crash
 * the contents must be those at one moment not before the last acknowledged
 * flush.
 *
 * A crash: all requests below the disk fail from now on, in the middle of a
 * write; the disk is removed; if the devices have power switches (power=), what
 * they had not been told to flush is lost, on the one, the other, or both; then
 * the disk is opened again.
 *
 * When something is wrong the list is made shorter as long as something still
 * is, and the shortest is printed.
 *
 *   seed=N ops=N      the list; further keys shape it:
 *   fill=PERCENT      so much is first written, in order
 *   most=BLOCKS       the largest write; discard_most=BLOCKS: discard
 *   hot=PERCENT       so much happens in a tenth of the disk (50)
 *   sequential=PERCENT  so much one behind the other (15); the rest anywhere
 *   write= read= discard= zero= flush= fua= compact= checkpoint= clean=
 *   suspend= reload= reopen= crash=      weights, of 10000 as they stand
 *   list=FILE         the operations of this file instead, as they are printed
 *   full=1            writes may fail with ENOSPC
 *   options=WORDS     more words of the table, with commas between
 *   power=FILE,FILE   where "0" and "1" switch DATA and META off and on
 *   shorten=TRIES     how often to try to shorten (200)
 *   print=1           only say what would be done
 *
 * The process that does the operations is a child, so that one that fails or
 * dies can be tried again.
 */
#include "blocks.h"
#include "dmctl.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define MOST 256u
#define CHECK_BLOCKS 256u
#define DISK "life"

enum kind {
	WRITE, READ, DISCARD, ZERO, FLUSH, FUA,
	COMPACT, CHECKPOINT, CLEAN, SUSPEND, RELOAD, REOPEN, CRASH, KINDS
};

static const char *const kind_names[KINDS] = {
	"write", "read", "discard", "zero", "flush", "fua",
	"compact", "checkpoint", "clean", "suspend", "reload", "reopen", "crash",
};

/* how: of a crash, which devices lose what was not flushed, and more. */
enum { LOSE_DATA = 1, LOSE_META = 2, META_FIRST = 4, WITH_FUA = 8 };

struct operation {
	uint32_t number;
	uint32_t lba;
	uint32_t count;
	uint8_t kind;
	uint8_t how;
};

struct config {
	uint64_t seed, ops, fill, most, discard_most, hot, sequential, shorten, full, print;
	uint64_t weight[KINDS];
	const char *list, *options, *power[2];
};

static struct config config = {
	.seed = 1, .ops = 1000, .most = MOST, .hot = 50, .sequential = 15, .shorten = 200,
	.weight = {
		[WRITE] = 5200, [READ] = 3200, [DISCARD] = 300, [ZERO] = 200,
		[FLUSH] = 600, [FUA] = 400, [COMPACT] = 15, [CHECKPOINT] = 15,
		[CLEAN] = 30, [SUSPEND] = 15, [RELOAD] = 10, [REOPEN] = 10, [CRASH] = 5,
	},
};

static uint32_t blocks;
static char *options;

/* Shared with the child that does the operations. */
static struct {
	uint32_t at;		/* the operation it was at, by its place in the list */
	uint64_t done[KINDS], us[KINDS];
	uint64_t blocks_written, blocks_read, full, lost, kept;
	char status[512];
} *shared;

/* --- the devices below ---------------------------------------------------- */

/* A device that can be made to fail, and its name for the disk's table. */
struct below {
	const char *path, *name, *power;
	char device[32];
	uint64_t sectors;
};

static struct below data = { .name = DISK "-data" }, meta = { .name = DISK "-meta" };
static bool one_device;

static void must(int err, const char *what, const char *name)
{
	if (err)
		die("%s %s: %s", what, name, strerror(err));
}

static void exchange(const struct below *b, const char *type, const char *words)
{
	must(dmctl_load(b->name, b->sectors, type, words), "loading", b->name);
	must(dmctl_suspend(b->name, true), "suspending", b->name);
	must(dmctl_resume(b->name), "resuming", b->name);
}

static void below_fail(const struct below *b)
{
	exchange(b, "error", "");
}

static void below_work(const struct below *b)
{
	char words[128];

	snprintf(words, sizeof(words), "%s 0", b->path);
	exchange(b, "linear", words);
}

static void below_make(struct below *b)
{
	unsigned int number;
	uint64_t bytes;
	char words[128];
	int fd = open(b->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes))
		die("%s: %s", b->path, strerror(errno));
	close(fd);
	b->sectors = bytes / 512;
	must(dmctl_make(b->name, &number), "making", b->name);
	snprintf(b->device, sizeof(b->device), "/dev/dm-%u", number);
	snprintf(words, sizeof(words), "%s 0", b->path);
	must(dmctl_load(b->name, b->sectors, "linear", words), "loading", b->name);
	must(dmctl_resume(b->name), "resuming", b->name);
}

static void below_switch(const struct below *b, const char *value)
{
	int fd = open(b->power, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, 1) != 1 || close(fd))
		die("%s: %s", b->power, strerror(errno));
}

/* What was not flushed is lost. */
static void below_lose(const struct below *b)
{
	if (!b->power)
		return;
	below_switch(b, "0");
	below_switch(b, "1");
}

/* --- the disk ------------------------------------------------------------- */

static char disk_path[32];
static int disk = -1;
static unsigned char *memory;

static int disk_load(const char *format)
{
	char words[1024];

	snprintf(words, sizeof(words), "%s %s 0 %s %s", data.device,
		 one_device ? data.device : meta.device, format, options);
	return dmctl_load(DISK, (uint64_t)blocks * 8, "sworndisk", words);
}

static void disk_open(const char *format)
{
	unsigned int number;

	must(dmctl_make(DISK, &number), "making", DISK);
	must(disk_load(format), "loading a table of", DISK);
	must(dmctl_resume(DISK), "opening", DISK);
	snprintf(disk_path, sizeof(disk_path), "/dev/dm-%u", number);
	disk = open(disk_path, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (disk < 0)
		die("%s: %s", disk_path, strerror(errno));
}

static void disk_close(void)
{
	close(disk);
	must(dmctl_remove(DISK), "removing", DISK);
}

/* 512 bytes into a page, so that no block lies in one page. */
static unsigned char *at_offset(uint32_t number)
{
	return memory + 512 * (number % 8);
}

/* --- the model ------------------------------------------------------------ */

/* One step of what may be found after a crash: by whom, or 0, what was written. */
struct change {
	uint32_t lba;
	uint32_t count;
	uint32_t writer;
};

/* By whom each block was written: now, and when a flush was last acknowledged. */
static uint32_t *now, *safe, *found;
static struct change *change;
static size_t changes, most_changes;

static void apply(uint32_t *writers, const struct change *c)
{
	uint32_t i;

	for (i = 0; i < c->count; i++)
		writers[c->lba + i] = c->writer;
}

static void remember(uint32_t lba, uint32_t count, uint32_t writer)
{
	if (changes == most_changes) {
		most_changes = most_changes ? 2 * most_changes : 1024;
		change = realloc(change, most_changes * sizeof(*change));
		if (!change)
			die("no memory");
	}
	change[changes] = (struct change){ lba, count, writer };
	apply(now, &change[changes++]);
}

/* A write reaches the target in pieces, in their order. */
static void remember_write(uint32_t lba, uint32_t count, uint32_t writer)
{
	uint32_t piece;

	for (; count; lba += piece, count -= piece) {
		piece = PIECE - lba % PIECE;
		piece = piece < count ? piece : count;
		remember(lba, piece, writer);
	}
}

/* All that was done is to last. */
static void acknowledged(void)
{
	size_t i;

	for (i = 0; i < changes; i++)
		apply(safe, &change[i]);
	changes = 0;
}

static void compare(const unsigned char *from, uint32_t lba)
{
	uint32_t writer;
	char text[128];

	if (tell(from, lba, &writer) && writer == now[lba])
		return;
	describe(from, text, sizeof(text));
	if (now[lba])
		die("block %u: expected operation %u, found %s", lba, now[lba], text);
	die("block %u: expected zeroes, found %s", lba, text);
}

static void read_blocks(unsigned char *to, uint32_t lba, uint32_t count)
{
	int err = get_blocks(disk, to, lba, count);

	if (err)
		die("reading %u blocks from block %u: %s", count, lba,
		    err > 0 ? strerror(err) : "less was read");
}

static void check_all(void)
{
	unsigned char *to = at_offset(1);
	uint32_t lba, i, n;

	for (lba = 0; lba < blocks; lba += n) {
		n = blocks - lba < CHECK_BLOCKS ? blocks - lba : CHECK_BLOCKS;
		read_blocks(to, lba, n);
		for (i = 0; i < n; i++)
			compare(to + (size_t)i * BLOCK, lba + i);
	}
}

static void look(void)
{
	unsigned char *to = at_offset(1);
	uint32_t lba, i, n;
	char text[128];

	for (lba = 0; lba < blocks; lba += n) {
		n = blocks - lba < CHECK_BLOCKS ? blocks - lba : CHECK_BLOCKS;
		read_blocks(to, lba, n);
		for (i = 0; i < n; i++) {
			if (tell(to + (size_t)i * BLOCK, lba + i, &found[lba + i]))
				continue;
			describe(to + (size_t)i * BLOCK, text, sizeof(text));
			die("after a crash: block %u is torn or misplaced: %s", lba + i, text);
		}
	}
}

/*
 * After a crash: with which of the changes since the last acknowledgement is
 * the disk as it is?  That is the truth from now on.
 */
static void which_moment(void)
{
	uint32_t differ = 0, least, j;
	size_t i, nearest = 0, match = 0;
	bool matched = false;

	look();
	memcpy(now, safe, blocks * sizeof(*now));
	for (j = 0; j < blocks; j++)
		differ += now[j] != found[j];
	least = differ;
	for (i = 0;; i++) {
		if (!differ) {
			matched = true;
			match = i;
		}
		if (differ < least) {
			least = differ;
			nearest = i;
		}
		if (i == changes)
			break;
		for (j = change[i].lba; j < change[i].lba + change[i].count; j++)
			differ -= now[j] != found[j];
		apply(now, &change[i]);
		for (j = change[i].lba; j < change[i].lba + change[i].count; j++)
			differ += now[j] != found[j];
	}
	if (!matched)
		die("after a crash: the disk is as at no moment since the last acknowledged flush;"
		    " nearest is the %zuth of %zu changes since, with %u blocks different",
		    nearest, changes, least);
	shared->kept += match;
	shared->lost += changes - match;
	memcpy(now, found, blocks * sizeof(*now));
	memcpy(safe, found, blocks * sizeof(*safe));
	changes = 0;
}

/* --- the operations ------------------------------------------------------- */

/* Part of it may have been done, block by block: what has is seen by reading. */
static void partly_written(const struct operation *op)
{
	unsigned char *to = at_offset(op->number);
	uint32_t i, writer;

	shared->full++;
	read_blocks(to, op->lba, op->count);
	for (i = 0; i < op->count; i++) {
		if (tell(to + (size_t)i * BLOCK, op->lba + i, &writer) && writer == op->number)
			remember(op->lba + i, 1, writer);
		else
			compare(to + (size_t)i * BLOCK, op->lba + i);
	}
}

static int write_blocks(const struct operation *op, bool fua)
{
	return put_blocks(disk, at_offset(op->number), op->lba, op->count, op->number, fua);
}

static void do_write(const struct operation *op)
{
	int err = write_blocks(op, op->kind == FUA);

	shared->blocks_written += op->count;
	if (err == ENOSPC && config.full) {
		partly_written(op);
		return;
	}
	must(err, "writing", DISK);
	remember_write(op->lba, op->count, op->number);
	if (op->kind == FUA)
		acknowledged();
}

static void do_read(const struct operation *op)
{
	unsigned char *to = at_offset(op->number);
	uint32_t i;

	shared->blocks_read += op->count;
	read_blocks(to, op->lba, op->count);
	for (i = 0; i < op->count; i++)
		compare(to + (size_t)i * BLOCK, op->lba + i);
}

static void do_range(const struct operation *op)
{
	int err = drop_blocks(disk, op->lba, op->count, op->kind == ZERO);

	if (err) {
		/* With no room for the record either; nothing was done then. */
		if (err != ENOSPC || !config.full)
			die("%s: %s", kind_names[op->kind], strerror(err));
		shared->full++;
		return;
	}
	remember(op->lba, op->count, 0);
}

static void do_message(const struct operation *op)
{
	int err = dmctl_message(DISK, kind_names[op->kind]);

	if (err == ENOSPC && config.full) {
		shared->full++;
		return;
	}
	must(err, kind_names[op->kind], DISK);
	acknowledged();
}

static void do_suspend(const struct operation *op)
{
	if (op->kind == RELOAD)
		must(disk_load("false"), "reloading", DISK);
	must(dmctl_suspend(DISK, op->how), "suspending", DISK);
	acknowledged();
	must(dmctl_resume(DISK), "resuming", DISK);
}

static void do_reopen(void)
{
	disk_close();
	acknowledged();
	disk_open("false");
	check_all();
}

struct crashing {
	const struct operation *op;
	int err;
};

static void *write_into_crash(void *what)
{
	struct crashing *crashing = what;

	crashing->err = write_blocks(crashing->op, crashing->op->how & WITH_FUA);
	return NULL;
}

static void do_crash(const struct operation *op)
{
	const struct below *first = op->how & META_FIRST && !one_device ? &meta : &data;
	struct crashing crashing = { .op = op };
	pthread_t thread;

	if (pthread_create(&thread, NULL, write_into_crash, &crashing))
		die("no thread");
	below_fail(first);
	if (!one_device)
		below_fail(first == &data ? &meta : &data);
	pthread_join(thread, NULL);
	remember_write(op->lba, op->count, op->number);
	if (!crashing.err && op->how & WITH_FUA)
		acknowledged();
	disk_close();
	if (op->how & LOSE_DATA)
		below_lose(&data);
	if (op->how & LOSE_META && !one_device)
		below_lose(&meta);
	below_work(&data);
	if (!one_device)
		below_work(&meta);
	disk_open("false");
	which_moment();
}

static uint64_t microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static void perform(const struct operation *op)
{
	uint64_t begin = microseconds();

	switch (op->kind) {
	case WRITE:
	case FUA:
		do_write(op);
		break;
	case READ:
		do_read(op);
		break;
	case DISCARD:
	case ZERO:
		do_range(op);
		break;
	case FLUSH:
		if (op->how ? fsync(disk) : fdatasync(disk))
			die("flush: %s", strerror(errno));
		acknowledged();
		break;
	case SUSPEND:
	case RELOAD:
		do_suspend(op);
		break;
	case REOPEN:
		do_reopen();
		break;
	case CRASH:
		do_crash(op);
		break;
	default:
		do_message(op);
	}
	shared->done[op->kind]++;
	shared->us[op->kind] += microseconds() - begin;
}

static void *zeroes(size_t n)
{
	void *p = calloc(n, sizeof(uint32_t));

	if (!p)
		die("no memory");
	return p;
}

/* The child: a new disk, the whole list, a last look. */
static void live(const struct operation *list, uint32_t n)
{
	uint32_t i;

	if (posix_memalign((void **)&memory, BLOCK, (MOST + 1) * BLOCK))
		die("no memory");
	now = zeroes(blocks);
	safe = zeroes(blocks);
	found = zeroes(blocks);
	below_make(&data);
	if (!one_device)
		below_make(&meta);
	disk_open("force");
	for (i = 0; i < n; i++) {
		shared->at = i;
		perform(&list[i]);
	}
	shared->at = n;
	must(dmctl_status(DISK, shared->status, sizeof(shared->status)), "status of", DISK);
	check_all();
	do_reopen();
	disk_close();
}

static void clean_up(void)
{
	/* From the top; what is not there need not be removed. */
	dmctl_remove(DISK);
	dmctl_remove(data.name);
	dmctl_remove(meta.name);
}

/* Returns whether all was as it should be. */
static bool attempt(const struct operation *list, uint32_t n, bool silent)
{
	int status;
	pid_t child;

	memset(shared, 0, sizeof(*shared));
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	if (!child) {
		if (silent && !freopen("/dev/null", "w", stderr))
			_exit(2);
		live(list, n);
		exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		die("waiting: %s", strerror(errno));
	clean_up();
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* --- the list ------------------------------------------------------------- */

static uint32_t draw_count(uint64_t *state, uint32_t most)
{
	uint64_t dice = draw(state, 100);
	uint32_t bound = dice < 66 ? 1 : dice < 91 ? 8 : dice < 98 ? 64 : MOST;

	return 1 + draw(state, bound < most ? bound : most);
}

/* Some in a tenth of the disk, some one after the other, the rest anywhere. */
static uint32_t draw_place(uint64_t *state, uint32_t *next, uint32_t count)
{
	uint64_t dice = draw(state, 100);
	uint32_t lba;

	if (dice < config.sequential) {
		lba = *next + count > blocks ? 0 : *next;
		*next = lba + count;
		return lba;
	}
	if (dice < config.sequential + config.hot)
		lba = blocks / 3 + draw(state, blocks / 10 + 1);
	else
		lba = draw(state, blocks);
	if (lba + count > blocks)
		lba = blocks - count;
	return lba;
}

static void draw_operation(struct operation *op, uint64_t *state, uint32_t *next)
{
	uint64_t sum = 0, pick, discard_most;
	int kind;

	for (kind = 0; kind < KINDS; kind++)
		sum += config.weight[kind];
	pick = draw(state, sum);
	for (kind = 0; pick >= config.weight[kind]; kind++)
		pick -= config.weight[kind];
	op->kind = kind;
	op->how = draw(state, 16);
	if (kind == FLUSH || kind == SUSPEND || kind == RELOAD)
		op->how &= 1;
	else if (kind != CRASH)
		op->how = 0;
	op->count = draw_count(state, config.most < blocks ? config.most : blocks);
	if (kind == DISCARD || kind == ZERO) {
		/* Of any length, short ones mostly. */
		discard_most = config.discard_most ? config.discard_most : blocks;
		discard_most = discard_most < blocks ? discard_most : blocks;
		if (draw(state, 50) && discard_most > 128)
			discard_most = 128;
		op->count = 1 + draw(state, discard_most);
	}
	op->lba = draw_place(state, next, op->count);
	if (kind >= COMPACT && kind != CRASH)
		op->lba = op->count = 0;
}

static struct operation *draw_list(uint32_t *n)
{
	uint64_t state = mix(config.seed);
	uint32_t filling = (uint64_t)blocks * config.fill / 100, i, lba, next = 0;
	struct operation *list = calloc(config.ops + blocks / PIECE + 1, sizeof(*list));

	if (!list)
		die("no memory");
	for (i = 0, lba = 0; lba < filling; i++, lba += PIECE)
		list[i] = (struct operation){
			.number = i + 1, .kind = WRITE, .lba = lba,
			.count = blocks - lba < PIECE ? blocks - lba : PIECE,
		};
	*n = i + config.ops;
	for (; i < *n; i++) {
		list[i].number = i + 1;
		draw_operation(&list[i], &state, &next);
	}
	return list;
}

static struct operation *read_list(const char *path, uint32_t *n)
{
	struct operation *list = NULL, *op;
	unsigned int how;
	char word[16];
	FILE *file = fopen(path, "r");
	uint32_t room = 0;

	if (!file)
		die("%s: %s", path, strerror(errno));
	for (*n = 0;; ++*n) {
		if (*n == room) {
			room = room ? 2 * room : 1024;
			list = realloc(list, room * sizeof(*list));
			if (!list)
				die("no memory");
		}
		op = &list[*n];
		if (fscanf(file, "%u %15s %u %u %u", &op->number, word, &op->lba, &op->count, &how) != 5)
			break;
		op->how = how;
		for (op->kind = 0; op->kind < KINDS; op->kind++)
			if (!strcmp(word, kind_names[op->kind]))
				break;
		if (op->kind == KINDS || op->count > blocks || op->lba > blocks - op->count)
			die("%s: operation %u is none", path, op->number);
	}
	if (!feof(file))
		die("%s: bad behind operation %u", path, *n ? list[*n - 1].number : 0);
	fclose(file);
	return list;
}

static void print_list(const struct operation *list, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		printf("%u %s %u %u %u\n", list[i].number, kind_names[list[i].kind], list[i].lba,
		       list[i].count, list[i].how);
}

/*
 * Leave out pieces, ever smaller ones, as long as what is left still goes
 * wrong somewhere.
 */
static uint32_t shorten(struct operation *list, uint32_t n)
{
	struct operation *less = malloc(n * sizeof(*list) + 1);
	uint32_t piece, at, left;
	uint64_t tries = 0;

	if (!less)
		die("no memory");
	for (piece = (n + 1) / 2; piece; piece = piece > 1 ? (piece + 1) / 2 : 0) {
		for (at = 0; at < n && n > 1;) {
			if (tries++ == config.shorten)
				goto out;
			left = n - at < piece ? n - at : piece;
			memcpy(less, list, at * sizeof(*list));
			memcpy(less + at, list + at + left, (n - at - left) * sizeof(*list));
			if (attempt(less, n - left, true)) {
				at += left;
				continue;
			}
			/* Behind where it went wrong nothing matters. */
			n -= left;
			n = shared->at < n ? shared->at + 1 : n;
			memcpy(list, less, n * sizeof(*list));
		}
	}
out:
	free(less);
	return n;
}

/* --- the command line ----------------------------------------------------- */

/* The words of the table from their number on. */
static void set_options(const char *key, const char *more)
{
	uint32_t n = 1;
	char *c;

	if (asprintf(&options, "%s%s%s", key, more ? " " : "", more ? more : "") < 0)
		die("no memory");
	for (c = options; *c; c++) {
		if (*c == ',')
			*c = ' ';
		n += *c == ' ';
	}
	if (asprintf(&c, "%u %s", n, options) < 0)
		die("no memory");
	options = c;
}

static void parse(char **words)
{
	const struct {
		const char *name;
		uint64_t *value;
	} numbers[] = {
		{ "seed", &config.seed }, { "ops", &config.ops }, { "fill", &config.fill },
		{ "most", &config.most }, { "discard_most", &config.discard_most },
		{ "hot", &config.hot }, { "sequential", &config.sequential },
		{ "shorten", &config.shorten }, { "full", &config.full },
		{ "print", &config.print },
	};
	const char *key = "key:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
	size_t i;

	for (; *words; words++) {
		char *value = strchr(*words, '=');
		uint64_t *to = NULL;

		if (!value)
			die("\"%s\" is not KEY=VALUE", *words);
		*value++ = 0;
		for (i = 0; i < KINDS; i++)
			if (!strcmp(*words, kind_names[i]))
				to = &config.weight[i];
		for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
			if (!strcmp(*words, numbers[i].name))
				to = numbers[i].value;
		if (to)
			*to = parse_number(value);
		else if (!strcmp(*words, "list"))
			config.list = value;
		else if (!strcmp(*words, "options"))
			config.options = value;
		else if (!strcmp(*words, "power"))
			config.power[0] = strtok(value, ","), config.power[1] = strtok(NULL, ",");
		else
			die("unknown key %s", *words);
	}
	if (!config.most || config.most > MOST)
		die("most: 1 to %u", MOST);
	set_options(key, config.options);
	data.power = config.power[0];
	meta.power = config.power[1];
}

static void tell_failure(struct operation *list, uint32_t n)
{
	if (shared->at < n)
		printf("seed %llu: wrong at operation %u: %s %u %u\n", (unsigned long long)config.seed,
		       list[shared->at].number, kind_names[list[shared->at].kind],
		       list[shared->at].lba, list[shared->at].count);
	else
		printf("seed %llu: wrong at the end\n", (unsigned long long)config.seed);
	n = shared->at < n ? shared->at + 1 : n;
	if (!config.shorten)
		return;
	fflush(stdout);
	n = shorten(list, n);
	if (attempt(list, n, false))
		printf("the list made shorter went well this time: not every time is it wrong\n");
	printf("%u operations are enough:\n", n);
	print_list(list + (n > 1000 ? n - 1000 : 0), n > 1000 ? 1000 : n);
}

static void summary(uint32_t n)
{
	int kind;

	printf("seed %llu: %u operations well, in milliseconds:", (unsigned long long)config.seed, n);
	for (kind = 0; kind < KINDS; kind++)
		printf(" %s %llu in %llu", kind_names[kind], (unsigned long long)shared->done[kind],
		       (unsigned long long)shared->us[kind] / 1000);
	printf("\n%llu blocks written, %llu read; without space %llu;"
	       " changes not yet flushed at a crash: %llu kept, %llu lost\n",
	       (unsigned long long)shared->blocks_written, (unsigned long long)shared->blocks_read,
	       (unsigned long long)shared->full, (unsigned long long)shared->kept,
	       (unsigned long long)shared->lost);
	printf("at the end: %s\n", shared->status);
}

int main(int argc, char **argv)
{
	struct operation *list;
	uint32_t n;

	if (argc < 4)
		die("what to do? see the top of disk_life.c");
	data.path = argv[1];
	meta.path = argv[2];
	one_device = !strcmp(data.path, meta.path);
	blocks = parse_number(argv[3]);
	if (!blocks)
		die("a disk without blocks");
	parse(argv + 4);
	list = config.list ? read_list(config.list, &n) : draw_list(&n);
	if (config.print) {
		print_list(list, n);
		return 0;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	if (!attempt(list, n, false)) {
		tell_failure(list, n);
		return 1;
	}
	summary(n);
	return 0;
}
