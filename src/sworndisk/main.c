// SPDX-License-Identifier: GPL-2.0-only
/* dm-sworndisk: init and exit. */
#include <linux/module.h>

#include "selftest/selftest.h"
#include "target/target.h"

static bool run_unittest;
module_param(run_unittest, bool, 0444);
MODULE_PARM_DESC(run_unittest, "run the self-tests at load and refuse the load when one fails (default: no)");

static int __init sworn_init(void)
{
	int err = run_unittest ? sworn_selftest() : 0;

	return err ? err : sworn_target_register();
}

static void __exit sworn_exit(void)
{
	sworn_target_unregister();
}

module_init(sworn_init);
module_exit(sworn_exit);

MODULE_DESCRIPTION("device-mapper target: log-structured, authenticated-encrypted disk on untrusted storage");
MODULE_AUTHOR("The SwornDisk authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(SWORN_VERSION);
/* how the ciphers are found when the module is in an initramfs */
MODULE_SOFTDEP("pre: aesni_intel ghash_clmulni_intel gcm hmac sha256");
