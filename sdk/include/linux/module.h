/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#ifndef __NO_VERSION__
#include <linux/version.h>
#endif

#include <asm/module.h>
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kmod.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/stringify.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define MODULE_NAME_LEN MAX_PARAM_PREFIX_LEN

struct modversion_info {
	unsigned long crc;
	char name[MODULE_NAME_LEN];
};

struct notifier_block;
struct exception_table_entry;
struct tracepoint;

extern int init_module(void);
extern void cleanup_module(void);

#ifdef MODULE
#define early_initcall(fn)         module_init(fn)
#define core_initcall(fn)          module_init(fn)
#define core_initcall_sync(fn)     module_init(fn)
#define postcore_initcall(fn)      module_init(fn)
#define postcore_initcall_sync(fn) module_init(fn)
#define arch_initcall(fn)          module_init(fn)
#define subsys_initcall(fn)        module_init(fn)
#define subsys_initcall_sync(fn)   module_init(fn)
#define fs_initcall(fn)            module_init(fn)
#define fs_initcall_sync(fn)       module_init(fn)
#define rootfs_initcall(fn)        module_init(fn)
#define device_initcall(fn)        module_init(fn)
#define device_initcall_sync(fn)   module_init(fn)
#define late_initcall(fn)          module_init(fn)
#define late_initcall_sync(fn)     module_init(fn)

/* init_module and cleanup_module are other names of the module's own functions. */
#define module_init(initfn)                                                                        \
	static inline initcall_t __maybe_unused __inittest(void)                                   \
	{                                                                                          \
		return initfn;                                                                     \
	}                                                                                          \
	int init_module(void) __copy(initfn) __attribute__((alias(#initfn)));                      \
	___ADDRESSABLE(init_module, __initdata)
#define module_exit(exitfn)                                                                        \
	static inline exitcall_t __maybe_unused __exittest(void)                                   \
	{                                                                                          \
		return exitfn;                                                                     \
	}                                                                                          \
	void cleanup_module(void) __copy(exitfn) __attribute__((alias(#exitfn)));                  \
	___ADDRESSABLE(cleanup_module, __exitdata)
#endif

#define MODULE_INFO(tag, info)           __MODULE_INFO(tag, tag, info)
#define MODULE_ALIAS(_alias)             MODULE_INFO(alias, _alias)
#define MODULE_SOFTDEP(_softdep)         MODULE_INFO(softdep, _softdep)
#define MODULE_LICENSE(_license)         MODULE_INFO(license, _license)
#define MODULE_AUTHOR(_author)           MODULE_INFO(author, _author)
#define MODULE_DESCRIPTION(_description) MODULE_INFO(description, _description)
#define MODULE_VERSION(_version)         MODULE_INFO(version, _version)
#define MODULE_FIRMWARE(_firmware)       MODULE_INFO(firmware, _firmware)
#define MODULE_IMPORT_NS(ns)             MODULE_INFO(import_ns, __stringify(ns))
#define MODULE_SUPPORTED_DEVICE(name)
#ifdef MODULE
/* modpost finds the table by this name and writes the aliases. */
#define MODULE_DEVICE_TABLE(type, name)                                                            \
	extern typeof(name) __mod_##type##__##name##_device_table                                  \
		__attribute__((unused, alias(__stringify(name))))
#else
#define MODULE_DEVICE_TABLE(type, name)
#endif
#define __MODULE_STRING(x) __stringify(x)

enum module_state {
	MODULE_STATE_LIVE,
	MODULE_STATE_COMING,
	MODULE_STATE_GOING,
	MODULE_STATE_UNFORMED,
};

struct module_layout {
	void *base;
	unsigned int size;
	unsigned int text_size;
	unsigned int ro_size;
	unsigned int ro_after_init_size;
};

struct module_use {
	struct list_head source_list;
	struct list_head target_list;
	struct module *source, *target;
};

struct module {
	enum module_state state;
	struct list_head list;
	char name[MODULE_NAME_LEN];
	const char *version;
	const char *srcversion;

	const struct kernel_symbol *syms;
	const s32 *crcs;
	unsigned int num_syms;
	unsigned int num_gpl_syms;
	const struct kernel_symbol *gpl_syms;
	const s32 *gpl_crcs;
	bool using_gplonly_symbols;
	bool sig_ok;
	bool async_probe_requested;

	struct mutex param_lock;
	struct kernel_param *kp;
	unsigned int num_kp;

	unsigned int num_exentries;
	struct exception_table_entry *extable;
	int (*init)(void);
	struct module_layout core_layout;
	struct module_layout init_layout;
	struct mod_arch_specific arch;
	unsigned long taints;
	unsigned int num_bugs;
	struct bug_entry *bug_table;
	char *args;
	void __percpu *percpu;
	unsigned int percpu_size;
	struct jump_entry *jump_entries;
	unsigned int num_jump_entries;

#ifdef CONFIG_MODULE_UNLOAD
	struct list_head source_list; /* who uses this module */
	struct list_head target_list; /* whom it uses */
	void (*exit)(void);
	atomic_t refcnt;
#endif
} ____cacheline_aligned;

#define MODULE_ARCH_INIT                                                                           \
	{                                                                                          \
	}

static inline bool module_is_live(struct module *mod)
{
	return mod->state != MODULE_STATE_GOING;
}
static inline bool within_module_core(unsigned long addr, const struct module *mod)
{
	return addr - (unsigned long)mod->core_layout.base < mod->core_layout.size;
}
static inline bool within_module_init(unsigned long addr, const struct module *mod)
{
	return addr - (unsigned long)mod->init_layout.base < mod->init_layout.size;
}
static inline bool within_module(unsigned long addr, const struct module *mod)
{
	return within_module_init(addr, mod) || within_module_core(addr, mod);
}

struct module *__module_text_address(unsigned long addr);
struct module *__module_address(unsigned long addr);
bool is_module_address(unsigned long addr);
bool is_module_text_address(unsigned long addr);
struct module *find_module(const char *name);

void *__symbol_get(const char *symbol);
void *__symbol_get_gpl(const char *symbol);
#define symbol_get(x)     ((typeof(&x))(__symbol_get(__stringify(x))))
#define symbol_request(x) try_then_request_module(symbol_get(x), "symbol:" #x)

void __noreturn __module_put_and_kthread_exit(struct module *mod, long code);
#define module_put_and_kthread_exit(code) __module_put_and_kthread_exit(THIS_MODULE, code)

#ifdef CONFIG_MODULE_UNLOAD
int module_refcount(struct module *mod);
void __symbol_put(const char *symbol);
#define symbol_put(x) __symbol_put(__stringify(x))
void symbol_put_addr(void *addr);
void __module_get(struct module *module);
bool try_module_get(struct module *module);
void module_put(struct module *module);
#else
static inline bool try_module_get(struct module *module)
{
	return !module || module_is_live(module);
}
static inline void module_put(struct module *module)
{
}
static inline void __module_get(struct module *module)
{
}
#define symbol_put(x)      ((void)0)
#define symbol_put_addr(p) ((void)0)
#endif

#define module_name(mod)                                                                           \
	({                                                                                         \
		struct module *__mod = (mod);                                                      \
		__mod ? __mod->name : "kernel";                                                    \
	})

int register_module_notifier(struct notifier_block *nb);
int unregister_module_notifier(struct notifier_block *nb);
static inline bool module_requested_async_probing(struct module *module)
{
	return module && module->async_probe_requested;
}
static inline bool module_sig_ok(struct module *module)
{
	return module->sig_ok;
}
static inline bool retpoline_module_ok(bool has_retpoline)
{
	return true;
}

#endif
