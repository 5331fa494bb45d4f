// SPDX-License-Identifier: GPL-2.0-or-later
/* The ends that kernel code can come to, and taints. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/refcount.h>
#include "builtin.h"

void panic(const char *fmt, ...)
{
	char message[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	r3hc_panic(message);
	__builtin_unreachable();
}
EXPORT_SYMBOL(panic);

void add_taint(unsigned int flag, int lockdep_ok)
{
	if (lockdep_ok == LOCKDEP_NOW_UNRELIABLE && !test_taint(flag))
		pr_warn("Disabling lock debugging due to kernel taint\n");
	r3hc_taint(1UL << flag);
}
EXPORT_SYMBOL(add_taint);

int test_taint(unsigned int flag)
{
	return (r3hc_taint(0) >> flag) & 1;
}
EXPORT_SYMBOL(test_taint);

unsigned long get_taint(void)
{
	return r3hc_taint(0);
}

/* Tracing of function entries: every call site becomes a nop before it can run. */
void __fentry__(void);
asm("	.pushsection .text\n"
    "	.globl __fentry__\n"
    "	.type __fentry__, @function\n"
    "__fentry__:\n"
    "	ret\n"
    "	.size __fentry__, . - __fentry__\n"
    "	.popsection\n");
EXPORT_SYMBOL(__fentry__);
