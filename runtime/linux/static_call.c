// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static calls. Linux patches every call site; here the sites go on calling
 * their trampoline, which is the one place that changes: a jump more, and
 * nothing to look for in any object. Rules of arch/x86/kernel/static_call.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/static_call.h>
#include <ring3/hypercall.h>
#include "patch.h"

#define JMP_REL32 0xe9
#define RET       0xc3
#define INT3      0xcc

static DEFINE_MUTEX(call_mutex);

long __static_call_return0(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(__static_call_return0);

void __static_call_update(struct static_call_key *key, void *tramp, void *func)
{
	u8 code[5] = {RET, INT3, INT3, INT3, INT3};

	mutex_lock(&call_mutex);
	if (key->func != func) {
		WRITE_ONCE(key->func, func);
		if (func)
			patch_branch(code, JMP_REL32, (unsigned long)tramp, (unsigned long)func);
		if (tramp)
			WARN_ON(r3hc_text_poke((unsigned long)tramp, code, sizeof(code)));
	}
	mutex_unlock(&call_mutex);
}
EXPORT_SYMBOL_GPL(__static_call_update);

/*
 * Is one of a module's calls in that code, end included? Linux rewrites those,
 * and forbids kprobes to touch them; here what they jump through is rewritten.
 */
int static_call_text_reserved(void *start, void *end)
{
	struct module *mod = r3hc_module_of((unsigned long)start, 0);
	int i;

	for (i = 0; mod && i < mod->num_static_call_sites; i++) {
		struct static_call_site *site = &mod->static_call_sites[i];
		void *call = (void *)&site->addr + site->addr;

		if (call <= end && call + CALL_INSN_SIZE > start)
			return 1;
	}
	return 0;
}
