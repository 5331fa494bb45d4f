// SPDX-License-Identifier: GPL-2.0-or-later
/* An init and an exit that take their time. */
#include <linux/delay.h>
#include <linux/module.h>

static int ms;
module_param(ms, int, 0444);
static int exit_ms;
module_param(exit_ms, int, 0444);
static int ret;
module_param(ret, int, 0444);

int life_slow_value(void);
int life_slow_value(void)
{
	return 7;
}
EXPORT_SYMBOL(life_slow_value);

static int __init life_init(void)
{
	if (ms)
		msleep(ms);
	return ret;
}

static void __exit life_exit(void)
{
	if (exit_ms)
		msleep(exit_ms);
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
