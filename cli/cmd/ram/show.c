// SPDX-License-Identifier: GPL-2.0-only
/* RAM disks in words; see show.h. */
#include "show.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "../../args/size.h"

static const char *reason_text(const char *reason)
{
	if (!strcmp(reason, "disk"))
		return "the disk's limit";
	if (!strcmp(reason, "total"))
		return "the limit of all disks";
	return "the machine had none to spare";
}

static void show_memory(struct out *out, const struct back_ram_disk *disk)
{
	char used[SIZE_TEXT_MAX], limit[SIZE_TEXT_MAX];

	out_number(out, "memory_bytes", NULL, disk->memory_bytes);
	out_number(out, "limit_bytes", NULL, disk->limit_bytes);
	size_text(used, disk->memory_bytes);
	if (disk->limit_bytes)
		out_textf(out, NULL, "memory", "%s of %s", used, size_text(limit, disk->limit_bytes));
	else
		out_textf(out, NULL, "memory", "%s, no limit of its own", used);
	out_number(out, "limit_hits", NULL, disk->limit_hits);
	out_text(out, "limit_reason", NULL, disk->reason);
	if (disk->limit_hits)
		out_textf(out, NULL, "refused", "%" PRIu64 " writes, the last for want of memory: %s",
			  disk->limit_hits, reason_text(disk->reason));
	else
		out_text(out, NULL, "refused", "nothing");
}

static void show_traffic(struct out *out, const struct back_ram_disk *disk)
{
	char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX], d[SIZE_TEXT_MAX];

	out_number(out, "read_bytes", NULL, disk->read_bytes);
	out_number(out, "written_bytes", NULL, disk->written_bytes);
	out_number(out, "discarded_bytes", NULL, disk->discarded_bytes);
	out_textf(out, NULL, "read, written", "%s, %s", size_text(a, disk->read_bytes),
		  size_text(b, disk->written_bytes));
	out_textf(out, NULL, "discarded", "%s", size_text(d, disk->discarded_bytes));
}

static void show_place(struct context *c, const struct back_ram_disk *disk)
{
	char path[PATH_MAX];

	c->back->ram->path(disk, path, sizeof(path));
	out_text(c->out, "path", "path", path);
	out_textf(c->out, "device", "device", "/dev/swornram%u", disk->index);
	out_textf(c->out, "number", NULL, "%u:%u", disk->major, disk->minor);
}

void show_disk(struct context *c, const struct back_ram_disk *disk)
{
	struct out *out = c->out;

	out_text(out, "name", NULL, disk->name);
	show_place(c, disk);
	out_bytes(out, "size_bytes", "size", disk->size_bytes);
	out_bytes(out, "sector_bytes", "sectors", disk->sector_bytes);
	show_memory(out, disk);
	out_textf(out, NULL, "access", "%s", disk->read_only ? "read-only" : "read and write");
	out_bool(out, "read_only", NULL, disk->read_only);
	out_number(out, "open_count", NULL, disk->openers);
	out_textf(out, NULL, "open", "%u times%s", disk->openers,
		  disk->deferred ? ", and removed when it no longer is" : "");
	out_bool(out, "deferred", NULL, disk->deferred);
	show_traffic(out, disk);
	out_number(out, "queues", NULL, disk->queues);
	out_number(out, "depth", NULL, disk->depth);
	out_textf(out, NULL, "queues", "%u, %u requests each", disk->queues, disk->depth);
	if (disk->node >= 0)
		out_number(out, "node", "NUMA node", (uint64_t)disk->node);
}

void show_made(struct context *c, const char *what, const struct back_ram_disk *disk)
{
	char path[PATH_MAX], size[SIZE_TEXT_MAX];

	c->back->ram->path(disk, path, sizeof(path));
	out_text(c->out, "name", NULL, disk->name);
	out_text(c->out, "path", NULL, path);
	out_textf(c->out, "device", NULL, "/dev/swornram%u", disk->index);
	out_number(c->out, "size_bytes", NULL, disk->size_bytes);
	out_number(c->out, "limit_bytes", NULL, disk->limit_bytes);
	out_say(c->out, "%s RAM disk \"%s\", %s: %s", what, disk->name,
		size_text(size, disk->size_bytes), path);
}
