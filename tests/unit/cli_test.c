// SPDX-License-Identifier: GPL-2.0-or-later
/* The small parts of the commands: JSON, module names, the search for module files, calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/finder.h"
#include "cli/json.h"
#include "cli/module_file.h"

/* box_argument() complains through it; the tests look at what is returned. */
int usage_error(const char *command, const char *format, ...)
{
	return EXIT_USAGE;
}

static char *json_of(const char *value, size_t length)
{
	char *text;
	size_t size;
	struct json json = {.out = open_memstream(&text, &size)};

	json_string_length(&json, NULL, value, length);
	fclose(json.out);
	return text;
}

static void expect_json(const char *value, const char *expected)
{
	char *text = json_of(value, strlen(value));

	assert_string_equal(text, expected);
	free(text);
}

static void strings_are_escaped(void **state)
{
	expect_json("plain", "\"plain\"");
	expect_json("\"\\\n\t", "\"\\\"\\\\\\n\\t\"");
	expect_json("\033\001\177", "\"\\u001b\\u0001\\u007f\"");
	expect_json("\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"");
}

static void bytes_that_are_no_utf8_are_shown(void **state)
{
	expect_json("\xe9", "\"\\\\xe9\"");                                  /* latin-1 */
	expect_json("\xc0\xaf", "\"\\\\xc0\\\\xaf\"");                       /* overlong */
	expect_json("\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"");            /* surrogate */
	expect_json("\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\""); /* above U+10FFFF */
	expect_json("a\xe2\x82", "\"a\\\\xe2\\\\x82\"");                     /* cut short */
}

static void documents_nest(void **state)
{
	char *text;
	size_t size;
	struct json json = {.out = open_memstream(&text, &size)};

	json_open(&json, NULL, '{');
	json_open(&json, "empty", '[');
	json_close(&json, ']');
	json_open(&json, "list", '[');
	json_unsigned(&json, NULL, UINT64_MAX);
	json_number(&json, NULL, -1);
	json_close(&json, ']');
	json_string(&json, "none", NULL);
	json_bool(&json, "yes", true);
	json_address(&json, "at", 0x7fffffffffffffff);
	json_close(&json, '}');
	fclose(json.out);
	assert_string_equal(text, "{\n  \"empty\": [],\n  \"list\": [\n    18446744073709551615,\n"
				  "    -1\n  ],\n  \"none\": null,\n  \"yes\": true,\n"
				  "  \"at\": \"0x7fffffffffffffff\"\n}\n");
	free(text);
}

static void expect_name(const char *path, const char *expected)
{
	char *name = module_name_of_path(path);

	assert_string_equal(name, expected);
	free(name);
}

static void module_names_come_from_file_names(void **state)
{
	expect_name("/a/b/crc-itu-t.ko", "crc_itu_t");
	expect_name("crc-itu-t.ko.xz", "crc_itu_t");
	expect_name("x.ko.zst", "x");
	expect_name("x.ko.gz", "x");
	expect_name("x.ko.bz2", "x.ko.bz2");
	assert_true(is_module_path("tree/x.ko.gz"));
	assert_false(is_module_path(".ko"));
	assert_false(is_module_path("x.ko/readme"));
}

static void dependencies_are_split_and_normalised(void **state)
{
	const char *list = "a-b,c,,d_e";
	const char *const expected[] = {"a_b", "c", "d_e"};
	char *name;
	size_t i;

	for (i = 0; i < 3; i++) {
		name = next_dependency(&list);
		assert_string_equal(name, expected[i]);
		free(name);
	}
	assert_null(next_dependency(&list));
	list = "";
	assert_null(next_dependency(&list));
}

static void touch(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fclose(file);
}

/* tree/{lib/modules/1.2/{kernel,updates},beside}, each with files for one name. */
static int make_tree(void **state)
{
	static char directory[] = "/tmp/ring3-unit.XXXXXX";

	strcpy(directory, "/tmp/ring3-unit.XXXXXX");
	if (!mkdtemp(directory) || chdir(directory))
		return -1;
	*state = directory;
	mkdir("lib", 0755);
	mkdir("lib/modules", 0755);
	mkdir("lib/modules/1.2", 0755);
	mkdir("lib/modules/1.2/kernel", 0755);
	mkdir("lib/modules/1.2/updates", 0755);
	mkdir("beside", 0755);
	touch("lib/modules/1.2/kernel/two-words.ko.xz");
	touch("lib/modules/1.2/kernel/twice.ko");
	touch("lib/modules/1.2/updates/twice.ko");
	touch("lib/modules/1.2/kernel/near.ko");
	touch("beside/near.ko.gz");
	return 0;
}

static int remove_tree(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", (char *)*state);
	return chdir("/") || system(command);
}

static void expect_found(struct finder *finder, const char *name, const char *beside,
			 const char *expected)
{
	char *path = finder_find(finder, name, beside);

	if (expected)
		assert_string_equal(path, expected);
	else
		assert_null(path);
	free(path);
}

static void modules_are_found_beside_before_the_tree(void **state)
{
	char *tree = finder_tree(".", "1.2", NULL);
	struct finder finder;

	assert_string_equal(tree, "./lib/modules/1.2");
	finder_init(&finder, tree);
	expect_found(&finder, "near", "beside/user.ko", "beside/near.ko.gz");
	expect_found(&finder, "near", "elsewhere/user.ko", "./lib/modules/1.2/kernel/near.ko");
	expect_found(&finder, "two_words", NULL, "./lib/modules/1.2/kernel/two-words.ko.xz");
	expect_found(&finder, "twice", NULL, "./lib/modules/1.2/updates/twice.ko");
	expect_found(&finder, "none", "beside/user.ko", NULL);
	finder_release(&finder);
	free(tree);
}

static void the_tree_that_a_module_lies_in_serves_it(void **state)
{
	char *tree = finder_tree(NULL, "1.2", "lib/modules/1.2/kernel/near.ko");

	assert_non_null(tree);
	assert_non_null(strstr(tree, "/lib/modules/1.2"));
	assert_string_equal(strstr(tree, "/lib/modules/1.2"), "/lib/modules/1.2");
	free(tree);
	assert_null(finder_tree(NULL, "9.9-none", "beside/near.ko.gz"));
}

static void calls_are_parsed(void **state)
{
	struct call call;

	assert_int_equal(call_parse(&call, "crc,0x10,-1,\"a,b\",9"), 0);
	assert_string_equal(call.function, "crc");
	assert_int_equal(call.count, 4);
	assert_int_equal(call.arguments[0], 16);
	assert_true(call.arguments[1] == -1UL);
	assert_string_equal((char *)call.arguments[2], "a,b");
	assert_int_equal(call.arguments[3], 9);
	call_release(&call);
	assert_int_equal(call_parse(&call, "crc"), 0);
	assert_int_equal(call.count, 0);
	call_release(&call);
}

static void bad_calls_are_refused(void **state)
{
	static const char *const bad[] = {"",     ",1",    "f,",       "f,x",
					  "f,1,", "f,\"a", "f,\"a\"b", "f,1,2,3,4,5,6,7"};
	struct call call;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_not_equal(call_parse(&call, bad[i]), 0);
}

static void sizes_and_counts_have_bounds(void **state)
{
	struct r3_box_options options = {0};

	assert_int_equal(box_argument("x", &options, ARGUMENT_MEMORY, "64M"), 0);
	assert_int_equal(options.memory, 64 << 20);
	assert_int_equal(box_argument("x", &options, ARGUMENT_MEMORY, "0x1000"), 0);
	assert_int_equal(options.memory, 4096);
	assert_int_not_equal(box_argument("x", &options, ARGUMENT_MEMORY, "64MB"), 0);
	assert_int_not_equal(box_argument("x", &options, ARGUMENT_MEMORY, "-1"), 0);
	assert_int_not_equal(box_argument("x", &options, ARGUMENT_MEMORY, "99999999999G"), 0);
	assert_int_equal(box_argument("x", &options, ARGUMENT_CPUS, "64"), 0);
	assert_int_not_equal(box_argument("x", &options, ARGUMENT_CPUS, "65"), 0);
	assert_int_not_equal(box_argument("x", &options, ARGUMENT_CPUS, "2x"), 0);
	assert_int_equal(box_argument("x", &options, 'v', NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(bytes_that_are_no_utf8_are_shown),
		cmocka_unit_test(documents_nest),
		cmocka_unit_test(module_names_come_from_file_names),
		cmocka_unit_test(dependencies_are_split_and_normalised),
		cmocka_unit_test_setup_teardown(modules_are_found_beside_before_the_tree, make_tree,
						remove_tree),
		cmocka_unit_test_setup_teardown(the_tree_that_a_module_lies_in_serves_it, make_tree,
						remove_tree),
		cmocka_unit_test(calls_are_parsed),
		cmocka_unit_test(bad_calls_are_refused),
		cmocka_unit_test(sizes_and_counts_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
