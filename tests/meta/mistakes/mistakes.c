// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes, when it is loaded, the mistake that its parameter names: proves that
 * the debug kernel sees what it is there to see.
 */
#include <linux/delay.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *make = "none";
module_param(make, charp, 0400);

/* What the compiler cannot know. */
static volatile int hidden_number = 100;

static void none(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	kfree(p);
}

static void read_past_the_end(void)
{
	volatile char *p = kmalloc(100, GFP_KERNEL);

	if (p)
		pr_info("%d\n", p[hidden_number]);
	kfree((void *)p);
}

static void read_after_freeing(void)
{
	volatile char *p = kmalloc(100, GFP_KERNEL);

	kfree((void *)p);
	if (p)
		pr_info("%d\n", p[hidden_number - 50]);
}

static void forget_memory(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	pr_info("%d\n", !p);
}

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

static void turn_locks_round(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);
	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

static void sleep_under_a_spinlock(void)
{
	spin_lock(&first);
	msleep(1);
	spin_unlock(&first);
}

static void wait_for_memory_under_a_spinlock(void)
{
	spin_lock(&first);
	kfree(kmalloc(hidden_number, GFP_KERNEL));
	spin_unlock(&first);
}

static void shift_too_far(void)
{
	pr_info("%d\n", 1 << hidden_number);
}

static void add_twice(void)
{
	static LIST_HEAD(list);
	static struct list_head item;

	list_add(&item, &list);
	list_add(&item, &list);
}

static const struct {
	const char *name;
	void (*make)(void);
} mistakes[] = {
#define MISTAKE(name) { #name, name }
	MISTAKE(none),
	MISTAKE(read_past_the_end),
	MISTAKE(read_after_freeing),
	MISTAKE(forget_memory),
	MISTAKE(turn_locks_round),
	MISTAKE(sleep_under_a_spinlock),
	MISTAKE(wait_for_memory_under_a_spinlock),
	MISTAKE(shift_too_far),
	MISTAKE(add_twice),
};

static int __init mistakes_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (!strcmp(mistakes[i].name, make)) {
			mistakes[i].make();
			return 0;
		}
	}
	return -EINVAL;
}
module_init(mistakes_init);

static void __exit mistakes_exit(void)
{
}
module_exit(mistakes_exit);

MODULE_DESCRIPTION("Self-test of the debug kernel");
MODULE_LICENSE("GPL");
