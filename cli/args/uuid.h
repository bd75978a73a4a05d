/* SPDX-License-Identifier: GPL-2.0-only */
/* UUIDs. */
#ifndef SWORNADM_ARGS_UUID_H
#define SWORNADM_ARGS_UUID_H

#include <stdint.h>

#define UUID_BYTES	16
#define UUID_TEXT_MAX	37

/* Text in the usual form to bytes; 0 or -EINVAL. */
int uuid_parse(const char *text, uint8_t uuid[UUID_BYTES]);

/* Bytes to text in the usual form; returns @buf. */
const char *uuid_text(char buf[UUID_TEXT_MAX], const uint8_t uuid[UUID_BYTES]);

/* A new random UUID; 0 or a negative errno. */
int uuid_random(uint8_t uuid[UUID_BYTES]);

#endif /* SWORNADM_ARGS_UUID_H */
