// SPDX-License-Identifier: GPL-2.0-or-later
/* A parameter of each kind that /sys/module/files_params/parameters has to show. */
#include <linux/module.h>
#include <linux/moduleparam.h>

static int number = 3;
module_param(number, int, 0644);
static bool flag;
module_param(flag, bool, 0644);
static char *text = "dflt";
module_param(text, charp, 0644);
static char fixed[8] = "abc";
module_param_string(fixed, fixed, sizeof(fixed), 0644);
static int list[3] = {1, 2, 3}, list_count;
module_param_array(list, int, &list_count, 0644);
static int hidden;
module_param(hidden, int, 0);
static int readonly = 7;
module_param(readonly, int, 0444);
static int writeonly;
module_param(writeonly, int, 0200);
static int danger;
module_param_unsafe(danger, int, 0644);

/* A set function with an errno of its own, and no get. */
static int refuse(const char *value, const struct kernel_param *kp)
{
	return value[0] == 'e' ? -EDOM : 0;
}
static const struct kernel_param_ops refusing = {.set = refuse};
module_param_cb(callback, &refusing, NULL, 0600);

static int __init files_params_init(void)
{
	return 0;
}
module_init(files_params_init);

static void __exit files_params_exit(void)
{
}
module_exit(files_params_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION("1.2");
