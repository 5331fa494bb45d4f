// SPDX-License-Identifier: GPL-2.0-or-later
/* Decides itself when it may go; complains of what is wrong, as a module of Linux 2.4 does. */
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/module.h>

static int refusals = 2;
MODULE_PARM(refusals, "i");
static int wrong;
MODULE_PARM(wrong, "i");

/* Not 0: it is in use. */
static int decide(void)
{
	printk(KERN_INFO "decides: asked, %d left\n", refusals);
	return refusals-- > 0;
}

static int __init decides_init(void)
{
	if (mod_member_present(THIS_MODULE, can_unload))
		THIS_MODULE->can_unload = decide;
	WARN_ON(wrong == 1);
	BUG_ON(wrong == 2);
	return 0;
}

static void __exit decides_exit(void)
{
}

module_init(decides_init);
module_exit(decides_exit);
MODULE_LICENSE("GPL");
