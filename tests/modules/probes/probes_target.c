// SPDX-License-Identifier: GPL-2.0-or-later
/* A module whose functions others probe, while it comes, is there and goes. */
#include <linux/init.h>
#include <linux/module.h>

int target_core(int x);
noinline int target_core(int x)
{
	barrier();
	return x + 1;
}

int target_init(int x);
noinline int __init target_init(int x)
{
	barrier();
	return x + 2;
}

static int (*volatile in_init)(int) __initdata = target_init;
static int (*volatile in_core)(int) = target_core;

static int __init probes_target_init(void)
{
	return in_init(1) == 3 && in_core(1) == 2 ? 0 : -EINVAL;
}

static void __exit probes_target_exit(void)
{
	in_core(2);
}

module_init(probes_target_init);
module_exit(probes_target_exit);
MODULE_LICENSE("GPL");
