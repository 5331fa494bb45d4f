/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _GENERATED_UAPI_LINUX_VERSION_H
#define _GENERATED_UAPI_LINUX_VERSION_H

#define LINUX_VERSION_CODE       393472
#define KERNEL_VERSION(a, b, c)  (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#define LINUX_VERSION_MAJOR      6
#define LINUX_VERSION_PATCHLEVEL 1
#define LINUX_VERSION_SUBLEVEL   0

#endif
