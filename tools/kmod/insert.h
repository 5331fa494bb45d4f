/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hand a module file to the kernel. */
#ifndef RING3_KMOD_INSERT_H
#define RING3_KMOD_INSERT_H

#define INSERT_FORCE_VERSIONS 1u /* whatever CRCs the module wants */
#define INSERT_FORCE_VERMAGIC 2u

/*
 * finit_module(2); where the kernel lacks it, or cannot expand what the file is
 * compressed with, init_module(2). parameters may be "". -errno.
 */
int insert_module(const char *path, const char *parameters, unsigned int flags);

#endif
