/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

/* A module as insmod and the kernel of Linux 2.4 know it. */
#ifndef __NO_VERSION__
#include <linux/version.h>
#endif

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/stringify.h>

struct exception_table_entry;
struct module_persist;

struct module_ref {
	struct module *dep; /* the one that is used */
	struct module *ref; /* the one that uses it */
	struct module_ref *next_ref;
};

/* The head of a module's memory. insmod writes it, the kernel checks it. */
struct module {
	unsigned long size_of_struct;
	struct module *next;
	const char *name;
	unsigned long size;
	union {
		atomic_t usecount;
		long pad;
	} uc;
	unsigned long flags;
	unsigned int nsyms;
	unsigned int ndeps;
	struct module_symbol *syms;
	struct module_ref *deps;
	struct module_ref *refs;
	int (*init)(void);
	void (*cleanup)(void);
	const struct exception_table_entry *ex_table_start;
	const struct exception_table_entry *ex_table_end;
	/* From here on optional: ask mod_member_present(). */
	const struct module_persist *persist_start;
	const struct module_persist *persist_end;
	int (*can_unload)(void);
	int runsize;
	const char *kallsyms_start;
	const char *kallsyms_end;
	const char *archdata_start;
	const char *archdata_end;
	const char *kernel_data;
};

/* module.flags */
#define MOD_UNINITIALIZED 0
#define MOD_RUNNING       1
#define MOD_DELETED       2
#define MOD_AUTOCLEAN     4
#define MOD_VISITED       8
#define MOD_USED_ONCE     16
#define MOD_JUST_FREED    32
#define MOD_INITIALIZING  64

#define MOD_CAN_QUERY(mod)                                                                         \
	(((mod)->flags & (MOD_RUNNING | MOD_INITIALIZING)) && !((mod)->flags & MOD_DELETED))
#define mod_member_present(mod, member)                                                            \
	(offsetof(struct module, member) + sizeof((mod)->member) <= (mod)->size_of_struct)

/* At once: the kernel sets MOD_DELETED meanwhile, on another CPU. */
#define __mod_set_flags(mod, bits)                                                                 \
	((void)__atomic_or_fetch(&(mod)->flags, (bits), __ATOMIC_SEQ_CST))

/* The use count: a module counts itself, before it does anything that may sleep. */
#define GET_USE_COUNT(mod) (atomic_read(&(mod)->uc.usecount))
#define __MOD_INC_USE_COUNT(mod)                                                                   \
	(atomic_inc(&(mod)->uc.usecount), __mod_set_flags(mod, MOD_VISITED | MOD_USED_ONCE))
#define __MOD_DEC_USE_COUNT(mod)                                                                   \
	(atomic_dec(&(mod)->uc.usecount), __mod_set_flags(mod, MOD_VISITED))
#define __MOD_IN_USE(mod)                                                                          \
	(mod_member_present(mod, can_unload) && (mod)->can_unload ? (mod)->can_unload()            \
								  : GET_USE_COUNT(mod))
#define MOD_INC_USE_COUNT __MOD_INC_USE_COUNT(THIS_MODULE)
#define MOD_DEC_USE_COUNT __MOD_DEC_USE_COUNT(THIS_MODULE)
#define MOD_IN_USE        __MOD_IN_USE(THIS_MODULE)

/*
 * Count a user of a module that may be going, as the owner of a structure is
 * counted before one of its functions is called: 0 if it is going. The count
 * comes first: delete_module() marks the module, then looks at the count again.
 */
static inline int try_inc_mod_count(struct module *mod)
{
	if (!mod)
		return 1;
	__MOD_INC_USE_COUNT(mod);
	if (!(READ_ONCE(mod->flags) & MOD_DELETED))
		return 1;
	__MOD_DEC_USE_COUNT(mod);
	return 0;
}

#define SET_MODULE_OWNER(structure)                                                                \
	do {                                                                                       \
		(structure)->owner = THIS_MODULE;                                                  \
	} while (0)

extern int init_module(void);
extern void cleanup_module(void);

#define __MODULE_STRING(x) __stringify(x)
/* "tag=info" in .modinfo, without gaps. */
#define MODULE_INFO(tag, info)                                                                     \
	static const char __UNIQUE_ID(tag)[] __used __section(".modinfo") __aligned(1) =           \
		__stringify(tag) "=" info
#define MODULE_AUTHOR(name)          MODULE_INFO(author, name)
#define MODULE_DESCRIPTION(text)     MODULE_INFO(description, text)
#define MODULE_SUPPORTED_DEVICE(dev) MODULE_INFO(device, dev)
#define MODULE_LICENSE(_license)     MODULE_INFO(license, _license)

/*
 * A parameter: insmod looks the variable up among the object's symbols and
 * writes the value there. type is [min[-max]] and a letter: b, h, i, l for
 * integers of 1, 2, 4 and 8 bytes, s for a char *, c and a number for a char[].
 * Keeping the address keeps the compiler from taking the variable for a constant.
 */
#define MODULE_PARM(var, type)                                                                     \
	___ADDRESSABLE(var, __section(".discard.addressable"))                                     \
	MODULE_INFO(parm_##var, type)
#define MODULE_PARM_DESC(var, text) MODULE_INFO(parm_desc_##var, text)

/* depmod reads the table through these two names. */
#define MODULE_DEVICE_TABLE(type, name)                                                            \
	static const unsigned long __module_##type##_device_size __used =                          \
		sizeof(struct type##_device_id);                                                   \
	static const struct type##_device_id *__module_##type##_device_table __used = name

/* What only modules of Linux 2.6 have is an error that says so. */
#define __ring3_parm26(what)     __ring3_since_26(what, "it is MODULE_PARM(variable, \"type\")")
#define __ring3_info26(what)     __ring3_since_26(what, "nobody reads it")
#define module_param(...)        __ring3_parm26("module_param()")
#define module_param_named(...)  __ring3_parm26("module_param_named()")
#define module_param_string(...) __ring3_parm26("module_param_string()")
#define module_param_array(...)  __ring3_parm26("module_param_array()")
#define module_param_cb(...)     __ring3_parm26("module_param_cb()")
#define module_param_call(...)   __ring3_parm26("module_param_call()")
#define MODULE_VERSION(...)      __ring3_info26("MODULE_VERSION()")
#define MODULE_ALIAS(...)        __ring3_info26("MODULE_ALIAS()")
#define MODULE_SOFTDEP(...)      __ring3_info26("MODULE_SOFTDEP()")
#define MODULE_FIRMWARE(...)     __ring3_info26("MODULE_FIRMWARE()")
#define MODULE_IMPORT_NS(...)    __ring3_info26("MODULE_IMPORT_NS()")
#define __ring3_call26(what, advice)                                                               \
	__compiletime_error(what " is Linux 2.6's: in the 2.4 scheme " advice)
struct notifier_block;
bool try_module_get(struct module *module)
	__ring3_call26("try_module_get()", "it is try_inc_mod_count() or MOD_INC_USE_COUNT");
void __module_get(struct module *module)
	__ring3_call26("__module_get()", "it is __MOD_INC_USE_COUNT()");
void module_put(struct module *module)
	__ring3_call26("module_put()", "it is __MOD_DEC_USE_COUNT() or MOD_DEC_USE_COUNT");
int module_refcount(struct module *module)
	__ring3_call26("module_refcount()", "it is GET_USE_COUNT()");
void *__symbol_get(const char *symbol)
	__ring3_call26("symbol_get()", "symbols are found by insmod alone");
void __symbol_put(const char *symbol)
	__ring3_call26("symbol_put()", "symbols are found by insmod alone");
#define symbol_get(x) ((typeof(&x))(__symbol_get(__stringify(x))))
#define symbol_put(x) __symbol_put(__stringify(x))
int register_module_notifier(struct notifier_block *nb)
	__ring3_call26("register_module_notifier()", "nobody is told of modules");
int unregister_module_notifier(struct notifier_block *nb)
	__ring3_call26("unregister_module_notifier()", "nobody is told of modules");

#endif
