// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A crowd of small functions, each of which becomes one instruction of somebody
 * else's; runs one with every register set, keeps what it left, and puts probes
 * on many of them.
 */
#include <linux/irqflags.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/stringify.h>
#include "probe_cells.h"

extern char probe_cells_text[], probe_cells_next[], probe_cells_forward[], probe_cells_backward[];
void probe_cells_enter(void);

/* Filled and read from outside. */
struct machine probe_cells_before, probe_cells_after;
unsigned long probe_cells_host_sp;
u8 probe_cells_memory[ARENA_SIZE] __aligned(4096);
u8 probe_cells_stack[ARENA_STACK_TOP] __aligned(4096);
DEFINE_PER_CPU(u8[ARENA_SIZE], probe_cells_percpu) __aligned(64);
struct pt_regs probe_cells_seen, probe_cells_done; /* by the last handlers */
bool probe_cells_set;                              /* the handler sets registers, but for ip, sp */
struct pt_regs probe_cells_wanted;
unsigned long probe_cells_hits[CELLS], probe_cells_posts[CELLS], probe_cells_missed[CELLS];
int probe_cells_errors[CELLS]; /* of register_kprobe() */

static struct kprobe probes[CELLS];
static struct kprobe *list[CELLS];

/* clang-format off */
asm(".pushsection .text\n"
    ".macro probe_cell\n"
    "	.type	probe_cell_\\@, @function\n"
    "probe_cell_\\@:\n"
    "	.fill	" __stringify(CELL_SIZE) ", 1, 0x90\n"
    "	.size	probe_cell_\\@, . - probe_cell_\\@\n"
    ".endm\n"
    "	.balign	" __stringify(CELL_SIZE) "\n"
    "	.globl	probe_cells_text\n"
    "probe_cells_text:\n"
    ".rept " __stringify(CELLS) "\n"
    "	probe_cell\n"
    ".endr\n"
    ".popsection\n");

/* Nothing but moves, which leave the flags alone, between the last popf and the first pushf. */
asm(".pushsection .text\n"
    ".macro each_register operation\n"
    "	\\operation	%rax, 0\n"
    "	\\operation	%rcx, 8\n"
    "	\\operation	%rdx, 16\n"
    "	\\operation	%rbx, 24\n"
    "	\\operation	%rsp, 32\n"
    "	\\operation	%rbp, 40\n"
    "	\\operation	%rsi, 48\n"
    "	\\operation	%rdi, 56\n"
    "	\\operation	%r8, 64\n"
    "	\\operation	%r9, 72\n"
    "	\\operation	%r10, 80\n"
    "	\\operation	%r11, 88\n"
    "	\\operation	%r12, 96\n"
    "	\\operation	%r13, 104\n"
    "	\\operation	%r14, 112\n"
    "	\\operation	%r15, 120\n"
    ".endm\n"
    ".macro load register, offset\n"
    "	movq	probe_cells_before + \\offset(%rip), \\register\n"
    ".endm\n"
    ".macro keep register, offset\n"
    "	movq	\\register, probe_cells_after + \\offset(%rip)\n"
    ".endm\n"
    "	.globl	probe_cells_enter\n"
    "	.type	probe_cells_enter, @function\n"
    "probe_cells_enter:\n"
    "	push	%rbx\n"
    "	push	%rbp\n"
    "	push	%r12\n"
    "	push	%r13\n"
    "	push	%r14\n"
    "	push	%r15\n"
    "	mov	%rsp, probe_cells_host_sp(%rip)\n"
    "	mov	probe_cells_before + 144(%rip), %eax\n"
    "	xor	%edx, %edx\n"
    "	xrstor64 probe_cells_before + 192(%rip)\n"
    "	pushq	probe_cells_before + 128(%rip)\n"
    "	popfq\n"
    "	each_register load\n"
    "	jmp	*probe_cells_before + 152(%rip)\n"
    "	.globl	probe_cells_next, probe_cells_forward, probe_cells_backward\n"
    "probe_cells_backward:\n"
    "	movq	$3, probe_cells_after + 136(%rip)\n"
    "	jmp	1f\n"
    "probe_cells_forward:\n"
    "	movq	$2, probe_cells_after + 136(%rip)\n"
    "	jmp	1f\n"
    "probe_cells_next:\n"
    "	movq	$1, probe_cells_after + 136(%rip)\n"
    "1:	each_register keep\n"
    "	mov	probe_cells_host_sp(%rip), %rsp\n"
    "	pushfq\n"
    "	popq	probe_cells_after + 128(%rip)\n"
    "	cld\n"
    "	mov	probe_cells_before + 144(%rip), %eax\n"
    "	xor	%edx, %edx\n"
    "	xsave64	probe_cells_after + 192(%rip)\n"
    "	pop	%r15\n"
    "	pop	%r14\n"
    "	pop	%r13\n"
    "	pop	%r12\n"
    "	pop	%rbp\n"
    "	pop	%rbx\n"
    "	ret\n"
    "	.size	probe_cells_enter, . - probe_cells_enter\n"
    ".popsection\n");
/* clang-format on */

static_assert(offsetof(struct machine, flags) == 128);
static_assert(offsetof(struct machine, exit) == 136);
static_assert(offsetof(struct machine, vector) == 144);
static_assert(offsetof(struct machine, cell) == 152);
static_assert(offsetof(struct machine, xsave) == 192);

/* The stack is not the task's, so no interrupt may come. */
void probe_cells_run(void);
void probe_cells_run(void)
{
	unsigned long flags;

	local_irq_save(flags);
	probe_cells_enter();
	local_irq_restore(flags);
}

static void set(struct pt_regs *regs)
{
	const struct pt_regs old = *regs;

	*regs = probe_cells_wanted;
	regs->orig_ax = old.orig_ax;
	regs->ip = old.ip;
	regs->cs = old.cs;
	regs->flags |= old.flags & ~FORM_FLAGS;
	regs->sp = old.sp;
	regs->ss = old.ss;
}

static int before(struct kprobe *kp, struct pt_regs *regs)
{
	probe_cells_hits[kp - probes]++;
	probe_cells_seen = *regs;
	if (probe_cells_set)
		set(regs);
	return 0;
}

static void after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
	probe_cells_posts[kp - probes]++;
	probe_cells_done = *regs;
}

/*
 * A probe on each of the first cells, on the instruction or so many bytes
 * before it; how many could be registered.
 */
int probe_cells_register(int count, bool post, int bytes_before);
int probe_cells_register(int count, bool post, int bytes_before)
{
	int good = 0;

	for (int i = 0; i < count; i++) {
		probes[i] = (struct kprobe){
			.addr = (kprobe_opcode_t *)probe_cells_text + i * CELL_SIZE +
				CELL_INSTRUCTION - bytes_before,
			.pre_handler = before,
			.post_handler = post ? after : NULL,
		};
		probe_cells_hits[i] = probe_cells_posts[i] = 0;
		probe_cells_errors[i] = register_kprobe(&probes[i]);
		if (!probe_cells_errors[i])
			list[good++] = &probes[i];
	}
	return good;
}

void probe_cells_unregister(int good);
void probe_cells_unregister(int good)
{
	unregister_kprobes(list, good);
	for (int i = 0; i < CELLS; i++)
		probe_cells_missed[i] = probes[i].nmissed;
}

static int __init cells_init(void)
{
	return 0;
}

static void __exit cells_exit(void)
{
}

module_init(cells_init);
module_exit(cells_exit);
MODULE_DESCRIPTION("Cells for single instructions, with probes");
MODULE_LICENSE("GPL");
