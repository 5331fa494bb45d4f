/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KALLSYMS_H
#define _LINUX_KALLSYMS_H

#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define KSYM_NAME_LEN   512
#define KSYM_SYMBOL_LEN (sizeof("%s+%#lx/%#lx [%s %s]") + (KSYM_NAME_LEN - 1) + 2 * 16 + 56 + 41)

int sprint_symbol(char *buffer, unsigned long address);
int sprint_symbol_build_id(char *buffer, unsigned long address);
int sprint_symbol_no_offset(char *buffer, unsigned long address);
int sprint_backtrace(char *buffer, unsigned long address);
int sprint_backtrace_build_id(char *buffer, unsigned long address);
/* Not exported, as in Linux. */
unsigned long kallsyms_lookup_name(const char *name);
int lookup_symbol_name(unsigned long addr, char *symname);
int kallsyms_lookup_size_offset(unsigned long addr, unsigned long *symbolsize,
				unsigned long *offset);
const char *kallsyms_lookup(unsigned long addr, unsigned long *symbolsize, unsigned long *offset,
			    char **modname, char *namebuf);

#endif
