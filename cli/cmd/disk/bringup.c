// SPDX-License-Identifier: GPL-2.0-only
/* What create and open have in common; see bringup.h. */
#include "bringup.h"

#include <stdio.h>

#include "../../args/name.h"
#include "../../disk/find.h"
#include "../../hold.h"
#include "../../out/progress.h"

int bringup_run(struct bringup *b, int (*steps)(void *arg), void *arg)
{
	struct context *c = b->c;
	sigset_t old;
	int err;

	err = name_check(b->name, c->failure);
	if (!err)
		err = key_check_options(&c->options, c->failure);
	if (!err)
		err = c->back->prepare(true, c->failure);
	if (!err)
		err = find_name_free(c->back, b->name, c->failure);
	if (err)
		return err;
	signals_hold(&old);
	err = steps(arg);
	key_drop(&b->key, c->back);
	device_close(&b->meta);
	device_close(&b->data);
	signals_release(&old);
	return err;
}

int bringup_idle(struct bringup *b)
{
	int err = device_idle(&b->data, b->c->back, b->c->failure);

	if (!err && b->meta_path)
		err = device_idle(&b->meta, b->c->back, b->c->failure);
	return err;
}

static int attach(struct bringup *b)
{
	int err = device_attach(&b->data, b->c->back, b->c->failure);

	if (!err && b->meta_path)
		err = device_attach(&b->meta, b->c->back, b->c->failure);
	return err;
}

static const char *meta_node(const struct bringup *b)
{
	return b->meta_path ? b->meta.node : b->data.node;
}

static int bring_up(struct bringup *b, struct activation *a,
		    struct table_request *t, const char *what)
{
	char text[160], on[2 * PATH_MAX];
	int err;

	snprintf(on, sizeof(on), "%s%s%s", b->data_path,
		 b->meta_path ? " and " : "", b->meta_path ? b->meta_path : "");
	t->data = b->data.node;
	t->meta = meta_node(b);
	t->key = b->key.word;
	t->cache_bytes = b->c->options.cache_bytes;
	t->heads = b->c->options.heads;
	a->name = b->name;
	a->on = on;
	a->table = t;
	snprintf(text, sizeof(text), "%s %s", what, b->name);
	progress_start(text);
	err = activate(b->c->back, a, b->c->failure);
	progress_stop();
	return err;
}

int bringup_activate(struct bringup *b, struct activation *a,
		     struct table_request *t, const char *what)
{
	struct context *c = b->c;
	char uuid[UUID_TEXT_MAX];
	int err;

	err = key_load(&b->key, &c->options, c->failure);
	if (!err && b->key.remark)
		out_warn(c->out, "%s", b->key.remark);
	if (!err)
		err = attach(b);
	if (!err)
		err = key_install(&b->key, c->back, uuid_text(uuid, a->uuid),
				  c->failure);
	return err ? err : bring_up(b, a, t, what);
}

void bringup_report(struct bringup *b, const uint8_t uuid[UUID_BYTES],
		    uint64_t bytes)
{
	struct out *out = b->c->out;
	char text[UUID_TEXT_MAX];

	out_text(out, "name", NULL, b->name);
	out_textf(out, "device", NULL, "/dev/mapper/%s", b->name);
	out_text(out, "uuid", NULL, uuid_text(text, uuid));
	out_bytes(out, "capacity_bytes", NULL, bytes);
	out_text(out, "data_device", NULL, b->data.node);
	out_text(out, "meta_device", NULL, meta_node(b));
}
