/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the format room needs of its surroundings, in the kernel and in user
 * space, where the same files are built for the command line and unit tests.
 */
#ifndef SWORNDISK_FORMAT_PORT_H
#define SWORNDISK_FORMAT_PORT_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define le16_to_cpu(x)	le16toh((uint16_t)(x))
#define le32_to_cpu(x)	le32toh((uint32_t)(x))
#define le64_to_cpu(x)	le64toh((uint64_t)(x))
#define cpu_to_le16(x)	htole16((uint16_t)(x))
#define cpu_to_le32(x)	htole32((uint32_t)(x))
#define cpu_to_le64(x)	htole64((uint64_t)(x))

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

#endif /* __KERNEL__ */

#include "../../include/uapi/sworndisk_format.h"

#endif /* SWORNDISK_FORMAT_PORT_H */
