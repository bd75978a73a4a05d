// SPDX-License-Identifier: GPL-2.0-only
/* Mailboxes in words; see show.h. */
#include "show.h"

/* An unlock step that waits is what one looks for. */
static void show_state(struct out *out, const struct back_mbox *box)
{
	out_text(out, "state", NULL, box->state);
	out_number(out, "waiting", NULL, box->waiting);
	if (box->waiting)
		out_textf(out, NULL, "STATE", "%s, %u waiting", box->state, box->waiting);
	else
		out_text(out, NULL, "STATE", box->state);
}

void show_mbox(struct context *c, const struct back_mbox *box)
{
	struct out *out = c->out;

	out_text(out, "name", "NAME", box->name);
	out_text(out, "kind", NULL, box->kind);
	out_textf(out, NULL, "KIND", "%s%s", box->kind, box->once ? ", once" : "");
	out_bool(out, "once", NULL, box->once);
	show_state(out, box);
	out_bytes(out, "size_bytes", "SIZE", box->size_bytes);
	out_number(out, "timeout_ms", NULL, box->timeout_ms);
	if (box->timeout_ms)
		out_textf(out, NULL, "TIMEOUT", "%u s", (box->timeout_ms + 999) / 1000);
	else
		out_text(out, NULL, "TIMEOUT", "-");
	out_number(out, "uid", NULL, box->uid);
	out_number(out, "gid", NULL, box->gid);
	out_textf(out, NULL, "OWNER", "%u:%u", box->uid, box->gid);
	out_textf(out, "mode", "MODE", "%04o", box->mode);
	out_number(out, "open_count", NULL, box->openers);
	out_number(out, "written", NULL, box->written);
	out_number(out, "taken", NULL, box->taken);
	out_number(out, "expired", NULL, box->expired);
	out_textf(out, "number", NULL, "%u:%u", box->major, box->minor);
	out_textf(out, "path", "PATH", "/dev/sworn/mbox-%s", box->name);
}
