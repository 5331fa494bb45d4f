/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel logs while it loads a module: /dev/kmsg. */
#ifndef RING3_KMOD_KERNEL_LOG_H
#define RING3_KMOD_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* From now on. -1: it cannot be read; that is no error. */
int kernel_log_open(void);
void kernel_log_close(int log);

/*
 * The first line since kernel_log_open() that begins with "MODULE: " and tells
 * of something wrong, without that. false: there is none.
 */
bool kernel_log_find(int log, const char *module, char *text, size_t size);

#endif
