// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Points: every form of instruction does the same from its slot, by a trap, by
 * a jump and with a look behind it; what may not be probed is refused with the
 * errno of register_kprobe() (kernel/kprobes.c, arch/x86/kernel/kprobes/).
 */
#include <cpuid.h>
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "box/vmalloc.h"
#include "loader/internal.h"
#include "probe/internal.h"
#include "tests/unit/arch_fixture.h"

#define IMAGE     0x300000UL /* in module space */
#define SLOTS     0x400000UL
#define MANY      (SLOTS + SLOT_ROOM)
#define SLOT_ROOM 0x1000000UL
#define CONTEXT   0x123456789abcUL

extern const char p_work[], p_work_second[], p_work_third[], p_traced[], p_traced_across[];
extern const char probe_image[], probe_image_end[], probe_ex_table[], probe_ex_table_end[];
extern const char probe_jump_table[], probe_jump_table_end[], probe_blacklist[],
	probe_blacklist_end[];

/* as probe_kernel.S writes them: offsets in the image */
struct form {
	uint64_t start, at, post, end;
	const char *name;
};
extern const struct form probe_forms[], probe_forms_end[];
#define NR_FORMS ((size_t)(probe_forms_end - probe_forms))

struct state {
	uint64_t registers[16]; /* by their numbers in instructions */
	uint64_t flags, function;
};
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 };

static struct fixture *fixture;
static struct object object;

/* What the handlers saw, and what they are to do. */
static struct {
	unsigned int hits, posts;
	uint64_t context;
	int trapped, answer;
	uint64_t top; /* what sp points at */
	struct arch_registers at_hit, at_post;
	void (*change)(struct arch_registers *registers);
} seen;

static int hit(uint64_t context, struct arch_registers *registers, int trapped)
{
	seen.hits++;
	seen.context = context;
	seen.trapped = trapped;
	seen.at_hit = *registers;
	seen.top = *(const uint64_t *)registers->rsp;
	if (seen.change)
		seen.change(registers);
	return seen.answer;
}

static void post(uint64_t context, struct arch_registers *registers)
{
	seen.posts++;
	seen.context = context;
	seen.at_post = *registers;
}

static uint64_t place(const char *label)
{
	return fixture->box->space.module_base + IMAGE + (label - probe_image);
}
#define PLACE(label)                                                                               \
	({                                                                                         \
		extern const char label[];                                                         \
		place(label);                                                                      \
	})

static void add_symbol(const char *name, uint64_t address, uint64_t size)
{
	static uint32_t used;
	struct symbol *symbol = &object.symbols[object.nr_symbols++];

	if (object.nr_symbols == 1)
		used = 1;
	*symbol = (struct symbol){.address = address,
				  .size = size,
				  .name = used,
				  .type = STT_FUNC,
				  .binding = STB_GLOBAL,
				  .code = 'T',
				  .part = PART_TEXT};
	strcpy(object.strings + used, name);
	used += strlen(name) + 1;
}

static int by_address(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	return a->address < b->address ? -1 : a->address > b->address;
}

/* clang-format off */
#define FUNCTIONS \
	X(r_int3) X(r_mov_ss) X(r_iret) X(r_far_return) X(r_call_memory) X(r_jump_memory) \
	X(r_far_call) X(r_far_jump) X(r_call_sp) X(r_vmcall) X(r_short_branch) X(r_undecodable) \
	X(r_jumped_into) X(r_cold) X(r_warm) X(r_indirect) X(r_short) X(r_calls) X(r_calls_last) X(r_fixup) X(r_key) \
	X(r_plain) X(r_blacklisted) X(p_traced) X(p_traced_across) X(p_faults) X(p_run) X(p_nothing) X(p_count) X(p_loop) X(p_work)
/* clang-format on */

static void add_symbols(void)
{
	extern const char r_cold_cold[], r_cold_cold_end[], r_warm_cold[], r_warm_cold_end[];

	object.symbols = calloc(NR_FORMS + 64, sizeof(*object.symbols));
	object.strings = calloc(NR_FORMS + 64, 32);
	for (const struct form *form = probe_forms; form < probe_forms_end; form++)
		add_symbol(form->name, place(probe_image) + form->start, form->end - form->start);
#define X(name)                                                                                    \
	{                                                                                          \
		extern const char name[], name##_end[];                                            \
		add_symbol(#name, place(name), name##_end - name);                                 \
	}
	FUNCTIONS
#undef X
	add_symbol("r_cold.cold", place(r_cold_cold), r_cold_cold_end - r_cold_cold);
	add_symbol("r_warm.cold", place(r_warm_cold), r_warm_cold_end - r_warm_cold);
	qsort(object.symbols, object.nr_symbols, sizeof(*object.symbols), by_address);
}

static struct r3_section section(const char *name, const char *start, const char *end)
{
	return (struct r3_section){.name = name, .address = place(start), .size = end - start};
}

static void copy_image(void)
{
	memcpy(box_writable(fixture->box, place(probe_image)), probe_image,
	       probe_image_end - probe_image);
	*(uint64_t *)box_writable(fixture->box, place(probe_blacklist)) = PLACE(r_blacklisted);
}

static void load(void)
{
	static struct r3_section sections[3];
	static uint64_t sites[2];
	struct r3_box *box = fixture->box;
	uint64_t base = place(probe_image), size = PAGE_ALIGN(probe_image_end - probe_image);

	copy_image();
	assert_int_equal(mprotect((void *)base, size, PROT_READ | PROT_EXEC), 0);
	object = (struct object){.box = box, .name = "probed", .sections = sections};
	object.parts[PART_TEXT] = (struct part_range){base, size};
	sections[object.nr_sections++] = section("__ex_table", probe_ex_table, probe_ex_table_end);
	sections[object.nr_sections++] =
		section("__jump_table", probe_jump_table, probe_jump_table_end);
	sections[object.nr_sections++] =
		section("_kprobe_blacklist", probe_blacklist, probe_blacklist_end);
	sites[0] = PLACE(p_traced);
	sites[1] = PLACE(p_traced_across);
	object.fentry_sites = sites;
	object.nr_fentry_sites = 2;
	add_symbols();
	set_pages_of(box, base, size, &object);
}

static int setup(void **state)
{
	struct r3_box *box;

	fixture = fixture_new(2);
	box = fixture->box;
	box->module_ranges = ranges_new(box->space.module_base + SLOTS, SLOT_ROOM, PAGE_SIZE);
	box->entries.probe_hit = fixture_stub(fixture, hit);
	box->entries.probe_post = fixture_stub(fixture, post);
	load();
	memset(&seen, 0, sizeof(seen));
	return 0;
}

static int teardown(void **state)
{
	struct r3_box *box = fixture->box;

	points_forget(box, box->space.module_base, box->space.module_size);
	points_free(box);
	ranges_free(box->module_ranges);
	free(object.symbols);
	free(object.strings);
	free(object.cold);
	free(object.orc);
	fixture_free(fixture);
	return 0;
}

/* ---- every form ---- */

#define MEMORY_SIZE 256

struct outcome {
	struct state state;
	uint8_t memory[MEMORY_SIZE];
};

static void run(uint64_t function, struct outcome *outcome)
{
	struct r3_box *box = fixture->box;
	uint8_t *memory = (uint8_t *)box->space.memory_base + PAGE_SIZE;

	for (unsigned int i = 0; i < MEMORY_SIZE; i++)
		memory[i] = i * 7;
	outcome->state = (struct state){.flags = 0x203, .function = function};
	for (unsigned int i = 0; i < 16; i++)
		outcome->state.registers[i] = 0x0101010101010101UL * i + 0x80;
	outcome->state.registers[RCX] = 3;
	outcome->state.registers[RSI] = (uint64_t)memory + 64;
	outcome->state.registers[RDI] = (uint64_t)memory;
	outcome->state.registers[R8] = 2;
	fixture_call(fixture, PLACE(p_run), (uint64_t)&outcome->state);
	memcpy(outcome->memory, memory, MEMORY_SIZE);
}

static void assert_same(const char *name, const struct outcome *left, const struct outcome *right)
{
	for (unsigned int i = 0; i < 16; i++)
		if (left->state.registers[i] != right->state.registers[i])
			print_message("%s: register %u: %lx, %lx\n", name, i,
				      left->state.registers[i], right->state.registers[i]);
	if (left->state.flags != right->state.flags)
		print_message("%s: flags %lx, %lx\n", name, left->state.flags, right->state.flags);
	assert_memory_equal(left, right, sizeof(*left));
}

static bool has_feature(const char *name)
{
	if (!strncmp(name, "avx_", 4))
		return __builtin_cpu_supports("avx");
	if (!strncmp(name, "avx2_", 5))
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
	if (!strncmp(name, "avx512_", 7))
		return __builtin_cpu_supports("avx512f");
	return true;
}

static unsigned long new_point(uint64_t address)
{
	long point = point_new(fixture->box, address, CONTEXT);

	if (point < 0 && point > -4096)
		print_message("point at image+0x%lx: %ld\n", address - place(probe_image), point);
	assert_false(point < 0 && point > -4096);
	return point;
}

static void expect_one_hit(const struct form *form, unsigned int posts)
{
	if (seen.hits != 1 || seen.posts != posts)
		print_message("%s: %u hits, %u posts\n", form->name, seen.hits, seen.posts);
	assert_int_equal(seen.hits, 1);
	assert_int_equal(seen.posts, posts);
	assert_int_equal(seen.context, CONTEXT);
	assert_int_equal(seen.at_hit.rip, place(probe_image) + form->at);
	assert_int_equal(seen.at_hit.cs, 0x10);
	assert_int_equal(seen.at_hit.ss, 0x18);
	if (posts && seen.at_post.rip != place(probe_image) + form->post)
		print_message("%s: post at image+0x%lx\n", form->name,
			      seen.at_post.rip - place(probe_image));
	if (posts)
		assert_int_equal(seen.at_post.rip, place(probe_image) + form->post);
	memset(&seen, 0, sizeof(seen));
}

static void forms(void **state)
{
	struct r3_box *box = fixture->box;
	unsigned int optimized = 0;

	for (const struct form *form = probe_forms; form < probe_forms_end; form++) {
		uint64_t function = place(probe_image) + form->start;
		struct outcome plain, probed;
		struct r3_point_info info;
		unsigned long point;

		if (!has_feature(form->name))
			continue;
		run(function, &plain);
		point = new_point(place(probe_image) + form->at);
		assert_int_equal(point_arm(box, point, 0), 0);
		run(function, &probed);
		assert_same(form->name, &plain, &probed);
		assert_int_equal(seen.trapped, 1);
		expect_one_hit(form, 0);
		point_info(box, point, &info);
		if (info.region) {
			assert_int_equal(point_optimize(box, point), 0);
			run(function, &probed);
			assert_same(form->name, &plain, &probed);
			assert_int_equal(seen.trapped, 0);
			expect_one_hit(form, 0);
			point_unoptimize(box, point);
			optimized++;
		} else {
			assert_int_equal(point_optimize(box, point), -EINVAL);
		}
		assert_int_equal(point_arm(box, point, R3_POINT_POST), 0);
		assert_int_not_equal(point_optimize(box, point), 0);
		run(function, &probed);
		assert_same(form->name, &plain, &probed);
		expect_one_hit(form, 1);
		point_disarm(box, point);
		run(function, &probed);
		assert_same(form->name, &plain, &probed);
		assert_int_equal(seen.hits, 0);
		point_free(box, point);
		assert_memory_equal((void *)function, probe_image + form->start,
				    form->end - form->start);
	}
	assert_true(optimized > NR_FORMS / 2);
}

/* ---- what is refused ---- */

static long try_point(uint64_t address)
{
	long point = point_new(fixture->box, address, CONTEXT);

	if (point < 0 && point > -4096)
		return point;
	point_free(fixture->box, point);
	return 0;
}

static void refused(void **state)
{
	struct r3_box *box = fixture->box;
	unsigned long point;

	assert_int_equal(try_point(0), -ENOENT);
	assert_int_equal(try_point((uint64_t)box), -ENOENT);
	assert_int_equal(try_point(box->space.memory_base), -ENOENT);
	assert_int_equal(try_point(PLACE(r_int3)), -EINVAL);
	assert_int_equal(try_point(PLACE(r_mov_ss)), -EINVAL);
	assert_int_equal(try_point(PLACE(r_undecodable)), -EINVAL);
	assert_int_equal(try_point(PLACE(r_blacklisted)), -EINVAL);
	assert_int_equal(try_point(PLACE(r_blacklisted) + 1), -EINVAL);
	assert_int_equal(try_point(PLACE(r_iret)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_far_return)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_call_memory)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_jump_memory)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_far_call)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_far_jump)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_call_sp)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_vmcall)), -EOPNOTSUPP);
	assert_int_equal(try_point(PLACE(r_short_branch)), -EOPNOTSUPP);
	/* inside of an instruction, behind one that is none, inside of __fentry__'s call */
	assert_int_equal(try_point(PLACE(r_plain) + 1), -EILSEQ);
	assert_int_equal(try_point(PLACE(r_undecodable) + 1), -EILSEQ);
	assert_int_equal(try_point(PLACE(p_traced) + 1), -EILSEQ);
	/* where there is one already */
	point = new_point(PLACE(r_plain));
	assert_int_equal(try_point(PLACE(r_plain)), -EBUSY);
	point_free(box, point);
	assert_int_equal(try_point(PLACE(r_plain)), 0);
}

static int find_blacklisted(void *context, const struct blacklisted *entry)
{
	if (entry->start != PLACE(r_blacklisted))
		return 0;
	assert_string_equal(entry->name, "r_blacklisted");
	assert_int_equal(entry->end - entry->start, 6);
	return 7;
}

static void blacklist(void **state)
{
	struct r3_box *box = fixture->box;

	object.next = box->objects;
	box->objects = &object;
	assert_int_equal(blacklist_each(box, find_blacklisted, NULL), 7);
	assert_true(blacklist_has(box, PLACE(r_blacklisted) + 5));
	assert_false(blacklist_has(box, PLACE(r_blacklisted) + 6));
	box->objects = object.next;
}

static unsigned int region_at(uint64_t address)
{
	unsigned long point = new_point(address);
	struct r3_point_info info;

	point_info(fixture->box, point, &info);
	point_free(fixture->box, point);
	return info.region;
}

/* arch/x86/kernel/kprobes/opt.c, and what a compiler makes that it does not see */
static void regions(void **state)
{
	assert_int_equal(region_at(PLACE(r_plain)), 6);
	assert_int_equal(region_at(PLACE(r_plain_second)), 6);
	assert_int_equal(region_at(PLACE(r_jumped_into)), 0);
	assert_int_equal(region_at(PLACE(r_jumped_into_target)), 6);
	assert_int_equal(region_at(PLACE(r_cold)), 0);
	assert_int_equal(region_at(PLACE(r_cold_target)), 5);
	assert_int_equal(region_at(PLACE(r_warm_cold)), 0);
	assert_int_equal(region_at(PLACE(r_warm_cold_target)), 5);
	assert_int_equal(region_at(PLACE(r_indirect)), 0);
	assert_int_equal(region_at(PLACE(r_short)), 0);
	assert_int_equal(region_at(PLACE(r_calls)), 0);
	assert_int_equal(region_at(PLACE(r_calls_last)), 5);
	assert_int_equal(region_at(PLACE(r_fixup)), 0);
	assert_int_equal(region_at(PLACE(r_fixup_load)), 0);
	assert_int_equal(region_at(PLACE(r_fixup_landing)), 5);
	assert_int_equal(region_at(PLACE(r_key)), 0);
	assert_int_equal(region_at(PLACE(p_traced)), 0);
}

/* ---- what handlers may do ---- */

static void change_registers(struct arch_registers *registers)
{
	registers->rax = 0x1000;
	registers->r15 = 0x1515;
	registers->rflags |= 0x8d5; /* all arithmetic flags */
	registers->rip = 0xdead;    /* ignored, as the answer is 0 */
}

static void go_elsewhere(struct arch_registers *registers)
{
	registers->rip = PLACE(r_plain_fifth);
}

/* as a function that returns at once */
static void return_to_caller(struct arch_registers *registers)
{
	registers->rip = *(uint64_t *)registers->rsp;
	registers->rsp += 8;
	registers->rax = 0x77;
}

/* as if what is called came back to somewhere else first */
static void push_return(struct arch_registers *registers)
{
	registers->rsp -= 8;
	*(uint64_t *)registers->rsp = PLACE(r_plain_fourth);
	registers->rip = PLACE(r_plain_fifth);
	registers->r14 = 0x1414;
}

static void set_direction(struct arch_registers *registers)
{
	registers->rflags |= 0x400;
}

static void expect_increments(const struct outcome *before, const struct outcome *after,
			      unsigned int rsi, unsigned int rdi)
{
	assert_int_equal((uint32_t)after->state.registers[RAX],
			 (uint32_t)before->state.registers[RAX]);
	assert_int_equal((uint32_t)after->state.registers[RSI],
			 (uint32_t)before->state.registers[RSI] + rsi);
	assert_int_equal((uint32_t)after->state.registers[RDI],
			 (uint32_t)before->state.registers[RDI] + rdi);
	assert_int_equal(after->state.registers[RSP], before->state.registers[RSP]);
}

/* The function has a point, however it is entered. */
static void expect_handled(uint64_t function, bool falls_through)
{
	struct outcome before, after;

	seen.change = NULL;
	seen.answer = 0;
	run(PLACE(p_nothing), &before);
	seen.change = change_registers;
	run(function, &after);
	assert_int_equal(after.state.registers[15], 0x1515);
	if (falls_through) /* incl %eax */
		assert_int_equal(after.state.registers[RAX], 0x1001);
	seen.change = go_elsewhere;
	seen.answer = 1;
	run(function, &after);
	expect_increments(&before, &after, 0, 1);
	seen.change = return_to_caller;
	run(function, &after);
	assert_int_equal(after.state.registers[RAX], 0x77);
	after.state.registers[RAX] = before.state.registers[RAX];
	expect_increments(&before, &after, 0, 0);
	seen.change = push_return;
	run(function, &after);
	assert_int_equal(after.state.registers[14], 0x1414);
	expect_increments(&before, &after, 1, 2);
}

static void answers(void **state)
{
	struct r3_box *box = fixture->box;
	unsigned long point = new_point(PLACE(r_plain));
	struct outcome outcome;

	assert_int_equal(point_arm(box, point, 0), 0);
	expect_handled(PLACE(r_plain), true);
	assert_int_equal(point_optimize(box, point), 0);
	expect_handled(PLACE(r_plain), true);
	assert_int_equal(seen.trapped, 0);
	point_free(box, point);
	/* at a function's beginning, where sp is the caller's */
	point = new_point(PLACE(p_traced));
	assert_int_equal(point_arm(box, point, 0), 0);
	expect_handled(PLACE(p_traced), false);
	point_free(box, point);
	/* a flag that is rarely changed */
	memset(&seen, 0, sizeof(seen));
	for (const struct form *form = probe_forms; form < probe_forms_end; form++) {
		if (strcmp(form->name, "string_store"))
			continue;
		point = new_point(place(probe_image) + form->at);
		assert_int_equal(point_arm(box, point, 0), 0);
		seen.change = set_direction;
		run(place(probe_image) + form->start, &outcome);
		assert_int_equal(outcome.state.registers[RDI],
				 box->space.memory_base + PAGE_SIZE - 1);
		point_free(box, point);
	}
	assert_int_equal(seen.hits, 1);
}

/* Linux's kprobe_ftrace_handler(): ip at the site, sp at the return address. */
static void entry(uint64_t function)
{
	struct r3_box *box = fixture->box;
	unsigned long point = new_point(function);
	struct outcome plain, probed;
	struct r3_point_info info;

	point_info(box, point, &info);
	assert_int_equal(info.flags, R3_POINT_ENTRY | R3_POINT_FTRACE);
	assert_int_equal(info.region, 0);
	run(function, &plain);
	assert_int_equal(point_arm(box, point, 0), 0);
	point_info(box, point, &info);
	assert_int_equal(info.flags, R3_POINT_ENTRY | R3_POINT_FTRACE | R3_POINT_ARMED);
	run(function, &probed);
	probed.state.flags = plain.state.flags; /* mean nothing where a function begins */
	assert_same("entry", &plain, &probed);
	assert_int_equal(seen.hits, 1);
	assert_int_equal(seen.trapped, 0);
	assert_int_equal(seen.at_hit.rip, function);
	assert_in_range(seen.top, PLACE(p_run), PLACE(p_run_end));
	assert_int_equal(point_optimize(box, point), -EINVAL);
	assert_int_equal(point_arm(box, point, R3_POINT_POST), 0);
	run(function, &probed);
	probed.state.flags = plain.state.flags; /* mean nothing where a function begins */
	assert_same("entry", &plain, &probed);
	assert_int_equal(seen.hits, 2);
	assert_int_equal(seen.posts, 0); /* the runtime calls both handlers at once */
	point_disarm(box, point);
	run(function, &probed);
	assert_int_equal(seen.hits, 2);
	point_free(box, point);
	memset(&seen, 0, sizeof(seen));
}

static void entries(void **state)
{
	entry(PLACE(p_traced));
	entry(PLACE(p_traced_across));
}

/* ---- points near each other ---- */

static unsigned int flags_of(unsigned long point)
{
	struct r3_point_info info;

	point_info(fixture->box, point, &info);
	return info.flags;
}

static unsigned int hits_of_run(uint64_t function)
{
	struct outcome outcome;

	seen.hits = 0;
	run(function, &outcome);
	assert_int_equal((uint32_t)outcome.state.registers[RAX], 0x81);
	assert_int_equal((uint32_t)outcome.state.registers[RCX], 4);
	assert_int_equal((uint32_t)outcome.state.registers[RDX], 0x02020283);
	return seen.hits;
}

/* kernel/kprobes.c: __arm_kprobe() unoptimises what overlaps, arch_check_optimized_kprobe() waits
 */
static void neighbours(void **state)
{
	struct r3_box *box = fixture->box;
	uint64_t function = PLACE(r_plain);
	unsigned long first = new_point(function), second = new_point(PLACE(r_plain_second)), third;

	assert_int_equal(point_arm(box, first, 0), 0);
	assert_int_equal(point_optimize(box, first), 0);
	assert_true(flags_of(first) & R3_POINT_OPTIMIZED);
	assert_int_equal(hits_of_run(function), 1);
	/* nobody is interrupted between the instructions that it replaces */
	assert_false(points_cover(box, function));
	assert_true(points_cover(box, function + 2));
	assert_true(points_cover(box, function + 4));
	assert_false(points_cover(box, function + 8));
	/* the third is found behind a jump that hides it */
	third = new_point(PLACE(r_plain_third));
	assert_int_equal(point_arm(box, second, 0), 0);
	assert_false(flags_of(first) & R3_POINT_OPTIMIZED);
	assert_int_equal(hits_of_run(function), 2);
	assert_int_equal(point_optimize(box, first), -EBUSY);
	assert_int_equal(point_optimize(box, second), 0);
	assert_int_equal(hits_of_run(function), 2);
	assert_int_equal(point_arm(box, third, 0), 0);
	assert_int_equal(hits_of_run(function), 3);
	point_disarm(box, third);
	point_disarm(box, second);
	assert_int_equal(hits_of_run(function), 1);
	assert_int_equal(point_optimize(box, first), 0);
	assert_int_equal(hits_of_run(function), 1);
	point_free(box, third);
	point_free(box, second);
	point_free(box, first);
	assert_memory_equal((void *)function, probe_image + (function - place(probe_image)), 16);
}

/* ---- reports ---- */

/* What a copy does wrong, the instruction does; its registers are the code's. */
static void faults(void **state)
{
	struct r3_box *box = fixture->box;
	unsigned long at = new_point(PLACE(p_faults_at)), before = new_point(PLACE(p_faults));

	assert_int_equal(point_arm(box, at, 0), 0);
	fixture_oops(fixture, PLACE(p_faults), 0);
	assert_true(fixture_logged(fixture, "<4>RIP: 0010:p_faults+0x2/0xa"));
	assert_int_equal(seen.hits, 1);
	point_disarm(box, at);
	assert_int_equal(point_arm(box, before, 0), 0);
	assert_int_equal(point_optimize(box, before), 0);
	fixture_oops(fixture, PLACE(p_faults), 0);
	assert_true(fixture_logged(fixture, "<4>RIP: 0010:p_faults+0x2/0xa"));
	assert_int_equal(seen.hits, 2);
	point_free(box, at);
	point_free(box, before);
	/* with a fixup, on there */
	at = new_point(PLACE(r_fixup_load));
	assert_int_equal(point_arm(box, at, 0), 0);
	assert_int_equal(fixture_call(fixture, PLACE(r_fixup), 0x123456789000), 77);
	point_free(box, at);
}

static int traced_hit(uint64_t context, struct arch_registers *registers, int trapped)
{
	struct arch_registers here;

	arch_hypercall_registers(thread_current(), &here);
	arch_dump_stack(thread_current(), &here, 4);
	return 0;
}

/* A handler's call trace goes on with the code that was hit. */
static void traces(void **state)
{
	struct r3_box *box = fixture->box;
	struct outcome outcome;
	unsigned long point;

	box->entries.probe_hit = fixture_stub(fixture, traced_hit);
	point = new_point(PLACE(r_plain));
	assert_int_equal(point_arm(box, point, 0), 0);
	fixture_clear_log(fixture);
	run(PLACE(r_plain), &outcome);
	assert_true(fixture_logged(fixture, "<4>RIP: 0010:r_plain+0x0/0x10"));
	assert_true(fixture_logged(fixture, "<4> p_run+0x5c/0xc0"));
	assert_int_equal(point_optimize(box, point), 0);
	fixture_clear_log(fixture);
	run(PLACE(r_plain), &outcome);
	assert_true(fixture_logged(fixture, "<4> p_run+0x5c/0xc0"));
	point_free(box, point);
}

/* ---- lives ---- */

/* What is freed with its code is nobody's point any more; its handle is harmless. */
static void forgotten(void **state)
{
	struct r3_box *box = fixture->box;
	unsigned long gone = new_point(PLACE(r_plain)), entry = new_point(PLACE(p_traced));
	struct points_count count;
	struct r3_point_info info;

	assert_int_equal(point_arm(box, gone, 0), 0);
	assert_int_equal(point_arm(box, entry, 0), 0);
	points_forget(box, place(probe_image), PAGE_SIZE);
	points_count(box, &count);
	assert_int_equal(count.points, 0);
	assert_int_equal(count.slots, 0);
	assert_int_equal(point_arm(box, gone, 0), -ENOENT);
	assert_int_equal(point_optimize(box, gone), -ENOENT);
	point_disarm(box, gone);
	point_unoptimize(box, gone);
	point_info(box, gone, &info);
	assert_int_equal(info.flags, 0);
	point_free(box, gone);
	point_free(box, entry);
	/* the next one there is another */
	copy_image();
	gone = new_point(PLACE(r_plain));
	assert_int_equal(point_arm(box, gone, 0), 0);
	assert_int_equal(hits_of_run(PLACE(r_plain)), 1);
	point_free(box, gone);
}

/* All points of all forms at once, again and again: nothing is lost. */
static void room(void **state)
{
	struct r3_box *box = fixture->box;
	unsigned long *points = calloc(NR_FORMS, sizeof(*points));
	struct points_count first, count;

	for (unsigned int round = 0; round < 20; round++) {
		for (size_t i = 0; i < NR_FORMS; i++) {
			points[i] = new_point(place(probe_image) + probe_forms[i].at);
			assert_int_equal(point_arm(box, points[i], i % 3 ? 0 : R3_POINT_POST), 0);
		}
		points_count(box, &count);
		assert_int_equal(count.points, NR_FORMS);
		if (!round)
			first = count;
		assert_int_equal(count.slots, first.slots);
		assert_int_equal(count.pages, first.pages);
		for (size_t i = 0; i < NR_FORMS; i++)
			point_free(box, points[round % 2 ? i : NR_FORMS - 1 - i]);
		points_count(box, &count);
		assert_int_equal(count.points, 0);
		assert_int_equal(count.slots, 0);
	}
	assert_memory_equal((void *)place(probe_image), probe_image,
			    PLACE(r_blacklisted) - place(probe_image));
	free(points);
}

/* Ten thousand at once, each a function of its own, by a trap and by a jump. */
static void many(void **state)
{
	static const uint8_t work[] = {0x8d, 0x47, 1, 0x01, 0xf0, 0x83, 0xc0, 1, 0xc3};
	const uint64_t count = 10000, size = 16, base = fixture->box->space.module_base + MANY;
	struct symbol *symbols = calloc(count, sizeof(*symbols));
	struct object many = {.box = fixture->box, .name = "many", .strings = calloc(count, 8)};
	unsigned long *points = calloc(count, sizeof(*points));
	struct r3_box *box = fixture->box;
	struct points_count counted;

	many.parts[PART_TEXT] = (struct part_range){base, PAGE_ALIGN(count * size)};
	many.symbols = symbols;
	many.nr_symbols = count;
	for (uint64_t i = 0; i < count; i++) {
		symbols[i] = (struct symbol){
			.address = base + i * size, .size = sizeof(work), .name = 8 * i};
		snprintf(many.strings + 8 * i, 8, "f%lu", i);
		memcpy(box_writable(box, symbols[i].address), work, sizeof(work));
	}
	assert_int_equal(mprotect((void *)base, many.parts[PART_TEXT].size, PROT_READ | PROT_EXEC),
			 0);
	set_pages_of(box, base, many.parts[PART_TEXT].size, &many);
	for (uint64_t i = 0; i < count; i++) {
		points[i] = new_point(symbols[i].address);
		assert_int_equal(point_arm(box, points[i], 0), 0);
		if (i % 2)
			assert_int_equal(point_optimize(box, points[i]), 0);
	}
	points_count(box, &counted);
	assert_int_equal(counted.points, count);
	assert_int_equal(counted.slots, 2 * count);
	for (uint64_t i = 0; i < count; i += 7) {
		assert_int_equal(fixture_call(fixture, symbols[i].address, 5), 9);
		assert_int_equal(seen.at_hit.rip, symbols[i].address);
	}
	assert_int_equal(seen.hits, (count + 6) / 7);
	for (uint64_t i = 0; i < count; i++)
		point_free(box, points[i]);
	points_count(box, &counted);
	assert_int_equal(counted.points + counted.slots, 0);
	set_pages_of(box, base, many.parts[PART_TEXT].size, NULL);
	free(points);
	free(many.strings);
	free(many.cold);
	free(symbols);
}

/* ---- several threads ---- */

#define NR_LOOPERS 2

/* How often code changes under them: for a second or so, or for RING3_STRESS seconds. */
static unsigned int rounds(void)
{
	const char *stress = getenv("RING3_STRESS");

	return 30 * (stress ? atoi(stress) : 1);
}

/* as probe_kernel.S has it */
struct loop {
	volatile uint64_t stop, loops, errors;
	uint64_t function;
};

struct looper {
	struct loop loop;
	pthread_t pthread;
	struct thread *volatile thread;
	int error;
};

static void *run_looper(void *data)
{
	struct looper *looper = data;
	uint64_t arguments[6] = {(uint64_t)&looper->loop};

	looper->error = box_enter(fixture->box);
	if (looper->error)
		return NULL;
	looper->thread = thread_current();
	looper->error = kernel_call(looper->thread, PLACE(p_loop), NULL, 6, arguments);
	box_leave(fixture->box);
	return NULL;
}

static void start_loopers(struct looper loopers[NR_LOOPERS], uint64_t function)
{
	assert_int_equal(arch_traps_install(), 0);
	for (unsigned int i = 0; i < NR_LOOPERS; i++) {
		loopers[i] = (struct looper){.loop = {.function = function}};
		assert_int_equal(pthread_create(&loopers[i].pthread, NULL, run_looper, &loopers[i]),
				 0);
	}
	for (unsigned int i = 0; i < NR_LOOPERS; i++)
		while (!loopers[i].loop.loops)
			sched_yield();
}

static uint64_t stop_loopers(struct looper loopers[NR_LOOPERS])
{
	uint64_t loops = 0;

	for (unsigned int i = 0; i < NR_LOOPERS; i++)
		loopers[i].loop.stop = 1;
	for (unsigned int i = 0; i < NR_LOOPERS; i++) {
		pthread_join(loopers[i].pthread, NULL);
		assert_int_equal(loopers[i].error, 0);
		assert_int_equal(loopers[i].loop.errors, 0);
		loops += loopers[i].loop.loops;
	}
	return loops;
}

/* Nobody is any more where he was: each has begun a new round since. */
static void grace_period(struct looper loopers[NR_LOOPERS])
{
	for (unsigned int i = 0; i < NR_LOOPERS; i++) {
		uint64_t loops = loopers[i].loop.loops;

		while (loopers[i].loop.loops < loops + 2)
			sched_yield();
	}
}

static struct counters {
	volatile uint64_t interrupts, errors, bits;
	uint64_t hypercall;
} counters;

static uint64_t nothing(void)
{
	return 0;
}

static void interrupt(struct looper loopers[NR_LOOPERS])
{
	for (unsigned int i = 0; i < NR_LOOPERS; i++) {
		struct thread *thread = loopers[i].thread;

		__atomic_or_fetch(&fixture->box->vcpus[thread->vcpu].page->irq_pending, R3_IRQ_TICK,
				  __ATOMIC_SEQ_CST);
		arch_kick(thread);
	}
}

static void enable_interrupts(void)
{
	counters = (struct counters){.hypercall = fixture_stub(fixture, nothing)};
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		fixture->box->vcpus[cpu].page->reserved[0] = (unsigned long)&counters;
	fixture->box->entries.interrupt = KERNEL(fixture, k_interrupt);
}

/* While it is armed no hit is lost, however the code is changed and whatever interrupts it. */
static void no_hit_is_lost(void **state)
{
	struct r3_box *box = fixture->box;
	struct looper loopers[NR_LOOPERS];
	volatile uint64_t hits = 0, others = 0;
	uint64_t loops;
	unsigned long point, other;

	enable_interrupts();
	box->entries.probe_hit = box->entries.probe_post = PLACE(p_count);
	point = point_new(box, PLACE(p_work), (uint64_t)&hits);
	assert_int_equal(point_arm(box, point, 0), 0);
	start_loopers(loopers, PLACE(p_work));
	for (unsigned int i = 0; i < rounds(); i++) {
		grace_period(loopers);
		interrupt(loopers);
		assert_int_equal(point_optimize(box, point), 0);
		grace_period(loopers);
		interrupt(loopers);
		if (i % 3) {
			point_unoptimize(box, point);
			continue;
		}
		/* another one in its region */
		other = point_new(box, PLACE(p_work_second), (uint64_t)&others);
		assert_int_equal(point_arm(box, other, i % 2 ? R3_POINT_POST : 0), 0);
		grace_period(loopers);
		interrupt(loopers);
		point_disarm(box, other);
		grace_period(loopers);
		point_free(box, other);
	}
	loops = stop_loopers(loopers);
	assert_int_equal(loops, hits);
	assert_true(others > rounds() / 3);
	assert_int_equal(counters.errors, 0);
	assert_true(counters.interrupts > rounds() / 2);
	point_free(box, point);
}

/* Points that come and go under those who run into them, at an entry across two words, too. */
static void come_and_go(void **state)
{
	static const char *const labels[] = {p_work, p_work_second, p_work_third};
	struct r3_box *box = fixture->box;
	struct looper loopers[NR_LOOPERS];
	volatile uint64_t hits = 0;
	struct points_count count;
	unsigned long points[3];

	enable_interrupts();
	box->entries.probe_hit = box->entries.probe_post = PLACE(p_count);
	start_loopers(loopers, PLACE(p_work));
	for (unsigned int i = 0; i < rounds(); i++) {
		for (unsigned int n = 0; n < 3; n++) {
			points[n] = point_new(box, place(labels[(i + n) % 3]), (uint64_t)&hits);
			assert_int_equal(point_arm(box, points[n], i & 4 ? R3_POINT_POST : 0), 0);
			interrupt(loopers);
		}
		grace_period(loopers);
		for (unsigned int n = 0; n < 3; n++)
			point_disarm(box, points[n]);
		grace_period(loopers);
		for (unsigned int n = 0; n < 3; n++)
			point_free(box, points[n]);
	}
	stop_loopers(loopers);
	assert_true(hits > rounds());
	points_count(box, &count);
	assert_int_equal(count.points, 0);
	assert_int_equal(count.slots, 0);
	assert_memory_equal((void *)PLACE(p_work), p_work, 12);
}

/* An entry is patched while others are in its five bytes. */
static void entries_under_way(void **state)
{
	static const char *const labels[] = {p_traced, p_traced_across};
	struct r3_box *box = fixture->box;
	volatile uint64_t hits = 0;

	enable_interrupts();
	box->entries.probe_hit = box->entries.probe_post = PLACE(p_count);
	for (unsigned int n = 0; n < 2; n++) {
		struct looper loopers[NR_LOOPERS];
		unsigned long point = point_new(box, place(labels[n]), (uint64_t)&hits);

		start_loopers(loopers, place(labels[n]));
		for (unsigned int i = 0; i < rounds(); i++) {
			assert_int_equal(point_arm(box, point, 0), 0);
			interrupt(loopers);
			point_disarm(box, point);
		}
		assert_int_equal(point_arm(box, point, 0), 0);
		grace_period(loopers);
		stop_loopers(loopers);
		point_free(box, point);
		assert_true(hits);
		hits = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(forms, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(blacklist, setup, teardown),
		cmocka_unit_test_setup_teardown(regions, setup, teardown),
		cmocka_unit_test_setup_teardown(answers, setup, teardown),
		cmocka_unit_test_setup_teardown(entries, setup, teardown),
		cmocka_unit_test_setup_teardown(neighbours, setup, teardown),
		cmocka_unit_test_setup_teardown(faults, setup, teardown),
		cmocka_unit_test_setup_teardown(traces, setup, teardown),
		cmocka_unit_test_setup_teardown(forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(room, setup, teardown),
		cmocka_unit_test_setup_teardown(many, setup, teardown),
		cmocka_unit_test_setup_teardown(no_hit_is_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(come_and_go, setup, teardown),
		cmocka_unit_test_setup_teardown(entries_under_way, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
