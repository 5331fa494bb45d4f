// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "box/console.h"
#include "box/log.h"
#include "box/sched.h"
#include "box/space.h"
#include "loader/internal.h"
#include "tests/unit/arch_fixture.h"

#define TEXT_OFFSET 0x100000UL
#define STUBS       0x200000UL

extern const char kernel_text[], kernel_text_end[], kernel_ex_table[], kernel_ex_table_end[];
extern const char kernel_bug_table[], kernel_bug_table_end[];
extern const char kernel_image_end[];

uint64_t fixture_address(const struct fixture *fixture, const void *label)
{
	return fixture->box->space.module_base + TEXT_OFFSET + ((const char *)label - kernel_text);
}

static void add_section(struct fixture *fixture, const char *name, const char *start,
			const char *end)
{
	struct object *object = fixture->object;

	object->sections[object->nr_sections++] = (struct r3_section){
		.name = name,
		.address = fixture_address(fixture, start),
		.size = end - start,
	};
}

/* clang-format off */
#define FUNCTIONS \
	X(k_add) X(k_null_write) X(k_caller) X(k_outer) X(k_read) X(k_divide) X(k_hlt) \
	X(k_cli) X(k_in) X(k_wrmsr) X(k_mov_cr0) X(k_stac) X(k_ud) X(k_int3) X(k_recurse) \
	X(k_lost_stack) X(k_fix_default) X(k_fix_clear) X(k_fix_fault) X(k_fix_efault) \
	X(k_fix_pop) X(k_fix_ucopy) X(k_fix_zeropad) X(k_fix_rdmsr) X(k_fix_bpf) X(k_warn) \
	X(k_warn_once) X(k_warn_no_cut) X(k_bug) X(k_bug_no_file) X(k_orc_caller) X(k_guess) \
	X(k_soak) X(k_interrupt) X(k_interrupt_null) X(k_forever) X(k_wait) X(k_poked)
/* clang-format on */
#define X(name) extern const char name[], name##_end[];
FUNCTIONS
#undef X

static void add_symbols(struct fixture *fixture)
{
	static const struct {
		const char *name, *start, *end;
	} functions[] = {
#define X(name) {#name, name, name##_end},
		FUNCTIONS
#undef X
	};
	struct object *object = fixture->object;
	size_t count = sizeof(functions) / sizeof(functions[0]), used = 1;

	object->symbols = calloc(count, sizeof(*object->symbols));
	object->strings = calloc(count, 32);
	for (size_t i = 0; i < count; i++) {
		object->symbols[i] = (struct symbol){
			.address = fixture_address(fixture, functions[i].start),
			.size = functions[i].end - functions[i].start,
			.name = used,
			.type = STT_FUNC,
			.binding = STB_GLOBAL,
			.code = 'T',
			.part = PART_TEXT,
		};
		strcpy(object->strings + used, functions[i].name);
		used += strlen(functions[i].name) + 1;
	}
	object->nr_symbols = count;
}

static void load(struct fixture *fixture)
{
	struct r3_box *box = fixture->box;
	uint64_t base = box->space.module_base + TEXT_OFFSET;
	size_t size = PAGE_ALIGN(kernel_image_end - kernel_text);
	struct object *object = fixture->object = calloc(1, sizeof(*object));

	memcpy(box_writable(box, base), kernel_text, kernel_image_end - kernel_text);
	assert_int_equal(mprotect((void *)base, size, PROT_READ | PROT_EXEC), 0);
	assert_int_equal(mprotect((void *)(box->space.module_base + STUBS), PAGE_SIZE,
				  PROT_READ | PROT_EXEC),
			 0);
	object->box = box;
	object->name = strdup("kernel");
	object->core_base = base;
	object->core_size = size;
	object->parts[PART_TEXT] = (struct part_range){base, size};
	object->sections = calloc(8, sizeof(*object->sections));
	add_section(fixture, ".text", kernel_text, kernel_text_end);
	add_section(fixture, "__ex_table", kernel_ex_table, kernel_ex_table_end);
	add_section(fixture, "__bug_table", kernel_bug_table, kernel_bug_table_end);
	add_symbols(fixture);
	box->objects = object;
	set_pages_of(box, base, size, object);
}

static void keep_line(void *context, const struct r3_log_record *record)
{
	struct fixture *fixture = context;
	size_t room = sizeof(fixture->log) - fixture->log_length;
	int length;

	length = snprintf(fixture->log + fixture->log_length, room, "<%d>%.*s\n", record->level,
			  (int)record->length, record->text);
	if ((size_t)length < room)
		fixture->log_length += length;
}

uint64_t fixture_stub(struct fixture *fixture, void *function)
{
	uint64_t address = fixture->next_stub;

	arch_make_hypercall(box_writable(fixture->box, address), (uint64_t)function,
			    fixture->interrupts_stub);
	fixture->next_stub += ARCH_HYPERCALL_SIZE;
	return address;
}

struct fixture *fixture_new(unsigned int cpus)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct r3_box *box = fixture->box = calloc(1, sizeof(*box));

	assert_int_equal(arch_traps_install(), 0);
	assert_int_equal(space_init(&box->space, 1 << 20, cpus), 0);
	pthread_mutex_init(&box->sched_lock, NULL);
	pthread_cond_init(&box->thread_died, NULL);
	pthread_mutex_init(&box->module_lock, NULL);
	console_boot(box);
	box->log = log_new(box);
	box->options.log = keep_line;
	box->options.context = fixture;
	assert_int_equal(vcpus_init(box, cpus), 0);
	box->page_objects = calloc(box->space.module_size / PAGE_SIZE, sizeof(*box->page_objects));
	load(fixture);
	fixture->next_stub = box->space.module_base + STUBS;
	fixture->interrupts_stub = fixture_stub(fixture, r3hc_interrupts);
	return fixture;
}

void fixture_free(struct fixture *fixture)
{
	struct r3_box *box = fixture->box;
	struct object *object = fixture->object;

	threads_stop_begin(box);
	threads_stop(box);
	free(object->sections);
	free(object->symbols);
	free(object->strings);
	free(object->name);
	free(object->orc);
	free(object);
	free(box->page_objects);
	vcpus_free(box);
	log_free(box->log);
	space_release(&box->space);
	free(box);
	free(fixture);
}

void fixture_clear_log(struct fixture *fixture)
{
	fixture->log_length = 0;
	fixture->log[0] = '\0';
}

static int call(struct fixture *fixture, uint64_t function, uint64_t argument, uint64_t *result)
{
	uint64_t arguments[6] = {argument, 2, 3, 4, 5, 6};
	int error;

	assert_int_equal(arch_traps_install(), 0); /* cmocka has its own for each test */
	assert_int_equal(box_enter(fixture->box), 0);
	error = kernel_call(thread_current(), function, result, 6, arguments);
	box_leave(fixture->box);
	return error;
}

uint64_t fixture_call(struct fixture *fixture, uint64_t function, uint64_t argument)
{
	uint64_t result;
	int error = call(fixture, function, argument, &result);

	if (error)
		print_message("%s", fixture->log);
	assert_int_equal(error, 0);
	return result;
}

void fixture_oops(struct fixture *fixture, uint64_t function, uint64_t argument)
{
	fixture_clear_log(fixture);
	assert_int_equal(call(fixture, function, argument, NULL), -R3_EOOPS);
	assert_null(thread_current()->frame);
}

/* Addresses vary: 16 hex digits match a single X. */
static bool matches(const char *line, size_t length, const char *pattern)
{
	while (length && *pattern) {
		if (*pattern == 'X' && length >= 16 && strspn(line, "0123456789abcdef") >= 16) {
			line += 16;
			length -= 16;
		} else if (*line == *pattern) {
			line++;
			length--;
		} else {
			return false;
		}
		pattern++;
	}
	return !length && !*pattern;
}

bool fixture_logged(const struct fixture *fixture, const char *pattern)
{
	const char *line = fixture->log, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		if (matches(line, end - line, pattern))
			return true;
	print_message("not logged: %s\nbut:\n%s", pattern, fixture->log);
	return false;
}
