/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H

/*
 * The configuration of the builtin kernel, and the tests on it. Every
 * compilation includes this file first (see sdk/flags).
 */

#define CONFIG_RING3_BUILTIN                 1
#define CONFIG_64BIT                         1
#define CONFIG_X86                           1
#define CONFIG_X86_64                        1
#define CONFIG_MMU                           1
#define CONFIG_SMP                           1
#define CONFIG_NR_CPUS                       64
#define CONFIG_HZ                            250
#define CONFIG_HZ_250                        1
#define CONFIG_PREEMPT_BUILD                 1
#define CONFIG_PREEMPT_COUNT                 1
#define CONFIG_PRINTK                        1
#define CONFIG_BUG                           1
#define CONFIG_GENERIC_BUG                   1
#define CONFIG_GENERIC_BUG_RELATIVE_POINTERS 1
#define CONFIG_DEBUG_BUGVERBOSE              1
#define CONFIG_KALLSYMS                      1
#define CONFIG_KALLSYMS_ALL                  1
#define CONFIG_JUMP_LABEL                    1
#define CONFIG_SYSFS                         1
#define CONFIG_MODULES                       1
#define CONFIG_MODULE_UNLOAD                 1
#define CONFIG_MODULE_FORCE_LOAD             1
#define CONFIG_MODULE_FORCE_UNLOAD           1
#define CONFIG_MODVERSIONS                   1
#define CONFIG_HAVE_ARCH_PREL32_RELOCATIONS  1
#define CONFIG_ARCH_HAS_COPY_MC              0
#undef CONFIG_ARCH_HAS_COPY_MC
#define CONFIG_PAGE_SHIFT                  12
#define CONFIG_CC_HAS_ASM_GOTO             1
#define CONFIG_LITTLE_ENDIAN               1

#define __LITTLE_ENDIAN                    1234

/*
 * IS_ENABLED(CONFIG_X): 1 if it is defined to 1 (or CONFIG_X_MODULE is). A
 * macro that expands to 1 makes the argument below vanish into a comma.
 */
#define __RING3_ARG_1                      0,
#define __ring3_second(first, second, ...) second
#define __is_defined(x)                    ___is_defined(x)
#define ___is_defined(value)               ____is_defined(__RING3_ARG_##value)
#define ____is_defined(comma)              __ring3_second(comma 1, 0)
#define __or(x, y)                         ___or(x, y)
#define ___or(x, y)                        ____or(__RING3_ARG_##x, y)
#define ____or(comma, y)                   __ring3_second(comma 1, y)

#define IS_BUILTIN(option)                 __is_defined(option)
#define IS_MODULE(option)                  __is_defined(option##_MODULE)
#define IS_ENABLED(option)                 __or(IS_BUILTIN(option), IS_MODULE(option))
#ifdef MODULE
#define IS_REACHABLE(option) IS_ENABLED(option)
#else
#define IS_REACHABLE(option) IS_BUILTIN(option)
#endif

#endif
