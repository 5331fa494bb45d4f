// SPDX-License-Identifier: GPL-2.0-or-later
/* A parameter of each type and mode; init tells what was given. */
#include <linux/module.h>
#include <linux/moduleparam.h>

static bool flag;
module_param(flag, bool, 0644);
static bool inverted;
module_param(inverted, invbool, 0644);
static bool once;
module_param_named(once, once, bool_enable_only, 0644);
static int bint;
module_param_named(bint, bint, bint, 0644);
static unsigned char byte;
module_param(byte, byte, 0644);
static short number16;
module_param(number16, short, 0644);
static unsigned short unsigned16;
module_param(unsigned16, ushort, 0644);
static int number;
module_param(number, int, 0644);
MODULE_PARM_DESC(number, "an int, \"quoted\"");
static unsigned int unsigned32;
module_param(unsigned32, uint, 0600);
static long number64;
module_param(number64, long, 0444);
static unsigned long unsigned64;
module_param(unsigned64, ulong, 0644);
static unsigned long long longest;
module_param(longest, ullong, 0644);
static unsigned int hex;
module_param(hex, hexint, 0644);
static char *text = "default";
module_param(text, charp, 0644);
static char room[8] = "abc";
module_param_string(room, room, sizeof(room), 0644);
static int counted[3] = {1, 2, 3}, nr_counted;
module_param_array(counted, int, &nr_counted, 0644);
static int uncounted[2] = {8, 9};
module_param_array(uncounted, int, NULL, 0644);
static char *texts[2];
static int nr_texts;
module_param_array(texts, charp, &nr_texts, 0644);
static int hidden;
module_param(hidden, int, 0);
static int unsafe;
module_param_unsafe(unsafe, int, 0644);
static int write_only;
module_param(write_only, int, 0200);
static int with_dash;
module_param(with_dash, int, 0444);

/* -EDOM for what begins with 'e'. */
static int set(const char *value, const struct kernel_param *kp)
{
	pr_info("many_params: %s set to '%s'\n", kp->name, value ? value : "(null)");
	return value && *value == 'e' ? -EDOM : 0;
}
static const struct kernel_param_ops setting = {.set = set};
module_param_cb(callback, &setting, NULL, 0600);
static const struct kernel_param_ops setting_without_value = {.flags = KERNEL_PARAM_OPS_FL_NOARG,
							      .set = set};
module_param_cb(no_value, &setting_without_value, NULL, 0600);

static int __init many_params_init(void)
{
	pr_info("many_params: number=%d unsigned32=%u flag=%d text='%s' room='%s' counted=%d,%d,%d "
		"(%d) "
		"hidden=%d with_dash=%d\n",
		number, unsigned32, flag, text, room, counted[0], counted[1], counted[2],
		nr_counted, hidden, with_dash);
	return 0;
}
module_init(many_params_init);

static void __exit many_params_exit(void)
{
}
module_exit(many_params_exit);

MODULE_LICENSE("GPL");
