// SPDX-License-Identifier: GPL-2.0-only
/* Does a device type's devnode get a const device? (6.3) */
#include <linux/device.h>

extern const struct device_type sworn_probe_type;

static char *sworn_probe_devnode(const struct device *dev, umode_t *mode, kuid_t *uid, kgid_t *gid)
{
	return NULL;
}

const struct device_type sworn_probe_type = {
	.devnode = sworn_probe_devnode,
};
