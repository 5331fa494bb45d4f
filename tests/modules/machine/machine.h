/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the machine's modules: one that does not hold fails init with its line in the log. */
#ifndef MACHINE_H
#define MACHINE_H

#include <linux/delay.h>
#include <linux/module.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			pr_err(KBUILD_MODNAME ": line %d: %s does not hold\n", __LINE__,           \
			       #condition);                                                        \
			return -EINVAL;                                                            \
		}                                                                                  \
	} while (0)

/* What others do soon, on a host that may have much else to do. */
#define CHECK_SOON(condition)                                                                      \
	do {                                                                                       \
		int soon_ = 0;                                                                     \
                                                                                                   \
		while (!(condition) && soon_++ < 1000)                                             \
			msleep(5);                                                                 \
		CHECK(condition);                                                                  \
	} while (0)

#define CHECK_MODULE(description)                                                                  \
	static int __init machine_init(void)                                                       \
	{                                                                                          \
		int error = run();                                                                 \
                                                                                                   \
		if (!error)                                                                        \
			pr_info(KBUILD_MODNAME ": ok\n");                                          \
		return error;                                                                      \
	}                                                                                          \
	static void __exit machine_exit(void)                                                      \
	{                                                                                          \
	}                                                                                          \
	module_init(machine_init);                                                                 \
	module_exit(machine_exit);                                                                 \
	MODULE_DESCRIPTION(description);                                                           \
	MODULE_LICENSE("GPL")

#endif
