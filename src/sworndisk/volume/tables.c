// SPDX-License-Identifier: GPL-2.0-only
/* Memory of an active volume: made at activation, freed with the engine. */
#include <linux/cpumask.h>
#include <linux/slab.h>

#include "io.h"

#define UNITS_PER_HEAD		4U
#define UNITS_EXTRA		12U
/* free segments that are for moving data, not for new data */
#define KEEP_FREE		2U
#define CACHE_BYTES_MIN		(4ULL << 20)
#define CACHE_BYTES_MAX		(64ULL << 20)
#define READ_CLONES		64
#define BOUNCE_BUFFERS		2
/* the journal's, the packs', two BIT writers', and what pools keep */
#define BUFFERS			(4ULL * SWORN_IO_BLOCKS + 128)

/* Heads take a segment each: small volumes and machines have fewer. */
static u32 default_heads(const struct sworn_volume *vol)
{
	u64 by_size = vol->geo->data_segments / 16;
	u32 n = min_t(u64, num_online_cpus(), by_size);

	return clamp(n, 1U, 4U);
}

/* A 128th of the logical size: the index of half of it, roughly. */
static u64 default_cache(const struct sworn_volume *vol)
{
	return clamp((vol->geo->logical_blocks << SWORN_BLOCK_SHIFT) / 128,
		     CACHE_BYTES_MIN, CACHE_BYTES_MAX);
}

static void on_write_error(void *data)
{
	sworn_volume_set_mode(data, SWORN_RO, "a data write failed");
}

static void on_bad_node(void *data, u64 block)
{
	struct sworn_volume *vol = data;

	sworn_err_limited(vol, "index block %llu of the metadata device does not verify",
			  block);
	sworn_count(vol, SWORN_COUNT_INTEGRITY_FAILURES, 1);
	vol->needs_check = true;
	sworn_volume_event(vol, SWORN_EVENT_CORRUPTION);
	sworn_volume_set_mode(vol, SWORN_RO, "index damaged");
}

/* Writers wait for upkeep, or will soon. */
static bool in_a_hurry(void *data)
{
	struct sworn_volume *vol = data;

	return sworn_tables_want_rotation(&vol->index.tables) ||
	       READ_ONCE(vol->space_wanted) || sworn_idle_over(vol);
}

static int alloc_queues(struct sworn_volume *vol)
{
	vol->commit_wq = alloc_workqueue("sworn_commit",
					 WQ_MEM_RECLAIM | WQ_HIGHPRI, 1);
	vol->maint_wq = alloc_workqueue("sworn_maint",
					WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	vol->read_wq = alloc_workqueue("sworn_reader",
				       WQ_MEM_RECLAIM | WQ_HIGHPRI, 0);
	vol->decrypt_wq = alloc_workqueue("sworn_decrypt",
					  WQ_MEM_RECLAIM | WQ_HIGHPRI, 0);
	return vol->commit_wq && vol->maint_wq && vol->read_wq &&
	       vol->decrypt_wq ? 0 : -ENOMEM;
}

static int alloc_heads(struct sworn_volume *vol)
{
	u32 i, n = vol->params.heads ? vol->params.heads : default_heads(vol);
	int err;

	/* each holds a segment */
	n = min_t(u64, n, max(vol->geo->data_segments / 16, 1ULL));
	n = min_t(u32, n, SWORN_HEADS_MAX);
	err = sworn_units_init(&vol->units, UNITS_PER_HEAD * n + UNITS_EXTRA,
			       &vol->data, vol->geo->data_start_block);
	if (err)
		return err;
	vol->units.on_error = on_write_error;
	vol->units.on_error_data = vol;
	for (i = 0; i < n; i++)
		sworn_head_init(&vol->heads[i], &vol->segments, &vol->units,
				KEEP_FREE, true);
	vol->nr_heads = n;
	return 0;
}

static int alloc_index(struct sworn_volume *vol)
{
	int err;

	if (!vol->params.cache_bytes)
		vol->params.cache_bytes = default_cache(vol);
	err = sworn_index_init(&vol->index, vol->geo, &vol->meta, &vol->epochs,
			       vol->params.cache_bytes, vol->cryptor_bytes);
	if (err)
		return err;
	vol->index.on_bad_node = on_bad_node;
	vol->index.on_bad_node_data = vol;
	err = sworn_minor_init(&vol->minor, &vol->index, vol->cryptor_bytes);
	if (err)
		return err;
	err = sworn_compact_init(&vol->compact, &vol->index,
				 vol->cryptor_bytes);
	if (err)
		return err;
	vol->compact.wanted = sworn_mover_wanted;
	vol->compact.mover = sworn_mover_move;
	vol->compact.moves = sworn_mover_moves;
	vol->compact.mover_data = &vol->mover;
	vol->compact.hurry = in_a_hurry;
	vol->compact.hurry_data = vol;
	return sworn_mover_init(&vol->mover, &vol->data,
				vol->geo->data_start_block, &vol->epochs,
				&vol->segments, &vol->units,
				vol->cryptor_bytes);
}

void sworn_volume_set_cache(struct sworn_volume *vol, u64 bytes)
{
	WRITE_ONCE(vol->params.cache_bytes, bytes);
	sworn_cache_set_limit(&vol->index.cache, bytes);
}

int sworn_volume_alloc(struct sworn_volume *vol)
{
	const struct sworn_geometry *geo = vol->geo;
	u32 cipher = vol->super.sb.cipher;
	int err;

	err = sworn_kdf_init(&vol->kdf, vol->super.volume_key,
			     SWORN_KEY_SIZE_MAX, vol->super.sb.uuid);
	if (!err)
		err = alloc_queues(vol);
	if (!err)
		err = sworn_epochs_init(&vol->epochs, cipher, geo->max_epochs,
					vol->cryptor_bytes);
	if (!err)
		err = sworn_journal_init(&vol->journal, &vol->meta, &vol->kdf,
					 cipher, geo->journal_start_block,
					 geo->journal_blocks);
	if (!err)
		err = sworn_packs_init(&vol->packs, &vol->meta, &vol->kdf,
				       cipher, geo);
	if (!err)
		err = sworn_segments_init(&vol->segments, geo->data_segments,
					  geo->segment_blocks);
	if (!err)
		err = alloc_heads(vol);
	if (!err)
		err = alloc_index(vol);
	if (!err)
		err = bioset_init(&vol->read_bios, READ_CLONES,
				  sworn_run_bytes(vol->cryptor_bytes), 0);
	if (!err)
		err = mempool_init_kmalloc_pool(&vol->bounce, BOUNCE_BUFFERS,
						SWORN_BLOCK_SIZE);
	if (!err)
		err = sworn_verify_init(vol);
	if (err)
		sworn_volume_free(vol);
	return err;
}

static void free_queue(struct workqueue_struct **wq)
{
	if (*wq)
		destroy_workqueue(*wq);
	*wq = NULL;
}

/* Harmless on what was never made; queues first, for work uses the rest. */
void sworn_volume_free(struct sworn_volume *vol)
{
	sworn_verify_exit(vol);
	free_queue(&vol->read_wq);
	free_queue(&vol->decrypt_wq);
	free_queue(&vol->commit_wq);
	free_queue(&vol->maint_wq);
	mempool_exit(&vol->bounce);
	bioset_exit(&vol->read_bios);
	sworn_mover_exit(&vol->mover);
	sworn_compact_exit(&vol->compact);
	sworn_minor_exit(&vol->minor);
	sworn_index_exit(&vol->index);
	sworn_units_exit(&vol->units);
	sworn_segments_exit(&vol->segments);
	sworn_packs_exit(&vol->packs);
	sworn_journal_exit(&vol->journal);
	sworn_epochs_exit(&vol->epochs);
	sworn_kdf_exit(&vol->kdf);
}

void sworn_volume_counters(const struct sworn_volume *vol,
			   struct sworn_counters *sum)
{
	int cpu;
	u32 i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct sworn_counters *c = per_cpu_ptr(vol->count, cpu);

		for (i = 0; i < SWORN_COUNTS; i++)
			sum->n[i] += READ_ONCE(c->n[i]);
	}
}

u64 sworn_volume_memory(struct sworn_volume *vol)
{
	const struct sworn_geometry *geo = vol->geo;

	if (!vol->active)
		return sizeof(*vol);
	return sizeof(*vol) +
	       sworn_segments_bytes(&vol->segments) +
	       (u64)vol->units.nr * SWORN_UNIT_BLOCKS * SWORN_BLOCK_SIZE +
	       sworn_tables_bytes(geo->memtable_records) +
	       (u64)geo->memtable_records * (2 * sizeof(u32) +
					     sizeof(struct sworn_extent)) +
	       sworn_catalog_bytes(geo) +
	       READ_ONCE(vol->index.cache.nr) * SWORN_NODE_BYTES +
	       (sizeof(struct hlist_head) << vol->index.cache.hash_bits) +
	       sworn_watch_bytes(&vol->watch) +
	       sworn_compact_bytes(&vol->compact) + sworn_mover_bytes(&vol->mover) +
	       sworn_verify_bytes() +
	       BUFFERS * SWORN_BLOCK_SIZE +
	       geo->max_epochs * sizeof(void *) +
	       (u64)atomic_read(&vol->index.tables.nr_staged) *
	       sizeof(struct sworn_staged);
}
