// SPDX-License-Identifier: GPL-2.0-or-later
/* Ten thousand functions, with a probe in each. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/stringify.h>

#define CROWD      10000
#define STRIDE     32
#define SECOND     4 /* offset of the second instruction, which is probed */
#define MULTIPLIER 1000003

/* clang-format off */
asm(".pushsection .text\n"
    ".macro probe_crowd\n"
    "	.balign	" __stringify(STRIDE) ", 0x90\n"
    "	.type	probe_crowd_\\@, @function\n"
    "probe_crowd_\\@:\n"
    "	lea	1(%rdi), %rax\n"
    "	imul	$" __stringify(MULTIPLIER) ", %rax, %rax\n"
    "	xor	%rdi, %rax\n"
    "	ret\n"
    "	.size	probe_crowd_\\@, . - probe_crowd_\\@\n"
    ".endm\n"
    "	.balign	" __stringify(STRIDE) "\n"
    "	.globl	probe_crowd_text\n"
    "probe_crowd_text:\n"
    ".rept " __stringify(CROWD) "\n"
    "	probe_crowd\n"
    ".endr\n"
    ".popsection\n");
/* clang-format on */

extern char probe_crowd_text[];
static struct kprobe probes[CROWD];
static struct kprobe *list[CROWD];
static u8 hits[CROWD];

static int crowd_hit(struct kprobe *kp, struct pt_regs *regs)
{
	hits[kp - probes] += regs->ax == regs->di + 1;
	return 0;
}

int probe_crowd_register(void);
int probe_crowd_register(void)
{
	for (int i = 0; i < CROWD; i++) {
		probes[i] = (struct kprobe){
			.addr = (kprobe_opcode_t *)probe_crowd_text + i * STRIDE + SECOND,
			.pre_handler = crowd_hit,
		};
		list[i] = &probes[i];
	}
	return register_kprobes(list, CROWD);
}

void probe_crowd_unregister(void);
void probe_crowd_unregister(void)
{
	unregister_kprobes(list, CROWD);
}

/* Call all; how many were not hit as often as that, or returned something else. */
int probe_crowd_wrong(int wanted);
int probe_crowd_wrong(int wanted)
{
	int wrong = 0;

	for (unsigned long i = 0; i < CROWD; i++) {
		unsigned long (*function)(unsigned long) = (void *)(probe_crowd_text + i * STRIDE);

		hits[i] = 0;
		wrong += function(i) != ((i + 1) * MULTIPLIER ^ i) || hits[i] != wanted;
	}
	return wrong;
}

static int __init crowd_init(void)
{
	return 0;
}

static void __exit crowd_exit(void)
{
}

module_init(crowd_init);
module_exit(crowd_exit);
MODULE_DESCRIPTION("Ten thousand probes at once");
MODULE_LICENSE("GPL");
