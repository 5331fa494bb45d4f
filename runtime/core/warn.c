// SPDX-License-Identifier: GPL-2.0-or-later
/* What compiled code calls when it finds something wrong: alike on every target. */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/printk.h>

/* Called from where a buffer was overrun: the canary of its caller is wrong. */
void __stack_chk_fail(void);
__visible noinstr void __stack_chk_fail(void)
{
	panic("stack-protector: Kernel stack is corrupted in: %pB", __builtin_return_address(0));
}
EXPORT_SYMBOL(__stack_chk_fail);

/* The ud2 that follows makes the report; this is the text before it. */
void __warn_printk(const char *fmt, ...)
{
	va_list args;

	pr_warn(CUT_HERE);
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(__warn_printk);
