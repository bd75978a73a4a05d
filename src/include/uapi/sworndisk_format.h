/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * On-disk format of a SwornDisk, version 1.  docs/format.md is the prose.
 *
 * Every number is little-endian.  A "block" is 4096 bytes.  Reserved fields
 * are zero and are checked to be zero.  Fields named "_start_block" count blocks
 * from the start of the area they belong to.
 */
#ifndef _UAPI_SWORNDISK_FORMAT_H
#define _UAPI_SWORNDISK_FORMAT_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <assert.h>
#endif

#define SWORN_BLOCK_SHIFT	12
#define SWORN_BLOCK_SIZE	4096U
#define SWORN_BLOCK_SECTORS	8U

#define SWORN_UUID_SIZE		16
#define SWORN_SALT_SIZE		32
#define SWORN_TAG_SIZE		16
#define SWORN_KEY_SIZE_MAX	32
#define SWORN_SHA256_SIZE	32

/* A logical or physical block number has 40 bits: 4 PiB of 4 KiB blocks. */
#define SWORN_BLOCK_NR_BITS	40
#define SWORN_BLOCK_NR_MAX	((1ULL << SWORN_BLOCK_NR_BITS) - 1)

/* The first 16 MiB of the metadata area belong to a LUKS2 header. */
#define SWORN_RESERVED_BLOCKS	4096U
/* The superblock area: 1 MiB, a copy at its start and one at its middle. */
#define SWORN_SB_AREA_BLOCKS	256U
#define SWORN_SB_COPIES		2
#define SWORN_SB_COPY_BLOCK(copy) (SWORN_RESERVED_BLOCKS + (copy) * 128U)

enum sworn_cipher {
	SWORN_CIPHER_AES_256_GCM = 1,
	SWORN_CIPHER_AES_128_GCM = 2,
	SWORN_CIPHER_CHACHA20_POLY1305 = 3,
};

#define SWORN_SB_MAGIC		"SwornDsk"
#define SWORN_SB_VERSION	1

/* incompat: whoever does not know a set bit must not open the disk. */
#define SWORN_INCOMPAT_ONE_DEVICE	(1ULL << 0)
#define SWORN_INCOMPAT_KNOWN		SWORN_INCOMPAT_ONE_DEVICE
/* compat_ro: whoever does not know a set bit may only read. */
#define SWORN_COMPAT_RO_KNOWN		0ULL

/**
 * struct sworn_disk_superblock - one block, written at format and by key or
 * size changes only.
 * @data_start_block: where data segment 0 starts, in blocks from the start of
 *	the data area
 * @wrapped_key: the volume key, sealed under a key derived from the root key
 *	and @salt; associated data is everything before it
 * @sha256: over everything before it: tells damage from a wrong key
 */
struct sworn_disk_superblock {
	__u8	magic[8];
	__le32	version;
	__le32	block_size;
	__le64	compat;
	__le64	compat_ro;
	__le64	incompat;
	__u8	uuid[SWORN_UUID_SIZE];
	__le64	generation;
	__le64	logical_blocks;
	__le64	data_area_blocks;
	__le64	meta_area_blocks;
	__le32	segment_blocks;
	__le32	cipher;
	__le64	data_start_block;
	__le64	data_segments;
	__le64	pack_start_block;
	__le64	pack_blocks;
	__le64	journal_start_block;
	__le64	journal_blocks;
	__le64	rit_start_block;
	__le64	rit_blocks;
	__le64	index_start_block;
	__le64	index_segments;
	__le32	index_segment_blocks;
	__le32	memtable_records;
	__le32	max_epochs;
	__le32	copy;
	__u8	salt[SWORN_SALT_SIZE];
	__u8	wrapped_key[SWORN_KEY_SIZE_MAX];
	__u8	wrapped_tag[SWORN_TAG_SIZE];
	__u8	reserved[3792];
	__u8	sha256[SWORN_SHA256_SIZE];
};

static_assert(sizeof(struct sworn_disk_superblock) == SWORN_BLOCK_SIZE, "");

/**
 * struct sworn_disk_record - where a logical block is and what proves it.
 * @w0: bits 63..24 LBA, 23 SETTLED, 22..8 epoch slot, 7..0 bits 39..32 of the
 *	HBA
 * @w1: bits 63..32 bits 31..0 of the HBA, 31..0 nonce counter
 * @mac: AEAD tag of the block
 *
 * Sorting by @w0 sorts by LBA.  With the epoch slot %SWORN_EPOCH_TOMBSTONE the
 * record says that LBA and the following blocks read as zeroes; the HBA field
 * is then their number (1 or more) and counter and tag are zero.
 * SETTLED, in BITs only: what the next older record of this LBA points at is
 * not referenced any more.  A tombstone of one block says so by the counter 1.
 */
struct sworn_disk_record {
	__le64	w0;
	__le64	w1;
	__u8	mac[SWORN_TAG_SIZE];
};

static_assert(sizeof(struct sworn_disk_record) == 32, "");

#define SWORN_EPOCH_TOMBSTONE	0xffffU
#define SWORN_EPOCHS_MAX	0x7f00U
#define SWORN_EPOCH_SETTLED	0x8000U

/**
 * struct sworn_disk_bit - catalog entry of a Block Index Table.
 * @run: BITs of one sorted run share it; the higher run is the newer
 * @first_lba: its records speak of blocks from here on; what they say of blocks
 *	before was taken over by another BIT of an older run (BIT_TRIM)
 * @last_lba: last block that its records speak of
 * @nr_records: as written; an estimate once it was trimmed
 * @height: levels of nodes, 1 when the root is a leaf
 * @root_block: block of the root in the index segment, always the last
 * @base_counter: node at block i of the index segment has nonce counter
 *	@base_counter + i
 */
struct sworn_disk_bit {
	__le64	id;
	__le64	run;
	__le64	first_lba;
	__le64	last_lba;
	__le32	index_segment;
	__le32	nr_blocks;
	__le32	nr_records;
	__le32	base_counter;
	__le16	epoch;
	__u8	level;
	__u8	height;
	__le32	root_block;
	__u8	root_mac[SWORN_TAG_SIZE];
	__le64	reserved;
};

static_assert(sizeof(struct sworn_disk_bit) == 80, "");

#define SWORN_NODE_MAGIC	0x54494253U	/* "SBIT" */
#define SWORN_NODE_LEAF_MAX	127U
#define SWORN_NODE_INNER_MAX	169U

/**
 * struct sworn_disk_node_header - start of a decrypted BIT node.
 * @level: 0 is a leaf
 * @nr: entries that follow: struct sworn_disk_record in a leaf, struct
 *	sworn_disk_child otherwise
 */
struct sworn_disk_node_header {
	__le32	magic;
	__le16	level;
	__le16	nr;
	__le64	bit_id;
	__le32	block;
	__le32	reserved0;
	__le64	reserved1;
};

static_assert(sizeof(struct sworn_disk_node_header) == 32, "");

/**
 * struct sworn_disk_child - reference from an inner node to a child.
 * @key: bits 63..24 first LBA of the child, 23..0 its block in the BIT
 */
struct sworn_disk_child {
	__le64	key;
	__u8	mac[SWORN_TAG_SIZE];
};

static_assert(sizeof(struct sworn_disk_child) == 24, "");

#define SWORN_JOURNAL_MAGIC	0x4c4e4a53U	/* "SJNL" */
#define SWORN_JOURNAL_PAYLOAD	4000U
#define SWORN_JOURNAL_SEALED	160U		/* payload is sealed in such steps */
#define SWORN_JF_COMMIT		(1U << 0)	/* last block of its group */
#define SWORN_JF_SESSION	(1U << 1)	/* first block under this salt */
#define SWORN_JF_KNOWN		(SWORN_JF_COMMIT | SWORN_JF_SESSION)

/**
 * struct sworn_disk_journal_block - one block of the ring.
 * @payload_bytes: bytes of @payload in use
 * @seq: number of the block; its place is @seq modulo the ring's length
 * @base_seq: @seq of the first block of its commit group
 * @salt: of the session (activation) that wrote it
 * @prev_tag: @tag of the block before
 * @tag: over the encrypted part of @payload, which is @payload_bytes rounded up
 *	to a multiple of %SWORN_JOURNAL_SEALED (the rest is zero and not
 *	looked at), with all that stands before @tag as associated data
 */
struct sworn_disk_journal_block {
	__le32	magic;
	__le32	payload_bytes;
	__le64	seq;
	__le64	base_seq;
	__le32	flags;
	__le32	reserved;
	__u8	salt[SWORN_SALT_SIZE];
	__u8	prev_tag[SWORN_TAG_SIZE];
	__u8	tag[SWORN_TAG_SIZE];
	__u8	payload[SWORN_JOURNAL_PAYLOAD];
};

static_assert(sizeof(struct sworn_disk_journal_block) == SWORN_BLOCK_SIZE, "");

/* Items in a journal payload; these numbers are part of the format. */
enum sworn_item_type {
	SWORN_ITEM_RECORDS = 1,		/* struct sworn_disk_record, any number */
	SWORN_ITEM_EPOCH = 2,		/* struct sworn_disk_epoch, one */
	SWORN_ITEM_ROTATE = 3,		/* MemTable frozen here; no body */
	SWORN_ITEM_BIT_ADD = 4,		/* struct sworn_disk_bit, any number */
	SWORN_ITEM_BIT_DEL = 5,		/* __le64 ids, any number */
	SWORN_ITEM_MINOR_DONE = 6,	/* frozen MemTable is in BITs; no body */
	SWORN_ITEM_CHECKPOINT = 7,	/* __le64 pack generation, one */
	SWORN_ITEM_DEAD = 9,		/* struct sworn_disk_extent, any number */
	SWORN_ITEM_COMMIT = 10,		/* __le64 commit id, one, last in a group */
	SWORN_ITEM_EPOCH_DROP = 11,	/* __le64 slots, any number */
	SWORN_ITEM_LIVE = 12,		/* struct sworn_disk_extent, any number */
	SWORN_ITEM_BIT_TRIM = 13,	/* struct sworn_disk_trim, any number */
	SWORN_ITEM_BESIDE = 14,		/* first in a group: see below; no body */
};

/*
 * A group that begins with BESIDE was sent at the same time as the data blocks
 * of its records.  If it is the last one it counts only if they verify.  It has
 * no more records than this.
 */
#define SWORN_BESIDE_RECORDS	256U

struct sworn_disk_item {
	__le16	type;
	__le16	reserved;
	__le32	bytes;			/* of the body that follows */
};

static_assert(sizeof(struct sworn_disk_item) == 8, "");

/**
 * struct sworn_disk_epoch - a data key.
 * @slot: its number in records, below max_epochs
 */
struct sworn_disk_epoch {
	__le16	slot;
	__le16	reserved0;
	__le32	reserved1;
	__le64	born;			/* commit id */
	__u8	key[SWORN_KEY_SIZE_MAX];
};

static_assert(sizeof(struct sworn_disk_epoch) == 48, "");

/*
 * Blocks of the data region that lie together: bits 63..24 the HBA of the
 * first, 23..0 their number (1 or more).
 */
struct sworn_disk_extent {
	__le64	start_count;
};

/* What a BIT says of blocks before @first_lba counts no more. */
struct sworn_disk_trim {
	__le64	id;
	__le64	first_lba;
	__le32	nr_records;
	__le32	reserved;
};

static_assert(sizeof(struct sworn_disk_trim) == 24, "");

/* Data Segment Table entry: 16 bytes a data segment. */
struct sworn_disk_dst_entry {
	__le64	seq;			/* of its last opening */
	__le16	valid_blocks;
	__u8	state;			/* enum sworn_segment_state */
	__u8	heat;
	__le32	mtime_s;
};

static_assert(sizeof(struct sworn_disk_dst_entry) == 16, "");

#define SWORN_SVT_BLOCKS	1024U

/**
 * struct sworn_disk_svt_entry - which blocks of a data segment are referenced.
 * @part: number of the entry among those of the segment
 * @bits: bit i of byte k: block @part * %SWORN_SVT_BLOCKS + 8 k + i
 *
 * Only of segments that are referenced in part.
 */
struct sworn_disk_svt_entry {
	__le32	segment;
	__le32	part;
	__u8	bits[SWORN_SVT_BLOCKS / 8];
};

static_assert(sizeof(struct sworn_disk_svt_entry) == 136, "");

enum sworn_segment_state {
	SWORN_SEGMENT_FREE = 0,
	SWORN_SEGMENT_USED = 1,
};

#define SWORN_PACK_MAGIC	0x4b434150534e5753ULL
#define SWORN_PACK_BODY_PAYLOAD	4080U
#define SWORN_PACK_SECTIONS_MAX	8
#define SWORN_PACKS		2

/*
 * Sections of a checkpoint pack.  The sizes of their entries divide a body
 * block's payload, so that no entry lies across two.  These numbers are part of
 * the format.
 */
enum sworn_section_type {
	SWORN_SECTION_DST = 1,		/* struct sworn_disk_dst_entry */
	SWORN_SECTION_BITC = 2,		/* struct sworn_disk_bit */
	SWORN_SECTION_KEYS = 3,		/* struct sworn_disk_epoch */
	SWORN_SECTION_SVT = 4,		/* struct sworn_disk_svt_entry */
};

struct sworn_disk_section {
	__le32	type;
	__le32	reserved;
	__le64	first_block;		/* of the body; each section begins one */
	__le64	bytes;			/* entries left out at its end are zero */
};

static_assert(sizeof(struct sworn_disk_section) == 24, "");

/**
 * struct sworn_disk_pack_state - encrypted part of a pack's header.
 * @sb_generation: of the superblock in force
 * @replay_seq: journal block to replay from
 * @replay_prev_tag: tag of the journal block before @replay_seq
 * @state_seq: the tables hold the state before this journal block; records
 *	in earlier blocks only refill the MemTable
 * @record_seq: first journal block of the group that holds the CHECKPOINT item
 *	of this pack: a replay that does not get there proves damage or rollback
 * @record_tag: tag of that group's last block
 * @commit_id: of the commit the tables belong to
 */
struct sworn_disk_pack_state {
	__le64	sb_generation;
	__le64	replay_seq;
	__le64	state_seq;
	__le64	record_seq;
	__le64	commit_id;
	__le64	next_bit_id;
	__le64	next_run;
	__le64	next_segment_seq;
	__le64	body_blocks;
	__le32	nr_sections;
	__le32	reserved0;
	__u8	replay_prev_tag[SWORN_TAG_SIZE];
	__u8	record_tag[SWORN_TAG_SIZE];
	struct sworn_disk_section sections[SWORN_PACK_SECTIONS_MAX];
	__u8	reserved[3712];
};

static_assert(sizeof(struct sworn_disk_pack_state) == 4016, "");

/**
 * struct sworn_disk_pack_header - first block of a checkpoint pack, written
 * last.
 * @tag: over the encrypted @state, with all that stands before @tag as
 *	associated data
 */
struct sworn_disk_pack_header {
	__le64	magic;
	__le64	generation;
	__u8	uuid[SWORN_UUID_SIZE];
	__u8	salt[SWORN_SALT_SIZE];
	__u8	tag[SWORN_TAG_SIZE];
	struct sworn_disk_pack_state state;
};

static_assert(sizeof(struct sworn_disk_pack_header) == SWORN_BLOCK_SIZE, "");

/* A block of a pack's body: encrypted payload and its tag. */
struct sworn_disk_pack_body {
	__u8	payload[SWORN_PACK_BODY_PAYLOAD];
	__u8	tag[SWORN_TAG_SIZE];
};

static_assert(sizeof(struct sworn_disk_pack_body) == SWORN_BLOCK_SIZE, "");

/*
 * Verify notes: how far a verification of the volume got, and what it found.
 * Two places, used in turn, in the superblock area behind its copies.
 */
#define SWORN_VERIFY_MAGIC	0x59465245564e5753ULL	/* bytes "SWNVERFY" */
#define SWORN_VERIFY_NOTES	2
#define SWORN_VERIFY_NOTE_BLOCKS	8U
#define SWORN_VERIFY_NOTE_BLOCK(place)	(SWORN_SB_COPY_BLOCK(place) + 8U)
#define SWORN_VERIFY_BAD_MAX	1000U

enum sworn_verify_phase {
	SWORN_VERIFY_IDLE,
	SWORN_VERIFY_RUNNING,
	SWORN_VERIFY_PAUSED,
	SWORN_VERIFY_DONE,
	SWORN_VERIFY_PHASES,
};

enum sworn_verify_kind {
	SWORN_VERIFY_DATA = 1,		/* data that does not verify */
	SWORN_VERIFY_DATA_UNREAD,	/* data that cannot be read */
	SWORN_VERIFY_NODE,		/* an index node that does not verify */
	SWORN_VERIFY_NODE_UNREAD,	/* one that cannot be read */
	SWORN_VERIFY_KIND_END,
};

/**
 * struct sworn_disk_verify_bad - a bad place.
 * @first_lba, @last_lba: the blocks that are bad, or that the node speaks of
 * @block: of the metadata area, where the node lies; zero for data
 */
struct sworn_disk_verify_bad {
	__le32	kind;
	__le32	reserved;
	__le64	first_lba;
	__le64	last_lba;
	__le64	block;
};

static_assert(sizeof(struct sworn_disk_verify_bad) == 32, "");

/**
 * struct sworn_disk_verify_state - sealed part of a verify note.
 * @commit_id: of the last commit when it was written
 * @next_lba: data before this was looked at
 * @next_bit: so were the nodes of BITs with a lower id
 * @end_bit: those from here on will not be; zero while data is looked at
 * @data_blocks, @nodes: how many verified
 * @errors: data blocks and nodes that did not, or could not be read
 * @unlisted: those of them for which @bad had no room
 * @started_s, @ended_s: seconds since 1970-01-01 UTC; zero: not yet
 */
struct sworn_disk_verify_state {
	__le64	commit_id;
	__le64	next_lba;
	__le64	next_bit;
	__le64	end_bit;
	__le64	data_blocks;
	__le64	nodes;
	__le64	errors;
	__le64	unlisted;
	__le64	started_s;
	__le64	ended_s;
	__le32	phase;
	__le32	nr_bad;
	__le64	reserved[5];
	struct sworn_disk_verify_bad bad[SWORN_VERIFY_BAD_MAX];
	__u8	reserved1[560];
};

static_assert(sizeof(struct sworn_disk_verify_state) == 32688, "");

/**
 * struct sworn_disk_verify_note - eight blocks, sealed as one.
 * @tag: of @state, which is encrypted; everything before is associated data
 */
struct sworn_disk_verify_note {
	__le64	magic;
	__le64	generation;
	__u8	uuid[SWORN_UUID_SIZE];
	__u8	salt[SWORN_SALT_SIZE];
	__u8	tag[SWORN_TAG_SIZE];
	struct sworn_disk_verify_state state;
};

static_assert(sizeof(struct sworn_disk_verify_note) ==
	      SWORN_VERIFY_NOTE_BLOCKS * SWORN_BLOCK_SIZE, "");

#define SWORN_RIT_LBAS		806U

/**
 * struct sworn_disk_rit_block - reverse index of (part of) a data segment.
 * @tag: over everything behind @part, which is encrypted; what stands between
 *	the tag and there is bound by the associated data
 * @segment_seq: opening of the segment that it describes
 * @part: number of the block among those of the segment
 * @lba: five bytes a block; all ones: no block
 */
struct sworn_disk_rit_block {
	__u8	tag[SWORN_TAG_SIZE];
	__le32	counter;
	__le16	epoch;
	__le16	reserved0;
	__le64	segment_seq;
	__le32	segment;
	__le32	part;
	__le64	reserved1[3];
	__u8	lba[SWORN_RIT_LBAS * 5];
	__u8	reserved2[2];
};

static_assert(sizeof(struct sworn_disk_rit_block) == SWORN_BLOCK_SIZE, "");

/* What an AEAD call protects; part of its associated data. */
enum sworn_aad_type {
	SWORN_AAD_DATA = 1,		/* a: LBA, b: HBA */
	SWORN_AAD_NODE = 2,		/* a: BIT id, b: block in the index region */
	SWORN_AAD_PACK_BODY = 3,	/* a: generation, b: block in the body */
	SWORN_AAD_RIT = 4,		/* a: segment << 32 | part, b: segment_seq */
};

struct sworn_disk_aad {
	__le32	type;
	__le32	reserved;
	__le64	a;
	__le64	b;
};

static_assert(sizeof(struct sworn_disk_aad) == 24, "");

#endif /* _UAPI_SWORNDISK_FORMAT_H */
