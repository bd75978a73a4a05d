// SPDX-License-Identifier: GPL-2.0-only
/*
 * Table lines.
 *
 *	<data_dev> <meta_dev> <data_start> <force|true|false> [<#opts> <opt>...]
 *
 * options.c has the options.
 */
#define DM_MSG_PREFIX "sworndisk"

#include "../../include/uapi/sworndisk_target.h"
#include "target.h"

#define FIXED_ARGS	4

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
		err = sworn_options_parse(st, &as, why);
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
	ssize_t sz = 0;

	DMEMIT("%s %s %llu %s", st->data->name, st->meta->name,
	       (u64)st->params.data_start_sector, format);
	return sworn_options_emit(st, result, maxlen, sz);
}
