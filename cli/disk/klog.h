/* SPDX-License-Identifier: GPL-2.0-only */
/* What the target wrote to the kernel's log. */
#ifndef SWORNADM_DISK_KLOG_H
#define SWORNADM_DISK_KLOG_H

#include <stddef.h>

/**
 * klog_sentences() - the target's sentences in a piece of log
 * @log: lines; may be NULL
 * @major: @minor: of the device; what was said of other devices is left out
 * @text: the last few sentences, joined by "; "
 */
void klog_sentences(const char *log, unsigned int major, unsigned int minor,
		    char *text, size_t bytes);

#endif /* SWORNADM_DISK_KLOG_H */
