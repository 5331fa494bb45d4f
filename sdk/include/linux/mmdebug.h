/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MMDEBUG_H
#define _LINUX_MMDEBUG_H

#include <linux/bug.h>

#define VM_BUG_ON(condition)       BUILD_BUG_ON_INVALID(condition)
#define VM_WARN_ON(condition)      BUILD_BUG_ON_INVALID(condition)
#define VM_WARN_ON_ONCE(condition) BUILD_BUG_ON_INVALID(condition)

#endif
