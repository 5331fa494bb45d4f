// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kprobes and kretprobes as modules register them. The modules of
 * tests/modules/probes check most rules themselves; here are those that take
 * several modules, or somebody outside of the box.
 * argv: the modules' directory, then optionally target, headers, sources.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include <ring3/ring3.h>
#include "box_fixture.h"

static int call(struct r3_box *box, const char *function)
{
	uint64_t value = 0;
	int error = r3_call(box, r3_symbol(box, function), &value, 0);

	return error ? error : (int)value;
}

static void places_without_probes_are_refused_with_linuxs_errors(void **state)
{
	fixture_checks_itself("probes_refused");
}

static void handlers_see_registers_and_change_them(void **state)
{
	fixture_checks_itself("probes_hits");
}

static void probes_of_one_place_are_called_in_order(void **state)
{
	fixture_checks_itself("probes_lists");
}

static void returns_are_seen_and_changed(void **state)
{
	fixture_checks_itself("probes_returns");
}

static void a_name_that_is_not_exported_gives_its_address(void **state)
{
	fixture_checks_itself("probes_names");
}

static void registering_twice_warns_once(void **state)
{
	static const char *const twice[][2] = {{"probes_lists", "lists_twice"},
					       {"probes_returns", "returns_twice"}};
	struct r3_box *box = fixture_boot(0);
	struct r3_box_report report;

	for (unsigned int i = 0; i < 2; i++) {
		fixture_load_ok(box, twice[i][0], "");
		assert_int_equal(call(box, twice[i][1]), -EINVAL);
		assert_int_equal(r3_box_report(box, &report), 0);
		assert_int_equal(report.warnings, i + 1);
	}
	assert_logged("register_kprobe+0x");
	assert_logged("register_kretprobe+0x");
	r3_box_free(box);
}

/* What debugfs' kprobes/enabled and debug.kprobes-optimization call. */
static int switch_probes(struct r3_box *box, const char *function, long value)
{
	uint64_t result = 0;

	assert_int_equal(r3_call(box, r3_symbol(box, function), &result, 1, value), 0);
	return (int)result;
}

static void all_probes_are_switched_off_and_on(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "probes_lists", "");
	assert_int_equal(call(box, "lists_register"), 0);
	assert_int_equal(call(box, "lists_hit"), 1);
	assert_int_equal(switch_probes(box, "r3rt_probes_enabled", -1), 1);
	assert_int_equal(switch_probes(box, "r3rt_probes_enabled", 0), 0);
	assert_logged("<6>kprobes: Kprobes globally disabled\n");
	assert_int_equal(call(box, "lists_hit"), 0);
	assert_int_equal(switch_probes(box, "r3rt_probes_enabled", 1), 1);
	assert_logged("<6>kprobes: Kprobes globally enabled\n");
	assert_int_equal(call(box, "lists_hit"), 1);
	assert_int_equal(call(box, "lists_unregister"), 0);
	assert_int_equal(call(box, "lists_hit"), 0);
	assert_int_equal(switch_probes(box, "r3rt_probes_optimization", 0), 0);
	assert_logged("<6>kprobes: kprobe jump-optimization is disabled. All kprobes are based on "
		      "software breakpoint.\n");
	assert_int_equal(switch_probes(box, "r3rt_probes_optimization", 1), 1);
	assert_logged("<6>kprobes: kprobe jump-optimization is enabled. All kprobes are optimized "
		      "if possible.\n");
	r3_box_free(box);
}

static void probes_do_not_keep_the_module_that_they_are_in(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "probes_stay", "");
	fixture_load_ok(box, "probes_target", "");
	assert_int_equal(call(box, "stay_state"), 0);
	/* the one in init went with it, before anybody else could be there */
	assert_logged("coming 0 0 live -2 going 0 hits 1 1 flags 18 19\n");
	assert_int_equal(call(box, "target_core"), 1);
	assert_int_equal(r3_module_unload(box, "probes_target", 0), 0);
	assert_int_equal(call(box, "stay_state"), 0);
	assert_logged("coming 0 0 live -2 going -2 hits 3 1 flags 19 19\n");
	assert_int_equal(call(box, "stay_enable"), -EINVAL);
	assert_int_equal(call(box, "stay_disable"), 0);
	/* Where they were, there may be others now; these stay gone. */
	fixture_load_ok(box, "probes_target", "");
	assert_int_equal(call(box, "target_core"), 1);
	assert_int_equal(call(box, "stay_state"), 0);
	assert_logged("coming 0 0 live -2 going -2 hits 5 2 flags 19 19\n");
	assert_int_equal(r3_module_unload(box, "probes_target", 0), 0);
	assert_int_equal(r3_module_unload(box, "probes_stay", 0), 0);
	assert_clean(box);
	r3_box_free(box);
}

static void an_oops_in_a_handler_leaves_its_probe_removable(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "probes_faults", "");
	assert_int_equal(call(box, "faults_handler_oopses"), -R3_EOOPS);
	assert_logged("BUG: kernel NULL pointer dereference, address: 0000000000000008");
	assert_logged("pre_oopses+0x");
	assert_logged("faults_target+0x");
	assert_int_equal(call(box, "faults_still_hit"), 0);
	r3_box_free(box);
}

static void an_oops_in_unregistering_does_not_lock_others_out(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "probes_faults", "");
	assert_int_equal(call(box, "faults_unregister_nothing"), -R3_EOOPS);
	assert_int_equal(call(box, "faults_still_hit"), 0);
	assert_int_equal(r3_module_unload(box, "probes_faults", 0), 0);
	r3_box_free(box);
}

static void a_handler_that_sleeps_is_reported(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "probes_faults", "");
	assert_int_equal(call(box, "faults_handler_sleeps"), 0);
	assert_logged("BUG: scheduling while atomic: ");
	r3_box_free(box);
}

static void instances_of_calls_that_oops_are_given_back(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct timespec pause = {.tv_nsec = 1000000};
	struct r3_box_report report = {};

	fixture_load_ok(box, "probes_faults", "");
	for (int i = 0; i < 3; i++)
		assert_int_equal(call(box, "faults_function_oopses"), -R3_EOOPS);
	assert_logged("faults_oopses+0x");
	/* above the function that will not return, whoever called it */
	assert_logged("faults_function_oopses+0x");
	for (int i = 0; i < 3; i++)
		assert_int_equal(call(box, "faults_thread_oopses"), 0);
	for (int i = 0; i < 1000 && report.oopses < 6; i++) {
		nanosleep(&pause, NULL);
		assert_int_equal(r3_box_report(box, &report), 0);
	}
	assert_int_equal(report.oopses, 6);
	assert_int_equal(call(box, "faults_instances_are_back"), 0);
	r3_box_free(box);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_without_probes_are_refused_with_linuxs_errors),
		cmocka_unit_test(handlers_see_registers_and_change_them),
		cmocka_unit_test(probes_of_one_place_are_called_in_order),
		cmocka_unit_test(returns_are_seen_and_changed),
		cmocka_unit_test(a_name_that_is_not_exported_gives_its_address),
		cmocka_unit_test(registering_twice_warns_once),
		cmocka_unit_test(all_probes_are_switched_off_and_on),
		cmocka_unit_test(probes_do_not_keep_the_module_that_they_are_in),
		cmocka_unit_test(an_oops_in_a_handler_leaves_its_probe_removable),
		cmocka_unit_test(an_oops_in_unregistering_does_not_lock_others_out),
		cmocka_unit_test(a_handler_that_sleeps_is_reported),
		cmocka_unit_test(instances_of_calls_that_oops_are_given_back),
	};

	if (!fixture_arguments(argc, argv, 1)) {
		fprintf(stderr, "usage: %s MODULES [TARGET HEADERS SOURCES]\n", argv[0]);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
