// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The life of modules: states, references, users, notifiers, unloading by
 * force, loads at once. Each test holds one rule of init_module(2) and
 * delete_module(2) as the real kernel was seen to follow it.
 * argv: the modules' directory, then optionally target, headers, sources.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <ring3/ring3.h>
#include "box_fixture.h"

static void call(struct r3_box *box, const char *function)
{
	assert_int_equal(r3_call(box, r3_symbol(box, function), NULL, 0), 0);
}

static int refcount(struct r3_box *box, const char *name)
{
	struct r3_module_info info;

	assert_int_equal(r3_module_info(box, name, &info), 0);
	return info.refcount;
}

static bool is_loaded(struct r3_box *box, const char *name)
{
	struct r3_module_info info;

	return !r3_module_info(box, name, &info);
}

static void init_zero_is_live(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct r3_module_info info;

	fixture_load_ok(box, "life_return", "");
	assert_int_equal(r3_module_info(box, "life_return", &info), 0);
	assert_string_equal(info.state, "live");
	assert_int_equal(info.refcount, 0);
	assert_int_equal(info.init_size, 0);
	assert_int_equal(info.core_size % 4096, 0);
	assert_int_equal(r3_module_unload(box, "life_return", 0), 0);
	assert_logged("life_return: exit");
	assert_false(is_loaded(box, "life_return"));
	r3_box_free(box);
}

static void init_errno_reaches_the_caller_and_exit_is_not_called(void **state)
{
	struct r3_box *box = fixture_boot(0);

	assert_int_equal(fixture_load(box, "life_return", "ret=-19"), -ENODEV);
	assert_false(is_loaded(box, "life_return"));
	assert_not_logged("life_return: exit");
	assert_int_equal(fixture_load(box, "life_return", "ret=-517"), -517);
	fixture_load_ok(box, "life_return", "ret=0"); /* nothing was left of it */
	r3_box_free(box);
}

static void positive_init_is_suspicious_and_stays(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_return", "ret=3");
	assert_logged("do_init_module: 'life_return'->init suspiciously returned 3, it should "
		      "follow 0/-E convention");
	assert_logged("do_init_module: loading module anyway...");
	assert_logged("Call Trace:");
	assert_true(is_loaded(box, "life_return"));
	r3_box_free(box);
}

static void second_load_of_a_live_module_is_eexist(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_return", "");
	assert_int_equal(fixture_load(box, "life_return", ""), -EEXIST);
	r3_box_free(box);
}

static void no_init_loads_and_unloads(void **state)
{
	struct r3_box *box = fixture_boot(0);
	uint64_t value;

	fixture_load_ok(box, "life_noinit", "");
	assert_int_equal(r3_call(box, r3_symbol(box, "life_noinit_value"), &value, 0), 0);
	assert_int_equal((int)value, 42);
	assert_int_equal(r3_module_unload(box, "life_noinit", 0), 0);
	assert_null(r3_symbol(box, "life_noinit_value"));
	r3_box_free(box);
}

static void init_without_exit_is_permanent_unless_forced(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct r3_box_report report;

	fixture_load_ok(box, "life_noexit", "");
	assert_int_equal(r3_module_unload(box, "life_noexit", 0), -EBUSY);
	assert_int_equal(r3_module_unload(box, "life_noexit", R3_UNLOAD_NONBLOCK), -EBUSY);
	assert_int_equal(r3_module_unload(box, "life_noexit", R3_UNLOAD_FORCE), 0);
	assert_int_equal(r3_box_report(box, &report), 0);
	assert_true(report.taint & 8); /* R */
	assert_logged("Disabling lock debugging due to kernel taint");
	r3_box_free(box);
}

static void references_keep_a_module(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_hold", "");
	assert_logged("life_hold: in init 1");
	assert_int_equal(refcount(box, "life_hold"), 0);
	call(box, "life_get");
	assert_int_equal(refcount(box, "life_hold"), 1);
	assert_int_equal(r3_module_unload(box, "life_hold", 0), -EWOULDBLOCK);
	assert_int_equal(r3_module_unload(box, "life_hold", R3_UNLOAD_NONBLOCK), -EWOULDBLOCK);
	call(box, "life_put");
	assert_int_equal(r3_module_unload(box, "life_hold", 0), 0);
	assert_logged("life_hold: in exit -1, try_module_get 0");
	r3_box_free(box);
}

static void force_unloads_a_module_in_use(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_hold", "");
	call(box, "life_get");
	assert_int_equal(r3_module_unload(box, "life_hold", R3_UNLOAD_FORCE), 0);
	assert_false(is_loaded(box, "life_hold"));
	r3_box_free(box);
}

static void put_below_zero_warns_and_changes_nothing(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct r3_box_report report;

	fixture_load_ok(box, "life_hold", "");
	call(box, "life_put"); /* the base reference */
	call(box, "life_put"); /* below zero */
	assert_logged("WARNING: ");
	assert_int_equal(r3_box_report(box, &report), 0);
	assert_int_equal(report.warnings, 1);
	r3_box_free(box);
}

static void users_keep_what_they_use_even_from_force(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct r3_module_info info;

	fixture_load_ok(box, "life_base", "");
	fixture_load_ok(box, "life_user", "");
	assert_logged("life_user: 3");
	assert_int_equal(r3_module_info(box, "life_base", &info), 0);
	assert_string_equal(info.users, "life_user,");
	assert_int_equal(info.refcount, 1);
	assert_int_equal(r3_module_unload(box, "life_base", 0), -EWOULDBLOCK);
	assert_int_equal(r3_module_unload(box, "life_base", R3_UNLOAD_FORCE), -EWOULDBLOCK);
	assert_int_equal(r3_module_unload(box, "life_user", 0), 0);
	assert_int_equal(r3_module_unload(box, "life_base", 0), 0);
	r3_box_free(box);
}

static void unknown_names_are_enoent(void **state)
{
	struct r3_box *box = fixture_boot(0);
	char name[100];

	memset(name, 'x', sizeof(name) - 1);
	name[99] = '\0';
	assert_int_equal(r3_module_unload(box, "", 0), -ENOENT);
	assert_int_equal(r3_module_unload(box, name, 0), -ENOENT);
	assert_int_equal(r3_module_unload(box, "no_such", 0), -ENOENT);
	fixture_load_ok(box, "life_return", "");
	assert_int_equal(r3_module_unload(box, "life-return", 0), -ENOENT);
	r3_box_free(box);
}

static void missing_symbol_is_enoent(void **state)
{
	struct r3_box *box = fixture_boot(0);

	assert_int_equal(fixture_load(box, "life_user", ""), -ENOENT);
	/* both in one pass */
	assert_logged("life_user: Unknown symbol life_plain (err -2)");
	assert_logged("life_user: Unknown symbol life_gpl (err -2)");
	assert_false(is_loaded(box, "life_user"));
	r3_box_free(box);
}

static void notifiers_are_told_in_order(void **state)
{
	struct r3_box *box = fixture_boot(0);
	const char *coming, *init, *live, *exit, *going;

	fixture_load_ok(box, "life_notify", "");
	fixture_load_ok(box, "life_return", "");
	assert_int_equal(r3_module_unload(box, "life_return", 0), 0);
	coming = strstr(fixture.log, "life_notify: life_return COMING");
	init = strstr(fixture.log, "life_return: returning 0");
	live = strstr(fixture.log, "life_notify: life_return LIVE");
	exit = strstr(fixture.log, "life_return: exit");
	going = strstr(fixture.log, "life_notify: life_return GOING");
	assert_true(coming && init && live && exit && going);
	assert_true(coming < init && init < live && live < exit && exit < going);
	r3_box_free(box);
}

static void failed_init_is_going_after_init(void **state)
{
	struct r3_box *box = fixture_boot(0);
	const char *init, *going;

	fixture_load_ok(box, "life_notify", "");
	assert_int_equal(fixture_load(box, "life_return", "ret=-5"), -EIO);
	init = strstr(fixture.log, "life_return: returning -5");
	going = strstr(fixture.log, "life_notify: life_return GOING");
	assert_true(init && going && init < going);
	assert_not_logged("life_notify: life_return LIVE");
	r3_box_free(box);
}

static void notifier_refuses_with_its_errno(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_notify", "refuse=life_return");
	assert_int_equal(fixture_load(box, "life_return", ""), -EXDEV);
	assert_not_logged("life_return: returning");
	assert_false(is_loaded(box, "life_return"));
	r3_box_free(box);
}

static void symbol_get_gives_gpl_symbols_only(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_base", "");
	fixture_load_ok(box, "life_symget", "");
	assert_logged("failing symbol_get of non-GPLONLY symbol life_plain.");
	assert_logged("life_symget: gpl 1, plain 0, none 0");
	assert_int_equal(refcount(box, "life_base"), 1);
	assert_int_equal(r3_module_unload(box, "life_base", 0), -EWOULDBLOCK);
	assert_int_equal(r3_module_unload(box, "life_symget", 0), 0);
	assert_int_equal(r3_module_unload(box, "life_base", 0), 0);
	r3_box_free(box);
}

static void request_module_loads_from_the_box(void **state)
{
	struct r3_box *box = fixture_boot(0);

	fixture_load_ok(box, "life_request", "");
	assert_logged("life_request: found 0, missing 256");
	assert_true(is_loaded(box, "life_noinit"));
	r3_box_free(box);
}

struct attempt {
	struct r3_box *box;
	const char *name, *parameters;
	int result;
};

static void *attempt_load(void *data)
{
	struct attempt *attempt = data;

	attempt->result = fixture_load(attempt->box, attempt->name, attempt->parameters);
	return NULL;
}

/* The second load waits for the first one's init. */
static void load_twice(const char *parameters, int first_result, int second_result)
{
	struct r3_box *box = fixture_boot(0);
	struct attempt first = {box, "life_slow", parameters, 1}, second = first;
	pthread_t one, two;

	assert_int_equal(pthread_create(&one, NULL, attempt_load, &first), 0);
	while (!is_loaded(box, "life_slow"))
		usleep(1000);
	assert_int_equal(pthread_create(&two, NULL, attempt_load, &second), 0);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	assert_int_equal(first.result, first_result);
	assert_int_equal(second.result, second_result);
	r3_box_free(box);
}

static void second_load_waits_and_is_eexist_when_the_first_succeeds(void **state)
{
	load_twice("ms=200", 0, -EEXIST);
}

static void second_load_waits_and_is_ebusy_when_the_first_fails(void **state)
{
	load_twice("ms=200 ret=-19", -ENODEV, -EBUSY);
}

static void user_waits_for_its_owners_init(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct attempt slow = {box, "life_slow", "ms=200", 1};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, attempt_load, &slow), 0);
	while (!is_loaded(box, "life_slow"))
		usleep(1000);
	fixture_load_ok(box, "life_slowuser", "");
	assert_logged("life_slowuser: 7");
	pthread_join(thread, NULL);
	assert_int_equal(slow.result, 0);
	r3_box_free(box);
}

static void unload_during_init_is_ebusy(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct attempt slow = {box, "life_slow", "ms=200", 1};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, attempt_load, &slow), 0);
	while (!is_loaded(box, "life_slow"))
		usleep(1000);
	assert_int_equal(refcount(box, "life_slow"), 1);
	assert_int_equal(r3_module_unload(box, "life_slow", 0), -EBUSY);
	pthread_join(thread, NULL);
	assert_int_equal(slow.result, 0);
	r3_box_free(box);
}

static void *attempt_unload(void *data)
{
	struct attempt *attempt = data;

	attempt->result = r3_module_unload(attempt->box, attempt->name, 0);
	return NULL;
}

static void load_and_unload_during_exit_are_ebusy(void **state)
{
	struct r3_box *box = fixture_boot(0);
	struct attempt slow = {box, "life_slow", NULL, 1};
	struct r3_module_info info;
	pthread_t thread;

	fixture_load_ok(box, "life_slow", "exit_ms=200");
	assert_int_equal(pthread_create(&thread, NULL, attempt_unload, &slow), 0);
	do {
		usleep(1000);
		assert_int_equal(r3_module_info(box, "life_slow", &info), 0);
	} while (strcmp(info.state, "going"));
	assert_int_equal(info.refcount, -1);
	assert_int_equal(fixture_load(box, "life_slow", ""), -EBUSY);
	assert_int_equal(r3_module_unload(box, "life_slow", 0), -EBUSY);
	pthread_join(thread, NULL);
	assert_int_equal(slow.result, 0);
	r3_box_free(box);
}

static void without_unloading_every_unload_is_refused(void **state)
{
	struct r3_box *box = fixture_boot(R3_BOX_NO_UNLOAD);

	fixture_load_ok(box, "life_return", "");
	assert_int_equal(r3_module_unload(box, "life_return", 0), -ENOSYS);
	assert_int_equal(r3_module_unload(box, "life_return", R3_UNLOAD_FORCE), -ENOSYS);
	assert_true(is_loaded(box, "life_return"));
	r3_box_free(box);
}

static void *load_and_unload(void *data)
{
	struct attempt *attempt = data;

	for (int i = 0; i < 50; i++) {
		int error = fixture_load(attempt->box, attempt->name, "");

		if (error && error != -EEXIST && error != -EBUSY)
			attempt->result = error;
		error = r3_module_unload(attempt->box, attempt->name, 0);
		if (error && error != -ENOENT && error != -EBUSY && error != -EWOULDBLOCK)
			attempt->result = error;
	}
	return NULL;
}

static void loads_and_unloads_at_once_leave_a_clean_table(void **state)
{
	static const char *const names[] = {"life_return", "life_base", "life_return",
					    "life_noinit"};
	struct r3_box *box = fixture_boot(0);
	struct attempt attempts[4];
	pthread_t threads[4];

	for (int i = 0; i < 4; i++) {
		attempts[i] = (struct attempt){box, names[i], NULL, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, load_and_unload, &attempts[i]),
				 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(attempts[i].result, 0);
	}
	fixture_load_ok(box, "life_hold", "");
	r3_box_free(box);
}

static void *call_from_thread(void *box)
{
	static stack_t stack;

	if (r3_call(box, r3_symbol(box, "life_noinit_value"), NULL, 0))
		return NULL;
	sigaltstack(NULL, &stack);
	return &stack;
}

/* glibc gives a new thread the pthread_t of one that has ended. */
static void threads_that_come_one_after_the_other_have_signal_stacks(void **state)
{
	struct r3_box *box = fixture_boot(0);
	pthread_t thread, first = 0;
	unsigned int again = 0;

	fixture_load_ok(box, "life_noinit", "");
	for (int i = 0; i < 10; i++) {
		stack_t *stack;

		assert_int_equal(pthread_create(&thread, NULL, call_from_thread, box), 0);
		assert_int_equal(pthread_join(thread, (void **)&stack), 0);
		assert_non_null(stack);
		assert_int_equal(stack->ss_flags & SS_DISABLE, 0);
		again += first && pthread_equal(thread, first);
		first = thread;
	}
	assert_true(again > 0);
	r3_box_free(box);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_zero_is_live),
		cmocka_unit_test(init_errno_reaches_the_caller_and_exit_is_not_called),
		cmocka_unit_test(positive_init_is_suspicious_and_stays),
		cmocka_unit_test(second_load_of_a_live_module_is_eexist),
		cmocka_unit_test(no_init_loads_and_unloads),
		cmocka_unit_test(init_without_exit_is_permanent_unless_forced),
		cmocka_unit_test(references_keep_a_module),
		cmocka_unit_test(force_unloads_a_module_in_use),
		cmocka_unit_test(put_below_zero_warns_and_changes_nothing),
		cmocka_unit_test(users_keep_what_they_use_even_from_force),
		cmocka_unit_test(unknown_names_are_enoent),
		cmocka_unit_test(missing_symbol_is_enoent),
		cmocka_unit_test(notifiers_are_told_in_order),
		cmocka_unit_test(failed_init_is_going_after_init),
		cmocka_unit_test(notifier_refuses_with_its_errno),
		cmocka_unit_test(symbol_get_gives_gpl_symbols_only),
		cmocka_unit_test(request_module_loads_from_the_box),
		cmocka_unit_test(second_load_waits_and_is_eexist_when_the_first_succeeds),
		cmocka_unit_test(second_load_waits_and_is_ebusy_when_the_first_fails),
		cmocka_unit_test(user_waits_for_its_owners_init),
		cmocka_unit_test(unload_during_init_is_ebusy),
		cmocka_unit_test(load_and_unload_during_exit_are_ebusy),
		cmocka_unit_test(without_unloading_every_unload_is_refused),
		cmocka_unit_test(loads_and_unloads_at_once_leave_a_clean_table),
		cmocka_unit_test(threads_that_come_one_after_the_other_have_signal_stacks),
	};

	if (!fixture_arguments(argc, argv, 1))
		return 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
