// SPDX-License-Identifier: GPL-2.0-or-later
/* Does what kind= names, in init, or in exit if where=exit. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

static char *kind = "none";
module_param(kind, charp, 0444);
static char *where = "init";
module_param(where, charp, 0444);

static void *volatile nowhere;
static unsigned long data_word = 0xc3c3c3c3c3c3c3c3;

static noinline void null_read(void)
{
	pr_info("read %d\n", *(volatile int *)nowhere);
}

static noinline void null_write(void)
{
	((volatile int *)nowhere)[2] = 1;
}

static noinline void wild_read(void)
{
	pr_info("read %d\n", *(volatile int *)0x123456789000);
}

static noinline void kernel_half_read(void)
{
	pr_info("read %d\n", *(volatile int *)0xffff888000000000);
}

static noinline void not_canonical(void)
{
	*(volatile int *)0xdead000000000100 = 1;
}

/* The module's own read-only data: W^X and more. */
static const int constant = 3;
static noinline void write_constant(void)
{
	*(volatile int *)&constant = 4;
	pr_info("constant %d\n", constant);
}

static noinline void call_null(void)
{
	((void (*volatile)(void))nowhere)();
	pr_info("it returned\n");
}

static noinline void call_data(void)
{
	void (*volatile function)(void) = (void *)&data_word;

	function();
	pr_info("it returned\n");
}

static noinline void divide(void)
{
	volatile int zero = 0;

	pr_info("quotient %d\n", 7 / zero);
}

static noinline void bug(void)
{
	BUG();
}

static noinline void warn(void)
{
	WARN(1, "faults: a warning %d\n", 42);
	WARN_ON(1);
	pr_info("after the warnings\n");
}

static noinline void warn_first_time(void)
{
	WARN_ON_ONCE(1);
}

static noinline void warn_once(void)
{
	volatile int i;

	for (i = 0; i < 3; i++)
		warn_first_time();
	pr_info("after the warnings\n");
}

static noinline void dump(void)
{
	dump_stack();
	pr_info("dumped\n");
}

static noinline void halted(void)
{
	asm volatile("hlt");
}

static noinline void no_interrupts(void)
{
	asm volatile("cli");
}

static noinline void port(void)
{
	unsigned char value;

	asm volatile("inb $0x60, %0" : "=a"(value));
	pr_info("port %d\n", value);
}

static noinline void control_register(void)
{
	unsigned long value;

	asm volatile("mov %%cr3, %0" : "=r"(value));
	pr_info("cr3 %lx\n", value);
}

static noinline void model_register(void)
{
	asm volatile("wrmsr" : : "c"(0x10), "a"(0), "d"(0));
}

static noinline void breakpoint(void)
{
	asm volatile("int3");
}

static noinline void undefined(void)
{
	asm volatile("ud2");
}

static noinline int recurse(int depth)
{
	volatile char frame[256];

	frame[0] = depth;
	if (depth == 0x7fffffff)
		return 0;
	return recurse(depth + 1) + frame[0];
}

static noinline void overflow(void)
{
	pr_info("depth %d\n", recurse(0));
}

static const struct {
	const char *name;
	void (*function)(void);
} kinds[] = {
	{"null-read", null_read},
	{"null-write", null_write},
	{"wild-read", wild_read},
	{"kernel-half-read", kernel_half_read},
	{"not-canonical", not_canonical},
	{"write-constant", write_constant},
	{"call-null", call_null},
	{"call-data", call_data},
	{"divide", divide},
	{"bug", bug},
	{"warn", warn},
	{"warn-once", warn_once},
	{"dump", dump},
	{"hlt", halted},
	{"cli", no_interrupts},
	{"in", port},
	{"mov-cr", control_register},
	{"wrmsr", model_register},
	{"int3", breakpoint},
	{"ud2", undefined},
	{"overflow", overflow},
};

static noinline void run_kind(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, kind))
			kinds[i].function();
	pr_info("%s is survived\n", kind);
}

static int __init faults_init(void)
{
	pr_info("now\n");
	if (!strcmp(where, "init"))
		run_kind();
	return 0;
}

static void __exit faults_exit(void)
{
	if (!strcmp(where, "exit")) {
		run_kind();
		pr_info("exit goes on\n"); /* so that it is on the stack */
	}
}

module_init(faults_init);
module_exit(faults_exit);
MODULE_LICENSE("GPL");
