// SPDX-License-Identifier: GPL-2.0-or-later
/* r3_probe_add() and what comes of it, on functions of the builtin runtime. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "arch/x86_64/arch.h"

#define NR_THREADS 4
#define ROUNDS     150

static struct r3_box *box;

/* Calls kallsyms_lookup_name(name) in the box: what it returned. */
static uint64_t look_up(const char *name)
{
	uint64_t address = 0;

	assert_int_equal(r3_call(box, r3_symbol(box, "kallsyms_lookup_name"), &address, 1, name),
			 0);
	return address;
}

struct seen {
	atomic_uint hits, late;
	atomic_bool removed;
	char text[512];
	char value[64];
	struct r3_probe_hit hit;
};

static void remember(void *context, const struct r3_probe_hit *hit)
{
	struct seen *seen = context;

	if (seen->removed)
		seen->late++;
	if (seen->hits++)
		return;
	seen->hit = *hit;
	snprintf(seen->text, sizeof(seen->text), "%.*s", (int)hit->length, hit->text);
	if (hit->nr_values)
		snprintf(seen->value, sizeof(seen->value), "%.*s", (int)hit->values[0].length,
			 hit->values[0].text);
}

static struct r3_probe *add(const char *spec, struct seen *seen)
{
	struct r3_probe *probe;

	if (r3_probe_add(box, spec, seen ? remember : NULL, seen, &probe))
		fail_msg("%s", r3_error());
	return probe;
}

static void a_hit_tells_where_by_whom_and_with_what(void **state)
{
	const uint64_t function = (uint64_t)r3_symbol(box, "kallsyms_lookup_name");
	struct seen entry = {0}, leave = {0};
	struct r3_probe *probe = add("p:in kallsyms_lookup_name name=+0($arg1):string", &entry);
	struct r3_probe *other = add("r:out kallsyms_lookup_name found=$retval:symbol", &leave);

	assert_int_equal(look_up("kallsyms_lookup_name"), function);
	assert_int_equal(entry.hits, 1);
	assert_memory_equal(entry.text, "in: (kallsyms_lookup_name+0x0/0x", 32);
	assert_non_null(strstr(entry.text, ") name=\"kallsyms_lookup_name\""));
	assert_string_equal(entry.value, "\"kallsyms_lookup_name\"");
	assert_int_equal(entry.hit.address, function);
	assert_int_equal(entry.hit.return_address, 0);
	assert_ptr_equal(entry.hit.probe, probe);
	assert_int_equal(leave.hits, 1);
	assert_non_null(
		strstr(leave.text, " <- kallsyms_lookup_name) found=kallsyms_lookup_name+0x0/"));
	assert_int_equal(leave.hit.address, function);
	assert_int_not_equal(leave.hit.return_address, 0);
	assert_true(leave.hit.time_ns >= entry.hit.time_ns);
	assert_int_equal(r3_probe_remove(probe), 0);
	assert_int_equal(r3_probe_remove(other), 0);
	look_up("no_such_symbol");
	assert_int_equal(entry.hits + leave.hits, 2);
}

static void hits_are_counted_without_a_callback(void **state)
{
	struct r3_probe *probe = add("p kallsyms_lookup_name", NULL);
	struct r3_probe_counts counts;

	for (int i = 0; i < 5; i++)
		look_up("printk");
	assert_int_equal(r3_probe_counts(probe, &counts), 0);
	assert_string_equal(counts.name, "p_kallsyms_lookup_name_0");
	assert_int_equal(counts.hits, 5);
	assert_int_equal(counts.missed, 0);
	assert_int_equal(counts.planted, 1);
	assert_int_equal(r3_probe_remove(probe), 0);
}

static void a_probe_of_a_module_that_is_not_there_waits(void **state)
{
	struct r3_probe *probe = add("p nowhere:function $arg1", NULL);
	struct r3_probe_counts counts;

	assert_int_equal(r3_probe_counts(probe, &counts), 0);
	assert_int_equal(counts.planted, 0);
	assert_int_equal(counts.hits, 0);
	assert_int_equal(r3_probe_remove(probe), 0);
}

static void expect_refused(const char *spec, int error, const char *sentence)
{
	struct r3_probe *probe = NULL;

	assert_int_equal(r3_probe_add(box, spec, NULL, NULL, &probe), error);
	assert_string_equal(r3_error(), sentence);
	assert_null(probe);
}

static void what_is_refused_leaves_nothing(void **state)
{
	expect_refused("p no_such_function", -ENOENT,
		       "Invalid probed address or symbol\n  p no_such_function\n    ^");
	expect_refused("p kallsyms_lookup_name+1", -EILSEQ,
		       "Probe point is not an instruction boundary\n"
		       "  p kallsyms_lookup_name+1\n    ^");
	expect_refused("p:x get_kprobe a=%di", -EINVAL,
		       "Failed to register probe event: Invalid argument\n"
		       "  p:x get_kprobe a=%di\n      ^");
	expect_refused("p kallsyms_lookup_name a=%rdi", -EINVAL,
		       "Invalid register name\n  p kallsyms_lookup_name a=%rdi\n"
		       "                           ^");
	assert_int_not_equal(look_up("kallsyms_lookup_name"), 0);
}

#define MAX_FUNCTIONS 4096

/* Probes of all functions of the kernel, as far as they are allowed; how many. */
static unsigned int add_everywhere(char kind, struct r3_probe **probes, struct seen *seen,
				   unsigned int *functions)
{
	unsigned int count = 0;
	char spec[600];

	*functions = 0;
	for (const struct object *object = box->objects; object; object = object->next) {
		for (unsigned int i = 0; i < object->nr_symbols && count < MAX_FUNCTIONS; i++) {
			const struct symbol *symbol = &object->symbols[i];

			if (symbol->type != STT_FUNC || symbol->part != PART_TEXT)
				continue;
			++*functions;
			/* An address, since names may be there twice. */
			snprintf(spec, sizeof(spec), "%c:%c%u %#lx %%di", kind, kind, *functions,
				 (unsigned long)symbol->address);
			count += !r3_probe_add(box, spec, remember, seen, &probes[count]);
		}
	}
	return count;
}

static void every_function_is_probed_at_once(void **state)
{
	static struct r3_probe *probes[2][MAX_FUNCTIONS];
	struct seen seen[2] = {0};
	struct r3_box_report report;
	unsigned int functions, counts[2];

	for (int i = 0; i < 2; i++) {
		counts[i] = add_everywhere("pr"[i], probes[i], &seen[i], &functions);
		/* All but those of the blacklist. */
		assert_in_range(counts[i], functions * 9 / 10, functions);
	}
	assert_int_not_equal(look_up("kallsyms_lookup_name"), 0);
	for (int i = 0; i < 2; i++) {
		for (unsigned int n = 0; n < counts[i]; n++)
			assert_int_equal(r3_probe_remove(probes[i][n]), 0);
		assert_true(seen[i].hits > 0);
	}
	assert_int_equal(r3_box_report(box, &report), 0);
	assert_int_equal(report.oopses, 0);
	assert_int_equal(report.warnings, 0);
}

static atomic_bool stop_calling;

static void *call_again(void *context)
{
	const void *function = r3_symbol(box, "kallsyms_lookup_name");
	unsigned long calls = 0;

	while (!stop_calling) {
		if (r3_call(box, (void *)function, NULL, 1, "printk"))
			return NULL;
		calls++;
	}
	return (void *)calls;
}

static void no_callback_runs_after_the_removal(void **state)
{
	static const char *const specs[] = {"p kallsyms_lookup_name $arg1",
					    "r kallsyms_lookup_name"};
	static struct seen seen[ROUNDS];
	pthread_t threads[NR_THREADS];
	unsigned int hits = 0, late = 0;
	void *calls;

	stop_calling = false;
	for (int i = 0; i < NR_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, call_again, NULL), 0);
	for (int i = 0; i < ROUNDS; i++) {
		struct r3_probe *probe = add(specs[i % 2], &seen[i]);

		while (!seen[i].hits)
			sched_yield();
		assert_int_equal(r3_probe_remove(probe), 0);
		seen[i].removed = true;
	}
	stop_calling = true;
	for (int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], &calls);
		assert_non_null(calls);
	}
	for (int i = 0; i < ROUNDS; i++) {
		hits += seen[i].hits;
		late += seen[i].late;
	}
	assert_true(hits >= ROUNDS);
	assert_int_equal(late, 0);
}

static int boot(void **state)
{
	struct r3_box_options options = {.size = sizeof(options)};

	return r3_box_new(&box, &options);
}

/* With a probe, which goes with the box. */
static int stop(void **state)
{
	struct r3_probe *probe;
	int error = r3_probe_add(box, "p kallsyms_lookup_name", NULL, NULL, &probe);

	r3_box_free(box);
	return error;
}

/* cmocka has put its own handlers there. */
static int take_traps(void **state)
{
	return arch_traps_install();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_hit_tells_where_by_whom_and_with_what, take_traps),
		cmocka_unit_test_setup(hits_are_counted_without_a_callback, take_traps),
		cmocka_unit_test_setup(a_probe_of_a_module_that_is_not_there_waits, take_traps),
		cmocka_unit_test_setup(what_is_refused_leaves_nothing, take_traps),
		cmocka_unit_test_setup(every_function_is_probed_at_once, take_traps),
		cmocka_unit_test_setup(no_callback_runs_after_the_removal, take_traps),
	};

	return cmocka_run_group_tests_name("probes of a program", tests, boot, stop);
}
