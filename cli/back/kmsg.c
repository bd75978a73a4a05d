// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's log from a certain moment on.  A constructor has only an errno
 * to return; its sentence goes to the log.
 */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int kmsg_fd = -1;

void kmsg_mark(void)
{
	if (kmsg_fd < 0)
		kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg_fd >= 0)
		lseek(kmsg_fd, 0, SEEK_END);
}

char *kmsg_read(void)
{
	char record[8192], *text = NULL, *message;
	size_t bytes = 0;
	ssize_t n;
	FILE *out;

	if (kmsg_fd < 0)
		return NULL;
	out = open_memstream(&text, &bytes);
	if (!out)
		return NULL;
	for (;;) {
		n = read(kmsg_fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;	/* older records were overwritten */
		if (n <= 0)
			break;
		record[n] = '\0';
		/* "level,number,time,flags;message\n", then lines of context */
		message = strchr(record, ';');
		if (!message)
			continue;
		message++;
		message[strcspn(message, "\n")] = '\0';
		fprintf(out, "%s\n", message);
	}
	fclose(out);
	return text;
}
