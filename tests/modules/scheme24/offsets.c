// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the SDK has the fields of struct module, for a test that reads them out of the object. */
#include <linux/module.h>
#include <linux/stddef.h>
#include <asm/extable.h>

#define AT(field) offsetof(struct module, field)
const unsigned long offsets[] __section(".offsets") = {
	AT(size_of_struct),
	AT(next),
	AT(name),
	AT(size),
	AT(uc),
	AT(flags),
	AT(nsyms),
	AT(ndeps),
	AT(syms),
	AT(deps),
	AT(refs),
	AT(init),
	AT(cleanup),
	AT(ex_table_start),
	AT(ex_table_end),
	AT(persist_start),
	AT(persist_end),
	AT(can_unload),
	AT(runsize),
	AT(kallsyms_start),
	AT(kallsyms_end),
	AT(archdata_start),
	AT(archdata_end),
	AT(kernel_data),
	sizeof(struct module),
	sizeof(struct module_symbol),
	offsetof(struct module_symbol, name),
	sizeof(struct module_ref),
	offsetof(struct module_ref, ref),
	offsetof(struct module_ref, next_ref),
	sizeof(struct exception_table_entry),
	offsetof(struct exception_table_entry, fixup),
	MOD_RUNNING,
	MOD_DELETED,
	MOD_AUTOCLEAN,
	MOD_VISITED,
	MOD_USED_ONCE,
	MOD_JUST_FREED,
	MOD_INITIALIZING,
};

MODULE_LICENSE("GPL");
