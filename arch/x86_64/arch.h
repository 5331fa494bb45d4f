/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that knows the processor. */
#ifndef RING3_ARCH_H
#define RING3_ARCH_H

#include "arch/x86_64/relocation.h"
#include "box/box.h"
#include "loader/loader.h"

/* ---- relocate.c: see relocation.h ---- */
/* Log why arch_relocate refused; returns -ENOEXEC. */
int arch_relocation_failed(struct r3_box *box, const char *name, unsigned int type,
			   uint64_t address, uint64_t value, int error);

/* ---- patch.c ---- */
int arch_text_poke(struct r3_box *box, uint64_t address, const void *bytes, size_t length);
/* What was written through the writable view, any thread may run from now on. */
void arch_text_sync(void);

/* ---- bug.c, extable.c: what tables say of code, for probes ---- */
bool arch_is_bug(struct r3_box *box, uint64_t address);
/* Does a fault in [start, end) have a fixup, or does one go on in there, start excepted? */
bool arch_has_fixup(struct r3_box *box, uint64_t start, uint64_t end);

/* ---- enter.c: stubs in module space ---- */
/*
 * A stub that carries a hypercall to a host function; check: where the stub of
 * r3hc_interrupts lies, called afterwards if interrupts are pending, 0: never.
 */
#define ARCH_HYPERCALL_SIZE 128
void arch_make_hypercall(void *writable, uint64_t host_function, uint64_t check);
/*
 * A stub for a function that is not loaded yet: the first call asks the stub
 * at bind (uint64_t bind(uint32_t index), a hypercall) where to go on.
 */
#define ARCH_LAZY_SIZE 16
void arch_make_lazy_common(void *writable, uint64_t bind);
void arch_make_lazy(void *writable, uint64_t address, uint32_t index, uint64_t common);
void arch_bind_lazy(void *writable, uint64_t address, uint64_t target);
/* Report the call of a function that nobody has. */
void arch_lazy_failed(struct thread *thread, const char *message);

/* ---- trap.c: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP in kernel code, and injected interrupts
 * ---- */
/* Process-wide; again when somebody else may have installed handlers of his own since. */
int arch_traps_install(void);
int arch_thread_traps(struct thread *thread); /* alternate signal stack */
void arch_thread_traps_free(struct thread *thread);
/*
 * Make a thread that runs kernel code take its vCPU's pending interrupts soon,
 * or end when the box is stopping. What hits it in host code stays pending.
 */
void arch_kick(struct thread *thread);
/* memcpy() from memory that may not be there: 0 or -EFAULT. */
int arch_copy_nofault(void *to, uint64_t from, size_t length);
/* Take what is pending on this thread's vCPU, if enabled; host stack, vCPU held. */
void arch_run_interrupts(struct thread *thread);

/* ---- unwind.c ---- */
struct arch_registers {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t orig_rax, rip, cs, rflags, rsp, ss;
};
/*
 * Walk outwards from registers: visit(address, reliable) for each return
 * address, innermost first, registers->rip itself excluded; stops when visit
 * returns non-zero. ORC where the object has it (.orc_unwind_ip, .orc_unwind),
 * frame pointers elsewhere.
 */
void arch_unwind(struct thread *thread, const struct arch_registers *registers,
		 int (*visit)(void *context, uint64_t address, bool reliable), void *context);
/* Registers of the kernel code that made the hypercall under way. */
void arch_hypercall_registers(struct thread *thread, struct arch_registers *registers);

/* ---- registers.c ---- */
/* The one that Linux calls so ("di", "flags"), for arch_register_value(); -EINVAL: none. */
int arch_register_index(const char *name, size_t length);
uint64_t arch_register_value(const struct arch_registers *registers, unsigned int index);
/*
 * Where functions take their arguments (from 0) and leave what they return. At
 * an entry the arguments that are in no register are on the stack behind the
 * return address.
 */
#define ARCH_ARGUMENT_REGISTERS 6
int arch_argument_register(unsigned int argument); /* -EINVAL: none */
unsigned int arch_return_register(void);

/* ---- oops.c ---- */
void arch_report_oops(struct thread *thread, const struct arch_registers *registers,
		      const char *what, uint64_t error_code, uint64_t fault_address);
void arch_report_warning(struct thread *thread, const struct arch_registers *registers,
			 const char *file, unsigned int line);
/* The pid of what runs on the thread's vCPU, and its name. */
int arch_current_task(const struct thread *thread, char comm[16]);
void arch_dump_stack(struct thread *thread, const struct arch_registers *registers, int level);

/* ---- enter.S / enter.c ---- */
uint64_t arch_kernel_call(uint64_t function, const uint64_t arguments[6], uint64_t kernel_sp,
			  struct kernel_frame *frame);
/* Leave the innermost kernel_call of this thread as oopsed; host stack only. */
__attribute__((noreturn)) void arch_kernel_abort(struct kernel_frame *frame);
void arch_set_gs(uint64_t base);
/* Call the function in %r10 with the argument registers as they are; the vector state survives. */
void arch_call_xsave(void);
void arch_call_fxsave(void);

/* TLS of enter.S: where the other stack goes on. */
extern __thread uint64_t arch_host_sp, arch_kernel_sp;

#endif
