// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel does with a struct module: filling it in, its state,
 * references, notifiers, init and exit. Loading itself is the host's.
 * Behaviour and messages of kernel/module/main.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kmod.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <ring3/hypercall.h>
#include "core.h"
#include "probe.h"

/* A module's own reference, gone when it may be unloaded (MODULE_REF_BASE). */
#define REFERENCE_BASE 1

const struct r3_section *object_section(const struct r3_object *object, const char *name)
{
	unsigned int i;

	for (i = 0; i < object->nr_sections; i++)
		if (same_string(object->sections[i].name, name))
			return &object->sections[i];
	return NULL;
}

/* May that be patched for this object? What is part of the kernel is believed. */
bool object_has_code(const struct r3_object *object, unsigned long address, unsigned long length)
{
	unsigned int i;

	if (!object->module)
		return true;
	for (i = 0; i < 2; i++) {
		unsigned long offset = address - object->text[i].address;

		if (offset <= object->text[i].size && length <= object->text[i].size - offset)
			return true;
	}
	return false;
}

/* Linux would patch whatever lies there. */
int object_refuse_entry(const struct r3_object *object, const char *section, unsigned int index)
{
	pr_err("%s: entry %u of %s does not fit the module's code\n", object->name, index, section);
	return -ENOEXEC;
}

/* ---- references ---- */

int module_refcount(struct module *module)
{
	return atomic_read(&module->refcnt) - REFERENCE_BASE;
}
EXPORT_SYMBOL(module_refcount);

void __module_get(struct module *module)
{
	if (module)
		atomic_inc(&module->refcnt);
}
EXPORT_SYMBOL(__module_get);

bool try_module_get(struct module *module)
{
	int count;

	if (!module)
		return true;
	if (!module_is_live(module))
		return false;
	count = atomic_read(&module->refcnt);
	while (count) {
		int old = atomic_cmpxchg(&module->refcnt, count, count + 1);

		if (old == count)
			return true;
		count = old;
	}
	return false;
}
EXPORT_SYMBOL(try_module_get);

void module_put(struct module *module)
{
	int count;

	if (!module)
		return;
	count = atomic_read(&module->refcnt);
	while (count > 0) {
		int old = atomic_cmpxchg(&module->refcnt, count, count - 1);

		if (old == count)
			return;
		count = old;
	}
	WARN_ON(count <= 0);
}
EXPORT_SYMBOL(module_put);

int r3rt_module_refcount(void *module)
{
	return module_refcount(module);
}

int r3rt_module_get(void *module)
{
	return try_module_get(module);
}

void r3rt_module_put(void *module)
{
	module_put(module);
}

/* Take the base reference away; give it back if others remain. */
int r3rt_module_try_stop(void *module, int force)
{
	struct module *mod = module;
	int left = atomic_sub_return(REFERENCE_BASE, &mod->refcnt);

	if (left && !force) {
		int count = left;

		/* Not if it fell to zero meanwhile: then the module may go. */
		while (count) {
			int old = atomic_cmpxchg(&mod->refcnt, count, count + REFERENCE_BASE);

			if (old == count)
				return -EWOULDBLOCK;
			count = old;
		}
	}
	mod->state = MODULE_STATE_GOING;
	return 0;
}

/* ---- symbols by name ---- */

void *__symbol_get(const char *symbol)
{
	unsigned long address;
	void *owner;
	int gpl;

	if (r3hc_export_find(symbol, &address, &gpl, &owner))
		return NULL;
	if (!gpl) {
		pr_warn("failing symbol_get of non-GPLONLY symbol %s.\n", symbol);
		return NULL;
	}
	if (owner && ((struct module *)owner)->state == MODULE_STATE_COMING)
		return NULL;
	if (!try_module_get(owner))
		return NULL;
	return (void *)address;
}
EXPORT_SYMBOL_GPL(__symbol_get);

void __symbol_put(const char *symbol)
{
	unsigned long address;
	void *owner;
	int gpl;

	BUG_ON(r3hc_export_find(symbol, &address, &gpl, &owner));
	module_put(owner);
}
EXPORT_SYMBOL(__symbol_put);

struct module *__module_address(unsigned long addr)
{
	return r3hc_module_of(addr, 0);
}

struct module *__module_text_address(unsigned long addr)
{
	return r3hc_module_of(addr, 1);
}

bool is_module_address(unsigned long addr)
{
	return __module_address(addr);
}

bool is_module_text_address(unsigned long addr)
{
	return __module_text_address(addr);
}

void symbol_put_addr(void *addr)
{
	struct module *owner = __module_text_address((unsigned long)addr);

	if (!owner) {
		BUG_ON(!r3hc_is_text((unsigned long)addr));
		return;
	}
	module_put(owner);
}
EXPORT_SYMBOL_GPL(symbol_put_addr);

struct module *find_module(const char *name)
{
	return r3hc_module_find(name);
}

int __request_module(bool wait, const char *fmt, ...)
{
	char name[MODULE_NAME_LEN];
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	if (length >= (int)sizeof(name))
		return -ENAMETOOLONG;
	return r3hc_request_module(name, wait);
}
EXPORT_SYMBOL(__request_module);

/* Its CRC stands for the layout of everything that modules and kernel share. */
void module_layout(struct module *mod, struct modversion_info *ver, struct kernel_param *kp,
		   struct kernel_symbol *ks, struct tracepoint *const *tp)
{
}
EXPORT_SYMBOL(module_layout);

/* ---- notifiers ---- */

static struct notifier_block *notifiers; /* by falling priority */
static unsigned int notifier_walks;      /* calls of the chain under way */
static DEFINE_SPINLOCK(notifier_lock);

int register_module_notifier(struct notifier_block *nb)
{
	struct notifier_block **link;
	int error = 0;

	spin_lock(&notifier_lock);
	for (link = &notifiers; *link && (*link)->priority >= nb->priority; link = &(*link)->next)
		if (*link == nb)
			break;
	if (*link == nb) {
		error = -EEXIST;
	} else {
		nb->next = *link;
		smp_store_release(link, nb);
	}
	spin_unlock(&notifier_lock);
	if (error)
		WARN(1, "notifier callback %ps already registered", nb->notifier_call);
	return error;
}
EXPORT_SYMBOL(register_module_notifier);

int unregister_module_notifier(struct notifier_block *nb)
{
	struct notifier_block **link;
	int error = -ENOENT;

	spin_lock(&notifier_lock);
	for (link = &notifiers; *link; link = &(*link)->next) {
		if (*link == nb) {
			WRITE_ONCE(*link, nb->next);
			error = 0;
			break;
		}
	}
	spin_unlock(&notifier_lock);
	/* Nobody may be about to call it when we return. */
	while (!error && READ_ONCE(notifier_walks))
		r3hc_yield();
	return error;
}
EXPORT_SYMBOL(unregister_module_notifier);

static void walk_begin(void)
{
	spin_lock(&notifier_lock);
	notifier_walks++;
	spin_unlock(&notifier_lock);
}

static void walk_end(void)
{
	spin_lock(&notifier_lock);
	notifier_walks--;
	spin_unlock(&notifier_lock);
}

/* Call notifiers until one stops the chain, at most limit; *called counts them. */
static int call_notifiers(struct module *mod, unsigned long event, int limit, int *called)
{
	struct notifier_block *nb = READ_ONCE(notifiers), *next;
	int ret = NOTIFY_DONE;

	for (; nb && *called < limit; nb = next) {
		next = READ_ONCE(nb->next);
		ret = nb->notifier_call(nb, event, mod);
		++*called;
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	return ret;
}

int r3rt_module_notify(void *module, int state)
{
	int called = 0, undone = 0, ret, error;

	probes_module_notify(module, state);
	if (!READ_ONCE(notifiers))
		return 0;
	walk_begin();
	ret = call_notifiers(module, state, INT_MAX, &called);
	error = notifier_to_errno(ret);
	/* Who refuses is not told that the module goes; those before are. */
	if (error && state == MODULE_STATE_COMING) {
		probes_module_notify(module, MODULE_STATE_GOING);
		call_notifiers(module, MODULE_STATE_GOING, called - 1, &undone);
	}
	walk_end();
	return error;
}

/* ---- the life of a module ---- */

unsigned long r3rt_module_size(void)
{
	return sizeof(struct module);
}

/* The module's data is mapped writable by now, at its own address. */
int r3rt_module_prepare(void *module, const struct r3_module_description *description)
{
	struct module *mod = module;
	const struct r3_section *params = object_section(description->object, "__param");

	mod->state = MODULE_STATE_UNFORMED;
	INIT_LIST_HEAD(&mod->list);
	INIT_LIST_HEAD(&mod->source_list);
	INIT_LIST_HEAD(&mod->target_list);
	/* Not mutex_init(), which would bring the mutexes into every box. */
	mod->param_lock = (struct mutex)__MUTEX_INITIALIZER(mod->param_lock);
	atomic_set(&mod->refcnt, REFERENCE_BASE + 1);

	mod->args = (char *)description->arguments;
	mod->version = description->version;
	mod->srcversion = description->srcversion;
	mod->taints = description->taints;
	mod->init = (void *)description->init;
	mod->exit = (void *)description->exit;
	if (params) {
		mod->kp = (struct kernel_param *)params->address;
		mod->num_kp = params->size / sizeof(struct kernel_param);
	}
	module_fill_target(mod, description);
	return 0;
}

void r3rt_module_state(void *module, int state)
{
	struct module *mod = module;

	BUILD_BUG_ON(MODULE_STATE_LIVE != R3_STATE_LIVE);
	BUILD_BUG_ON(MODULE_STATE_COMING != R3_STATE_COMING);
	BUILD_BUG_ON(MODULE_STATE_GOING != R3_STATE_GOING);
	BUILD_BUG_ON(MODULE_STATE_UNFORMED != R3_STATE_UNFORMED);
	smp_store_release(&mod->state, state);
}

/* An initcall may leave neither preemption nor interrupts other than it found them. */
int r3rt_initcall(unsigned long function)
{
	initcall_t call = (initcall_t)function;
	char what[64] = "";
	int ret, count = preempt_count();

	ret = call();
	if (preempt_count() != count) {
		strcpy(what, "preemption imbalance ");
		preempt_count_set(count);
	}
	if (irqs_disabled()) {
		strcat(what, "disabled interrupts ");
		local_irq_enable();
	}
	WARN(what[0], "initcall %pS returned with %s\n", call, what);
	return ret;
}

int r3rt_module_init(void *module)
{
	struct module *mod = module;
	int ret = 0;

	if (mod->init)
		ret = r3rt_initcall((unsigned long)mod->init);
	if (ret > 0) {
		pr_warn("do_init_module: '%s'->init suspiciously returned %d, it should follow "
			"0/-E convention\n"
			"do_init_module: loading module anyway...\n",
			mod->name, ret);
		dump_stack();
	}
	return ret;
}

void r3rt_module_exit(void *module)
{
	struct module *mod = module;

	if (mod->exit)
		mod->exit();
}

void r3rt_module_free(void *module)
{
	struct module *mod = module;

	/* Only what came as far as COMING had its parameters set. */
	if (mod->state != MODULE_STATE_UNFORMED)
		param_free_all(mod);
	module_quiesce(mod);
}
