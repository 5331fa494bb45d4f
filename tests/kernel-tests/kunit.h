/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included first where Linux's KUnit and its tests are compiled as modules of
 * a kernel that was configured without it: Debian's. There struct module and
 * task_struct have no members for it, and the loader finds no suites; so a
 * module's suites are run by its init, as KUnit did before 6.0.
 */
#include <linux/module.h>
#include <linux/sched.h>

/* On, from here on: those structures are what the kernel has. */
#define CONFIG_KUNIT_MODULE          1
#define CONFIG_KUNIT_DEFAULT_ENABLED 1

#ifdef KUNIT_CORE
/* A pointer that belongs to filesystems. */
#define kunit_test       journal_info
/* No suites for the notifier. */
#define num_kunit_suites state * 0
#define kunit_suites     args ? NULL : NULL
#endif

#include <kunit/test.h>

#undef __kunit_test_suites
#define __kunit_test_suites(suites, ...)                                                           \
	static struct kunit_suite *suites[] = {__VA_ARGS__};                                       \
	static int __init run_suites(void)                                                         \
	{                                                                                          \
		return __kunit_test_suites_init(suites, ARRAY_SIZE(suites));                       \
	}                                                                                          \
	module_init(run_suites);                                                                   \
	static void __exit end_suites(void)                                                        \
	{                                                                                          \
		__kunit_test_suites_exit(suites, ARRAY_SIZE(suites));                              \
	}                                                                                          \
	module_exit(end_suites)
