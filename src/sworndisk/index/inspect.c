// SPDX-License-Identifier: GPL-2.0-only
/* Looking at every node of a BIT. */
#include <linux/string.h>

#include "inspect.h"

/* The BIT has gone; nothing else returns this. */
#define GONE	1

int sworn_inspector_init(struct sworn_inspector *in, struct sworn_index *ix)
{
	memset(in, 0, sizeof(*in));
	in->ix = ix;
	if (sworn_buffers_alloc(in->node, SWORN_BIT_HEIGHT_MAX))
		return -ENOMEM;
	if (!sworn_buffers_alloc(in->ahead.buf, SWORN_AHEAD_BLOCKS))
		return 0;
	sworn_inspector_exit(in);
	return -ENOMEM;
}

void sworn_inspector_exit(struct sworn_inspector *in)
{
	if (in->ahead.buf[0])
		sworn_buffers_free(in->ahead.buf, SWORN_AHEAD_BLOCKS);
	if (in->node[0])
		sworn_buffers_free(in->node, SWORN_BIT_HEIGHT_MAX);
}

static int read_node(struct sworn_inspector *in,
		     const struct sworn_node_ref *ref)
{
	void *buf = in->node[ref->level];
	int err = sworn_index_read_node(in->ix, ref, &in->ahead, buf);

	/* it may be one of those behind it that cannot be read */
	if (err && err != -EUCLEAN)
		err = sworn_index_read_node(in->ix, ref, NULL, buf);
	return err;
}

static int visit(struct sworn_inspector *in, const struct sworn_node_ref *ref,
		 u64 first, u64 last);

static int visit_children(struct sworn_inspector *in,
			  const struct sworn_node_ref *parent, u64 first,
			  u64 last)
{
	const void *node = in->node[parent->level];
	const struct sworn_disk_child *c = sworn_node_children(node);
	struct sworn_node_ref ref = {
		.bit = parent->bit,
		.level = parent->level - 1,
	};
	u32 i, nr = sworn_node_nr(node);
	int ret = 0;

	for (i = 0; !ret && i < nr; i++) {
		u64 begin = max(first, sworn_child_lba(&c[i])), end = last;

		if (i + 1 < nr)
			end = min(last, sworn_child_lba(&c[i + 1]) - 1);
		if (begin > end)
			continue;
		ref.block = sworn_child_block(&c[i]);
		memcpy(ref.mac, c[i].mac, SWORN_TAG_SIZE);
		ret = visit(in, &ref, begin, end);
	}
	return ret;
}

/* As deep as a BIT is high, which was checked when its entry was taken. */
static int visit(struct sworn_inspector *in, const struct sworn_node_ref *ref,
		 u64 first, u64 last)
{
	struct sworn_index *ix = in->ix;
	struct sworn_seen_node seen = {
		.block = sworn_index_block(ix->geo, ref->bit.index_segment,
					   ref->block),
		.first_lba = first,
		.last_lba = last,
		.err = read_node(in, ref),
	};
	int ret;

	if (seen.err) {
		if (!sworn_index_bit_is_current(ix, &ref->bit))
			return GONE;
		if (seen.err == -EUCLEAN)
			ix->on_bad_node(ix->on_bad_node_data, seen.block);
	}
	ret = in->seen(in->data, &seen);
	if (ret || seen.err || !ref->level)
		return ret;
	return visit_children(in, ref, first, last);
}

int sworn_inspect(struct sworn_inspector *in, const struct sworn_bit *bit,
		  u64 from)
{
	struct sworn_node_ref root = {
		.bit = *bit,
		.block = bit->root_block,
		.level = bit->height - 1,
	};
	int ret;

	memcpy(root.mac, bit->root_mac, SWORN_TAG_SIZE);
	/* another BIT may have had this id's place since */
	in->ahead.bit_id = 0;
	ret = visit(in, &root, from, bit->last_lba);
	return ret == GONE ? 0 : ret;
}
