// SPDX-License-Identifier: GPL-2.0-only
/* The target's lines in the kernel's log; see klog.h. */
#include "klog.h"

#include <stdio.h>
#include <string.h>

#include "include/uapi/sworndisk_target.h"

#define SENTENCES_MAX	3
#define LINE_MAX_BYTES	400

/*
 * A constructor's error comes as
 *	device-mapper: table: 254:0: sworndisk: SENTENCE (-ERRNO)
 * and what the target says by itself as
 *	device-mapper: sworndisk: DEVICE: SENTENCE
 * Returns where the sentence begins, or NULL.
 */
static const char *sentence_of(const char *line, unsigned int major,
			       unsigned int minor)
{
	static const char prefix[] = "device-mapper: ";
	static const char target[] = SWORN_TARGET_NAME ": ";
	unsigned int maj, min;
	int n = 0;

	if (strncmp(line, prefix, strlen(prefix)))
		return NULL;
	line += strlen(prefix);
	if (sscanf(line, "table: %u:%u: %n", &maj, &min, &n) == 2 && n) {
		if (maj != major || min != minor)
			return NULL;
		line += n;
	}
	if (strncmp(line, target, strlen(target)))
		return NULL;
	line += strlen(target);
	/* device-mapper's own echo of an errno that was explained before */
	if (!strncmp(line, "preresume failed", 16))
		return NULL;
	/* The caller names the device, by the name its user gave. */
	n = 0;
	if (sscanf(line, "%u:%u: %n", &maj, &min, &n) == 2 && n)
		line += n;
	return line;
}

/* Without the errno at the end: it is told in words elsewhere. */
static size_t sentence_bytes(const char *sentence)
{
	size_t n = strcspn(sentence, "\n");
	const char *errno_at = NULL;

	for (size_t i = 0; i + 3 < n; i++)
		if (!strncmp(sentence + i, " (-", 3))
			errno_at = sentence + i;
	if (errno_at && sentence[n - 1] == ')')
		n = (size_t)(errno_at - sentence);
	return n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES;
}

void klog_sentences(const char *log, unsigned int major, unsigned int minor,
		    char *text, size_t bytes)
{
	const char *found[SENTENCES_MAX];
	const char *line, *sentence, *next;
	int nr = 0;
	size_t used = 0;

	text[0] = '\0';
	for (line = log; line && *line; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : NULL;
		sentence = sentence_of(line, major, minor);
		if (!sentence)
			continue;
		if (nr == SENTENCES_MAX) {
			memmove(found, found + 1, sizeof(found) - sizeof(found[0]));
			nr--;
		}
		found[nr++] = sentence;
	}
	for (int i = 0; i < nr && used < bytes; i++)
		used += (size_t)snprintf(text + used, bytes - used, "%s%.*s",
					 i ? "; " : "",
					 (int)sentence_bytes(found[i]), found[i]);
}
