/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing Block Index Tables from a sorted stream of records. */
#ifndef SWORNDISK_INDEX_BIT_WRITER_H
#define SWORNDISK_INDEX_BIT_WRITER_H

#include "index.h"

/**
 * struct sworn_bit_writer - writes one run, as one BIT or several
 * @node: the node under construction of each level
 * @nr: entries in it
 * @emitted: nodes of that level that the BIT has so far
 * @keep: index segments that it leaves alone
 * @out: encrypted nodes that wait to be written, the first at block @out_first
 */
struct sworn_bit_writer {
	struct sworn_index *ix;
	struct sworn_cryptor *cryptor;
	struct sworn_epoch *epoch;
	struct sworn_bit *bits;
	u32 nr_bits;
	u32 max_bits;
	u32 max_leaves;
	u32 keep;
	bool open;
	struct sworn_bit bit;
	u32 next_block;
	void *node[SWORN_BIT_HEIGHT_MAX];
	u32 nr[SWORN_BIT_HEIGHT_MAX];
	u32 emitted[SWORN_BIT_HEIGHT_MAX];
	void *out[SWORN_IO_BLOCKS];
	u32 nr_out;
	u32 out_first;
	atomic64_t blocks_written;
};

struct sworn_bit_writer *sworn_bit_writer_create(struct sworn_index *ix,
						 size_t cryptor_bytes);
void sworn_bit_writer_destroy(struct sworn_bit_writer *w);

/* Begin a run; @bits receives its BITs. */
void sworn_bit_writer_begin(struct sworn_bit_writer *w, u64 run, u8 level,
			    struct sworn_bit *bits, u32 max_bits);

/* Records come in LBA order and do not overlap. */
int sworn_bit_writer_add(struct sworn_bit_writer *w,
			 const struct sworn_disk_record *rec);

/* Records that it takes before it has to begin a BIT more than it may. */
u64 sworn_bit_writer_room(const struct sworn_bit_writer *w);

/* The last node is on the device (not flushed) when it returns 0. */
int sworn_bit_writer_finish(struct sworn_bit_writer *w);

/* After an error: give the index segments back. */
void sworn_bit_writer_abort(struct sworn_bit_writer *w);

#endif /* SWORNDISK_INDEX_BIT_WRITER_H */
