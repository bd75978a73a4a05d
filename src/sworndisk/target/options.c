// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options: one table says of each what it is called, what it takes and what it
 * is for.  It drives reading a table line, writing one, the messages "set" and
 * "get", and "help".
 */
#define DM_MSG_PREFIX "sworndisk"

#include <linux/slab.h>
#include <linux/uuid.h>

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

#define OPTIONS_MAX	32
#define WORD_MAX	512

/*
 * struct option - one option
 * @arg: what its value is, NULL: it has none
 * @why: what is expected of the value, as a reason to refuse another
 * @help: what it is for
 * @min, @max: of a plain number
 * @number: where in struct sworn_params a plain number goes, a u64; else 0
 * @parse: takes a value that is not a plain number
 * @emit: writes the word for a table line, and says whether there is one; NULL
 *	for a plain number, which is written unless 0, and for what is of no use
 *	after formatting
 * @format: it has a meaning only when a volume is formatted
 * @set: changes the plain number of a live volume; NULL: that cannot be done
 */
struct option {
	const char *name;
	const char *arg;
	const char *why;
	const char *help;
	u64 min;
	u64 max;
	size_t number;
	int (*parse)(struct sworn_target *st, const char *value, char **why);
	bool (*emit)(const struct sworn_target *st, char *out, size_t room);
	bool format;
	void (*set)(struct sworn_volume *vol, u64 value);
};

#define EXPECTED	": expected "
#define AT(field)		offsetof(struct sworn_params, field)

static int parse_key(struct sworn_target *st, const char *value, char **why)
{
	bool named;
	int err = sworn_key_parse(value, &st->params.root, &named, why);

	if (err || !named)
		return err;
	kfree(st->key_name);
	st->key_name = kstrdup(value, GFP_KERNEL);
	return st->key_name ? 0 : -ENOMEM;
}

static bool emit_key(const struct sworn_target *st, char *out, size_t room)
{
	if (!st->key_name)
		return false;
	snprintf(out, room, SWORN_OPT_KEY ":%s", st->key_name);
	return true;
}

static int parse_cipher(struct sworn_target *st, const char *value, char **why)
{
	st->params.cipher = sworn_cipher_parse(value);
	return st->params.cipher ? 0 : -EINVAL;
}

static int parse_segment(struct sworn_target *st, const char *value, char **why)
{
	unsigned int sectors;

	if (kstrtouint(value, 10, &sectors) || !is_power_of_2(sectors))
		return -EINVAL;
	st->params.segment_blocks = sectors / SWORN_BLOCK_SECTORS;
	return st->params.segment_blocks >= SWORN_SEGMENT_BLOCKS_MIN &&
	       st->params.segment_blocks <= SWORN_SEGMENT_BLOCKS_MAX ? 0 : -EINVAL;
}

static int parse_uuid(struct sworn_target *st, const char *value, char **why)
{
	uuid_t uuid;

	if (strlen(value) != UUID_STRING_LEN || uuid_parse(value, &uuid))
		return -EINVAL;
	memcpy(st->params.uuid, &uuid, sizeof(uuid));
	st->params.has_uuid = true;
	return 0;
}

static int parse_read_only(struct sworn_target *st, const char *value,
			   char **why)
{
	st->params.read_only = true;
	return 0;
}

static bool emit_read_only(const struct sworn_target *st, char *out,
			   size_t room)
{
	snprintf(out, room, SWORN_OPT_READ_ONLY);
	return st->params.read_only;
}

static int parse_overcommit(struct sworn_target *st, const char *value,
			    char **why)
{
	st->params.overcommit = true;
	return 0;
}

static const struct option options[] = {
	{
		.name = SWORN_OPT_KEY,
		.arg = "<hex> or :<bytes>:<type>:<description>",
		.why = SWORN_OPT_KEY EXPECTED "32 to 64 bytes",
		.help = "root key",
		.parse = parse_key,
		.emit = emit_key,
	}, {
		.name = SWORN_OPT_CIPHER,
		.arg = "<name>",
		.why = SWORN_OPT_CIPHER EXPECTED "aes-256-gcm, aes-128-gcm or chacha20-poly1305",
		.help = "cipher of a new volume",
		.parse = parse_cipher,
		.format = true,
	}, {
		.name = SWORN_OPT_SEGMENT,
		.arg = "<sectors>",
		.why = SWORN_OPT_SEGMENT EXPECTED "a power of two from 512 to 131072",
		.help = "size of a data segment of a new volume",
		.parse = parse_segment,
		.format = true,
	}, {
		.name = SWORN_OPT_UUID,
		.arg = "<uuid>",
		.why = SWORN_OPT_UUID EXPECTED "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
		.help = "UUID of a new volume",
		.parse = parse_uuid,
		.format = true,
	}, {
		.name = SWORN_OPT_CACHE,
		.arg = "<bytes>",
		.why = SWORN_OPT_CACHE EXPECTED "a number of bytes from 262144 to 1099511627776",
		.help = "limit of the cache of index nodes",
		.min = 262144,
		.max = 1ULL << 40,
		.number = AT(cache_bytes),
		.set = sworn_volume_set_cache,
	}, {
		.name = SWORN_OPT_HEADS,
		.arg = "<number>",
		.why = SWORN_OPT_HEADS EXPECTED "a number from 1 to 8",
		.help = "log heads: segments that are filled at the same time",
		.min = 1,
		.max = SWORN_HEADS_MAX,
		.number = AT(heads),
	}, {
		.name = SWORN_OPT_MIN_COMMIT,
		.arg = "<id>",
		.why = SWORN_OPT_MIN_COMMIT EXPECTED "a commit id",
		.help = "refuse a state whose commit id is lower",
		.max = U64_MAX,
		.number = AT(min_commit),
	}, {
		.name = SWORN_OPT_READ_ONLY,
		.help = "never write to either device",
		.parse = parse_read_only,
		.emit = emit_read_only,
	}, {
		.name = SWORN_OPT_LOW_SPACE,
		.arg = "<percent>",
		.why = SWORN_OPT_LOW_SPACE EXPECTED "a number from 1 to 99",
		.help = "raise an event when less of the data region can be given out",
		.min = 1,
		.max = 99,
		.number = AT(low_space_percent),
		.set = sworn_volume_set_low_space,
	}, {
		.name = SWORN_OPT_VERIFY_RATE,
		.arg = "<MiB/s>",
		.why = SWORN_OPT_VERIFY_RATE EXPECTED "a number of MiB a second from 0 to 1048576; 0: no limit",
		.help = "how much verifying may read in a second",
		.max = 1 << 20,
		.number = AT(verify_rate),
		.set = sworn_volume_set_verify_rate,
	}, {
		.name = SWORN_OPT_OVERCOMMIT,
		.help = "a new volume may be larger than the data device",
		.parse = parse_overcommit,
		.format = true,
	},
};

static const struct option *find(const char *word, size_t n)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == n &&
		    !strncmp(options[i].name, word, n))
			return &options[i];
	return NULL;
}

/* As with strchr(): it may be changed if what it is a part of may. */
static u64 *number_at(const struct sworn_params *p, const struct option *o)
{
	return (void *)p + o->number;
}

static int take_number(const struct option *o, const char *text, u64 *value)
{
	unsigned long long n;

	if (kstrtoull(text, 10, &n) || n < o->min || n > o->max)
		return -EINVAL;
	*value = n;
	return 0;
}

static int parse_option(struct sworn_target *st, const char *word, char **why)
{
	size_t n = strcspn(word, ":");
	const struct option *o = find(word, n);

	if (!o) {
		/* the word itself, for the reason cannot be composed */
		if (strncmp(word, SWORN_OPT_KEY, strlen(SWORN_OPT_KEY)))
			DMERR("unknown option: %s", word);
		*why = "unknown option";
		return -EINVAL;
	}
	if (!!o->arg != (word[n] == ':')) {
		*why = o->arg ? "option needs a value: NAME:VALUE" :
				"option takes no value";
		return -EINVAL;
	}
	if (o->why)
		*why = (char *)o->why;
	word += n + !!o->arg;
	return o->number ? take_number(o, word, number_at(&st->params, o)) :
			   o->parse(st, word, why);
}

int sworn_options_parse(struct sworn_target *st, struct dm_arg_set *as,
			char **why)
{
	static const struct dm_arg number[] = {
		{ 0, OPTIONS_MAX, "invalid number of options" },
	};
	unsigned int n;
	int err;

	if (!as->argc)
		return 0;
	err = dm_read_arg_group(number, as, &n, why);
	while (!err && n--)
		err = parse_option(st, dm_shift_arg(as), why);
	if (!err && as->argc) {
		*why = "more words than options were announced";
		err = -EINVAL;
	}
	return err;
}

static bool emit_option(const struct sworn_target *st, const struct option *o,
			char *out, size_t room)
{
	u64 n;

	if (!o->number)
		return o->emit && o->emit(st, out, room);
	n = *number_at(&st->params, o);
	snprintf(out, room, "%s:%llu", o->name, n);
	return n;
}

ssize_t sworn_options_emit(const struct sworn_target *st, char *result,
			   unsigned int maxlen, ssize_t sz)
{
	unsigned int i, n = 0;
	char word[WORD_MAX];

	for (i = 0; i < ARRAY_SIZE(options); i++)
		n += emit_option(st, &options[i], word, sizeof(word));
	if (n)
		DMEMIT(" %u", n);
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (emit_option(st, &options[i], word, sizeof(word)))
			DMEMIT(" %s", word);
	return sz;
}

int sworn_options_set(struct sworn_target *st, const char *name,
		      const char *value)
{
	const struct option *o = find(name, strlen(name));
	u64 n;

	if (!o || !o->set) {
		DMERR("message " SWORN_MSG_SET ": %s: %s", name, o ?
		      "cannot be changed while the volume is active" :
		      "unknown; " SWORN_MSG_GET " lists what there is");
		return -EINVAL;
	}
	if (take_number(o, value, &n)) {
		DMERR("message " SWORN_MSG_SET ": %s, got %s", o->why, value);
		return -EINVAL;
	}
	o->set(st->vol, n);
	/* so that the table, read back, says it too */
	*number_at(&st->params, o) = n;
	return 0;
}

ssize_t sworn_options_get(const struct sworn_target *st, char *result,
			  unsigned int maxlen)
{
	ssize_t sz = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];

		if (o->set)
			DMEMIT("%s %llu %llu %llu %s\n", o->name,
			       *number_at(&st->vol->params, o), o->min, o->max,
			       o->help);
	}
	return sz;
}

ssize_t sworn_options_help(char *result, unsigned int maxlen, ssize_t sz)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];

		DMEMIT("option %s%s%s%s: %s", o->name, o->arg ? ":" : "",
		       o->arg ? o->arg : "", o->format ? " (format)" : "",
		       o->help);
		/* behind the name */
		DMEMIT("%s\n", o->why ? o->why + strlen(o->name) : "");
	}
	return sz;
}
