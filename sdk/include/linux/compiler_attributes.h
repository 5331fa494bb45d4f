/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_COMPILER_ATTRIBUTES_H
#define _LINUX_COMPILER_ATTRIBUTES_H

#include <linux/compiler_types.h>

#endif
