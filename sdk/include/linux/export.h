/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#include <linux/compiler.h>
#include <linux/stringify.h>

#ifndef __ASSEMBLY__

#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE ((struct module *)0)
#endif

/* An entry of __ksymtab: offsets from each field to what it names. */
struct kernel_symbol {
	int value_offset;
	int name_offset;
	int namespace_offset;
};

/*
 * The link (sdk/module.lds) sorts ___ksymtab+NAME into __ksymtab, and
 * ___ksymtab_gpl+NAME into __ksymtab_gpl.
 */
#define ___EXPORT_SYMBOL(sym, sec, ns)                                                             \
	extern typeof(sym) sym;                                                                    \
	extern const char __kstrtab_##sym[];                                                       \
	extern const char __kstrtabns_##sym[];                                                     \
	__ADDRESSABLE(sym)                                                                         \
	asm("	.section \"__ksymtab_strings\",\"aMS\",%progbits,1\n"                                \
	    "__kstrtab_" #sym ":\n"                                                                \
	    "	.asciz \"" #sym "\"\n"                                                             \
	    "__kstrtabns_" #sym ":\n"                                                              \
	    "	.asciz \"" ns "\"\n"                                                               \
	    "	.previous\n"                                                                         \
	    "	.section \"___ksymtab" sec "+" #sym "\", \"a\"\n"                                  \
	    "	.balign 4\n"                                                                         \
	    "__ksymtab_" #sym ":\n"                                                                \
	    "	.long " #sym " - .\n"                                                              \
	    "	.long __kstrtab_" #sym " - .\n"                                                    \
	    "	.long __kstrtabns_" #sym " - .\n"                                                  \
	    "	.previous\n")

#ifdef __DISABLE_EXPORTS
#define __EXPORT_SYMBOL(sym, sec, ns)
#else
#define __EXPORT_SYMBOL(sym, sec, ns) ___EXPORT_SYMBOL(sym, sec, ns)
#endif

#ifdef DEFAULT_SYMBOL_NAMESPACE
#define _EXPORT_SYMBOL(sym, sec) __EXPORT_SYMBOL(sym, sec, __stringify(DEFAULT_SYMBOL_NAMESPACE))
#else
#define _EXPORT_SYMBOL(sym, sec) __EXPORT_SYMBOL(sym, sec, "")
#endif

#define EXPORT_SYMBOL(sym)            _EXPORT_SYMBOL(sym, "")
#define EXPORT_SYMBOL_GPL(sym)        _EXPORT_SYMBOL(sym, "_gpl")
#define EXPORT_SYMBOL_NS(sym, ns)     __EXPORT_SYMBOL(sym, "", __stringify(ns))
#define EXPORT_SYMBOL_NS_GPL(sym, ns) __EXPORT_SYMBOL(sym, "_gpl", __stringify(ns))

#endif /* !__ASSEMBLY__ */

#endif
