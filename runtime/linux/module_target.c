// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of a struct module that is Linux's alone: where its special
 * sections are (find_module_sections() of kernel/module/main.c) and its layout.
 */
#include <linux/kthread.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/bug.h>
#include <linux/jump_label.h>
#include <linux/kobject.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>
#include <ring3/hypercall.h>
#include "core/core.h"
#include "compat.h"

/* Where section lies, as an array of elements of that size. */
static void *section_array(const struct r3_object *object, const char *name, size_t element,
			   unsigned int *count)
{
	const struct r3_section *section = object_section(object, name);

	*count = section ? section->size / element : 0;
	return section ? (void *)section->address : NULL;
}

#define FIND(name, pointer, number)                                                                \
	do {                                                                                       \
		unsigned int count_;                                                               \
                                                                                                   \
		pointer = section_array(object, name, sizeof(*(pointer)), &count_);                \
		number = count_;                                                                   \
	} while (0)

static void find_sections(struct module *mod, const struct r3_object *object)
{
	/* struct kernel_symbol, private since 6.12: offsets of value, name, namespace */
	mod->syms = section_array(object, "__ksymtab", 3 * sizeof(int), &mod->num_syms);
	mod->gpl_syms = section_array(object, "__ksymtab_gpl", 3 * sizeof(int), &mod->num_gpl_syms);
	FIND("__ex_table", mod->extable, mod->num_exentries);
	FIND("__bug_table", mod->bug_table, mod->num_bugs);
	FIND(".noinstr.text", mod->noinstr_text_start, mod->noinstr_text_size);
#ifdef CONFIG_TRACEPOINTS
	FIND("__tracepoints_ptrs", mod->tracepoints_ptrs, mod->num_tracepoints);
#endif
#ifdef CONFIG_TREE_SRCU
	FIND("___srcu_struct_ptrs", mod->srcu_struct_ptrs, mod->num_srcu_structs);
#endif
#ifdef CONFIG_BPF_EVENTS
	FIND("__bpf_raw_tp_map", mod->bpf_raw_events, mod->num_bpf_raw_events);
#endif
#ifdef CONFIG_JUMP_LABEL
	FIND("__jump_table", mod->jump_entries, mod->num_jump_entries);
#endif
#ifdef CONFIG_EVENT_TRACING
	FIND("_ftrace_events", mod->trace_events, mod->num_trace_events);
	FIND("_ftrace_eval_map", mod->trace_evals, mod->num_trace_evals);
#endif
#ifdef CONFIG_TRACING
	FIND("__trace_printk_fmt", mod->trace_bprintk_fmt_start, mod->num_trace_bprintk_fmt);
#endif
#ifdef CONFIG_FTRACE_MCOUNT_RECORD
	FIND("__mcount_loc", mod->ftrace_callsites, mod->num_ftrace_callsites);
#endif
#ifdef CONFIG_KPROBES
	FIND(".kprobes.text", mod->kprobes_text_start, mod->kprobes_text_size);
	FIND("_kprobe_blacklist", mod->kprobe_blacklist, mod->num_kprobe_blacklist);
#endif
#ifdef CONFIG_HAVE_STATIC_CALL_INLINE
	FIND(".static_call_sites", mod->static_call_sites, mod->num_static_call_sites);
#endif
#ifdef CONFIG_FUNCTION_ERROR_INJECTION
	FIND("_error_injection_whitelist", mod->ei_funcs, mod->num_ei_funcs);
#endif
#if R3_LINUX(6, 3) && defined(CONFIG_DYNAMIC_DEBUG_CORE)
	FIND("__dyndbg", mod->dyndbg_info.descs, mod->dyndbg_info.num_descs);
	FIND("__dyndbg_classes", mod->dyndbg_info.classes, mod->dyndbg_info.num_classes);
#endif
}

static void set_layout(struct module *mod, const struct r3_module_description *description)
{
#if R3_LINUX(6, 4)
	unsigned long core = description->core_base, text = description->core_text_size;
	unsigned long ro = description->core_ro_size;

	mod->mem[MOD_TEXT].base = (void *)core;
	mod->mem[MOD_TEXT].size = text;
	mod->mem[MOD_RODATA].base = (void *)core + text;
	mod->mem[MOD_RODATA].size = ro > text ? ro - text : 0;
	mod->mem[MOD_DATA].base = (void *)core + max(ro, text);
	mod->mem[MOD_DATA].size = description->core_size - max(ro, text);
	mod->mem[MOD_INIT_TEXT].base = (void *)description->init_base;
	mod->mem[MOD_INIT_TEXT].size = description->init_size;
#else
	mod->core_layout.base = (void *)description->core_base;
	mod->core_layout.size = description->core_size;
	mod->core_layout.text_size = description->core_text_size;
	mod->core_layout.ro_size = description->core_ro_size;
	mod->core_layout.ro_after_init_size = description->core_ro_size;
	mod->init_layout.base = (void *)description->init_base;
	mod->init_layout.size = description->init_size;
#endif
}

void module_fill_target(struct module *mod, const struct r3_module_description *description)
{
	find_sections(mod, description->object);
	set_layout(mod, description);
	INIT_LIST_HEAD(&mod->bug_list);
	mod->percpu = (void __percpu *)description->percpu;
	mod->percpu_size = description->percpu_size;
	mod->mkobj.mod = mod;
#ifdef CONFIG_LIVEPATCH
	mod->klp = test_bit(TAINT_LIVEPATCH, &mod->taints);
#endif
}

/* Its init part was freed: what the module knows of it is gone too. */
void module_forget_init(struct module *mod)
{
#if R3_LINUX(6, 4)
	mod->mem[MOD_INIT_TEXT].base = NULL;
	mod->mem[MOD_INIT_TEXT].size = 0;
#else
	mod->init_layout.base = NULL;
	mod->init_layout.size = 0;
#endif
}

/* Who runs in it or looks at it under RCU must be done before its memory goes. */
void module_quiesce(struct module *mod)
{
	synchronize_rcu();
}

void __noreturn __module_put_and_kthread_exit(struct module *mod, long code)
{
	module_put(mod);
	kthread_exit(code);
}
EXPORT_SYMBOL(__module_put_and_kthread_exit);
