// SPDX-License-Identifier: GPL-2.0-only
/* What an open disk lies on; see places.h. */
#include "places.h"

void put_places(struct out *out, const struct open_disk *disk,
		const char *data_label, const char *meta_label,
		const char *same)
{
	char text[PLACE_TEXT_MAX];

	out_text(out, "data_device", NULL, disk->data.node);
	out_text(out, "meta_device", NULL, disk->meta.node);
	if (disk->data.file[0])
		out_text(out, "data_file", NULL, disk->data.file);
	if (disk->meta.file[0])
		out_text(out, "meta_file", NULL, disk->meta.file);
	out_text(out, NULL, data_label, place_text(text, &disk->data));
	out_text(out, NULL, meta_label, disk->one_device ? same :
		 place_text(text, &disk->meta));
}
