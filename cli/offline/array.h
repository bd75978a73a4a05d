/* SPDX-License-Identifier: GPL-2.0-only */
/* Arrays that grow. */
#ifndef SWORNADM_OFFLINE_ARRAY_H
#define SWORNADM_OFFLINE_ARRAY_H

#include <stdlib.h>

#define ARRAY_ROOM_FIRST	64

/**
 * array_room() - make room for one more element
 * @array: of @nr elements of @bytes each, or NULL
 * @room: for how many there is room; changed when it is made larger
 *
 * Return: where the array is now; NULL without memory, and then it is where and
 * as it was.
 */
static inline void *array_room(void *array, size_t nr, size_t *room, size_t bytes)
{
	size_t more = *room ? 2 * *room : ARRAY_ROOM_FIRST;

	if (nr < *room)
		return array;
	array = reallocarray(array, more, bytes);
	if (array)
		*room = more;
	return array;
}

#endif /* SWORNADM_OFFLINE_ARRAY_H */
