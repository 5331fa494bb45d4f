// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reports of faults and warnings, line by line as Linux logs them:
 * arch/x86/kernel/dumpstack.c, arch/x86/kernel/process_64.c (__show_regs),
 * arch/x86/mm/fault.c (show_fault_oops), kernel/panic.c (__warn,
 * print_tainted), lib/dump_stack.c. What only ring 0 can read is shown as it
 * is after boot (CR0) or as zero (CR3, CR4).
 */
#include <assert.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <asm/prctl.h>
#include <unistd.h>
#include "arch/x86_64/trap.h"
#include "arch/x86_64/unwind.h"

static_assert(sizeof(struct arch_registers) == sizeof(((struct r3_box *)0)->first_oops), "box.h");

/* The last page fault's address on this thread: CR2. */
static __thread uint64_t last_fault;

bool arch_report_begin(struct thread *thread)
{
	struct r3_box *box = thread->box;
	struct thread *owner = NULL;

	if (__atomic_load_n(&box->oops_owner, __ATOMIC_RELAXED) == thread)
		return false;
	while (!__atomic_compare_exchange_n(&box->oops_owner, &owner, thread, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		owner = NULL;
		sched_yield();
	}
	return true;
}

void arch_report_end(struct thread *thread, bool outermost)
{
	if (outermost)
		__atomic_store_n(&thread->box->oops_owner, NULL, __ATOMIC_RELEASE);
}

void arch_add_taint(struct r3_box *box, unsigned int bit)
{
	__atomic_or_fetch(&box->taints, 1UL << bit, __ATOMIC_RELAXED);
}

/* Letters and names by bit: taint_flags[] of kernel/panic.c. */
static const struct {
	char set, clear;
	const char *name;
} taint_flags[] = {
	{'P', 'G', "PROPRIETARY_MODULE"},
	{'F', ' ', "FORCED_MODULE"},
	{'S', ' ', "CPU_OUT_OF_SPEC"},
	{'R', ' ', "FORCED_RMMOD"},
	{'M', ' ', "MACHINE_CHECK"},
	{'B', ' ', "BAD_PAGE"},
	{'U', ' ', "USER"},
	{'D', ' ', "DIE"},
	{'A', ' ', "OVERRIDDEN_ACPI_TABLE"},
	{'W', ' ', "WARN"},
	{'C', ' ', "CRAP"},
	{'I', ' ', "FIRMWARE_WORKAROUND"},
	{'O', ' ', "OOT_MODULE"},
	{'E', ' ', "UNSIGNED_MODULE"},
	{'L', ' ', "SOFTLOCKUP"},
	{'K', ' ', "LIVEPATCH"},
	{'X', ' ', "AUX"},
	{'T', ' ', "RANDSTRUCT"},
	{'N', ' ', "TEST"},
};
#define NR_TAINTS (sizeof(taint_flags) / sizeof(taint_flags[0]))

static void format_taints(uint64_t taints, char *text)
{
	if (!taints) {
		strcpy(text, "Not tainted");
		return;
	}
	text = stpcpy(text, "Tainted: ");
	for (unsigned int bit = 0; bit < NR_TAINTS; bit++)
		*text++ = taints & 1UL << bit ? taint_flags[bit].set : taint_flags[bit].clear;
	*text = '\0';
}

static void print_taints_verbose(struct r3_box *box, int level)
{
	const char *separator = "";
	char text[640];
	size_t length = 0;

	for (unsigned int bit = 0; bit < NR_TAINTS; bit++) {
		if (!(box->taints & 1UL << bit))
			continue;
		length += snprintf(text + length, sizeof(text) - length, "%s[%c]=%s", separator,
				   taint_flags[bit].set, taint_flags[bit].name);
		separator = ", ";
	}
	box_printk(box, level, "Tainted: %s", text);
}

static const struct r3_vcpu_page *page_of(const struct thread *thread)
{
	return thread->vcpu >= 0 ? thread->box->vcpus[thread->vcpu].page : NULL;
}

static unsigned int cpu_of(const struct thread *thread)
{
	return thread->vcpu >= 0 ? thread->vcpu : 0;
}

/* Which only the runtime's offsets can find. */
int arch_current_task(const struct thread *thread, char comm[16])
{
	const struct r3_runtime_data *data = thread->box->data;
	const struct r3_vcpu_page *page = page_of(thread);
	uint64_t task = page ? (uint64_t)page->task : 0;
	int pid = 0;

	strcpy(comm, "swapper/0");
	if (!data || !task)
		return 0;
	if (arch_copy_nofault(comm, task + data->task_comm, 16))
		strcpy(comm, "<...>");
	comm[15] = '\0';
	arch_copy_nofault(&pid, task + data->task_pid, sizeof(pid));
	return pid;
}

/* LINUX_PACKAGE_ID, which Debian's UTS_VERSION repeats: "#1 SMP Debian 6.1.192-2 (date)". */
static void package_id(const char *version, char *text, size_t size)
{
	const char *found = strstr(version, " Debian "), *end;

	*text = '\0';
	if (!found)
		return;
	end = strstr(found, " (");
	snprintf(text, size, "%.*s", end ? (int)(end - found) : (int)strlen(found), found);
}

static void print_info(struct thread *thread, int level)
{
	struct r3_box *box = thread->box;
	const char *version = box->data && box->data->version ? box->data->version : "#1";
	char comm[16], taints[64], package[128], uid[16] = "";
	int pid = arch_current_task(thread, comm);

	format_taints(box->taints, taints);
	package_id(version, package, sizeof(package));
	if (!box_release_before(box, 6, 12))
		strcpy(uid, " UID: 0");
	box_printk(box, level, "CPU: %u%s PID: %d Comm: %.20s %s %s %.*s %s", cpu_of(thread), uid,
		   pid, comm, taints, r3_box_release(box), (int)strcspn(version, " "), version,
		   package);
	if (*uid && box->taints)
		print_taints_verbose(box, level);
	box_printk(box, level, "Hardware name: ring3");
}

#define CODE_BEFORE 42
#define CODE_SIZE   64

static void print_code(struct r3_box *box, uint64_t rip, int level)
{
	char text[CODE_SIZE * 3 + 3];
	uint8_t code[CODE_SIZE];
	size_t length = 0;

	if (arch_copy_nofault(code, rip - CODE_BEFORE, sizeof(code))) {
		box_printk(box, level, "Code: Unable to access opcode bytes at 0x%lx.",
			   rip - CODE_BEFORE);
		return;
	}
	for (unsigned int i = 0; i < CODE_SIZE; i++)
		length += snprintf(text + length, sizeof(text) - length,
				   i == CODE_BEFORE ? " <%02x>" : " %02x", code[i]);
	box_printk(box, level, "Code:%s", text);
}

static void print_registers(struct r3_box *box, const struct arch_registers *registers, int level)
{
	char where[256];

	symbol_format(box, registers->rip, where, sizeof(where));
	box_printk(box, level, "RIP: %04x:%s", (int)registers->cs, where);
	print_code(box, registers->rip, level);
	box_printk(box, level, "RSP: %04x:%016lx EFLAGS: %08lx", (int)registers->ss, registers->rsp,
		   registers->rflags);
	box_printk(box, level, "RAX: %016lx RBX: %016lx RCX: %016lx", registers->rax,
		   registers->rbx, registers->rcx);
	box_printk(box, level, "RDX: %016lx RSI: %016lx RDI: %016lx", registers->rdx,
		   registers->rsi, registers->rdi);
	box_printk(box, level, "RBP: %016lx R08: %016lx R09: %016lx", registers->rbp, registers->r8,
		   registers->r9);
	box_printk(box, level, "R10: %016lx R11: %016lx R12: %016lx", registers->r10,
		   registers->r11, registers->r12);
	box_printk(box, level, "R13: %016lx R14: %016lx R15: %016lx", registers->r13,
		   registers->r14, registers->r15);
}

static void print_all_registers(struct thread *thread, const struct arch_registers *registers)
{
	struct r3_box *box = thread->box;
	uint64_t fs = 0, gs = 0;

	syscall(SYS_arch_prctl, ARCH_GET_FS, &fs);
	syscall(SYS_arch_prctl, ARCH_GET_GS, &gs);
	print_registers(box, registers, LEVEL_WARNING);
	box_printk(box, LEVEL_WARNING, "FS:  %016lx(0000) GS:%016lx(0000) knlGS:%016lx", fs, gs,
		   0UL);
	box_printk(box, LEVEL_WARNING, "CS:  0010 DS: 0000 ES: 0000 CR0: %016lx", 0x80050033UL);
	box_printk(box, LEVEL_WARNING, "CR2: %016lx CR3: %016lx CR4: %016lx", last_fault, 0UL, 0UL);
}

struct trace {
	struct r3_box *box;
	int level;
	bool in_interrupt;
};

/*
 * A return address may lie behind the last instruction of a function that ends
 * in a call: it is that function's, not the next one's (%pB of Linux).
 */
static void format_caller(struct r3_box *box, uint64_t address, char *text, size_t size)
{
	const struct object *object = object_of_address(box, address - 1);
	const struct symbol *symbol = object ? symbol_of_address(object, address - 1) : NULL;

	if (!symbol || address != symbol->address + symbol->size) {
		symbol_format(box, address, text, size);
		return;
	}
	snprintf(text, size, "%s+0x%lx/0x%lx%s%s%s", object->strings + symbol->name,
		 (unsigned long)(address - symbol->address), (unsigned long)symbol->size,
		 object->module ? " [" : "", object->module ? object->module->name : "",
		 object->module ? "]" : "");
}

static void print_address(const struct trace *trace, uint64_t address, bool reliable)
{
	char where[256];

	format_caller(trace->box, address, where, sizeof(where));
	box_printk(trace->box, trace->level, " %s%s", reliable ? "" : "? ", where);
}

static int print_event(void *context, const struct unwind_event *event)
{
	struct trace *trace = context;

	if (!event->interrupted) {
		print_address(trace, event->address, event->reliable);
		return 0;
	}
	if (trace->in_interrupt) {
		box_printk(trace->box, trace->level, " </IRQ>");
		box_printk(trace->box, trace->level, " <TASK>");
		trace->in_interrupt = false;
	}
	print_registers(trace->box, event->interrupted, trace->level);
	return 0;
}

static void show_trace(struct thread *thread, const struct arch_registers *registers, int level,
		       bool with_rip)
{
	struct trace trace = {thread->box, level, arch_unwind_in_interrupt(thread)};

	box_printk(thread->box, level, "Call Trace:");
	box_printk(thread->box, level, trace.in_interrupt ? " <IRQ>" : " <TASK>");
	if (with_rip)
		print_address(&trace, registers->rip, true);
	arch_unwind_events(thread, registers, print_event, &trace);
	box_printk(thread->box, level, trace.in_interrupt ? " </IRQ>" : " </TASK>");
}

void arch_show_trace(struct thread *thread, const struct arch_registers *registers, int level)
{
	show_trace(thread, registers, level, false);
}

void arch_dump_stack(struct thread *thread, const struct arch_registers *registers, int level)
{
	bool outermost = arch_report_begin(thread);

	print_info(thread, level);
	show_trace(thread, registers, level, true);
	arch_report_end(thread, outermost);
}

static void show_registers(struct thread *thread, const struct arch_registers *registers)
{
	print_info(thread, LEVEL_WARNING);
	print_all_registers(thread, registers);
	arch_show_trace(thread, registers, LEVEL_WARNING);
}

static void print_modules(struct r3_box *box)
{
	char modules[900], *list = modules;

	modules_linked_in(box, modules, sizeof(modules));
	while (*list == ' ')
		list++;
	box_printk(box, LEVEL_WARNING, "Modules linked in:%s%s", *list ? " " : "", list);
}

static void print_end_marker(struct r3_box *box)
{
	box_printk(box, LEVEL_WARNING, "---[ end trace %016llx ]---", 0ULL);
}

/* What __warn() does; the caller has logged "cut here". */
void arch_warn(struct thread *thread, const struct arch_registers *registers, const char *file,
	       unsigned int line, unsigned int taint)
{
	struct r3_box *box = thread->box;
	bool outermost = arch_report_begin(thread);
	struct arch_registers caller;
	char comm[16], where[256];
	int pid = arch_current_task(thread, comm);

	__atomic_add_fetch(&box->warnings, 1, __ATOMIC_RELAXED);
	symbol_format(box, registers->rip, where, sizeof(where));
	if (file && *file)
		box_printk(box, LEVEL_WARNING, "WARNING: CPU: %u PID: %d at %s:%u %s",
			   cpu_of(thread), pid, file, line, where);
	else
		box_printk(box, LEVEL_WARNING, "WARNING: CPU: %u PID: %d at %s", cpu_of(thread),
			   pid, where);
	print_modules(box);
	if (registers->orig_rax == REGISTERS_CALL) {
		/* their rip may be somebody further out, on whose behalf the warning is */
		arch_hypercall_registers(thread, &caller);
		arch_dump_stack(thread, &caller, LEVEL_WARNING);
	} else {
		show_registers(thread, registers);
	}
	print_end_marker(box);
	arch_add_taint(box, taint);
	arch_report_end(thread, outermost);
}

void arch_report_warning(struct thread *thread, const struct arch_registers *registers,
			 const char *file, unsigned int line)
{
	arch_warn(thread, registers, file, line, TAINT_WARN);
}

static const char *fault_reason(uint64_t error_code)
{
	if (!(error_code & PF_PROT))
		return "not-present page";
	if (error_code & PF_RSVD)
		return "reserved bit violation";
	if (error_code & PF_PK)
		return "protection keys violation";
	return "permissions violation";
}

static void print_page_fault(struct r3_box *box, uint64_t error_code, uint64_t address)
{
	const char *access = error_code & PF_INSTR   ? "instruction fetch"
			     : error_code & PF_WRITE ? "write access"
						     : "read access";

	if ((error_code & (PF_INSTR | PF_PROT)) == (PF_INSTR | PF_PROT))
		box_printk(box, LEVEL_CRIT,
			   "kernel tried to execute NX-protected page - exploit attempt? (uid: 0)");
	if (address < PAGE_SIZE)
		box_printk(box, LEVEL_ALERT,
			   "BUG: kernel NULL pointer dereference, address: %016lx", address);
	else
		box_printk(box, LEVEL_ALERT, "BUG: unable to handle page fault for address: %016lx",
			   address);
	box_printk(box, LEVEL_ALERT, "#PF: supervisor %s in kernel mode", access);
	box_printk(box, LEVEL_ALERT, "#PF: error_code(0x%04lx) - %s", error_code,
		   fault_reason(error_code));
	/* As when no top-level entry is there: a box has no page tables to show. */
	box_printk(box, LEVEL_INFO, "PGD 0 P4D 0 ");
}

/* "Oops: 0002 [#1] PREEMPT SMP NOPTI", from what UTS_VERSION says of the configuration. */
static void print_die_header(struct r3_box *box, const char *what, uint64_t error_code,
			     unsigned int count)
{
	const char *version = box->data && box->data->version ? box->data->version : "";
	const char *preempt = strstr(version, "PREEMPT_RT") ? " PREEMPT_RT"
			      : strstr(version, "PREEMPT")  ? " PREEMPT"
							    : "";

	box_printk(box, LEVEL_WARNING, "%s%s: %04lx [#%u]%s%s NOPTI",
		   box_release_before(box, 6, 10) ? "" : "Oops: ", what, error_code & 0xffff, count,
		   preempt, strstr(version, "SMP") ? " SMP" : "");
}

/* die() and, for what "Oops", page_fault_oops(). */
void arch_report_oops(struct thread *thread, const struct arch_registers *registers,
		      const char *what, uint64_t error_code, uint64_t fault_address)
{
	bool page_fault = !strcmp(what, "Oops"), outermost = arch_report_begin(thread);
	struct r3_box *box = thread->box;
	unsigned int count = __atomic_add_fetch(&box->oopses, 1, __ATOMIC_RELAXED);
	struct arch_registers first;

	if (page_fault) {
		last_fault = fault_address;
		print_page_fault(box, error_code, fault_address);
	}
	if (count == 1)
		memcpy(box->first_oops, registers, sizeof(box->first_oops));
	print_die_header(box, what, error_code, count);
	show_registers(thread, registers);
	print_modules(box);
	if (page_fault)
		box_printk(box, LEVEL_WARNING, "CR2: %016lx", fault_address);
	arch_add_taint(box, TAINT_DIE);
	if (thread->frame) /* page_fault_oops() and die() */
		thread->frame->fatal_signal = page_fault ? SIGKILL : SIGSEGV;
	print_end_marker(box);
	/* Linux repeats the first oops's registers, in case it has scrolled away. */
	memcpy(&first, box->first_oops, sizeof(first));
	print_all_registers(thread, &first);
	arch_report_end(thread, outermost);
}
