// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code runs the same with a probe as without: one instruction of each form that
 * the distribution's modules have is run by itself, then under a trap, under a
 * jump where that is possible, and with a handler behind it. Registers, flags,
 * vectors, memory and where it goes on must be the same, and handlers must have
 * seen the registers of before and after.
 * argv: the directory of probe_cells.ko, target, its headers and sources, then
 * modules to take instructions of.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <cpuid.h>
#include "arch/x86_64/arch.h"
#include "box/box.h"
#include "box_fixture.h"
#include "form_scene.h"

#define LEAST_FORMS      2000
#define VARIANTS         3
#define BRANCH_VARIANTS  8  /* enough for both ways of each condition */
#define MAX_TOLD         20 /* failures told in full */
#define FORMS_KEPT       8192
#define MAX_CLASSES      128
#define OPTIMIZE_WAIT_MS 10000
#define JUMP             0xe9
#define NOP              0x90
#define INT3             0xcc

/* What it left, in few words. */
struct outcome {
	uint64_t registers[NR_REGISTERS];
	uint64_t flags, exit, vector, memory;
};

/*
 * PASS_LATER: the probe is on the nop before it, but the jump covers both.
 * PASS_SET: registers are wrong until the handler sets them.
 */
enum pass { PASS_TRAP, PASS_JUMP, PASS_LATER, PASS_SET, PASS_POST, NR_PASSES };
static const char *const pass_names[] = {"under a trap", "under a jump", "later under a jump",
					 "with registers set", "with a handler behind it"};

struct cell {
	const struct form *form;
	uint8_t code[FORM_MAX];
	unsigned int variants; /* 0: the cell is empty */
	struct form_decoded decoded;
	struct outcome alone[BRANCH_VARIANTS];
	int expected; /* of register_kprobe() */
};

/* How many, by a name. */
struct tally {
	struct {
		const char *name;
		unsigned int forms, compared[NR_PASSES];
	} of[MAX_CLASSES];
	unsigned int count;
};

static struct {
	struct r3_box *box;
	struct machine *before, *after;
	struct arch_registers *seen, *done, *wanted;
	uint64_t *hits, *posts, *missed;
	int *errors;
	bool *set;
	uint64_t text, percpu;
	uint8_t *memory, *stack;
	struct form_places places;
	void *run;
	uint64_t exits[EXIT_BACKWARD + 1];
	uint32_t vector_mask;
} box;

static uint8_t memory_template[ARENA_SIZE], stack_template[ARENA_STACK_TOP - ARENA_STACK_SP],
	vector_template[XSAVE_SIZE];
/*
 * Forms that the distribution's modules lack, since they are compiled to call
 * and return by thunks; modules of the SDK are not.
 */
extern const char more_forms[], more_forms_end[];
/* clang-format off */
asm(".pushsection .rodata\n"
    ".macro indirect operation\n"
    "	.irp	register, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15\n"
    "	\\operation *%\\register\n"
    "	.endr\n"
    "	\\operation *(%rax)\n"
    "	\\operation *8(%rbx, %r12, 8)\n"
    "	\\operation *16(%rsp)\n"
    "	\\operation *64(%rip)\n"
    "	\\operation *%gs:64\n"
    ".endm\n"
    "more_forms:\n"
    "	ret\n"
    "	ret	$8\n"
    "	rep ret\n"
    "	indirect call\n"
    "	indirect jmp\n"
    "1:	loop	1b\n"
    "	loope	1b\n"
    "	loopne	1f\n"
    "	jrcxz	1f\n"
    "1:	jecxz	1b\n"
    "	lcall	*(%rax)\n"
    "	ljmp	*(%rax)\n"
    "	iretq\n"
    "	int3\n"
    "	mov	%eax, %ss\n"
    "	leave\n"
    "	enter	$16, $0\n"
    "	pushfq\n"
    "	popfq\n"
    "	push	%rsp\n"
    "	pop	%rsp\n"
    "	push	16(%rsp)\n"
    "	pop	16(%rsp)\n"
    "	push	64(%rip)\n"
    "	pop	64(%rip)\n"
    "	push	%gs:64\n"
    "	mov	%rbp, %rsp\n"
    "	mov	(%rax), %rsp\n"
    "	xchg	%rax, %rsp\n"
    "	lea	-8(%rbp), %rsp\n"
    "	lea	64(%rip), %r15\n"
    "	std\n"
    "	cld\n"
    "	lahf\n"
    "	sahf\n"
    "	xlat\n"
    "	lodsb\n"
    "	repe cmpsb\n"
    "	repne scasq\n"
    "	movabs	0x1122334455667788, %rax\n"
    "	movabs	%al, 0x1122334455667788\n"
    "	movabs	%gs:0x1122334455667788, %eax\n"
    "	lock cmpxchg16b 64(%rip)\n"
    "	lock xadd %r9, %gs:64(%rip)\n"
    "	vpaddq	64(%rip), %zmm17, %zmm31{%k3}\n"
    "more_forms_end:\n"
    ".popsection\n");
/* clang-format on */

static char cells_path[4096];
static char **sources;
static struct cell cells[CELLS];
static uint8_t image[CELLS * CELL_SIZE];
static struct tally classes, reasons;
static unsigned int nr_compared, nr_failed, nr_refused, nr_forms_compared;

static void *symbol(const char *name)
{
	void *address = r3_symbol(box.box, name);

	if (!address)
		fail_msg("no %s in %s", name, cells_path);
	return address;
}

static void call(const char *function, uint64_t argument)
{
	if (r3_call(box.box, symbol(function), NULL, 1, argument))
		fail_msg("%s oopsed", function);
}

/* The parts of the processor's state that are vectors: x87, SSE, AVX, AVX-512. */
static uint32_t vector_mask(void)
{
	unsigned int a, b, c, d;

	__cpuid_count(0xd, 0, a, b, c, d);
	return a & 0xe7;
}

static void load_cells(void)
{
	uint64_t percpu;

	if (r3_module_load(box.box, cells_path, "", 0, NULL))
		fail_msg("%s: %s", cells_path, r3_error());
	box.before = symbol("probe_cells_before");
	box.after = symbol("probe_cells_after");
	box.seen = symbol("probe_cells_seen");
	box.done = symbol("probe_cells_done");
	box.wanted = symbol("probe_cells_wanted");
	box.hits = symbol("probe_cells_hits");
	box.posts = symbol("probe_cells_posts");
	box.missed = symbol("probe_cells_missed");
	box.errors = symbol("probe_cells_errors");
	box.set = symbol("probe_cells_set");
	box.text = (uint64_t)symbol("probe_cells_text");
	box.run = symbol("probe_cells_run");
	box.memory = symbol("probe_cells_memory");
	box.stack = symbol("probe_cells_stack");
	percpu = (uint64_t)symbol("probe_cells_percpu");
	box.percpu = percpu + box.box->space.percpu_offset[0];
	box.places = (struct form_places){(uint64_t)box.memory, percpu, (uint64_t)box.stack};
	box.exits[EXIT_NEXT] = (uint64_t)symbol("probe_cells_next");
	box.exits[EXIT_FORWARD] = (uint64_t)symbol("probe_cells_forward");
	box.exits[EXIT_BACKWARD] = (uint64_t)symbol("probe_cells_backward");
}

static void boot(void)
{
	uint64_t seed = 1;

	box.box = fixture_boot_cpus(0, 1);
	snprintf(cells_path, sizeof(cells_path), "%s/probe_cells.ko", fixture.directory);
	box.vector_mask = vector_mask();
	for (size_t i = 0; i < sizeof(memory_template); i++)
		memory_template[i] = form_random(&seed);
	for (size_t i = 0; i < sizeof(stack_template); i++)
		stack_template[i] = form_random(&seed);
	for (size_t i = 0; i < sizeof(vector_template); i++)
		vector_template[i] = form_random(&seed);
}

/* The layout of XSAVE: Intel SDM, volume 1, 13.4. */
#define X87_CONTROL    0
#define X87_STATUS     2 /* status, tags, opcode, last instruction and operand */
#define SSE_CONTROL    24
#define X87_REGISTERS  32
#define XSAVE_HEADER   512
#define XSAVE_EXTENDED 576
#define X87_DEFAULT    0x37f
#define SSE_DEFAULT    0x1f80

static void fill_vector(uint8_t *xsave)
{
	const uint16_t control = X87_DEFAULT;
	const uint32_t mxcsr = SSE_DEFAULT;
	const uint64_t mask = box.vector_mask;

	memcpy(xsave, vector_template, XSAVE_SIZE);
	memset(xsave, 0, X87_REGISTERS);
	memset(xsave + XSAVE_HEADER, 0, XSAVE_EXTENDED - XSAVE_HEADER);
	memcpy(xsave + X87_CONTROL, &control, sizeof(control));
	memcpy(xsave + SSE_CONTROL, &mxcsr, sizeof(mxcsr));
	memcpy(xsave + XSAVE_HEADER, &mask, sizeof(mask));
}

static uint64_t hash(uint64_t hash, const void *data, size_t size)
{
	const uint64_t *words = data;

	for (size_t i = 0; i < size / sizeof(*words); i++)
		hash = (hash ^ words[i]) * 0xff51afd7ed558ccd + 1;
	return hash ^ hash >> 29;
}

/* Where the last x87 instruction lay is not compared: it lay in a copy. */
static uint64_t hash_vector(uint8_t *xsave)
{
	memset(xsave + 6, 0, SSE_CONTROL - 6);
	memset(xsave + XSAVE_HEADER, 0, XSAVE_EXTENDED - XSAVE_HEADER);
	return hash(0, xsave, XSAVE_SIZE);
}

static uint8_t *writable(uint64_t address)
{
	if (address - box.places.percpu < ARENA_SIZE)
		address += box.box->space.percpu_offset[0];
	return (uint8_t *)address;
}

/* What it pushes, in bytes. */
static unsigned int pushed(const struct form_decoded *decoded)
{
	for (int i = 0; i < decoded->instruction.operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];

		if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
		    operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
		    operand->mem.base == ZYDIS_REGISTER_RSP &&
		    operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return operand->size / 8;
	}
	return 0;
}

/* Of the stack, what is in use afterwards, but for room that it only made. */
static uint64_t hash_memory(const struct form_decoded *decoded, uint64_t sp)
{
	static uint8_t used[ARENA_STACK_TOP] __attribute__((aligned(8)));
	unsigned int from = sp - box.places.stack;
	uint64_t value;

	if (from < ARENA_STACK_SP)
		from = ARENA_STACK_SP - pushed(decoded);
	memset(used + (from & ~7U), 0, 8);
	memcpy(used + from, box.stack + from, sizeof(used) - from);
	value = hash(0, box.memory, ARENA_SIZE);
	value = hash(value, (void *)box.percpu, ARENA_SIZE);
	from &= ~7U;
	return hash(value, used + from, sizeof(used) - from);
}

/* Where the probe of a cell is, and where it is entered. */
static uint64_t probed_address(unsigned int index, enum pass pass)
{
	return box.text + index * CELL_SIZE + CELL_INSTRUCTION - (pass == PASS_LATER);
}

static void handler_sets(const struct form_scene *scene)
{
	const uint64_t *r = scene->registers;

	*box.wanted = (struct arch_registers){
		.rax = r[0],
		.rcx = r[1],
		.rdx = r[2],
		.rbx = r[3],
		.rbp = r[5],
		.rsi = r[6],
		.rdi = r[7],
		.r8 = r[8],
		.r9 = r[9],
		.r10 = r[10],
		.r11 = r[11],
		.r12 = r[12],
		.r13 = r[13],
		.r14 = r[14],
		.r15 = r[15],
		.rflags = scene->flags & FORM_FLAGS,
	};
}

/* Did it come back, with a stack pointer that can be one? NULL, or why it cannot be compared. */
static const char *run(unsigned int index, unsigned int variant, enum pass pass,
		       struct outcome *outcome)
{
	uint64_t cell = box.text + index * CELL_SIZE;
	struct machine *before = box.before, *after = box.after;
	const char *reason;
	struct form_scene scene;
	uint64_t seed = form_hash(cells[index].form) + variant, sp;

	reason = form_prepare(&cells[index].decoded, cell, &box.places, seed, &scene);
	if (reason)
		return reason;
	memcpy(box.memory, memory_template, ARENA_SIZE);
	memcpy((void *)box.percpu, memory_template, ARENA_SIZE);
	memcpy(box.stack + ARENA_STACK_SP, stack_template, sizeof(stack_template));
	for (unsigned int i = 0; i < scene.nr_patches; i++)
		memcpy(writable(scene.patches[i].address), &scene.patches[i].value, 8);
	memcpy(before->registers, scene.registers, sizeof(scene.registers));
	before->flags = scene.flags;
	*box.set = pass == PASS_SET;
	if (pass == PASS_SET) {
		handler_sets(&scene);
		for (int i = 0; i < NR_REGISTERS; i++)
			before->registers[i] = i == RSP ? scene.registers[i] : ~scene.registers[i];
		before->flags = scene.flags ^ FORM_FLAGS;
	}
	before->vector = box.vector_mask;
	before->cell = probed_address(index, pass);
	fill_vector(before->xsave);
	after->exit = EXIT_NONE;
	memset(after->xsave, 0, XSAVE_SIZE);
	if (r3_call(box.box, box.run, NULL, 0))
		return "faults by itself";
	memcpy(outcome->registers, after->registers, sizeof(outcome->registers));
	outcome->flags = after->flags;
	outcome->exit = after->exit;
	sp = after->registers[RSP];
	if (sp < box.places.stack + ARENA_STACK_SP / 2 || sp > box.places.stack + ARENA_STACK_TOP)
		return "leaves the stack";
	outcome->vector = hash_vector(after->xsave);
	outcome->memory = hash_memory(&cells[index].decoded, sp);
	return NULL;
}

static unsigned int tally(struct tally *tally, const char *name)
{
	unsigned int i = 0;

	while (i < tally->count && strcmp(tally->of[i].name, name))
		i++;
	if (i == tally->count) {
		assert_true(i < MAX_CLASSES);
		tally->of[tally->count++].name = name;
	}
	tally->of[i].forms++;
	return i;
}

static void put_jump(uint8_t *code, uint64_t address, uint64_t target)
{
	int32_t distance = target - (address + 5);

	code[0] = JUMP;
	memcpy(code + 1, &distance, sizeof(distance));
}

/* Nops around it give room for a jump; then it goes on to whoever keeps the outcome. */
static void draw_cell(unsigned int index)
{
	uint8_t *code = image + index * CELL_SIZE;
	const struct cell *cell = &cells[index];
	uint64_t address = box.text + index * CELL_SIZE;
	unsigned int way_out = CELL_FORWARD - 5;

	memset(code, NOP, CELL_SIZE);
	put_jump(code + CELL_BACKWARD, address + CELL_BACKWARD, box.exits[EXIT_BACKWARD]);
	put_jump(code + CELL_FORWARD, address + CELL_FORWARD, box.exits[EXIT_FORWARD]);
	put_jump(code + way_out, address + way_out, box.exits[EXIT_NEXT]);
	if (cell->variants)
		memcpy(code + CELL_INSTRUCTION, cell->code, cell->form->length);
}

static void draw_cells(void)
{
	for (unsigned int i = 0; i < CELLS; i++)
		draw_cell(i);
	assert_int_equal(arch_text_poke(box.box, box.text, image, sizeof(image)), 0);
}

/*
 * What Linux refuses: calls and jumps to an address in memory and iret, for
 * want of an emulation (arch/x86/kernel/kprobes/core.c, prepare_emulation()),
 * what holds traps off, and int3, which must be somebody else's.
 */
static int expected_error(const struct form *form)
{
	const ZydisDecodedOperand *first;
	struct form_decoded decoded;

	form_decode(form->bytes, form->length, &decoded);
	first = &decoded.operands[0];
	switch (decoded.instruction.mnemonic) {
	case ZYDIS_MNEMONIC_JMP:
	case ZYDIS_MNEMONIC_CALL:
		return first->type == ZYDIS_OPERAND_TYPE_MEMORY ? -EOPNOTSUPP : 0;
	case ZYDIS_MNEMONIC_IRETQ:
		return -EOPNOTSUPP;
	case ZYDIS_MNEMONIC_INT3:
		return -EINVAL;
	case ZYDIS_MNEMONIC_MOV:
		return first->type == ZYDIS_OPERAND_TYPE_REGISTER &&
				       first->reg.value == ZYDIS_REGISTER_SS
			       ? -EINVAL
			       : 0;
	default:
		return 0;
	}
}

/* Put forms into cells, from *next on; how many cells are used. */
static unsigned int fill_cells(const struct forms *forms, size_t *next)
{
	unsigned int count = 0;

	memset(cells, 0, sizeof(cells));
	for (; *next < forms->count && count < CELLS; ++*next) {
		const struct form *form = &forms->list[*next];
		struct cell *cell = &cells[count];
		const char *reason;

		cell->expected = expected_error(form);
		reason = cell->expected ? NULL : form_refuse(form);
		if (!reason)
			reason = form_place(form, box.text + count * CELL_SIZE, &box.places,
					    cell->code);
		if (reason) {
			tally(&reasons, reason);
			continue;
		}
		form_decode(cell->code, form->length, &cell->decoded);
		cell->form = form;
		cell->variants =
			cell->decoded.instruction.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE
				? BRANCH_VARIANTS
				: VARIANTS;
		count++;
	}
	draw_cells();
	return count;
}

static void empty_cell(unsigned int index, const char *reason)
{
	tally(&reasons, reason);
	cells[index].variants = 0;
}

/* Every cell by itself, twice: what is not the same then cannot be compared. */
static void run_alone(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		const char *reason = NULL;

		if (cells[i].expected) /* where it would go is nobody's business */
			continue;
		for (unsigned int variant = 0; variant < cells[i].variants && !reason; variant++) {
			struct outcome again;

			reason = run(i, variant, PASS_TRAP, &cells[i].alone[variant]);
			if (!reason)
				reason = run(i, variant, PASS_TRAP, &again);
			if (!reason && memcmp(&again, &cells[i].alone[variant], sizeof(again)))
				reason = "not the same twice";
			if (!reason && again.exit == EXIT_NONE)
				reason = "does not come back";
		}
		if (reason)
			empty_cell(i, reason);
	}
	draw_cells();
}

__attribute__((format(printf, 4, 5))) static bool differs(unsigned int index, unsigned int variant,
							  enum pass pass, const char *format, ...)
{
	const struct cell *cell = &cells[index];
	char text[128];
	ZydisFormatter formatter;
	va_list arguments;

	if (nr_failed++ >= MAX_TOLD)
		return true;
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_ATT);
	ZydisFormatterFormatInstruction(
		&formatter, &cell->decoded.instruction, cell->decoded.operands,
		cell->decoded.instruction.operand_count_visible, text, sizeof(text), 0, NULL);
	printf("%s:", text);
	for (unsigned int i = 0; i < cell->form->length; i++)
		printf(" %02x", cell->code[i]);
	printf(" (cell %u, variant %u) %s: ", index, variant, pass_names[pass]);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	return true;
}

/* pt_regs, in the order of an instruction's encoding */
static void handlers_registers(const struct arch_registers *r, uint64_t out[NR_REGISTERS])
{
	const uint64_t values[NR_REGISTERS] = {r->rax, r->rcx, r->rdx, r->rbx, r->rsp, r->rbp,
					       r->rsi, r->rdi, r->r8,  r->r9,  r->r10, r->r11,
					       r->r12, r->r13, r->r14, r->r15};

	memcpy(out, values, sizeof(values));
}

static bool registers_differ(unsigned int index, unsigned int variant, enum pass pass,
			     const char *whose, const uint64_t *got, const uint64_t *wanted,
			     uint64_t got_flags, uint64_t wanted_flags)
{
	for (int i = 0; i < NR_REGISTERS; i++)
		if (got[i] != wanted[i])
			return differs(index, variant, pass, "%s %s is %#lx, not %#lx", whose,
				       ZydisRegisterGetString(ZYDIS_REGISTER_RAX + i), got[i],
				       wanted[i]);
	if ((got_flags ^ wanted_flags) & FORM_FLAGS)
		return differs(index, variant, pass, "%s flags are %#lx, not %#lx", whose,
			       got_flags & FORM_FLAGS, wanted_flags & FORM_FLAGS);
	return false;
}

static uint64_t address_after(unsigned int index, const struct outcome *outcome)
{
	uint64_t cell = box.text + index * CELL_SIZE;

	switch (outcome->exit) {
	case EXIT_FORWARD:
		return cell + CELL_FORWARD;
	case EXIT_BACKWARD:
		return cell + CELL_BACKWARD;
	default:
		return cell + CELL_INSTRUCTION + cells[index].form->length;
	}
}

/* Did handlers see the machine as it was before the instruction, and after it? */
static bool handlers_differ(unsigned int index, unsigned int variant, enum pass pass,
			    const struct outcome *now)
{
	uint64_t address = probed_address(index, pass);
	uint64_t got[NR_REGISTERS];

	handlers_registers(box.seen, got);
	if (registers_differ(index, variant, pass, "the handler's", got, box.before->registers,
			     box.seen->rflags, box.before->flags))
		return true;
	if (box.seen->rip != address + 1)
		return differs(index, variant, pass, "the handler's ip is %#lx, not %#lx",
			       box.seen->rip, address + 1);
	if (pass != PASS_POST)
		return false;
	handlers_registers(box.done, got);
	if (registers_differ(index, variant, pass, "the post handler's", got, now->registers,
			     box.done->rflags, now->flags))
		return true;
	if (box.done->rip != address_after(index, now))
		return differs(index, variant, pass, "the post handler's ip is %#lx, not %#lx",
			       box.done->rip, address_after(index, now));
	return false;
}

static bool outcome_differs(unsigned int index, unsigned int variant, enum pass pass)
{
	const struct outcome *alone = &cells[index].alone[variant];
	uint64_t hits = box.hits[index], posts = box.posts[index];
	struct outcome now;
	const char *trouble = run(index, variant, pass, &now);

	nr_compared++;
	if (trouble)
		return differs(index, variant, pass, "%s", trouble);
	if (registers_differ(index, variant, pass, "its", now.registers, alone->registers,
			     now.flags, alone->flags))
		return true;
	if (now.exit != alone->exit)
		return differs(index, variant, pass, "leaves by exit %lu, not %lu", now.exit,
			       alone->exit);
	if (now.vector != alone->vector)
		return differs(index, variant, pass, "other vectors");
	if (now.memory != alone->memory)
		return differs(index, variant, pass, "other memory");
	if (box.hits[index] != hits + 1)
		return differs(index, variant, pass, "hit %lu times", box.hits[index] - hits);
	if (box.posts[index] != posts + (pass == PASS_POST))
		return differs(index, variant, pass, "post handler called %lu times",
			       box.posts[index] - posts);
	return handlers_differ(index, variant, pass, &now);
}

static uint8_t byte_of(unsigned int index, enum pass pass)
{
	return *(volatile uint8_t *)probed_address(index, pass);
}

/* Run all that the pass is about, and count them by class. */
static void run_probed(unsigned int count, enum pass pass)
{
	for (unsigned int i = 0; i < count; i++) {
		bool jumps = pass == PASS_JUMP || pass == PASS_LATER;
		uint8_t byte = byte_of(i, pass);
		unsigned int class, variant;

		if (!cells[i].variants || cells[i].expected)
			continue;
		if (byte != INT3 && (byte != JUMP || pass == PASS_TRAP || pass == PASS_POST))
			differs(i, 0, pass, "has %#x in place of a probe", byte);
		if (jumps && byte != JUMP)
			continue;
		for (variant = 0; variant < cells[i].variants; variant++)
			if (outcome_differs(i, variant, pass))
				break;
		class = tally(&classes,
			      ZydisCategoryGetString(cells[i].decoded.instruction.meta.category));
		classes.of[class].forms--;
		classes.of[class].compared[pass]++;
	}
}

static void set_optimization(int value)
{
	call("r3rt_probes_optimization", value);
}

/* The number of jumps stops growing: optimisation comes in the background. */
static void wait_for_jumps(unsigned int count, enum pass pass)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	unsigned int jumps = 0, before = 1, quiet = 0;

	for (int waited = 0; quiet < 10 && waited < OPTIMIZE_WAIT_MS; waited += 20) {
		before = jumps;
		nanosleep(&pause, NULL);
		jumps = 0;
		for (unsigned int i = 0; i < count; i++)
			jumps += cells[i].variants && byte_of(i, pass) == JUMP;
		quiet = jumps == before && jumps ? quiet + 1 : 0;
	}
}

/* A probe on every cell; those that can be, are. */
static unsigned int probe(unsigned int count, enum pass pass)
{
	uint64_t good;

	if (r3_call(box.box, symbol("probe_cells_register"), &good, 3, (uint64_t)count,
		    (uint64_t)(pass == PASS_POST), (uint64_t)(pass == PASS_LATER)))
		fail_msg("registering oopsed");
	for (unsigned int i = 0; i < count; i++) {
		int expected = pass == PASS_LATER ? 0 : cells[i].expected;

		if (cells[i].variants && box.errors[i] != expected)
			differs(i, 0, pass, "register_kprobe() says %d, not %d", box.errors[i],
				expected);
	}
	return good;
}

static void unprobe(unsigned int count, unsigned int good, enum pass pass)
{
	call("probe_cells_unregister", good);
	for (unsigned int i = 0; i < count; i++)
		if (cells[i].variants && box.missed[i])
			differs(i, 0, pass, "%lu hits were missed", box.missed[i]);
	if (memcmp((void *)box.text, image, sizeof(image)))
		fail_msg("%s: removed probes left code changed", pass_names[pass]);
}

static void run_batch(unsigned int count)
{
	unsigned int good;

	run_alone(count);
	for (unsigned int i = 0; i < count; i++) {
		const ZydisDecodedInstruction *instruction = &cells[i].decoded.instruction;

		nr_refused += cells[i].expected != 0;
		if (!cells[i].variants || cells[i].expected)
			continue;
		tally(&classes, ZydisCategoryGetString(instruction->meta.category));
		nr_forms_compared++;
	}
	set_optimization(0);
	good = probe(count, PASS_TRAP);
	run_probed(count, PASS_TRAP);
	set_optimization(1);
	wait_for_jumps(count, PASS_JUMP);
	run_probed(count, PASS_JUMP);
	unprobe(count, good, PASS_JUMP);
	good = probe(count, PASS_LATER);
	wait_for_jumps(count, PASS_LATER);
	run_probed(count, PASS_LATER);
	unprobe(count, good, PASS_LATER);
	good = probe(count, PASS_SET);
	wait_for_jumps(count, PASS_SET);
	run_probed(count, PASS_SET);
	unprobe(count, good, PASS_SET);
	good = probe(count, PASS_POST);
	run_probed(count, PASS_POST);
	unprobe(count, good, PASS_POST);
}

static void report(const struct forms *forms)
{
	printf("%zu forms in %zu instructions; %u compared, %u refused as Linux does\n", forms->met,
	       forms->instructions, nr_forms_compared, nr_refused);
	printf("  %-16s %8s %8s %8s %8s %8s %8s\n", "class", "forms", "trap", "jump", "later",
	       "set", "post");
	for (unsigned int i = 0; i < classes.count; i++)
		printf("  %-16s %8u %8u %8u %8u %8u %8u\n", classes.of[i].name, classes.of[i].forms,
		       classes.of[i].compared[PASS_TRAP], classes.of[i].compared[PASS_JUMP],
		       classes.of[i].compared[PASS_LATER], classes.of[i].compared[PASS_SET],
		       classes.of[i].compared[PASS_POST]);
	for (unsigned int i = 0; i < reasons.count; i++)
		printf("  left out: %u, %s\n", reasons.of[i].forms, reasons.of[i].name);
}

static void every_form_runs_the_same_with_a_probe(void **state)
{
	struct forms forms = {.list = NULL};
	size_t next = 0, first;

	boot();
	forms_collect_code(&forms, more_forms, more_forms_end - more_forms);
	first = forms.count;
	for (char **path = sources; *path; path++)
		if (forms_collect(&forms, *path))
			fail_msg("%s cannot be read", *path);
	if (!getenv("RING3_PROBES_ALL"))
		forms_keep(&forms, first, FORMS_KEPT);
	while (next < forms.count) {
		unsigned int count;

		load_cells();
		count = fill_cells(&forms, &next);
		run_batch(count);
		assert_int_equal(r3_module_unload(box.box, "probe_cells", 0), 0);
	}
	report(&forms);
	if (nr_failed)
		fail_msg("%u of %u runs differ", nr_failed, nr_compared);
	assert_true(nr_forms_compared >= LEAST_FORMS);
	forms_free(&forms);
	r3_box_free(box.box);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_runs_the_same_with_a_probe),
	};

	if (!fixture_arguments(argc, argv, 5))
		return 2;
	sources = argv + 5;
	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
