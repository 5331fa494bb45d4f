// SPDX-License-Identifier: GPL-2.0-or-later
/* What probes cost those who run into them, and those who set them. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/stringify.h>

#define CROWD  1000
#define STRIDE 32

#define ENTRY  4 /* bytes of endbr64, which objtool wants where an address is taken */

extern const unsigned long bench_probes_place; /* where in bench_probes_target() */
extern char *const bench_probes_crowd;

unsigned long bench_probes_bare(unsigned long x);
unsigned long bench_probes_target(unsigned long x);

/* The same code twice, at the same places in their cache lines: one is never probed. */
noinline __aligned(64) unsigned long bench_probes_bare(unsigned long x)
{
	asm volatile("add	$0x12345, %0" : "+a"(x) : : "cc");
	return x;
}

noinline __aligned(64) unsigned long bench_probes_target(unsigned long x)
{
	asm volatile("1:	add	$0x12345, %0\n"
		     ".pushsection .rodata\n"
		     "	.balign	8\n"
		     "	.globl	bench_probes_place\n"
		     "bench_probes_place:\n"
		     "	.quad	1b - bench_probes_target\n"
		     ".popsection"
		     : "+a"(x)
		     :
		     : "cc");
	return x;
}

static void call(unsigned long (*volatile function)(unsigned long), unsigned long count)
{
	while (count--)
		function(count);
}

void bench_probes_call_bare(unsigned long count);
void bench_probes_call_bare(unsigned long count)
{
	call(bench_probes_bare, count);
}

void bench_probes_call_target(unsigned long count);
void bench_probes_call_target(unsigned long count)
{
	call(bench_probes_target, count);
}

static int on_hit(struct kprobe *kp, struct pt_regs *regs)
{
	return 0;
}

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return 0;
}

static struct kprobe probe;
static struct kretprobe return_probe;

/* At the entry, or behind it. */
int bench_probes_register(bool entry, bool disabled);
int bench_probes_register(bool entry, bool disabled)
{
	probe = (struct kprobe){
		.addr = (kprobe_opcode_t *)bench_probes_target + (entry ? 0 : bench_probes_place),
		.pre_handler = on_hit,
		.flags = disabled ? KPROBE_FLAG_DISABLED : 0,
	};
	return register_kprobe(&probe);
}

void bench_probes_unregister(void);
void bench_probes_unregister(void)
{
	unregister_kprobe(&probe);
}

int bench_probes_register_return(void);
int bench_probes_register_return(void)
{
	return_probe = (struct kretprobe){
		.kp.addr = (kprobe_opcode_t *)bench_probes_target,
		.handler = on_return,
	};
	return register_kretprobe(&return_probe);
}

void bench_probes_unregister_return(void);
void bench_probes_unregister_return(void)
{
	unregister_kretprobe(&return_probe);
}

/* clang-format off */
asm(".pushsection .text\n"
    ".macro bench_probes_one\n"
    "	.balign	" __stringify(STRIDE) ", 0x90\n"
    "	.type	bench_probes_\\@, @function\n"
    "bench_probes_\\@:\n"
    "	endbr64\n"
    "	add	$0x12345, %eax\n"
    "	jmp	bench_probes_bare\n"
    "	.size	bench_probes_\\@, . - bench_probes_\\@\n"
    ".endm\n"
    "	.balign	" __stringify(STRIDE) "\n"
    "1:\n"
    ".pushsection .rodata\n"
    "	.balign	8\n"
    "	.globl	bench_probes_crowd\n"
    "bench_probes_crowd:\n"
    "	.quad	1b\n"
    ".popsection\n"
    ".rept " __stringify(CROWD) "\n"
    "	bench_probes_one\n"
    ".endr\n"
    ".popsection\n");
/* clang-format on */

/* Register so many, and unregister them. */
int bench_probes_crowd_turn(int count);
int bench_probes_crowd_turn(int count)
{
	static struct kprobe probes[CROWD];
	static struct kprobe *list[CROWD];
	int error;

	for (int i = 0; i < count; i++) {
		probes[i] = (struct kprobe){
			.addr = (kprobe_opcode_t *)bench_probes_crowd + i * STRIDE + ENTRY,
			.pre_handler = on_hit,
		};
		list[i] = &probes[i];
	}
	error = register_kprobes(list, count);
	if (!error)
		unregister_kprobes(list, count);
	return error;
}

static int __init probes_init(void)
{
	return 0;
}

static void __exit probes_exit(void)
{
}

module_init(probes_init);
module_exit(probes_exit);
MODULE_DESCRIPTION("What probes cost");
MODULE_LICENSE("GPL");
