// SPDX-License-Identifier: GPL-2.0-only
/* Loading modules. */
#include "kernel.h"

#include <errno.h>
#include <libkmod.h>
#include <string.h>
#include <sys/utsname.h>

static void hint_for(struct failure *f, int err, const char *module)
{
	struct utsname uts = { 0 };

	uname(&uts);
	switch (err) {
	case ENOENT:
		fail_hint(f, "it is not installed for kernel %s: see \"dkms status\", and whether the headers of this kernel are installed",
			  uts.release);
		break;
	case EKEYREJECTED:
	case ENOKEY:
		fail_hint(f, "Secure Boot wants modules signed by a known key: enrol the one of DKMS with \"mokutil --import /var/lib/dkms/mok.pub\" and start the machine again");
		break;
	case ENOEXEC:
		fail_hint(f, "it was built for another kernel than %s: build it again", uts.release);
		break;
	case EPERM:
		fail_hint(f, "the kernel lets no modules be loaded (any more)");
		break;
	default:
		fail_hint(f, "the kernel's log may say more: \"dmesg\"; by hand: \"modprobe %s\"",
			  module);
	}
}

int kmod_load(const char *module, struct failure *f)
{
	struct kmod_list *list = NULL, *item;
	struct kmod_ctx *ctx;
	int err;

	ctx = kmod_new(NULL, NULL);
	if (!ctx)
		return fail(f, ENOMEM, "out of memory");
	/* Its own log would go to standard error. */
	kmod_set_log_priority(ctx, 0);
	kmod_load_resources(ctx);
	err = kmod_module_new_from_lookup(ctx, module, &list);
	if (!err && !list)
		err = -ENOENT;
	kmod_list_foreach(item, list) {
		struct kmod_module *mod = kmod_module_get_module(item);

		err = kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);
		kmod_module_unref(mod);
		if (err)
			break;
	}
	kmod_module_unref_list(list);
	kmod_unref(ctx);
	if (!err)
		return 0;
	err = err < 0 ? -err : EIO;
	/* Not a matter of the disk's key, whatever the errno's name. */
	fail_exit(f, err, EXIT_FAILED, "module %s cannot be loaded: %s", module,
		  err == ENOENT ? "not found" : strerror(err));
	hint_for(f, err, module);
	return -err;
}
