// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbols of addresses and addresses of symbols, in the forms of kernel/kallsyms.c. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/kallsyms.h>
#include <linux/string.h>
#include <ring3/hypercall.h>
#include "core.h"

#define SHOW_OFFSET   1
#define SHOW_BUILD_ID 2

static unsigned long put_build_id(char *buffer, unsigned long address)
{
#ifdef CONFIG_STACKTRACE_BUILD_ID
	struct module *mod = r3hc_module_of(address, 0);

	if (mod)
		return sprintf(buffer, " %20phN", mod->build_id);
#endif
	return 0;
}

/*
 * name+offset/size [module]. The symbol is looked up at address + bias: a
 * return address after a call that does not return is outside of its function.
 */
static int put_symbol(char *buffer, unsigned long address, int bias, unsigned int show)
{
	char module[MODULE_NAME_LEN];
	unsigned long offset, size;
	int length;

	if (r3hc_symbol_find(address + bias, buffer, &offset, &size, module))
		return sprintf(buffer, "0x%lx", address);
	length = strlen(buffer);
	if (show & SHOW_OFFSET)
		length += sprintf(buffer + length, "+%#lx/%#lx", offset - bias, size);
	if (module[0]) {
		length += sprintf(buffer + length, " [%s", module);
		if (show & SHOW_BUILD_ID)
			length += put_build_id(buffer + length, address + bias);
		length += sprintf(buffer + length, "]");
	}
	return length;
}

int sprint_symbol(char *buffer, unsigned long address)
{
	return put_symbol(buffer, address, 0, SHOW_OFFSET);
}
EXPORT_SYMBOL_GPL(sprint_symbol);

int sprint_symbol_build_id(char *buffer, unsigned long address)
{
	return put_symbol(buffer, address, 0, SHOW_OFFSET | SHOW_BUILD_ID);
}
EXPORT_SYMBOL_GPL(sprint_symbol_build_id);

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	return put_symbol(buffer, address, 0, 0);
}
EXPORT_SYMBOL_GPL(sprint_symbol_no_offset);

int sprint_backtrace(char *buffer, unsigned long address)
{
	return put_symbol(buffer, address, -1, SHOW_OFFSET);
}

int sprint_backtrace_build_id(char *buffer, unsigned long address)
{
	return put_symbol(buffer, address, -1, SHOW_OFFSET | SHOW_BUILD_ID);
}

unsigned long kallsyms_lookup_name(const char *name)
{
	return *name ? r3hc_symbol_lookup(name) : 0;
}

int lookup_symbol_name(unsigned long addr, char *symname)
{
	char module[MODULE_NAME_LEN];
	unsigned long offset, size;

	symname[0] = '\0';
	return r3hc_symbol_find(addr, symname, &offset, &size, module);
}

int kallsyms_lookup_size_offset(unsigned long addr, unsigned long *symbolsize,
				unsigned long *offset)
{
	char name[KSYM_NAME_LEN], module[MODULE_NAME_LEN];
	unsigned long ignored;

	return !r3hc_symbol_find(addr, name, offset ? offset : &ignored,
				 symbolsize ? symbolsize : &ignored, module);
}

/* *modname, if the address is a module's, is its struct module's name: valid while it is. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *symbolsize, unsigned long *offset,
			    char **modname, char *namebuf)
{
	char module[MODULE_NAME_LEN];
	unsigned long ignored;
	struct module *mod;

	if (r3hc_symbol_find(addr, namebuf, offset ? offset : &ignored,
			     symbolsize ? symbolsize : &ignored, module))
		return NULL;
	if (modname) {
		mod = module[0] ? r3hc_module_of(addr, 0) : NULL;
		*modname = mod ? mod->name : NULL;
	}
	return namebuf;
}

int kernel_text_address(unsigned long addr)
{
	return r3hc_is_text(addr);
}

int __kernel_text_address(unsigned long addr)
{
	return r3hc_is_text(addr);
}

int core_kernel_text(unsigned long addr)
{
	return r3hc_is_text(addr) && !r3hc_module_of(addr, 0);
}
