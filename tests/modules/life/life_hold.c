// SPDX-License-Identifier: GPL-2.0-or-later
/* References: taken and given back on demand; what try_module_get says in exit. */
#include <linux/module.h>

void life_get(void);
void life_get(void)
{
	__module_get(THIS_MODULE);
}

void life_put(void);
void life_put(void)
{
	module_put(THIS_MODULE);
}

static int __init life_init(void)
{
	pr_info("life_hold: in init %d\n", module_refcount(THIS_MODULE));
	return 0;
}

static void __exit life_exit(void)
{
	pr_info("life_hold: in exit %d, try_module_get %d\n", module_refcount(THIS_MODULE),
		try_module_get(THIS_MODULE));
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
