// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Points: every form of instruction does the same from its slot, by a trap, by
 * a jump and with a look behind it; what may not be probed is refused with the
 * errno of register_kprobe() (kernel/kprobes.c, arch/x86/kernel/kprobes/).
 */
#include <cpuid.h>
#include <errno.h>
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
#define SLOT_ROOM 0x1000000UL
#define CONTEXT   0x123456789abcUL

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
	struct arch_registers at_hit, at_post;
	void (*change)(struct arch_registers *registers);
} seen;

static int hit(uint64_t context, struct arch_registers *registers, int trapped)
{
	seen.hits++;
	seen.context = context;
	seen.trapped = trapped;
	seen.at_hit = *registers;
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
	X(r_jumped_into) X(r_cold) X(r_indirect) X(r_short) X(r_calls) X(r_fixup) X(r_key) \
	X(r_plain) X(r_blacklisted) X(p_traced) X(p_traced_across) X(p_faults) X(p_run)
/* clang-format on */

static void add_symbols(void)
{
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
	{
		extern const char r_cold_cold[], r_cold_cold_end[];

		add_symbol("r_cold.cold", place(r_cold_cold), r_cold_cold_end - r_cold_cold);
	}
	qsort(object.symbols, object.nr_symbols, sizeof(*object.symbols), by_address);
}

static struct r3_section section(const char *name, const char *start, const char *end)
{
	return (struct r3_section){.name = name, .address = place(start), .size = end - start};
}

static void load(void)
{
	static struct r3_section sections[3];
	static uint64_t sites[2];
	struct r3_box *box = fixture->box;
	uint64_t base = place(probe_image), size = PAGE_ALIGN(probe_image_end - probe_image);

	memcpy(box_writable(box, base), probe_image, probe_image_end - probe_image);
	*(uint64_t *)box_writable(box, place(probe_blacklist)) = PLACE(r_blacklisted);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(forms, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
