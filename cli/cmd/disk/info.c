// SPDX-License-Identifier: GPL-2.0-only
/* swornadm info. */
#include <errno.h>
#include <inttypes.h>

#include "../../args/size.h"
#include "../../args/uuid.h"
#include "../../command.h"
#include "../../disk/device.h"
#include "../../disk/signature.h"
#include "../../disk/superblock.h"
#include "geometry.h"

static void put_copies(struct out *out, const struct superblock_view *view)
{
	static const char *const labels[SWORN_SB_COPIES] = {
		"first copy", "second copy" };

	out_list_begin(out, "copies", false, NULL);
	for (u32 i = 0; i < SWORN_SB_COPIES; i++) {
		const struct superblock_copy *copy = &view->copy[i];

		if (out_is_json(out)) {
			out_object_begin(out, NULL, NULL);
			out_bool(out, "sound", NULL, !copy->err);
			if (copy->err)
				out_text(out, "problem", NULL, copy->why);
			else
				out_number(out, "generation", NULL, copy->sb.generation);
			out_object_end(out);
		} else if (!copy->err && copy->sb.generation != view->best->sb.generation) {
			out_textf(out, NULL, labels[i], "sound, but older: %" PRIu64,
				  copy->sb.generation);
		} else {
			out_text(out, NULL, labels[i],
				 copy->err ? copy->why : "sound");
		}
	}
	out_list_end(out);
}

/* Those that this program does not know are shown by their bits. */
static void put_features(struct out *out, const struct sworn_superblock *sb)
{
	uint64_t unknown_ro = sb->compat_ro & ~SWORN_COMPAT_RO_KNOWN;
	bool one = sb->incompat & SWORN_INCOMPAT_ONE_DEVICE;

	if (out_is_json(out)) {
		out_object_begin(out, "features", NULL);
		out_number(out, "compat", NULL, sb->compat);
		out_number(out, "compat_ro", NULL, sb->compat_ro);
		out_number(out, "incompat", NULL, sb->incompat);
		out_object_end(out);
		return;
	}
	out_text(out, NULL, "form", one ? "one device" : "two devices");
	if (sb->compat)
		out_textf(out, NULL, "unknown features", "0x%" PRIx64, sb->compat);
	if (unknown_ro)
		out_textf(out, NULL, "features that allow reading only", "0x%" PRIx64,
			  unknown_ro);
}

static void put_view(struct out *out, const char *path,
		     const struct superblock_view *view)
{
	const struct sworn_superblock *sb = &view->best->sb;
	char uuid[UUID_TEXT_MAX];

	out_text(out, "device", "device", path);
	out_text(out, "uuid", "UUID", uuid_text(uuid, sb->uuid));
	out_number(out, "format_version", "format version", SWORN_SB_VERSION);
	out_text(out, "cipher", "cipher", sworn_cipher_name(sb->cipher));
	out_number(out, "superblock_generation", "superblock", sb->generation);
	put_features(out, sb);
	put_geometry(out, &sb->geo);
	put_copies(out, view);
}

static int nothing_here(struct context *c, const struct device *dev)
{
	char what[256];
	int err;

	err = signature_find(dev->fd, dev->path, what, sizeof(what), c->failure);
	if (err)
		return err;
	if (what[0])
		return fail(c->failure, ENODATA,
			    "device %s holds no SwornDisk superblock but %s",
			    dev->path, what);
	fail(c->failure, ENODATA, "device %s holds no SwornDisk superblock",
	     dev->path);
	return fail_hint(c->failure, "of a disk on two devices, the superblock is on the metadata device");
}

static int info_run(struct context *c)
{
	struct device dev = DEVICE_NONE;
	struct superblock_view view;
	int err;

	err = device_open(&dev, c->back, c->args[0], true, c->failure);
	if (!err) {
		err = superblock_read(dev.fd, dev.path, &view, c->failure);
		if (err == -ENODATA)
			err = nothing_here(c, &dev);
	}
	if (!err)
		put_view(c->out, dev.path, &view);
	device_close(&dev);
	return err;
}

const struct command command_info = {
	.name = "info",
	.args = "DEVICE",
	.min_args = 1,
	.max_args = 1,
	.options = (const enum option_id[]){ OPT_END },
	.help = "say what SwornDisk is on a device",
	.doc = "Show what the superblock on DEVICE (a block device or image file) says.  No key is needed; without the key nothing of it is proven."
	       "\vThe disk may be open or closed.",
	.run = info_run,
};
