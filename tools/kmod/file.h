/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_KMOD_FILE_H
#define RING3_KMOD_FILE_H

#include <stddef.h>

/* size bytes from where fd is. -errno; -EINVAL: the file has less. */
int file_read(int fd, void *data, size_t size);

#endif
