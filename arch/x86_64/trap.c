// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals that kernel code causes. A fault in it is looked up, in the order of
 * design decision D6, in the exception tables and __bug_table, and else becomes
 * an oops that ends the innermost kernel_call. A fault anywhere else belongs
 * to whoever handled such signals before.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include "arch/x86_64/decode.h"
#include "arch/x86_64/trap.h"
#include "arch/x86_64/unwind.h"
#include "probe/probe.h"

/* By default ignored, so one that arrives late harms nobody. */
#define KICK_SIGNAL    SIGURG

/* Room that an interrupt must find on the kernel stack; Linux has a stack of 16 KiB for them. */
#define INTERRUPT_ROOM 6144

#define SIGNAL_STACK   (128UL << 10)
#define FLAG_TF        0x100
#define FLAGS_CLEAN    0x202

static const int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
#define NR_FAULT_SIGNALS (sizeof(fault_signals) / sizeof(fault_signals[0]))

/* Who handled them before us. */
static struct sigaction previous[NSIG];

static void get_registers(const ucontext_t *context, struct arch_registers *registers)
{
	const greg_t *g = context->uc_mcontext.gregs;

	*registers = (struct arch_registers){
		.r15 = g[REG_R15],
		.r14 = g[REG_R14],
		.r13 = g[REG_R13],
		.r12 = g[REG_R12],
		.rbp = g[REG_RBP],
		.rbx = g[REG_RBX],
		.r11 = g[REG_R11],
		.r10 = g[REG_R10],
		.r9 = g[REG_R9],
		.r8 = g[REG_R8],
		.rax = g[REG_RAX],
		.rcx = g[REG_RCX],
		.rdx = g[REG_RDX],
		.rsi = g[REG_RSI],
		.rdi = g[REG_RDI],
		.orig_rax = REGISTERS_TRAP,
		.rip = g[REG_RIP],
		.cs = 0x10,
		.rflags = g[REG_EFL],
		.rsp = g[REG_RSP],
		.ss = 0x18,
	};
}

static void set_registers(ucontext_t *context, const struct arch_registers *registers)
{
	greg_t *g = context->uc_mcontext.gregs;

	g[REG_R15] = registers->r15;
	g[REG_R14] = registers->r14;
	g[REG_R13] = registers->r13;
	g[REG_R12] = registers->r12;
	g[REG_RBP] = registers->rbp;
	g[REG_RBX] = registers->rbx;
	g[REG_R11] = registers->r11;
	g[REG_R10] = registers->r10;
	g[REG_R9] = registers->r9;
	g[REG_R8] = registers->r8;
	g[REG_RAX] = registers->rax;
	g[REG_RCX] = registers->rcx;
	g[REG_RDX] = registers->rdx;
	g[REG_RSI] = registers->rsi;
	g[REG_RDI] = registers->rdi;
	g[REG_RIP] = registers->rip;
	g[REG_EFL] = registers->rflags;
	g[REG_RSP] = registers->rsp;
}

/* Each stack has an unmapped gap of its own size below it. */
static bool in_stack_gap(const struct thread *thread, uint64_t address)
{
	return address < thread->stack && address >= thread->stack - thread->stack_size;
}

static bool on_kernel_stack(const struct thread *thread, uint64_t sp)
{
	return sp >= thread->stack && sp <= thread->stack + thread->stack_size;
}

/* Wild jumps leave module space, but not the kernel stack; whoever steps there steps in the host.
 */
static bool in_kernel_code(const struct thread *thread, const struct arch_registers *registers,
			   const ucontext_t *context)
{
	if (!thread || !thread->frame)
		return false;
	if (box_in_module_space(thread->box, registers->rip))
		return true;
	if (context->uc_mcontext.gregs[REG_TRAPNO] == VECTOR_DB)
		return false;
	return on_kernel_stack(thread, registers->rsp) || in_stack_gap(thread, registers->rsp);
}

/* The floating point state is whatever kernel code left: back to what the ABI promises host code.
 */
static void reset_fpu(ucontext_t *context)
{
	struct _libc_fpstate *fpu = context->uc_mcontext.fpregs;

	if (!fpu)
		return;
	fpu->cwd = 0x37f;
	fpu->swd = 0;
	fpu->ftw = 0;
	fpu->mxcsr = 0x1f80;
}

/* Let the thread go on in arch_kernel_abort(frame), on the stack that it goes back to. */
static void abort_call(ucontext_t *context, struct arch_registers *registers,
		       struct kernel_frame *frame)
{
	registers->rip = (uint64_t)arch_kernel_abort;
	registers->rdi = (uint64_t)frame;
	registers->rsp = ((frame->resume_sp - 256) & ~15UL) - 8;
	registers->rbp = 0;
	registers->rflags = FLAGS_CLEAN;
	reset_fpu(context);
}

static bool is_canonical(uint64_t address)
{
	return (int64_t)(address << 16) >> 16 == (int64_t)address;
}

/* exc_general_protection() of arch/x86/kernel/traps.c. */
static void describe_protection_fault(struct thread *thread, const struct arch_registers *registers,
				      const struct trap *trap, char *text, size_t size)
{
	struct decoded decoded;
	char where[256];

	snprintf(text, size, "%sgeneral protection fault",
		 trap->error_code ? "segment-related " : "");
	if (arch_decode(thread->box, registers, &decoded))
		return;
	if (decoded.privileged) {
		symbol_format(thread->box, registers->rip, where, sizeof(where));
		box_printk(thread->box, LEVEL_ALERT,
			   "ring3: privileged instruction `%s' at %s: a box has no ring 0",
			   decoded.mnemonic, where);
	} else if (decoded.has_memory && !trap->error_code) {
		uint64_t last =
			decoded.memory + (decoded.memory_size ? decoded.memory_size - 1 : 0);
		bool canonical = is_canonical(decoded.memory) && is_canonical(last);

		snprintf(text, size, "general protection fault, %s 0x%lx",
			 canonical ? "maybe for address" : "probably for non-canonical address",
			 decoded.memory);
	}
}

static void describe_invalid_opcode(struct thread *thread, const struct arch_registers *registers)
{
	struct decoded decoded;
	char where[256];

	if (arch_decode(thread->box, registers, &decoded) || !decoded.privileged)
		return;
	symbol_format(thread->box, registers->rip, where, sizeof(where));
	box_printk(thread->box, LEVEL_ALERT,
		   "ring3: privileged instruction `%s' at %s: a box has no ring 0",
		   decoded.mnemonic, where);
}

static const char *vector_name(enum vector vector)
{
	switch (vector) {
	case VECTOR_DE:
		return "divide error";
	case VECTOR_DB:
		return "debug";
	case VECTOR_BP:
		return "int3";
	case VECTOR_OF:
		return "overflow";
	case VECTOR_BR:
		return "bounds";
	case VECTOR_UD:
		return "invalid opcode";
	case VECTOR_NP:
		return "segment not present";
	case VECTOR_SS:
		return "stack segment";
	case VECTOR_MF:
		return "fpu exception";
	case VECTOR_AC:
		return "alignment check";
	case VECTOR_XM:
		return "simd exception";
	default:
		return "unexpected exception";
	}
}

static void report_page_fault(struct thread *thread, const struct arch_registers *registers,
			      const struct trap *trap)
{
	const char *missing;

	if (in_stack_gap(thread, trap->address)) {
		box_printk(thread->box, LEVEL_EMERG,
			   "BUG: TASK stack guard page was hit at %016lx (stack is %016lx..%016lx)",
			   trap->address, thread->stack, thread->stack + thread->stack_size);
		arch_report_oops(thread, registers, "stack guard page", 0, trap->address);
		return;
	}
	missing = stub_missing_name(thread->box, trap->address);
	if (missing)
		box_printk(thread->box, LEVEL_ALERT, "ring3: kernel data `%s' is not implemented",
			   missing);
	arch_report_oops(thread, registers, "Oops", trap->error_code, trap->address);
}

static void report_fault(struct thread *thread, const struct arch_registers *registers,
			 const struct trap *trap)
{
	char text[128];

	switch (trap->vector) {
	case VECTOR_PF:
		report_page_fault(thread, registers, trap);
		return;
	case VECTOR_GP:
		describe_protection_fault(thread, registers, trap, text, sizeof(text));
		arch_report_oops(thread, registers, text, trap->error_code, 0);
		return;
	case VECTOR_UD:
		describe_invalid_opcode(thread, registers);
		break;
	default:
		break;
	}
	arch_report_oops(thread, registers, vector_name(trap->vector), trap->error_code, 0);
}

/* Handled, and the thread can go on with these registers? */
static bool handle_trap(struct thread *thread, struct arch_registers *registers,
			const struct trap *trap)
{
	bool outermost, handled = false;

	if (trap->vector == VECTOR_BP && arch_poke_trapped(thread->box, registers))
		return true;
	/* What a probe's copy of an instruction does, the instruction does. */
	registers->rip = points_original(thread->box, registers->rip);
	if (arch_fixup_exception(thread, registers, trap))
		return true;
	outermost = arch_report_begin(thread);
	if (trap->vector == VECTOR_UD && arch_report_bug(thread, registers) == BUG_WARNING) {
		registers->rip += 2; /* the ud2 */
		handled = true;
	} else {
		report_fault(thread, registers, trap);
	}
	arch_report_end(thread, outermost);
	return handled;
}

/* The kernel gives user mode's view of a fault; this is ring 0's of the same. */
static struct trap trap_of(const ucontext_t *context, const siginfo_t *info)
{
	const greg_t *g = context->uc_mcontext.gregs;
	struct trap trap = {.vector = g[REG_TRAPNO], .error_code = g[REG_ERR]};

	if (trap.vector == VECTOR_PF) {
		trap.address = g[REG_CR2];
		trap.error_code &= ~(uint64_t)PF_USER;
		/* sanitize_error_code(): what lies in the kernel's half always says so */
		if ((int64_t)trap.address < 0)
			trap.error_code &= ~(uint64_t)PF_PROT;
	}
	/* a file's pages that are not there: memory that the box could not get */
	if (info->si_signo == SIGBUS && info->si_code == BUS_ADRERR)
		trap.address = (uint64_t)info->si_addr;
	return trap;
}

static bool copy_nofault_failed(ucontext_t *context)
{
	greg_t *rip = &context->uc_mcontext.gregs[REG_RIP];

	if (*rip != (greg_t)arch_copy_nofault_load)
		return false;
	*rip = (greg_t)arch_copy_nofault_fixup;
	return true;
}

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* nobody is left to tell */
}

static void call_previous(const struct sigaction *before, int signal, siginfo_t *info,
			  void *context)
{
	if (before->sa_flags & SA_SIGINFO)
		before->sa_sigaction(signal, info, context);
	else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN)
		before->sa_handler(signal);
}

static bool has_handler(const struct sigaction *action)
{
	return (action->sa_flags & SA_SIGINFO) ||
	       (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

/* To whoever was there before; by default the process dies where the fault is. */
static void pass_on(int signal, siginfo_t *info, void *context, struct thread *thread)
{
	static __thread const void *passing;
	const void *outer = passing, *here = __builtin_frame_address(0);
	const struct sigaction *before = &previous[signal];

	/*
	 * One that was installed after ours may pass on to us in turn. (If it
	 * left by longjmp(), passing is out of date: then we are not below it.)
	 */
	if (has_handler(before) && (!outer || here >= outer)) {
		passing = here;
		call_previous(before, signal, info, context);
		passing = outer;
		return;
	}
	if (before->sa_handler == SIG_IGN && info->si_code <= 0)
		return;
	if (thread && info->si_code > 0) {
		char text[160];

		snprintf(text, sizeof(text),
			 "ring3: fault in the host (signal %d, address %p, rip 0x%llx): "
			 "this is a bug in ring3\n",
			 signal, info->si_addr,
			 ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP]);
		say(text);
	}
	sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
	if (info->si_code <= 0) /* somebody sent it: it will not come again by itself */
		raise(signal);
}

/* The box is ending: a kernel thread leaves by its outermost call, as in stop_if_asked(). */
static struct kernel_frame *frame_to_end(struct thread *thread)
{
	struct kernel_frame *frame = thread->frame;

	if (thread->box->panicked)
		return frame;
	if (!thread->box->stopping || thread->external || thread->locks)
		return NULL;
	while (frame->outer)
		frame = frame->outer;
	return frame;
}

/* The way of a probe: into its detour with all registers as they are. */
static bool probe_trapped(struct thread *thread, ucontext_t *context)
{
	greg_t *g = context->uc_mcontext.gregs;
	uint64_t detour;

	if (!thread || !thread->frame || g[REG_TRAPNO] != VECTOR_BP ||
	    (thread->box->stopping && frame_to_end(thread)))
		return false;
	detour = points_trapped(thread->box, g[REG_RIP] - 1);
	if (detour)
		g[REG_RIP] = detour;
	return detour;
}

static void fault_handler(int signal, siginfo_t *info, void *data)
{
	struct thread *thread = thread_current();
	struct arch_registers registers;
	ucontext_t *context = data;
	int saved_errno = errno;
	struct trap trap;

	if (info->si_code > 0 && (copy_nofault_failed(context) || probe_trapped(thread, context)))
		return;
	get_registers(context, &registers);
	if (info->si_code <= 0 || !in_kernel_code(thread, &registers, context)) {
		pass_on(signal, info, context, thread);
		errno = saved_errno;
		return;
	}
	trap = trap_of(context, info);
	if (thread->box->stopping && frame_to_end(thread)) {
		/* Others were stopped half-way: what it finds amiss is no news any more. */
		thread->frame = frame_to_end(thread);
		abort_call(context, &registers, thread->frame);
	} else if (!handle_trap(thread, &registers, &trap)) {
		abort_call(context, &registers, thread->frame);
	}
	set_registers(context, &registers);
	errno = saved_errno;
}

static bool may_interrupt(const struct thread *thread, const struct arch_registers *registers)
{
	const struct r3_vcpu_page *page;

	if (thread->vcpu < 0 || !thread->box->entries.interrupt || registers->rflags & FLAG_TF)
		return false;
	/*
	 * It would be a quiescent state, after which a slot may be gone, or a
	 * jump stand where the thread goes on. Either is a few instructions
	 * long, and the next kick comes with the tick.
	 */
	if (points_has(thread->box, registers->rip) || points_cover(thread->box, registers->rip))
		return false;
	page = thread->box->vcpus[thread->vcpu].page;
	return page->irq_enabled && !page->irq_defer && page->irq_pending &&
	       on_kernel_stack(thread, registers->rsp) &&
	       registers->rsp - thread->stack >= INTERRUPT_ROOM;
}

static void kick_handler(int signal, siginfo_t *info, void *data)
{
	struct thread *thread = thread_current();
	struct arch_registers registers;
	ucontext_t *context = data;
	struct kernel_frame *ending;
	int saved_errno = errno;

	if (info->si_code != SI_TKILL || info->si_pid != getpid()) {
		call_previous(&previous[signal], signal, info, data);
		errno = saved_errno;
		return;
	}
	if (!thread || !thread->frame)
		return;
	get_registers(context, &registers);
	arch_interrupt_complete(&registers);
	if (!box_in_module_space(thread->box, registers.rip))
		return;
	ending = frame_to_end(thread);
	if (ending) {
		thread->frame = ending;
		abort_call(context, &registers, ending);
	} else if (may_interrupt(thread, &registers)) {
		arch_interrupt_inject(thread, &registers);
	}
	set_registers(context, &registers);
	errno = saved_errno;
}

void arch_kick(struct thread *thread)
{
	pthread_kill(thread->pthread, KICK_SIGNAL);
}

/* Ours goes in front of whatever handler the process has now. */
static int install(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | flags};
	struct sigaction now;

	if (sigaction(signal, NULL, &now) < 0)
		return -errno;
	if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == handler)
		return 0;
	previous[signal] = now;
	sigemptyset(&action.sa_mask);
	/* A fault report is not interrupted, and a kick finds no fault half handled. */
	sigaddset(&action.sa_mask, KICK_SIGNAL);
	return sigaction(signal, &action, NULL) < 0 ? -errno : 0;
}

int arch_traps_install(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int error = 0;

	pthread_mutex_lock(&lock);
	/* SA_NODEFER: a fault of ours while one is handled must be told, not just kill. */
	for (unsigned int i = 0; i < NR_FAULT_SIGNALS && !error; i++)
		error = install(fault_signals[i], fault_handler, SA_NODEFER);
	if (!error)
		error = install(KICK_SIGNAL, kick_handler, 0);
	/* Kernels before 4.16 lack it; arch_text_poke() copes. */
	arch_patch_init();
	pthread_mutex_unlock(&lock);
	return error;
}

/* One host thread may be in several boxes; its signal stack serves them all. */
static __thread struct {
	unsigned int users;
	void *stack;
	stack_t before;
	sigset_t mask;
} own;

static int own_install(void)
{
	sigset_t signals;
	stack_t stack;

	own.stack = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (own.stack == MAP_FAILED)
		return -errno;
	stack = (stack_t){.ss_sp = own.stack, .ss_size = SIGNAL_STACK};
	if (sigaltstack(&stack, &own.before) < 0) {
		int error = -errno;

		munmap(own.stack, SIGNAL_STACK);
		return error;
	}
	sigemptyset(&signals);
	for (unsigned int i = 0; i < NR_FAULT_SIGNALS; i++)
		sigaddset(&signals, fault_signals[i]);
	sigaddset(&signals, KICK_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &signals, &own.mask);
	return 0;
}

int arch_thread_traps(struct thread *thread)
{
	int error;

	if (own.users && thread->signal_stack == own.stack)
		return 0;
	error = own.users ? 0 : own_install();
	if (error)
		return error;
	own.users++;
	thread->signal_stack = own.stack;
	return 0;
}

/* On the thread itself; somebody else's stays with it until it ends. */
void arch_thread_traps_free(struct thread *thread)
{
	if (!thread->signal_stack || thread->signal_stack != own.stack)
		return;
	thread->signal_stack = NULL;
	if (--own.users)
		return;
	pthread_sigmask(SIG_SETMASK, &own.mask, NULL);
	sigaltstack(&own.before, NULL);
	munmap(own.stack, SIGNAL_STACK);
	own.stack = NULL;
}
