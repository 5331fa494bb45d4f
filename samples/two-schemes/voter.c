// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses tally.c; has a parameter of every type; is busy with a timer, if asked to. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/timer.h>
#include "tally.h"

static unsigned char a_byte = 1;
PARAMETER(a_byte, "b", byte);
static short a_short = -2;
PARAMETER(a_short, "h", short);
static int an_int = 3;
PARAMETER(an_int, "i", int);
static long a_long = -4;
PARAMETER(a_long, "l", long);
static char *a_string = "five";
PARAMETER(a_string, "s", charp);
static char a_text[12] = "six";
PARAMETER_TEXT(a_text, "c12");
static int numbers[4] = {7, 8};
PARAMETER_LIST(numbers, "1-4i", int);
MODULE_PARM_DESC(numbers, "one to four of them");
static char *words[2] = {"nine", "ten"};
PARAMETER_LIST(words, "1-2s", charp);
static int busy;
PARAMETER(busy, "i", int);
MODULE_PARM_DESC(busy, "milliseconds in which the module cannot be unloaded");

static void calm_down(struct timer_list *timer)
{
	pr_info("no longer busy\n");
	release_myself();
}
static DEFINE_TIMER(patience, calm_down);

static void show_parameters(void)
{
	pr_info("byte %u short %d int %d long %ld\n", a_byte, a_short, an_int, a_long);
	pr_info("string '%s' text '%s'\n", a_string, a_text);
	pr_info("numbers %d %d %d %d\n", numbers[0], numbers[1], numbers[2], numbers[3]);
	pr_info("words '%s' '%s'\n", words[0], words[1]);
}

static int __init voter_init(void)
{
	int error = tally_open(), votes;

	if (error)
		return error;
	show_parameters();
	votes = tally_add(an_int);
	pr_info("%d votes, half of them %d\n", votes, tally_share(50));
	if (busy > 0 && hold_myself()) {
		pr_info("busy\n");
		mod_timer(&patience, jiffies + msecs_to_jiffies(busy));
	}
	return 0;
}

static void __exit voter_exit(void)
{
	del_timer_sync(&patience);
	tally_close();
	pr_info("voted, there are %d votes\n", tally_votes);
}

module_init(voter_init);
module_exit(voter_exit);
MODULE_DESCRIPTION("A parameter of every type, and a user of tally");
MODULE_LICENSE("GPL");
