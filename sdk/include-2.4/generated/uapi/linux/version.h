/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _GENERATED_UAPI_LINUX_VERSION_H
#define _GENERATED_UAPI_LINUX_VERSION_H

#define LINUX_VERSION_CODE      KERNEL_VERSION(2, 4, 37)
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))

#endif
