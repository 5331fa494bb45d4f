/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BUILD_SALT_H
#define _LINUX_BUILD_SALT_H

#define BUILD_SALT
#define BUILD_LTO_INFO

#endif
