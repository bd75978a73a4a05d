// SPDX-License-Identifier: GPL-2.0-only
/* The table of options; see options.h. */
#include "options.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "number.h"
#include "size.h"
#include "uuid.h"
#include "include/uapi/sworn_mbox.h"
#include "include/uapi/sworn_ram.h"
#include "sworndisk/format/superblock.h"

enum value_kind { VALUE_NONE, VALUE_TEXT, VALUE_SIZE, VALUE_NUMBER };

/**
 * struct option_def - an option
 * @short_key: its letter, or 0
 * @arg: name of its value in the help text
 * @offset: of its value in &struct options
 * @min: @max: range of a size or number; @max 0: none
 */
struct option_def {
	const char *name;
	int short_key;
	enum value_kind kind;
	const char *arg;
	size_t offset;
	uint64_t min;
	uint64_t max;
	const char *doc;
};

#define AT(field) offsetof(struct options, field)

static const struct option_def defs[NR_OPTIONS] = {
	[OPT_SIZE] = { "size", 's', VALUE_SIZE, "SIZE", AT(size_bytes),
		4096, SWORN_BLOCK_NR_MAX << SWORN_BLOCK_SHIFT,
		"capacity of the disk; default: what the device holds with an eighth kept in reserve" },
	[OPT_SEGMENT_SIZE] = { "segment-size", 0, VALUE_SIZE, "SIZE", AT(segment_bytes),
		256 << 10, 64 << 20,
		"unit of allocation and cleaning, a power of two from 256K to 64M; default: 4M" },
	[OPT_CIPHER] = { "cipher", 'c', VALUE_TEXT, "CIPHER", AT(cipher), 0, 0,
		"aes-256-gcm (default), aes-128-gcm or chacha20-poly1305" },
	[OPT_UUID] = { "uuid", 0, VALUE_TEXT, "UUID", AT(uuid), 0, 0,
		"UUID of the new disk; default: a random one" },
	[OPT_OVERCOMMIT] = { "overcommit", 0, VALUE_NONE, NULL, 0, 0, 0,
		"let --size use up the reserve or exceed the device; writes fail when it is full" },
	[OPT_KEY_FILE] = { "key-file", 'k', VALUE_TEXT, "FILE", AT(key_file), 0, 0,
		"read the root key, 32 to 64 bytes as they are, from FILE; \"-\" is standard input" },
	[OPT_KEY_DESC] = { "key-desc", 0, VALUE_TEXT, "TYPE:DESC", AT(key_desc), 0, 0,
		"use the root key of this type (logon, user, encrypted, trusted) and description in the kernel's keyring" },
	[OPT_KEY_SIZE] = { "key-size", 0, VALUE_NUMBER, "BYTES", AT(key_bytes), 32, 64,
		"bytes of the key that --key-desc names; default: 32" },
	[OPT_GENERATE_KEY] = { "generate-key", 0, VALUE_TEXT, "FILE", AT(generate_key), 0, 0,
		"make a random root key of 32 bytes and keep it in FILE, which must not exist" },
	[OPT_CACHE_SIZE] = { "cache-size", 0, VALUE_SIZE, "SIZE", AT(cache_bytes),
		4096, 1ULL << 40,
		"limit of the index cache in memory" },
	[OPT_HEADS] = { "heads", 0, VALUE_NUMBER, "N", AT(heads), 1, 8,
		"log heads, 1 to 8: segments that are filled at the same time" },
	[OPT_MIN_COMMIT] = { "min-commit", 0, VALUE_NUMBER, "ID", AT(min_commit), 0, 0,
		"refuse a disk whose generation is below ID: it was rolled back" },
	[OPT_READ_ONLY] = { "read-only", 'r', VALUE_NONE, NULL, 0, 0, 0,
		"write nothing to the devices" },
	[OPT_DATA] = { "data", 0, VALUE_NONE, NULL, 0, 0, 0,
		"read and verify all data, too" },
	[OPT_DRY_RUN] = { "dry-run", 'n', VALUE_NONE, NULL, 0, 0, 0,
		"say what would be done, and do nothing" },
	[OPT_FORCE] = { "force", 'f', VALUE_NONE, NULL, 0, 0, 0,
		"go on although a filesystem, partition table or other disk is there: it is destroyed" },
	[OPT_YES] = { "yes", 'y', VALUE_NONE, NULL, 0, 0, 0,
		"do not ask" },
	[OPT_COUNT] = { "count", 'n', VALUE_NUMBER, "N", AT(count), 1, 0,
		"end after N" },
	[OPT_INTERVAL] = { "interval", 'i', VALUE_NUMBER, "SECONDS", AT(interval_s),
		1, 86400,
		"time between two looks; default: 2" },
	[OPT_OUTPUT] = { "output", 'o', VALUE_TEXT, "FILE", AT(output), 0, 0,
		"write to FILE, which is replaced as a whole" },
	[OPT_SVG] = { "svg", 0, VALUE_TEXT, "FILE", AT(svg), 0, 0,
		"write the picture to FILE as SVG too" },
	[OPT_PAUSE] = { "pause", 0, VALUE_NONE, NULL, 0, 0, 0,
		"stop, and keep where it got" },
	[OPT_RESUME] = { "resume", 0, VALUE_NONE, NULL, 0, 0, 0,
		"go on where it was paused" },
	[OPT_CANCEL] = { "cancel", 0, VALUE_NONE, NULL, 0, 0, 0,
		"stop, and forget what was found" },
	[OPT_REPORT] = { "report", 0, VALUE_NONE, NULL, 0, 0, 0,
		"only say how far it got, and what it found" },
	[OPT_WAIT] = { "wait", 'w', VALUE_NONE, NULL, 0, 0, 0,
		"wait for the end" },
	[OPT_WAIT_TIMEOUT] = { "timeout", 't', VALUE_NUMBER, "SECONDS", AT(wait_s), 1, 0,
		"wait no longer than this; it goes on nevertheless" },
	[OPT_RATE] = { "rate", 0, VALUE_SIZE, "SIZE", AT(rate_bytes), 0, 1ULL << 40,
		"read no more than SIZE in a second, in whole MiB; 0: no limit" },
	[OPT_RAM_SIZE] = { "size", 's', VALUE_SIZE, "SIZE", AT(size_bytes), 512, SWORN_RAM_SIZE_MAX,
		"size of the RAM disk; default of a new one: 32M" },
	[OPT_SECTOR_SIZE] = { "sector-size", 0, VALUE_SIZE, "BYTES", AT(sector_bytes), 512, 4096,
		"512 (default) or 4096" },
	[OPT_QUEUES] = { "queues", 0, VALUE_NUMBER, "N", AT(queues), 1, SWORN_RAM_QUEUES_MAX,
		"hardware queues, no more than processors; default: 4" },
	[OPT_DEPTH] = { "depth", 0, VALUE_NUMBER, "N", AT(depth), 1, SWORN_RAM_DEPTH_MAX,
		"requests in each queue; default: 64" },
	[OPT_NODE] = { "node", 0, VALUE_NUMBER, "N", AT(node), 0, INT32_MAX,
		"NUMA node to take memory from; default: any" },
	[OPT_LIMIT] = { "limit", 'l', VALUE_SIZE, "SIZE", AT(limit_bytes), 0, SWORN_RAM_SIZE_MAX,
		"most memory the RAM disk may use; 0 (default): no limit of its own" },
	[OPT_RAM_READ_ONLY] = { "read-only", 'r', VALUE_NONE, NULL, 0, 0, 0,
		"let nobody write to the device" },
	[OPT_RAM_FORCE] = { "force", 'f', VALUE_NONE, NULL, 0, 0, 0,
		"make it smaller although it is open" },
	[OPT_DEFERRED] = { "deferred", 0, VALUE_NONE, NULL, 0, 0, 0,
		"if it is open, remove it when it no longer is" },
	[OPT_MBOX_SIZE] = { "size", 's', VALUE_SIZE, "SIZE", AT(size_bytes), 1, SWORN_MBOX_SIZE_MAX,
		"most that it can hold; default: 4K" },
	[OPT_KIND] = { "kind", 0, VALUE_TEXT, "KIND", AT(kind), 0, 0,
		"rendezvous (default), which hands messages over, or buffer, a small file in memory" },
	[OPT_ONCE] = { "once", 0, VALUE_NONE, NULL, 0, 0, 0,
		"take one message, give it to one reader, and no other ever after" },
	[OPT_OWNER] = { "owner", 0, VALUE_TEXT, "OWNER", AT(owner), 0, 0,
		"who owns the node, as for chown: USER, USER:GROUP, USER: or :GROUP, names or numbers; default: root" },
	[OPT_MODE] = { "mode", 0, VALUE_TEXT, "MODE", AT(mode), 0, 0,
		"the node's permission bits, in octal; default: 0600" },
	[OPT_TIMEOUT] = { "timeout", 0, VALUE_NUMBER, "SECONDS", AT(timeout_s),
		1, SWORN_MBOX_TIMEOUT_MAX / 1000,
		"wipe what nobody has read for so long; default: never" },
	[OPT_JSON] = { "json", 'j', VALUE_NONE, NULL, 0, 0, 0,
		"answer in JSON, errors too" },
	[OPT_HELP] = { "help", 'h', VALUE_NONE, NULL, 0, 0, 0,
		"show this text" },
};

void options_describe(enum option_id id, struct argp_option *option)
{
	const struct option_def *def = &defs[id];

	memset(option, 0, sizeof(*option));
	option->name = def->name;
	option->key = def->short_key ? def->short_key : 0x100 + (int)id;
	option->arg = def->arg;
	option->doc = def->doc;
}

static int bad_range(const struct option_def *def, const char *text,
		     struct failure *f)
{
	char lo[SIZE_TEXT_MAX], hi[SIZE_TEXT_MAX];

	if (def->kind == VALUE_SIZE)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--%s \"%s\" is out of range: expected %s to %s",
				 def->name, text, size_exact(lo, def->min),
				 size_text(hi, def->max));
	return fail_exit(f, EINVAL, EXIT_USAGE,
			 "--%s \"%s\" is out of range: expected %llu to %llu",
			 def->name, text, (unsigned long long)def->min,
			 (unsigned long long)(def->max ? def->max : UINT64_MAX));
}

static int set_number(const struct option_def *def, uint64_t *value,
		      const char *text, struct failure *f)
{
	int err = def->kind == VALUE_SIZE ? size_parse(text, value) :
					    number_parse(text, value);

	if (err == -EINVAL)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--%s \"%s\" is not a %s", def->name, text,
				 def->kind == VALUE_SIZE ?
				 "size: expected one such as 10G, 512MiB or 4096s" :
				 "number: expected decimal digits");
	if (err || *value < def->min || (def->max && *value > def->max))
		return bad_range(def, text, f);
	return 0;
}

/* Values with a form of their own. */
static int check_text(enum option_id id, const char *text, struct failure *f)
{
	uint8_t uuid[UUID_BYTES];

	if (id == OPT_CIPHER && !sworn_cipher_parse(text))
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--cipher \"%s\" is unknown: expected aes-256-gcm, aes-128-gcm or chacha20-poly1305",
				 text);
	if (id == OPT_UUID && uuid_parse(text, uuid))
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--uuid \"%s\" is not a UUID: expected 32 hexadecimal digits as 8-4-4-4-12",
				 text);
	return 0;
}

static int check_segment(uint64_t bytes, const char *text, struct failure *f)
{
	if (bytes & (bytes - 1))
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--segment-size \"%s\" is not a power of two: expected 256K, 512K, 1M, ... 64M",
				 text);
	return 0;
}

int options_set(struct options *o, enum option_id id, const char *text,
		struct failure *f)
{
	const struct option_def *def = &defs[id];
	void *value = (char *)o + def->offset;
	int err = 0;

	if (o->given[id] && def->kind != VALUE_NONE)
		return fail_exit(f, EINVAL, EXIT_USAGE, "--%s is given twice",
				 def->name);
	o->given[id] = true;
	switch (def->kind) {
	case VALUE_NONE:
		break;
	case VALUE_TEXT:
		err = check_text(id, text, f);
		*(const char **)value = text;
		break;
	case VALUE_SIZE:
	case VALUE_NUMBER:
		err = set_number(def, value, text, f);
		break;
	}
	if (!err && id == OPT_SEGMENT_SIZE)
		err = check_segment(o->segment_bytes, text, f);
	return err;
}
