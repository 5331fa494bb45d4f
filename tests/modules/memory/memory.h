/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the memory modules: one that does not hold fails init with its line in the log. */
#ifndef MEMORY_H
#define MEMORY_H

#include <linux/module.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			pr_err(KBUILD_MODNAME ": line %d: %s does not hold\n", __LINE__,           \
			       #condition);                                                        \
			return -EINVAL;                                                            \
		}                                                                                  \
	} while (0)

#define CHECK_MODULE(description)                                                                  \
	static int __init memory_init(void)                                                        \
	{                                                                                          \
		int error = run();                                                                 \
                                                                                                   \
		if (!error)                                                                        \
			pr_info(KBUILD_MODNAME ": ok\n");                                          \
		return error;                                                                      \
	}                                                                                          \
	static void __exit memory_exit(void)                                                       \
	{                                                                                          \
	}                                                                                          \
	module_init(memory_init);                                                                  \
	module_exit(memory_exit);                                                                  \
	MODULE_DESCRIPTION(description);                                                           \
	MODULE_LICENSE("GPL")

#endif
