// SPDX-License-Identifier: GPL-2.0-only
/*
 * Table lines.
 *
 *	<data_dev> <meta_dev> <data_start> <force|true|false> [<#opts> <opt>...]
 *
 * One table of options drives reading and writing them.
 */
#define DM_MSG_PREFIX "sworndisk"

#include <linux/slab.h>
#include <linux/uuid.h>

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

#define FIXED_ARGS	4
#define OPTIONS_MAX	32

/*
 * struct option - one option
 * @value: it has a value
 * @parse: takes the value
 * @emit: writes it for a table line; NULL: it is of no use after formatting
 */
struct option {
	const char *name;
	bool value;
	int (*parse)(struct sworn_target *st, const char *value, char **why);
	bool (*emit)(const struct sworn_target *st, char *out, size_t room);
};

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
	*why = "cipher: expected aes-256-gcm, aes-128-gcm or chacha20-poly1305";
	return st->params.cipher ? 0 : -EINVAL;
}

static int parse_segment(struct sworn_target *st, const char *value, char **why)
{
	unsigned int sectors;

	*why = "segment_sectors: expected a power of two from 512 to 131072";
	if (kstrtouint(value, 10, &sectors) || !is_power_of_2(sectors))
		return -EINVAL;
	st->params.segment_blocks = sectors / SWORN_BLOCK_SECTORS;
	return st->params.segment_blocks >= SWORN_SEGMENT_BLOCKS_MIN &&
	       st->params.segment_blocks <= SWORN_SEGMENT_BLOCKS_MAX ? 0 : -EINVAL;
}

static int parse_uuid(struct sworn_target *st, const char *value, char **why)
{
	uuid_t uuid;

	*why = "uuid: expected xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	if (strlen(value) != UUID_STRING_LEN || uuid_parse(value, &uuid))
		return -EINVAL;
	memcpy(st->params.uuid, &uuid, sizeof(uuid));
	st->params.has_uuid = true;
	return 0;
}

static int parse_cache(struct sworn_target *st, const char *value, char **why)
{
	*why = "cache_bytes: expected a number of bytes, 262144 or more";
	if (kstrtoull(value, 10, &st->params.cache_bytes) ||
	    st->params.cache_bytes < 262144 ||
	    st->params.cache_bytes > 1ULL << 40)
		return -EINVAL;
	return 0;
}

static bool emit_cache(const struct sworn_target *st, char *out, size_t room)
{
	snprintf(out, room, SWORN_OPT_CACHE ":%llu", st->params.cache_bytes);
	return st->params.cache_bytes;
}

static int parse_heads(struct sworn_target *st, const char *value, char **why)
{
	*why = "heads: expected a number from 1 to 8";
	return kstrtouint(value, 10, &st->params.heads) || !st->params.heads ||
	       st->params.heads > SWORN_HEADS_MAX ? -EINVAL : 0;
}

static bool emit_heads(const struct sworn_target *st, char *out, size_t room)
{
	snprintf(out, room, SWORN_OPT_HEADS ":%u", st->params.heads);
	return st->params.heads;
}

static int parse_min_commit(struct sworn_target *st, const char *value,
			    char **why)
{
	*why = "min_commit: expected a commit id";
	return kstrtoull(value, 10, &st->params.min_commit) ? -EINVAL : 0;
}

static bool emit_min_commit(const struct sworn_target *st, char *out,
			    size_t room)
{
	snprintf(out, room, SWORN_OPT_MIN_COMMIT ":%llu",
		 st->params.min_commit);
	return st->params.min_commit;
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
	{ SWORN_OPT_KEY, true, parse_key, emit_key },
	{ SWORN_OPT_CIPHER, true, parse_cipher, NULL },
	{ SWORN_OPT_SEGMENT, true, parse_segment, NULL },
	{ SWORN_OPT_UUID, true, parse_uuid, NULL },
	{ SWORN_OPT_CACHE, true, parse_cache, emit_cache },
	{ SWORN_OPT_HEADS, true, parse_heads, emit_heads },
	{ SWORN_OPT_MIN_COMMIT, true, parse_min_commit, emit_min_commit },
	{ SWORN_OPT_READ_ONLY, false, parse_read_only, emit_read_only },
	{ SWORN_OPT_OVERCOMMIT, false, parse_overcommit, NULL },
};

static int parse_option(struct sworn_target *st, const char *word, char **why)
{
	size_t n = strcspn(word, ":");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];

		if (strlen(o->name) != n || strncmp(o->name, word, n))
			continue;
		if (o->value == (word[n] == ':'))
			return o->parse(st, word + n + o->value, why);
		*why = o->value ? "option needs a value: NAME:VALUE" :
				  "option takes no value";
		return -EINVAL;
	}
	/* the word itself, for the reason cannot be composed */
	if (strncmp(word, SWORN_OPT_KEY, strlen(SWORN_OPT_KEY)))
		DMERR("unknown option: %s", word);
	*why = "unknown option";
	return -EINVAL;
}

static int parse_options(struct sworn_target *st, struct dm_arg_set *as,
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

static int parse_format(struct sworn_params *p, const char *word, char **why)
{
	static const struct {
		const char *word;
		enum sworn_format format;
	} words[] = {
		{ SWORN_FORMAT_FORCE, SWORN_FORMAT_ALWAYS },
		{ SWORN_FORMAT_TRUE, SWORN_FORMAT_IF_NONE },
		{ SWORN_FORMAT_FALSE, SWORN_NEVER_FORMAT },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(word, words[i].word)) {
			p->format = words[i].format;
			return 0;
		}
	}
	*why = "format word must be force, true or false";
	return -EINVAL;
}

static int parse_start(struct sworn_params *p, const char *word, char **why)
{
	unsigned long long sector;

	*why = "data_start must be a number of sectors, a multiple of 8";
	if (kstrtoull(word, 10, &sector) || sector % SWORN_BLOCK_SECTORS)
		return -EINVAL;
	p->data_start_sector = sector;
	return 0;
}

/* Whole blocks: the seed's own command lines ask for less. */
static int take_length(struct sworn_target *st, char **why)
{
	struct dm_target *ti = st->ti;
	sector_t len = round_down(ti->len, SWORN_BLOCK_SECTORS);

	if (!len) {
		*why = "length is less than a block of 8 sectors";
		return -EINVAL;
	}
	if (len != ti->len) {
		DMINFO("length %llu is not a multiple of 8 sectors: using %llu",
		       (u64)ti->len, (u64)len);
		ti->len = len;
	}
	st->params.len_blocks = len / SWORN_BLOCK_SECTORS;
	return 0;
}

static int open_devices(struct sworn_target *st, char **argv, char **why)
{
	struct dm_target *ti = st->ti;
	int err;

	err = dm_get_device(ti, argv[0], dm_table_get_mode(ti->table), &st->data);
	if (err) {
		*why = "cannot open the data device";
		return err;
	}
	err = dm_get_device(ti, argv[1], dm_table_get_mode(ti->table), &st->meta);
	if (err) {
		*why = "cannot open the metadata device";
		return err;
	}
	st->params.data_bdev = st->data->bdev;
	st->params.meta_bdev = st->meta->bdev;
	return 0;
}

int sworn_args_parse(struct sworn_target *st, unsigned int argc, char **argv,
		     char **why)
{
	struct dm_arg_set as = { .argc = argc, .argv = argv };
	int err;

	if (argc < FIXED_ARGS) {
		*why = "expected <data> <meta> <data_start> <force|true|false> [<#opts> <opt>...]";
		return -EINVAL;
	}
	err = take_length(st, why);
	if (!err)
		err = parse_start(&st->params, argv[2], why);
	if (!err)
		err = parse_format(&st->params, argv[3], why);
	if (!err) {
		dm_consume_args(&as, FIXED_ARGS);
		err = parse_options(st, &as, why);
	}
	if (!err)
		err = open_devices(st, argv, why);
	return err;
}

ssize_t sworn_args_emit(const struct sworn_target *st, char *result,
			unsigned int maxlen)
{
	/* what was formatted once is never formatted by a round trip */
	const char *format = !st->vol->needs_format ? SWORN_FORMAT_FALSE :
		st->params.format == SWORN_FORMAT_ALWAYS ? SWORN_FORMAT_FORCE :
		SWORN_FORMAT_TRUE;
	unsigned int i, n = 0;
	char word[512];
	ssize_t sz = 0;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		n += options[i].emit && options[i].emit(st, word, sizeof(word));
	DMEMIT("%s %s %llu %s", st->data->name, st->meta->name,
	       (u64)st->params.data_start_sector, format);
	if (n)
		DMEMIT(" %u", n);
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].emit && options[i].emit(st, word, sizeof(word)))
			DMEMIT(" %s", word);
	return sz;
}
