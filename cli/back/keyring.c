// SPDX-License-Identifier: GPL-2.0-only
/*
 * Root keys on their way into the kernel.
 *
 * The thread keyring is searched by a request_key() made in this thread's
 * system calls and by nobody else's, and it goes with the thread.
 */
#include "kernel.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int keyring_add(const char *description, const void *key, size_t bytes,
		int32_t *id, struct failure *f)
{
	long ret = syscall(SYS_add_key, "logon", description, key, bytes,
			   KEY_SPEC_THREAD_KEYRING);

	if (ret < 0) {
		int err = errno;

		fail(f, err, "the kernel's keyring does not take the root key: %s",
		     strerror(err));
		if (err == ENOSYS)
			fail_hint(f, "the kernel is built without CONFIG_KEYS");
		else if (err == EDQUOT)
			fail_hint(f, "the quota of root's keys is used up: see /proc/key-users and /proc/sys/kernel/keys");
		return -err;
	}
	*id = (int32_t)ret;
	return 0;
}

ssize_t keyring_read(const char *type, const char *description, void *key,
		     size_t room)
{
	long id = syscall(SYS_request_key, type, description, NULL, 0), bytes;

	if (id < 0)
		return -errno;
	bytes = syscall(SYS_keyctl, KEYCTL_READ, id, key, room);
	return bytes < 0 ? -errno : bytes;
}

void keyring_drop(int32_t id)
{
	syscall(SYS_keyctl, KEYCTL_REVOKE, id);
	syscall(SYS_keyctl, KEYCTL_UNLINK, id, KEY_SPEC_THREAD_KEYRING);
}
