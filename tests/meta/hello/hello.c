// SPDX-License-Identifier: GPL-2.0-only
/* The smallest module there is: proves that what the lab builds, it can load. */
#include <linux/module.h>

static int __init hello_init(void)
{
	pr_info("hello from a module built here\n");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
	pr_info("goodbye\n");
}
module_exit(hello_exit);

MODULE_DESCRIPTION("Self-test of the lab");
MODULE_LICENSE("GPL");
