// SPDX-License-Identifier: GPL-2.0-or-later
/* Neither init nor exit: loads, and can be unloaded. */
#include <linux/module.h>

int life_noinit_value(void);
int life_noinit_value(void)
{
	return 42;
}
EXPORT_SYMBOL(life_noinit_value);

MODULE_LICENSE("GPL");
