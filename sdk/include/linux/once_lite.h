/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_ONCE_LITE_H
#define _LINUX_ONCE_LITE_H

/* Run func(args) the first time that the condition holds; the value is the condition. */
#define DO_ONCE_LITE(func, ...) DO_ONCE_LITE_IF(true, func, ##__VA_ARGS__)
#define DO_ONCE_LITE_IF(condition, func, ...)                                                      \
	({                                                                                         \
		static bool __section(".data.once") __already_done;                                \
		bool __once_condition = !!(condition);                                             \
		if (unlikely(__once_condition && !__already_done)) {                               \
			__already_done = true;                                                     \
			func(__VA_ARGS__);                                                         \
		}                                                                                  \
		unlikely(__once_condition);                                                        \
	})

#endif
