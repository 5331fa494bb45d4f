// SPDX-License-Identifier: GPL-2.0-or-later
/* Who allocated what, and what is left of it when the code has gone: box/account.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "box/account.h"
#include "box/address_table.h"
#include "loader/internal.h"

#define BASE 0x10000000UL

/* A box with nothing but one module's code: `fill' at BASE, `drain' behind it, init a page on. */
struct fixture {
	struct r3_box *box;
	struct object *object;
	char report[1024];
};

static int make_fixture(void **state)
{
	static struct symbol symbols[] = {
		{.address = BASE, .size = 0x40, .name = 0, .part = PART_TEXT},
		{.address = BASE + 0x40, .size = 0x40, .name = 5, .part = PART_TEXT},
		{.address = BASE + PAGE_SIZE, .size = 0x40, .name = 11, .part = PART_INIT_TEXT},
	};
	struct fixture *f = calloc(1, sizeof(*f));

	f->box = calloc(1, sizeof(*f->box));
	f->object = calloc(1, sizeof(*f->object));
	f->box->space.module_base = BASE;
	f->box->space.module_size = 16 * PAGE_SIZE;
	f->box->page_objects = calloc(16, sizeof(*f->box->page_objects));
	f->box->accounts = accounts_new(f->box);
	*f->object = (struct object){.box = f->box,
				     .name = "pump",
				     .symbols = symbols,
				     .nr_symbols = 3,
				     .strings = "fill\0drain\0start",
				     .core_base = BASE,
				     .core_size = PAGE_SIZE};
	f->object->parts[PART_TEXT] = (struct part_range){BASE, PAGE_SIZE};
	f->object->parts[PART_INIT_TEXT] = (struct part_range){BASE + PAGE_SIZE, PAGE_SIZE};
	set_pages_of(f->box, BASE, 2 * PAGE_SIZE, f->object);
	*state = f;
	return 0;
}

static int free_fixture(void **state)
{
	struct fixture *f = *state;

	accounts_free(f->box->accounts);
	free(f->box->page_objects);
	free(f->object);
	free(f->box);
	free(f);
	return 0;
}

static int note(void *context, const struct r3_leak *leak)
{
	struct fixture *f = context;
	size_t used = strlen(f->report);

	snprintf(f->report + used, sizeof(f->report) - used, "%s %s %s %lu %lu;", leak->module,
		 leak->function, leak->kind, leak->count, leak->bytes);
	return 0;
}

static const char *report(struct fixture *f)
{
	f->report[0] = '\0';
	assert_int_equal(account_each(f->box, note, f), 0);
	return f->report;
}

static void go(struct fixture *f)
{
	account_code_gone(f->object, BASE, PAGE_SIZE);
	set_pages_of(f->box, BASE, PAGE_SIZE, NULL);
}

static void allocations_are_counted_by_caller_and_kind(void **state)
{
	struct fixture *f = *state;
	struct site *site = account_charge(f->box, BASE + 8, "kmalloc", 100);

	assert_ptr_equal(account_charge(f->box, BASE + 8, "kmalloc", 28), site);
	account_add(f->box, 0x5000, 4096, "pages", BASE + 8);
	account_add(f->box, 0x6000, 64, "percpu", BASE + 0x48);
	assert_null(account_charge(f->box, 0, "kmalloc", 1));
	assert_null(account_charge(f->box, BASE + 8 * PAGE_SIZE, "kmalloc", 1));
	assert_string_equal(report(f), "pump fill+0x8/0x40 kmalloc 2 128;"
				       "pump fill+0x8/0x40 pages 1 4096;"
				       "pump drain+0x8/0x40 percpu 1 64;");
	account_release(f->box, site, 100);
	account_remove(f->box, 0x5000);
	account_remove(f->box, 0x5000);
	assert_string_equal(report(f), "pump fill+0x8/0x40 kmalloc 1 28;"
				       "pump drain+0x8/0x40 percpu 1 64;");
}

static void what_is_left_keeps_its_name_when_the_code_has_gone(void **state)
{
	struct fixture *f = *state;
	struct site *site = account_charge(f->box, BASE + 8, "kmalloc", 100);

	account_release(f->box, account_charge(f->box, BASE + 12, "kmalloc", 1), 1);
	account_add(f->box, 0x5000, 4096, "pages", BASE + 0x48);
	go(f);
	assert_string_equal(report(f), "pump fill+0x8/0x40 kmalloc 1 100;"
				       "pump drain+0x8/0x40 pages 1 4096;");
	account_release(f->box, site, 100);
	assert_string_equal(report(f), "pump drain+0x8/0x40 pages 1 4096;");
	account_remove(f->box, 0x5000);
	assert_string_equal(report(f), "");
}

static void leaks_of_two_lives_of_a_module_are_one_record(void **state)
{
	struct fixture *f = *state;

	account_charge(f->box, BASE + 8, "kmalloc", 100);
	go(f);
	set_pages_of(f->box, BASE, PAGE_SIZE, f->object);
	account_charge(f->box, BASE + 8, "kmalloc", 100);
	assert_string_equal(report(f), "pump fill+0x8/0x40 kmalloc 2 200;");
	go(f);
	assert_string_equal(report(f), "pump fill+0x8/0x40 kmalloc 2 200;");
}

static void only_the_part_that_goes_loses_its_owners(void **state)
{
	struct fixture *f = *state;

	account_charge(f->box, BASE + PAGE_SIZE + 4, "kmalloc", 10);
	account_charge(f->box, BASE + 4, "kmalloc", 20);
	account_code_gone(f->object, BASE + PAGE_SIZE, PAGE_SIZE);
	set_pages_of(f->box, BASE + PAGE_SIZE, PAGE_SIZE, NULL);
	account_charge(f->box, BASE + 4, "kmalloc", 20);
	assert_string_equal(report(f), "pump start+0x4/0x40 kmalloc 1 10;"
				       "pump fill+0x4/0x40 kmalloc 2 40;");
}

/* The table below: thousands, several at one address, taken out in another order. */
static void an_address_table_keeps_all_through_its_growth(void **state)
{
	struct address_table table = {.size = 0};
	struct address_entry *entries[3000];

	assert_null(address_table_find(&table, 1));
	for (uint64_t i = 0; i < 3000; i++) {
		entries[i] = calloc(1, sizeof(*entries[i]));
		entries[i]->address = 0xffff0000 + i / 3 * 4096;
		assert_int_equal(address_table_add(&table, entries[i]), 0);
	}
	for (int i = 2999; i >= 0; i--) {
		unsigned int count = 0;

		for (void *entry = address_table_find(&table, entries[i]->address); entry;
		     entry = address_table_next(entry))
			count++;
		assert_int_equal(count, i % 3 + 1);
		address_table_remove(&table, entries[i]);
		if (i % 2) {
			free(entries[i]);
			continue;
		}
		entries[i]->address = i; /* to be freed with the table */
		assert_int_equal(address_table_add(&table, entries[i]), 0);
	}
	assert_int_equal(table.count, 1500);
	address_table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(allocations_are_counted_by_caller_and_kind,
						make_fixture, free_fixture),
		cmocka_unit_test_setup_teardown(what_is_left_keeps_its_name_when_the_code_has_gone,
						make_fixture, free_fixture),
		cmocka_unit_test_setup_teardown(leaks_of_two_lives_of_a_module_are_one_record,
						make_fixture, free_fixture),
		cmocka_unit_test_setup_teardown(only_the_part_that_goes_loses_its_owners,
						make_fixture, free_fixture),
		cmocka_unit_test(an_address_table_keeps_all_through_its_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
