// SPDX-License-Identifier: GPL-2.0-or-later
/* A parameter of every kind, and what became of them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

static unsigned char a_byte = 1;
module_param(a_byte, byte, 0644);
static short a_short = -2;
module_param(a_short, short, 0644);
static unsigned short a_ushort = 3;
module_param(a_ushort, ushort, 0644);
static int an_int = -4;
module_param(an_int, int, 0644);
static unsigned int a_uint = 5;
module_param(a_uint, uint, 0644);
static long a_long = -6;
module_param(a_long, long, 0644);
static unsigned long a_ulong = 7;
module_param(a_ulong, ulong, 0644);
static unsigned long long a_ullong = 8;
module_param(a_ullong, ullong, 0644);
static unsigned int a_hexint = 0x9;
module_param(a_hexint, hexint, 0644);
static char *a_charp = "ten";
module_param(a_charp, charp, 0644);
static bool a_bool;
module_param(a_bool, bool, 0644);
static bool an_invbool;
module_param(an_invbool, invbool, 0644);
static int a_bint;
module_param(a_bint, bint, 0644);
static bool an_enable_only;
module_param(an_enable_only, bool_enable_only, 0644);
static char a_string[8] = "string";
module_param_string(a_string, a_string, sizeof(a_string), 0644);

static int renamed_inside = 11;
module_param_named(renamed, renamed_inside, int, 0444);
MODULE_PARM_DESC(renamed, "a name that is not the variable's");
static int hidden = 12;
module_param(hidden, int, 0);
static int dangerous = 13;
module_param_unsafe(dangerous, int, 0444);

static int counted[4] = {1, 2};
static unsigned int nr_counted = 2;
module_param_array(counted, int, &nr_counted, 0644);
static short uncounted[3] = {-1, -2, -3};
module_param_array(uncounted, short, NULL, 0444);
static char *words[3];
static unsigned int nr_words;
module_param_array(words, charp, &nr_words, 0444);
MODULE_PARM_DESC(words, "up to three");
static bool flags[2];
module_param_array_named(switches, flags, bool, NULL, 0444);

/* A callback: even numbers only, shown with a unit. */
static int even;
static int set_even(const char *value, const struct kernel_param *kp)
{
	int number, error = kstrtoint(value, 0, &number);

	if (error)
		return error;
	if (number % 2)
		return -EDOM;
	*(int *)kp->arg = number;
	pr_info("even was set to %d\n", number);
	return 0;
}

static int get_even(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%d pieces\n", *(int *)kp->arg);
}

static const struct kernel_param_ops even_ops = {
	.set = set_even,
	.get = get_even,
};
module_param_cb(even, &even_ops, &even, 0644);

/* Another: may come without a value, has no way to be read. */
static int shouts;
static int set_shout(const char *value, const struct kernel_param *kp)
{
	shouts++;
	pr_info("shout: %s\n", value ? value : "no value");
	return 0;
}

static const struct kernel_param_ops shout_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_shout,
};
module_param_cb(shout, &shout_ops, NULL, 0200);

static void show_scalars(void)
{
	pr_info("byte %u short %d ushort %u int %d uint %u\n", a_byte, a_short, a_ushort, an_int,
		a_uint);
	pr_info("long %ld ulong %lu ullong %llu hexint %#x\n", a_long, a_ulong, a_ullong, a_hexint);
	pr_info("charp '%s' string '%s' bool %d invbool %d bint %d enable_only %d\n",
		a_charp ? a_charp : "(null)", a_string, a_bool, an_invbool, a_bint, an_enable_only);
	pr_info("renamed %d hidden %d dangerous %d even %d shouts %d\n", renamed_inside, hidden,
		dangerous, even, shouts);
}

static void show_arrays(void)
{
	unsigned int i;

	pr_info("counted: %u\n", nr_counted);
	for (i = 0; i < nr_counted; i++)
		pr_info("counted[%u] = %d\n", i, counted[i]);
	pr_info("uncounted: %d %d %d\n", uncounted[0], uncounted[1], uncounted[2]);
	for (i = 0; i < nr_words; i++)
		pr_info("words[%u] = '%s'\n", i, words[i]);
	pr_info("switches: %d %d\n", flags[0], flags[1]);
}

static int __init params_init(void)
{
	show_scalars();
	show_arrays();
	return 0;
}

static void __exit params_exit(void)
{
	pr_info("int %d at the end\n", an_int);
}

module_init(params_init);
module_exit(params_exit);
MODULE_DESCRIPTION("A parameter of every kind");
MODULE_LICENSE("GPL");
