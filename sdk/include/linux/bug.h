/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <asm/bug.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>

__printf(1, 2) void __warn_printk(const char *fmt, ...);

#define BUG()                                                                                      \
	do {                                                                                       \
		_BUG_FLAGS(0);                                                                     \
		__builtin_unreachable();                                                           \
	} while (0)
#define BUG_ON(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(condition))                                                           \
			BUG();                                                                     \
	} while (0)

#define __WARN_FLAGS(flags) _BUG_FLAGS(BUGFLAG_WARNING | (flags))
#define __WARN()            __WARN_FLAGS(BUGFLAG_TAINT(TAINT_WARN))
#define __WARN_printf(taint, arg...)                                                               \
	do {                                                                                       \
		__warn_printk(arg);                                                                \
		__WARN_FLAGS(BUGFLAG_NO_CUT_HERE | BUGFLAG_TAINT(taint));                          \
	} while (0)

#define WARN_ON(condition)                                                                         \
	({                                                                                         \
		int __ret_warn_on = !!(condition);                                                 \
		if (unlikely(__ret_warn_on))                                                       \
			__WARN();                                                                  \
		unlikely(__ret_warn_on);                                                           \
	})
#define WARN_ON_ONCE(condition)                                                                    \
	({                                                                                         \
		int __ret_warn_on = !!(condition);                                                 \
		if (unlikely(__ret_warn_on))                                                       \
			__WARN_FLAGS(BUGFLAG_ONCE | BUGFLAG_TAINT(TAINT_WARN));                    \
		unlikely(__ret_warn_on);                                                           \
	})
#define WARN_TAINT(condition, taint, format...)                                                    \
	({                                                                                         \
		int __ret_warn_on = !!(condition);                                                 \
		if (unlikely(__ret_warn_on))                                                       \
			__WARN_printf(taint, format);                                              \
		unlikely(__ret_warn_on);                                                           \
	})
#define WARN(condition, format...)      WARN_TAINT(condition, TAINT_WARN, format)
#define WARN_ONCE(condition, format...) DO_ONCE_LITE_IF(condition, WARN, 1, format)
#define WARN_TAINT_ONCE(condition, taint, format...)                                               \
	DO_ONCE_LITE_IF(condition, WARN_TAINT, 1, taint, format)
#define WARN_ON_SMP(x) WARN_ON(x)
#define CHECK_DATA_CORRUPTION(condition, fmt, ...)                                                 \
	({                                                                                         \
		bool __corruption = unlikely(condition);                                           \
		if (__corruption)                                                                  \
			WARN(1, fmt, ##__VA_ARGS__);                                               \
		__corruption;                                                                      \
	})

#endif
