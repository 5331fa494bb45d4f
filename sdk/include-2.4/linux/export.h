/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#include <linux/compiler.h>
#include <linux/stringify.h>

/* insmod makes it, at the beginning of the module's memory. */
extern struct module __this_module;
#define THIS_MODULE (&__this_module)

/* An entry of __ksymtab, which insmod relocates like any other data. */
struct module_symbol {
	unsigned long value;
	const char *name;
};

/*
 * The entry is here, its name in NAME.mod.c: modpost, which knows the version,
 * writes it. Which of the three labels is wanted tells modpost the kind.
 */
#define __EXPORT_SYMBOL(sym, label)                                                                \
	extern typeof(sym) sym;                                                                    \
	extern const char label##sym[];                                                            \
	static const struct module_symbol __ksymtab_##sym __used __section("__ksymtab")            \
		__aligned(8) = {(unsigned long)&sym, label##sym}
#define EXPORT_SYMBOL(sym)        __EXPORT_SYMBOL(sym, __kstrtab_)
#define EXPORT_SYMBOL_GPL(sym)    __EXPORT_SYMBOL(sym, __kstrgpl_)
#define EXPORT_SYMBOL_NOVERS(sym) __EXPORT_SYMBOL(sym, __kstrnovers_)

/* An empty table; without any table insmod exports every global symbol. */
#define EXPORT_NO_SYMBOLS         asm("	.section __ksymtab,\"a\"\n	.previous\n")

#define __ring3_since_26(what, advice)                                                             \
	_Static_assert(0, what " is Linux 2.6's: in the 2.4 scheme " advice)
#define EXPORT_SYMBOL_NS(sym, ns)                                                                  \
	__ring3_since_26("EXPORT_SYMBOL_NS()", "exports have no namespace")
#define EXPORT_SYMBOL_NS_GPL(sym, ns)                                                              \
	__ring3_since_26("EXPORT_SYMBOL_NS_GPL()", "exports have no namespace")

#endif
