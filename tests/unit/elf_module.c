// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module in the sections that the loader reads, compiled when the tests are
 * built: the real object that the tests of elf/ take apart. Its relocations
 * and tables are the compiler's, not made up.
 */
struct module {
	int state;
	void *list[2];
	char name[56];
	int (*init)(void);
	char rest[128];
};

int init_module(void);
int _printk(const char *format, ...);
extern int weak_import __attribute__((weak));

static const char modinfo[] __attribute__((used, section(".modinfo"), aligned(1))) =
	"license=GPL\0"
	"alias=first\0"
	"\0\0\0"
	"alias=second\0"
	"aliases=of another tag\0"
	"empty=\0"
	"vermagic=6.1.0-56-amd64 SMP preempt mod_unload modversions \0"
	"name=elf_module\0"
	"alias=third";

struct module __this_module __attribute__((section(".gnu.linkonce.this_module"))) = {
	.name = "elf_module",
	.init = init_module,
};

long initialised[] = {1, 2, 3};
static int uninitialised[1000];

__attribute__((section(".init.text"))) int init_module(void)
{
	if (&weak_import)
		uninitialised[initialised[0]] = weak_import;
	_printk("hello %d\n", uninitialised[1]);
	return 0;
}
