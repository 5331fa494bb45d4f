// SPDX-License-Identifier: GPL-2.0-or-later
/* Goes without its probes. */
#include <linux/kprobes.h>
#include <linux/module.h>

static int seen(struct kprobe *p, struct pt_regs *regs)
{
	return 0;
}

static struct kprobe hits = {.symbol_name = "kstrdup", .pre_handler = seen};
static struct kretprobe returns = {.kp.symbol_name = "kstrdup"};

static noinline int forgets_register(void)
{
	int error = register_kprobe(&hits);

	return error ? error : register_kretprobe(&returns) ? -EINVAL : 0;
}

static int __init forgets_init(void)
{
	return forgets_register();
}

static void __exit forgets_exit(void)
{
}

module_init(forgets_init);
module_exit(forgets_exit);
MODULE_LICENSE("GPL");
