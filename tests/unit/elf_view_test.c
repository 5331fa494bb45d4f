// SPDX-License-Identifier: GPL-2.0-or-later
/* What a view of a real module shows: sections, symbols, relocations, .modinfo. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "elf/elf_view.h"
#include "elf_fixture.h"

struct opened {
	struct ko ko;
	struct elf_view view;
};

static int setup(void **state)
{
	struct opened *opened = malloc(sizeof(*opened));

	opened->ko = ko_copy();
	*state = opened;
	return elf_open(&opened->view, opened->ko.data, opened->ko.size, NULL);
}

static int teardown(void **state)
{
	struct opened *opened = *state;

	ko_free(&opened->ko);
	free(opened);
	return 0;
}

static void test_sections(void **state)
{
	struct opened *opened = *state;
	struct elf_view *view = &opened->view;
	unsigned int init = elf_find_section(view, ".init.text", true);

	assert_int_equal(init, ko_index(&opened->ko, ".init.text"));
	assert_string_equal(elf_section_name(view, init), ".init.text");
	assert_ptr_equal(elf_section_data(view, init), ko_contents(&opened->ko, ".init.text"));
	assert_int_equal(elf_find_section(view, ".nowhere", false), 0);
	assert_string_equal(elf_section_name(view, view->nr_sections), "");
	assert_null(elf_section_data(view, view->nr_sections));
	assert_null(elf_section_data(view, 0));
	assert_null(elf_section_data(view, elf_find_section(view, ".bss", true)));
}

static void test_alloc_only(void **state)
{
	struct opened *opened = *state;

	assert_int_equal(elf_find_section(&opened->view, ".comment", true), 0);
	assert_int_equal(elf_find_section(&opened->view, ".comment", false),
			 ko_index(&opened->ko, ".comment"));
}

static void test_symbols(void **state)
{
	struct opened *opened = *state;
	struct elf_view *view = &opened->view;
	unsigned int found = 0;

	for (size_t i = 1; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];
		const char *name = elf_symbol_name(view, symbol);

		if (!strcmp(name, "_printk")) {
			assert_int_equal(symbol->st_shndx, SHN_UNDEF);
			found++;
		} else if (!strcmp(name, "init_module")) {
			assert_string_equal(elf_section_name(view, symbol->st_shndx), ".init.text");
			found++;
		}
	}
	assert_int_equal(found, 2);
}

static void test_relocations(void **state)
{
	struct opened *opened = *state;
	struct elf_view *view = &opened->view;
	unsigned int calls = 0, debug = 0;
	const Elf64_Rela *relocations;
	size_t count;

	relocations =
		elf_relocations(view, elf_find_section(view, ".rela.init.text", false), &count);
	assert_non_null(relocations);
	for (size_t i = 0; i < count; i++) {
		const Elf64_Sym *symbol = &view->symbols[ELF64_R_SYM(relocations[i].r_info)];

		calls += !strcmp(elf_symbol_name(view, symbol), "_printk");
	}
	assert_int_equal(calls, 1);

	/* relocations of sections that get no memory are none of ours */
	for (unsigned int i = 1; i < view->nr_sections; i++) {
		if (strncmp(elf_section_name(view, i), ".rela.debug", 11))
			continue;
		debug++;
		assert_null(elf_relocations(view, i, &count));
		assert_int_equal(count, 0);
	}
	assert_true(debug > 0);
	assert_null(elf_relocations(view, elf_find_section(view, ".init.text", false), &count));
}

static void test_modinfo_value(void **state)
{
	struct opened *opened = *state;

	assert_string_equal(elf_modinfo(&opened->view, "license"), "GPL");
	assert_string_equal(elf_modinfo(&opened->view, "vermagic"),
			    "6.1.0-56-amd64 SMP preempt mod_unload modversions ");
	assert_string_equal(elf_modinfo(&opened->view, "empty"), "");
	assert_null(elf_modinfo(&opened->view, "nothing"));
	assert_null(elf_modinfo(&opened->view, "licens"));
}

static void test_modinfo_order(void **state)
{
	struct opened *opened = *state;
	const char *value = elf_modinfo_next(&opened->view, "alias", NULL);

	assert_string_equal(value, "first");
	value = elf_modinfo_next(&opened->view, "alias", value);
	assert_string_equal(value, "second");
	value = elf_modinfo_next(&opened->view, "alias", value);
	assert_string_equal(value, "third");
	assert_null(elf_modinfo_next(&opened->view, "alias", value));
}

static void test_modinfo_absent(void **state)
{
	static const struct {
		uint32_t type;
		uint64_t flags, size;
	} absent[] = {
		{SHT_PROGBITS, SHF_ALLOC, 0}, /* empty */
		{SHT_PROGBITS, 0, 16},        /* without SHF_ALLOC it is not looked at */
		{SHT_NOBITS, SHF_ALLOC, 16},
	};
	struct elf_view view;

	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		struct ko ko = ko_copy();
		Elf64_Shdr *section = ko_section(&ko, ".modinfo");

		section->sh_type = absent[i].type;
		section->sh_flags = absent[i].flags;
		section->sh_size = absent[i].size;
		assert_int_equal(elf_open(&view, ko.data, ko.size, NULL), 0);
		assert_int_equal(view.modinfo, 0);
		assert_null(elf_modinfo(&view, "license"));
		ko_free(&ko);
	}
}

static void test_name_of_modinfo(void **state)
{
	struct opened *opened = *state;

	strcpy((char *)ko_contents(&opened->ko, ".gnu.linkonce.this_module") + 24, "other");
	assert_string_equal(elf_module_name(&opened->view), "elf_module");
}

static void test_name_of_struct_module(void **state)
{
	struct opened *opened = *state;
	char *name = (char *)elf_modinfo(&opened->view, "name");

	name[-2] = 'x'; /* namx= */
	assert_string_equal(elf_module_name(&opened->view), "elf_module");
	memset((char *)ko_contents(&opened->ko, ".gnu.linkonce.this_module") + 24, 'x', 56);
	assert_null(elf_module_name(&opened->view));
	ko_section(&opened->ko, ".gnu.linkonce.this_module")->sh_size = 79;
	assert_null(elf_module_name(&opened->view));
}

#define TEST(rule, function)                                                                       \
	{                                                                                          \
		rule, function, setup, teardown, NULL                                              \
	}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST("sections are found by name, and read", test_sections),
		TEST("alloc_only passes over what gets no memory", test_alloc_only),
		TEST("symbols have their names", test_symbols),
		TEST("relocations of allocated sections only", test_relocations),
		TEST("modinfo: the whole tag counts, a value may be empty", test_modinfo_value),
		TEST("modinfo: values of one tag in order, over padding", test_modinfo_order),
		TEST("modinfo: empty, unallocated or NOBITS is none", test_modinfo_absent),
		TEST("modinfo's name comes before struct module's", test_name_of_modinfo),
		TEST("struct module's name stands in for modinfo's", test_name_of_struct_module),
	};

	ko_read(argv[1]);
	return cmocka_run_group_tests_name("elf_view", tests, NULL, NULL);
}
