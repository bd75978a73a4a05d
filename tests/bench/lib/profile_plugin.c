// SPDX-License-Identifier: GPL-2.0-only
/*
 * A QEMU plugin that counts, between two marks, the instructions that a guest
 * runs at each place of its kernel.
 *
 *   -plugin FILE,start=ADDRESS,stop=ADDRESS,out=FILE
 *
 * A mark is the address of a kernel function that nothing but the benchmark
 * calls.  At each stop the counts go to the output as a section:
 *
 *   section
 *   ADDRESS INSTRUCTIONS TIMES     a run of code without a branch, and how often
 *   user INSTRUCTIONS 0            everything outside the kernel
 *
 * QEMU's header for plugins is not packaged, so what is used of it stands here.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
enum { NO_REGISTERS };

extern void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
		void (*translated)(uint64_t id, struct qemu_plugin_tb *block));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block,
		void (*run)(unsigned int cpu, void *data), int flags, void *data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);

EXPORT int qemu_plugin_version = 4;

/* A straight run of code; translated anew, it is found again by its place. */
struct place {
	struct place *next;
	uint64_t address;
	uint64_t length;
	uint64_t times;
};

#define BUCKETS (1 << 16)
#define KERNEL (1ULL << 63)

static struct place *buckets[BUCKETS];
static uint64_t start_address, stop_address;
static int counting;
static FILE *output;

static struct place *place_of(uint64_t address, uint64_t length)
{
	struct place **bucket = &buckets[(address * 0x9e3779b97f4a7c15ULL) >> 48];
	struct place *place;

	for (place = *bucket; place; place = place->next)
		if (place->address == address && place->length == length)
			return place;
	place = calloc(1, sizeof(*place));
	if (!place)
		abort();
	place->address = address;
	place->length = length;
	place->next = *bucket;
	*bucket = place;
	return place;
}

static void each_place(void (*act)(struct place *place))
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct place *place = buckets[i]; place; place = place->next)
			act(place);
}

static void forget(struct place *place)
{
	place->times = 0;
}

static uint64_t in_user;

static void tell(struct place *place)
{
	if (place->times && place->address >= KERNEL)
		fprintf(output, "%llx %llu %llu\n", (unsigned long long)place->address,
			(unsigned long long)(place->times * place->length),
			(unsigned long long)place->times);
	else
		in_user += place->times * place->length;
}

static void run(unsigned int cpu, void *data)
{
	struct place *place = data;

	(void)cpu;
	if (place->address == start_address) {
		each_place(forget);
		counting = 1;
	} else if (place->address == stop_address && counting) {
		counting = 0;
		in_user = 0;
		fprintf(output, "section\n");
		each_place(tell);
		fprintf(output, "user %llu 0\n", (unsigned long long)in_user);
		fflush(output);
	}
	place->times += counting;
}

static void translated(uint64_t id, struct qemu_plugin_tb *block)
{
	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(block, run, NO_REGISTERS,
			place_of(qemu_plugin_tb_vaddr(block), qemu_plugin_tb_n_insns(block)));
}

EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "start=", 6))
			start_address = strtoull(argv[i] + 6, NULL, 16);
		else if (!strncmp(argv[i], "stop=", 5))
			stop_address = strtoull(argv[i] + 5, NULL, 16);
		else if (!strncmp(argv[i], "out=", 4))
			output = fopen(argv[i] + 4, "w");
	}
	if (!start_address || !stop_address || !output)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
