/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON_ZERO(e)                 ((int)(sizeof(struct { int : (-!!(e)); })))
#define BUILD_BUG_ON_INVALID(e)              ((void)(sizeof((__force long)(e))))
#define BUILD_BUG_ON_MSG(condition, message) compiletime_assert(!(condition), message)
#define BUILD_BUG_ON(condition)              BUILD_BUG_ON_MSG(condition, "BUILD_BUG_ON failed: " #condition)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)       BUILD_BUG_ON((n) == 0 || (((n) & ((n)-1)) != 0))
#define BUILD_BUG()                          BUILD_BUG_ON_MSG(1, "BUILD_BUG failed")
#define static_assert(expression, ...) __static_assert(expression, ##__VA_ARGS__, #expression)
#define __static_assert(expression, message, ...) _Static_assert(expression, message)

#endif
