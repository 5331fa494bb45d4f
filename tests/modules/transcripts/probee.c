// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions to be probed. Writing to "call" calls them and tells what came of it. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static int probee_data = 1;
module_param(probee_data, int, 0600);

/* Behind the call of __fentry__ are instructions that a jump may replace. */
static noinline __attribute__((noipa)) int probee_add(int a, int b)
{
	asm volatile("movl $7, %%ecx\n\tmovl $8, %%r8d\n\tmovl $9, %%r9d" : : : "ecx", "r8", "r9");
	return a * 3 + b * probee_data;
}

static noinline __attribute__((noipa)) int probee_outer(int a)
{
	return probee_add(a, 1) + 1;
}

static noinline __attribute__((noipa)) int probee_down(int depth)
{
	return depth ? probee_down(depth - 1) + 1 : 0;
}

static noinline __attribute__((noipa)) int probee_forbidden(int a)
{
	return probee_add(a, 2);
}
NOKPROBE_SYMBOL(probee_forbidden);

static int call(const char *value, const struct kernel_param *kp)
{
	pr_info("probee: add %d, outer %d, down %d, forbidden %d\n", probee_add(2, 5),
		probee_outer(10), probee_down(3), probee_forbidden(4));
	return 0;
}
static const struct kernel_param_ops calling = {.set = call};
module_param_cb(call, &calling, NULL, 0200);

static noinline __attribute__((noipa)) int __init probee_early(int a)
{
	return probee_add(a, 3);
}

static int __init probee_init(void)
{
	pr_info("probee: early %d\n", probee_early(1));
	return 0;
}

static void __exit probee_exit(void)
{
	pr_info("probee: late %d\n", probee_add(1, 1));
}

module_init(probee_init);
module_exit(probee_exit);
MODULE_LICENSE("GPL");
