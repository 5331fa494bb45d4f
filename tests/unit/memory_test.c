// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory, user copies and patched code of a Linux target, by the modules of
 * tests/modules/memory: those that check themselves, and what is said of
 * those that misuse memory.
 * argv: the built modules' directory, target, then optionally headers, sources.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <ring3/ring3.h>
#include "box_fixture.h"

static void slab_keeps_its_rules(void **state)
{
	fixture_checks_itself("memory_slab");
}

static void pages_keep_their_rules(void **state)
{
	fixture_checks_itself("memory_pages");
}

static void vmalloc_keeps_its_rules(void **state)
{
	fixture_checks_itself("memory_vmalloc");
}

static void percpu_keeps_its_rules(void **state)
{
	fixture_checks_itself("memory_percpu");
}

static void user_copies_keep_their_rules(void **state)
{
	fixture_checks_itself("memory_user");
}

static void patched_code_keeps_its_rules(void **state)
{
	fixture_checks_itself("memory_patch");
}

/* Load memory_misuse that way; how many warnings and oopses that makes. */
static struct r3_box_report misuse(const char *how, const char *line)
{
	struct r3_box *box = fixture_boot(0);
	struct r3_box_report report;
	char parameter[64];

	snprintf(parameter, sizeof(parameter), "how=%s", how);
	fixture_load(box, "memory_misuse", parameter);
	assert_logged(line);
	assert_int_equal(r3_box_report(box, &report), 0);
	r3_box_free(box);
	return report;
}

static void warns(const char *how, const char *line)
{
	struct r3_box_report report = misuse(how, line);

	assert_int_equal(report.warnings, 1);
	assert_int_equal(report.oopses, 0);
}

static void oopses(const char *how, const char *line)
{
	struct r3_box_report report = misuse(how, line);

	assert_int_equal(report.oopses, 1);
	assert_logged("kernel BUG at ");
}

static void an_object_of_another_cache_is_reported(void **state)
{
	warns("wrong_cache", "cache_from_obj: Wrong slab cache. misuse_second but object is from "
			     "misuse_first");
}

static void a_cache_in_use_is_not_destroyed(void **state)
{
	warns("busy_cache", "kmem_cache_destroy misuse_busy: Slab cache still has objects when "
			    "called from misuse_init+");
}

static void freeing_twice_is_a_bug(void **state)
{
	oopses("double_free", "double free or invalid free of ");
}

static void freeing_what_was_not_allocated_is_a_bug(void **state)
{
	oopses("free_static", "double free or invalid free of ");
}

static void freeing_a_page_twice_is_a_bad_page(void **state)
{
	struct r3_box_report report = misuse("double_page_free", "BUG: Bad page state in process ");

	assert_int_equal(report.oopses, 0);
	assert_true(report.taint & 1 << 5); /* TAINT_BAD_PAGE */
}

static void vfree_of_nothing_is_reported(void **state)
{
	warns("vfree_nothing", "Trying to vfree() nonexistent vm area (");
}

static void copying_beyond_an_object_is_a_bug(void **state)
{
	oopses("copy_too_much", "Kernel memory exposure attempt detected from SLUB object "
				"'kmalloc-64' (offset 0, size 65)!");
}

static int collect_leak(void *context, const struct r3_leak *leak)
{
	char *text = context;

	assert_string_equal(leak->module, "memory_leak");
	assert_int_equal(leak->count, 1);
	sprintf(text + strlen(text), "%s:%.*s ", leak->kind, (int)strcspn(leak->function, "+"),
		leak->function);
	return 0;
}

static void every_kind_of_leak_names_its_function(void **state)
{
	struct r3_box *box = fixture_boot(0);
	char text[1024] = "";

	assert_int_equal(fixture_load(box, "memory_leak", ""), 0);
	assert_int_equal(r3_module_unload(box, "memory_leak", 0), 0);
	assert_int_equal(r3_leak_each(box, collect_leak, text), 0);
	assert_non_null(strstr(text, "kmalloc:leak_kmalloc "));
	assert_non_null(strstr(text, "kmalloc:leak_string "));
	assert_non_null(strstr(text, "vmalloc:leak_vmalloc "));
	assert_non_null(strstr(text, "pages:leak_pages "));
	assert_non_null(strstr(text, "percpu:leak_percpu "));
	r3_box_free(box);
}

static void debug_with(const char *parameter)
{
	struct r3_box *box = fixture_boot(0);

	assert_int_equal(fixture_load(box, "memory_debug", parameter), 0);
	assert_int_equal(r3_module_unload(box, "memory_debug", 0), 0);
	r3_box_free(box);
}

static void debug_lines_are_off_by_default(void **state)
{
	debug_with("");
	assert_not_logged("from init");
	debug_with("dyndbg");
	assert_logged("<7>from init\n");
	assert_logged("<7>from the quiet place\n");
}

static void debug_lines_are_chosen_by_function_and_flags(void **state)
{
	debug_with("dyndbg=\"func quiet* +pfm; func nothing +p\"");
	assert_not_logged("from init");
	assert_logged("<7>memory_debug:quiet_place: from the quiet place\n");
}

static void a_wrong_debug_query_is_told_and_ignored(void **state)
{
	debug_with("dyndbg=\"func quiet* +x\"");
	assert_logged("<3>unknown flag 'x'\n");
	assert_not_logged("from the quiet place");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slab_keeps_its_rules),
		cmocka_unit_test(pages_keep_their_rules),
		cmocka_unit_test(vmalloc_keeps_its_rules),
		cmocka_unit_test(percpu_keeps_its_rules),
		cmocka_unit_test(user_copies_keep_their_rules),
		cmocka_unit_test(patched_code_keeps_its_rules),
		cmocka_unit_test(an_object_of_another_cache_is_reported),
		cmocka_unit_test(a_cache_in_use_is_not_destroyed),
		cmocka_unit_test(freeing_twice_is_a_bug),
		cmocka_unit_test(freeing_what_was_not_allocated_is_a_bug),
		cmocka_unit_test(freeing_a_page_twice_is_a_bad_page),
		cmocka_unit_test(vfree_of_nothing_is_reported),
		cmocka_unit_test(copying_beyond_an_object_is_a_bug),
		cmocka_unit_test(every_kind_of_leak_names_its_function),
		cmocka_unit_test(debug_lines_are_off_by_default),
		cmocka_unit_test(debug_lines_are_chosen_by_function_and_flags),
		cmocka_unit_test(a_wrong_debug_query_is_told_and_ignored),
	};

	if (!fixture_arguments(argc, argv, 2))
		return 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
