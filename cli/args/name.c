// SPDX-License-Identifier: GPL-2.0-only
/* Names of disks; see name.h. */
#include "name.h"

#include <errno.h>
#include <string.h>

static const char allowed[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#+-.:=@_";

int name_check(const char *name, struct failure *f)
{
	size_t good = strspn(name, allowed);

	if (!*name)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "NAME is empty: expected a name such as \"vault\"");
	if (name[good]) {
		fail_exit(f, EINVAL, EXIT_USAGE,
			  "NAME \"%s\": \"%c\" is not allowed in a name, only letters, digits and #+-.:=@_",
			  name, name[good]);
		if (name[good] == '/')
			fail_hint(f, "give the name alone: the device appears as /dev/mapper/NAME");
		return -EINVAL;
	}
	if (strlen(name) > NAME_MAX_CHARS)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "NAME \"%s\" has %zu characters: expected at most %d",
				 name, strlen(name), NAME_MAX_CHARS);
	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, "control"))
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "NAME \"%s\" is taken in /dev/mapper: expected another",
				 name);
	return 0;
}
