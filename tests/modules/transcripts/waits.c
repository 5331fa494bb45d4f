// SPDX-License-Identifier: GPL-2.0-or-later
/* Stays in its init, its exit or both until somebody writes into its parameter "go". */
#include <linux/completion.h>
#include <linux/module.h>

static bool in_init;
module_param(in_init, bool, 0444);
static bool in_exit;
module_param(in_exit, bool, 0444);
static int ret;
module_param(ret, int, 0444);

static DECLARE_COMPLETION(told);

static int set_go(const char *value, const struct kernel_param *kp)
{
	complete(&told);
	return 0;
}
static const struct kernel_param_ops go_ops = {.set = set_go};
module_param_cb(go, &go_ops, NULL, 0200);

int waits_value(void);
int waits_value(void)
{
	return 7;
}
EXPORT_SYMBOL(waits_value);

static int __init waits_init(void)
{
	if (in_init)
		wait_for_completion(&told);
	return ret;
}
module_init(waits_init);

static void __exit waits_exit(void)
{
	if (in_exit)
		wait_for_completion(&told);
}
module_exit(waits_exit);

MODULE_LICENSE("GPL");
