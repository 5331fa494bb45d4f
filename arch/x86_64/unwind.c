// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Call traces. Like show_trace_log_lvl() of Linux this walks the stack twice
 * at once: every word that is the address of code is visited, and those that
 * the unwinder names as return addresses are the reliable ones.
 *
 * A thread's kernel stack holds, from the top, a kernel_call, the hypercall
 * that it made, the kernel_call that this made, and so on. Where one kernel_call's
 * frames end, the chain of arch_kernel_sp tells where its caller's go on.
 */
#include <string.h>
#include "arch/x86_64/decode.h"
#include "arch/x86_64/orc.h"
#include "arch/x86_64/trap.h"
#include "arch/x86_64/unwind.h"
#include "probe/probe.h"

/* More returns than that are not diverted at once, or the chain is a ring. */
#define MAX_RETURNS 4096

struct unwind {
	struct r3_box *box;
	uint64_t task;
	uint64_t low, high; /* the stack */
	uint64_t ip, sp, bp;
	uint64_t slot;                          /* where ip was read, 0: in no memory */
	uint64_t chain;                         /* innermost hypercall or interrupt further out */
	const struct arch_registers *registers; /* all of them, if known at ip */
	bool signal;  /* ip is where the code stopped, not a return address */
	bool guessed; /* ip was found by looking for it */
	bool done;
};

static bool readable(const struct unwind *unwind, uint64_t address, size_t size)
{
	return address >= unwind->low && address <= unwind->high - size && address % 8 == 0;
}

static bool read_word(const struct unwind *unwind, uint64_t address, uint64_t *value)
{
	if (!readable(unwind, address, 8))
		return false;
	*value = *(const uint64_t *)address;
	return true;
}

static bool is_text(const struct unwind *unwind, uint64_t address)
{
	return box_in_module_space(unwind->box, address) && address_is_text(unwind->box, address);
}

/* The frames of one kernel_call are over: on with the code that led to it. */
static void cross(struct unwind *unwind)
{
	const struct interrupt_frame *frame = (const void *)unwind->chain;

	unwind->registers = NULL;
	unwind->guessed = false;
	if (!readable(unwind, unwind->chain, offsetof(struct interrupt_frame, registers)) ||
	    unwind->chain < unwind->sp) {
		unwind->done = true;
		return;
	}
	unwind->chain = frame->kernel_sp;
	if (frame->marker == (uint64_t)arch_interrupt_return) {
		if (!readable(unwind, (uint64_t)frame, sizeof(*frame))) {
			unwind->done = true;
			return;
		}
		unwind->registers = &frame->registers;
		unwind->ip = frame->registers.rip;
		unwind->sp = frame->registers.rsp;
		unwind->bp = frame->registers.rbp;
		unwind->slot = (uint64_t)&frame->registers.rip;
		unwind->signal = true;
		return;
	}
	unwind->ip = frame->marker;
	unwind->slot = (uint64_t)&frame->marker;
	unwind->sp = unwind->slot + 8;
	unwind->bp = frame->rbp;
	unwind->signal = false;
}

/* A kretprobe has diverted the return from that frame: the real address, 0: unknown. */
static uint64_t diverted_return(const struct unwind *unwind, uint64_t frame)
{
	const struct r3_runtime_data *data = unwind->box->data;
	uint64_t link, address, of_frame;

	/* from the task's newest on; each is as likely to be broken as the code that is reported */
	if (arch_copy_nofault(&link, unwind->task + data->task_returns, sizeof(link)))
		return 0;
	for (unsigned int i = 0; link && i < MAX_RETURNS; i++) {
		if (arch_copy_nofault(&of_frame, link + data->return_frame, sizeof(of_frame)) ||
		    arch_copy_nofault(&address, link + data->return_address, sizeof(address)))
			return 0;
		if (of_frame == frame && address != data->return_trampoline)
			return address;
		if (arch_copy_nofault(&link, link, sizeof(link)))
			return 0;
	}
	return 0;
}

static bool is_return_trampoline(const struct unwind *unwind, uint64_t address)
{
	const struct r3_runtime_data *data = unwind->box->data;

	return data && data->return_trampoline && address == data->return_trampoline;
}

/* Go on at the return address in slot, with the caller's sp right above it. */
static bool step_to(struct unwind *unwind, uint64_t slot)
{
	uint64_t ip;

	if (slot < unwind->sp || !read_word(unwind, slot, &ip))
		return false;
	if (is_return_trampoline(unwind, ip)) {
		ip = diverted_return(unwind, slot + 8);
		if (!ip)
			return false;
	}
	unwind->slot = slot;
	unwind->sp = slot + 8;
	unwind->registers = NULL;
	unwind->signal = false;
	unwind->ip = ip;
	if (ip == (uint64_t)arch_kernel_call_return)
		cross(unwind);
	return true;
}

static bool base_register(const struct unwind *unwind, uint8_t base, uint64_t *value)
{
	const struct arch_registers *registers = unwind->registers;

	switch (base) {
	case ORC_REG_SP:
	case ORC_REG_SP_INDIRECT:
		*value = unwind->sp;
		return true;
	case ORC_REG_BP:
	case ORC_REG_BP_INDIRECT:
		*value = unwind->bp;
		return true;
	case ORC_REG_R10:
		*value = registers ? registers->r10 : 0;
		return registers;
	case ORC_REG_R13:
		*value = registers ? registers->r13 : 0;
		return registers;
	case ORC_REG_DI:
		*value = registers ? registers->rdi : 0;
		return registers;
	case ORC_REG_DX:
		*value = registers ? registers->rdx : 0;
		return registers;
	default:
		return false;
	}
}

/* The caller's sp, or where registers were saved. */
static bool orc_frame(const struct unwind *unwind, const struct orc *orc, uint64_t *frame)
{
	uint64_t base;

	if (!base_register(unwind, orc->sp_base, &base))
		return false;
	if (orc->sp_base == ORC_REG_SP_INDIRECT) {
		if (!read_word(unwind, base, &base))
			return false;
		*frame = base + orc->sp_offset;
		return true;
	}
	*frame = base + orc->sp_offset;
	if (orc->sp_base == ORC_REG_BP_INDIRECT)
		return read_word(unwind, *frame, frame);
	return true;
}

static bool orc_bp(const struct unwind *unwind, const struct orc *orc, uint64_t frame, uint64_t *bp)
{
	*bp = unwind->bp;
	switch (orc->bp_base) {
	case ORC_REG_UNDEFINED:
		return true;
	case ORC_REG_PREV_SP:
		return read_word(unwind, frame + orc->bp_offset, bp);
	case ORC_REG_BP:
		return read_word(unwind, unwind->bp + orc->bp_offset, bp);
	default:
		return false;
	}
}

/* Registers that entry code saved (struct pt_regs, which is ours too). */
static bool step_registers(struct unwind *unwind, uint64_t saved, bool partial)
{
	const struct arch_registers *registers = (const void *)saved;

	/* a partial set is the hardware's part alone: ip, cs, flags, sp, ss */
	if (partial)
		registers = (const void *)(saved - offsetof(struct arch_registers, rip));
	if (!readable(unwind, saved, partial ? 40 : sizeof(*registers)) || saved < unwind->sp)
		return false;
	unwind->ip = registers->rip;
	unwind->slot = (uint64_t)&registers->rip;
	unwind->sp = registers->rsp;
	unwind->registers = partial ? NULL : registers;
	unwind->signal = true;
	return true;
}

static bool step_orc(struct unwind *unwind, const struct orc *orc)
{
	uint64_t frame, bp;
	bool stepped;

	if (orc->type == ORC_END_OF_STACK) {
		unwind->done = true;
		return true;
	}
	if (orc->type == ORC_UNDEFINED || !orc_frame(unwind, orc, &frame) ||
	    !orc_bp(unwind, orc, frame, &bp))
		return false;
	if (orc->type == ORC_CALL) {
		uint64_t chain = unwind->chain;

		stepped = step_to(unwind, frame - 8);
		if (stepped && unwind->chain != chain)
			return true; /* crossed: bp is already the one there */
	} else {
		stepped = step_registers(unwind, frame, orc->type == ORC_REGS_PARTIAL);
	}
	if (stepped)
		unwind->bp = bp;
	return stepped;
}

static uint64_t function_start(const struct unwind *unwind, uint64_t ip)
{
	const struct object *object = object_of_address(unwind->box, ip);
	const struct symbol *symbol = object ? symbol_of_address(object, ip) : NULL;

	return symbol ? symbol->address : 0;
}

/*
 * Does the function set up a frame pointer before ip: push %rbp, and soon after
 * it mov %rsp,%rbp in either of its encodings? Compilers put others between.
 */
static bool has_frame_pointer(struct r3_box *box, uint64_t start, uint64_t ip)
{
	uint8_t code[64];
	size_t size = ip - start < sizeof(code) ? ip - start : sizeof(code);
	bool pushed = false;

	if (points_read(box, start, code, size))
		return false;
	for (size_t i = 0; i + 3 <= size; i++) {
		if (code[i] == 0x55)
			pushed = true;
		if (pushed && code[i] == 0x48 &&
		    ((code[i + 1] == 0x89 && code[i + 2] == 0xe5) ||
		     (code[i + 1] == 0x8b && code[i + 2] == 0xec)))
			return true;
	}
	return false;
}

enum frame_state { FRAME_UNKNOWN, FRAME_SET, FRAME_PENDING };

/*
 * Where the code stopped may be in the middle of setting the frame up: follow
 * it from the function's start. FRAME_PENDING: *depth bytes are on the stack.
 */
static enum frame_state follow_prologue(struct r3_box *box, uint64_t start, uint64_t ip,
					uint64_t *depth)
{
	struct arch_registers at = {.rip = start};
	struct decoded decoded;

	for (*depth = 0; at.rip < ip; at.rip += decoded.length) {
		if (at.rip - start > 64 || arch_decode(box, &at, &decoded))
			return FRAME_UNKNOWN;
		if (!strcmp(decoded.mnemonic, "push"))
			*depth += 8;
		if (has_frame_pointer(box, start, at.rip + decoded.length))
			return FRAME_SET;
		if (decoded.branches) /* an early way out may come before the frame */
			return has_frame_pointer(box, start, ip) ? FRAME_SET : FRAME_UNKNOWN;
	}
	return FRAME_PENDING;
}

/* Along frame pointers, where the function really has one. */
static bool step_frame_pointer(struct unwind *unwind)
{
	uint64_t start = function_start(unwind, unwind->ip), chain = unwind->chain;
	uint64_t bp = unwind->bp, outer, depth;
	uint8_t byte;

	if (!start)
		return false;
	if (unwind->signal) {
		/* just taken down: at ret */
		if (!points_read(unwind->box, unwind->ip, &byte, 1) && byte == 0xc3)
			return step_to(unwind, unwind->sp);
		switch (follow_prologue(unwind->box, start, unwind->ip, &depth)) {
		case FRAME_PENDING:
			return step_to(unwind, unwind->sp + depth);
		case FRAME_UNKNOWN:
			return false;
		case FRAME_SET:
			break;
		}
	} else if (!has_frame_pointer(unwind->box, start, unwind->ip)) {
		return false;
	}
	if (!read_word(unwind, bp, &outer) || !step_to(unwind, bp + 8))
		return false;
	if (unwind->chain == chain)
		unwind->bp = outer;
	return true;
}

/* Is there a call instruction before address? (Intel SDM, volume 2, CALL: E8 and FF /2) */
static bool follows_call(struct r3_box *box, uint64_t address)
{
	uint8_t code[8];

	if (points_read(box, address - sizeof(code), code, sizeof(code)))
		return false;
	if (code[3] == 0xe8)
		return true;
	for (unsigned int length = 2; length <= 7; length++)
		if (code[8 - length] == 0xff && (code[9 - length] & 0x38) == 0x10)
			return true;
	return false;
}

/* Nobody knows this function's frame: take the next thing that looks like a return address. */
static bool step_guess(struct unwind *unwind)
{
	uint64_t sp = (unwind->sp + 7) & ~7UL, word;

	for (; read_word(unwind, sp, &word); sp += 8) {
		if (word == (uint64_t)arch_kernel_call_return)
			return step_to(unwind, sp);
		if (is_return_trampoline(unwind, word) && step_to(unwind, sp)) {
			unwind->guessed = true;
			return true;
		}
		if (is_text(unwind, word) && follows_call(unwind->box, word)) {
			step_to(unwind, sp);
			unwind->guessed = true;
			return true;
		}
	}
	return false;
}

/* The hypercall was made by what arch_make_lazy_common() emits: eight registers are on the stack.
 */
static bool step_lazy(struct unwind *unwind)
{
	/* mov %rax,%r11; pop r10 r9 r8 rcx rdx rsi rdi rax; jmp *%r11 */
	static const uint8_t rest[] = {0x49, 0x89, 0xc3, 0x41, 0x5a, 0x41, 0x59, 0x41, 0x58,
				       0x59, 0x5a, 0x5e, 0x5f, 0x58, 0x41, 0xff, 0xe3};
	uint8_t code[sizeof(rest)];

	if (!box_in_module_space(unwind->box, unwind->ip) ||
	    arch_copy_nofault(code, unwind->ip, sizeof(code)) || memcmp(code, rest, sizeof(rest)))
		return false;
	return step_to(unwind, unwind->sp + 64);
}

/* The handlers of a probe return into its detour, which has all registers on the stack. */
static bool step_detour(struct unwind *unwind)
{
	return !unwind->signal && points_has(unwind->box, unwind->ip) &&
	       step_registers(unwind, unwind->sp, false);
}

static void step(struct unwind *unwind)
{
	uint64_t lookup = unwind->signal ? unwind->ip : unwind->ip - 1, word;
	const struct object *object = object_of_address(unwind->box, lookup);
	const struct orc *orc = object ? orc_find(object, lookup) : NULL;

	unwind->guessed = false;
	if (orc && step_orc(unwind, orc))
		return;
	if (!object && (step_detour(unwind) || step_lazy(unwind)))
		return;
	/* A call to nowhere: nothing but the return address was pushed. */
	if (unwind->signal && !is_text(unwind, unwind->ip) &&
	    read_word(unwind, unwind->sp, &word) && is_text(unwind, word)) {
		step_to(unwind, unwind->sp);
		return;
	}
	if (object && !orc && step_frame_pointer(unwind))
		return;
	if (!step_guess(unwind))
		unwind->done = true;
}

static void start(struct unwind *unwind, struct thread *thread,
		  const struct arch_registers *registers)
{
	bool call = registers->orig_rax == REGISTERS_CALL;

	*unwind = (struct unwind){
		.box = thread->box,
		.task = (uint64_t)thread->task,
		.low = thread->stack,
		.high = thread->stack + thread->stack_size,
		.ip = registers->rip,
		.sp = registers->rsp,
		.bp = registers->rbp,
		.chain = arch_kernel_sp,
		.registers = call ? NULL : registers,
		.signal = !call,
	};
	/* The hypercall under way is further in than the code that made it. */
	while (unwind->chain < unwind->sp && read_word(unwind, unwind->chain, &unwind->chain))
		;
	/* What overflowed the stack stands below it: see whose frames are above. */
	if (unwind->sp < unwind->low && unwind->low - unwind->sp <= thread->stack_size)
		unwind->sp = unwind->low;
}

void arch_unwind_events(struct thread *thread, const struct arch_registers *registers,
			int (*visit)(void *context, const struct unwind_event *event),
			void *context)
{
	struct unwind unwind;
	uint64_t sp, word;

	start(&unwind, thread, registers);
	sp = (unwind.sp + 7) & ~7UL;
	step(&unwind);
	for (; read_word(&unwind, sp, &word); sp += 8) {
		struct unwind_event event = {.address = word};
		bool found = !unwind.done && unwind.slot == sp;

		if (found)
			event.reliable = !unwind.guessed;
		if (found && unwind.signal)
			event.interrupted = unwind.registers;
		else if (is_return_trampoline(&unwind, word))
			event.address = diverted_return(&unwind, sp + 8);
		/* stubs are nobody's code: they lead on, but are not shown */
		if ((event.interrupted || is_text(&unwind, event.address)) &&
		    visit(context, &event))
			return;
		if (found)
			step(&unwind);
	}
}

struct adapter {
	int (*visit)(void *context, uint64_t address, bool reliable);
	void *context;
};

static int visit_plain(void *context, const struct unwind_event *event)
{
	const struct adapter *adapter = context;

	return adapter->visit(adapter->context, event->address, event->reliable);
}

void arch_unwind(struct thread *thread, const struct arch_registers *registers,
		 int (*visit)(void *context, uint64_t address, bool reliable), void *context)
{
	struct adapter adapter = {visit, context};

	arch_unwind_events(thread, registers, visit_plain, &adapter);
}

bool arch_unwind_in_interrupt(const struct thread *thread)
{
	const struct kernel_frame *frame;

	for (frame = thread->frame; frame; frame = frame->outer)
		if (frame->in_interrupt)
			return true;
	return false;
}

void arch_hypercall_registers(struct thread *thread, struct arch_registers *registers)
{
	const uint64_t *saved = (const uint64_t *)arch_kernel_sp;

	*registers = (struct arch_registers){
		.orig_rax = REGISTERS_CALL, .cs = 0x10, .ss = 0x18, .rflags = 0x202};
	if (arch_kernel_sp < thread->stack ||
	    arch_kernel_sp > thread->stack + thread->stack_size - 24)
		return;
	/* as the stub of arch_make_hypercall() left them */
	registers->rbp = saved[1];
	registers->rip = saved[2];
	registers->rsp = (uint64_t)&saved[3];
}
