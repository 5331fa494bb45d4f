// SPDX-License-Identifier: GPL-2.0-or-later
/* Warnings, panic and taint: what kernel/panic.c and lib/dump_stack.c do. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/panic.h>
#include <linux/panic_notifier.h>
#include <linux/printk.h>
#include <linux/bug.h>
#include <asm/nmi.h>
#include <ring3/hypercall.h>
#include "compat.h"

#define PANIC_MESSAGE_MAX 1024

int panic_timeout;
EXPORT_SYMBOL_GPL(panic_timeout);

int panic_on_warn __read_mostly;
int panic_on_oops;
bool crash_kexec_post_notifiers;
atomic_t panic_cpu = ATOMIC_INIT(PANIC_CPU_INVALID);

ATOMIC_NOTIFIER_HEAD(panic_notifier_list);
EXPORT_SYMBOL(panic_notifier_list);

static long no_blink(int state)
{
	return 0;
}

long (*panic_blink)(int state) = no_blink;
EXPORT_SYMBOL(panic_blink);

void panic(const char *fmt, ...)
{
	static char message[PANIC_MESSAGE_MAX];
	va_list args;
	int length;

	va_start(args, fmt);
	length = vscnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	if (length && message[length - 1] == '\n')
		message[length - 1] = '\0';
	atomic_set(&panic_cpu, raw_smp_processor_id());
	if (rcu_access_pointer(panic_notifier_list.head))
		atomic_notifier_call_chain(&panic_notifier_list, 0, message);
	r3hc_panic(message);
	unreachable();
}
EXPORT_SYMBOL(panic);

void nmi_panic(struct pt_regs *regs, const char *msg)
{
	panic("%s", msg);
}
EXPORT_SYMBOL(nmi_panic);

void warn_slowpath_fmt(const char *file, int line, unsigned int taint, const char *fmt, ...)
{
	va_list args;

	pr_warn(CUT_HERE);
	if (fmt) {
		va_start(args, fmt);
		vprintk(fmt, args);
		va_end(args);
	}
	r3hc_warn(file, line, (unsigned long)__builtin_return_address(0));
	r3hc_taint(BIT(taint));
}
EXPORT_SYMBOL(warn_slowpath_fmt);

/* ---- taint ---- */

void add_taint(unsigned int flag, enum lockdep_ok lockdep_ok)
{
	static bool said;

	if (lockdep_ok == LOCKDEP_NOW_UNRELIABLE && !said) {
		said = true;
		pr_warn("Disabling lock debugging due to kernel taint\n");
	}
	r3hc_taint(BIT(flag));
}
EXPORT_SYMBOL(add_taint);

int test_taint(unsigned int flag)
{
	return !!(r3hc_taint(0) & BIT(flag));
}
EXPORT_SYMBOL(test_taint);

unsigned long get_taint(void)
{
	return r3hc_taint(0);
}

/* ---- stack dumps ---- */

void dump_stack_lvl(const char *log_lvl)
{
	int level = printk_get_level(log_lvl);

	r3hc_dump_stack(level ? level - '0' : default_message_loglevel);
}
EXPORT_SYMBOL(dump_stack_lvl);

void dump_stack(void)
{
	dump_stack_lvl(KERN_DEFAULT);
}
EXPORT_SYMBOL(dump_stack);
