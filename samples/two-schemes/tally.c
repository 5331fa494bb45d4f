// SPDX-License-Identifier: GPL-2.0-or-later
/* A counter that other modules use: exports of every kind, a use count of its own. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/init.h>
#include <linux/kernel.h>
#include "tally.h"

static int start = 10;
PARAMETER(start, "i", int);
MODULE_PARM_DESC(start, "votes to begin with");

int tally_votes;
EXPORT_SYMBOL(tally_votes);

int tally_add(int votes)
{
	tally_votes += votes;
	return tally_votes;
}
EXPORT_SYMBOL(tally_add);

int tally_share(int percent)
{
	return tally_votes * percent / 100;
}
EXPORT_SYMBOL_GPL(tally_share);

/* As long as it is open, the module cannot be unloaded. */
int tally_open(void)
{
	return hold_myself() ? 0 : -ENODEV;
}
EXPORT_SYMBOL(tally_open);

void tally_close(void)
{
	release_myself();
}
EXPORT_SYMBOL(tally_close);

static int __init tally_init(void)
{
	if (start < 0) {
		pr_err("%d votes?\n", start);
		return -EINVAL;
	}
	tally_votes = start;
	pr_info("%d votes to begin with\n", tally_votes);
	return 0;
}

static void __exit tally_exit(void)
{
	pr_info("%d votes in the end\n", tally_votes);
}

module_init(tally_init);
module_exit(tally_exit);
MODULE_DESCRIPTION("A counter that other modules use");
MODULE_LICENSE("GPL");
