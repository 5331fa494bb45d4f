// SPDX-License-Identifier: GPL-2.0-or-later
/* Address space handed out of a larger range: box/ranges.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "box/vmalloc.h"

#define BASE  0x10000UL
#define UNIT  16UL
#define UNITS 4096

/* One byte a unit: which range has it, 0: none. What the tree is compared with. */
static uint16_t owner[UNITS];

static size_t lowest_fit(size_t units, size_t align)
{
	for (size_t at = 0; at + units <= UNITS; at += align) {
		size_t i = 0;

		while (i < units && !owner[at + i])
			i++;
		if (i == units)
			return at;
	}
	return UNITS;
}

static void check_take(struct ranges *ranges, uint16_t id, size_t units, size_t align)
{
	size_t expected = lowest_fit(units, align);
	uint64_t address = range_take(ranges, units * UNIT - UNIT / 2, align * UNIT);

	if (expected == UNITS) {
		assert_int_equal(address, 0);
		return;
	}
	assert_int_equal(address, BASE + expected * UNIT);
	assert_int_equal(range_size(ranges, address), units * UNIT);
	for (size_t i = 0; i < units; i++)
		owner[expected + i] = id;
}

static void check_give(struct ranges *ranges, size_t at)
{
	uint16_t id = owner[at];
	size_t first = at, units = 0;

	while (first && owner[first - 1] == id)
		first--;
	while (first + units < UNITS && owner[first + units] == id)
		owner[first + units++] = 0;
	if (first != at)
		assert_int_equal(range_give(ranges, BASE + at * UNIT), 0);
	assert_int_equal(range_give(ranges, BASE + first * UNIT), units * UNIT);
	assert_int_equal(range_give(ranges, BASE + first * UNIT), 0);
}

static void the_lowest_fit_is_taken_whatever_was_given_back(void **state)
{
	struct ranges *ranges = ranges_new(BASE, UNITS * UNIT, UNIT);

	srandom(1);
	memset(owner, 0, sizeof(owner));
	for (int i = 1; i < 20000; i++) {
		size_t at = random() % UNITS;

		if (random() % 3 && owner[at])
			check_give(ranges, at);
		else
			check_take(ranges, i, 1 + random() % (random() % 8 ? 8 : 200),
				   1UL << random() % 5);
	}
	for (size_t i = 0; i < UNITS; i++)
		if (owner[i])
			check_give(ranges, i);
	assert_int_equal(range_take(ranges, UNITS * UNIT, UNIT), BASE);
	ranges_free(ranges);
}

static void a_full_range_refuses_and_takes_again_what_is_given(void **state)
{
	struct ranges *ranges = ranges_new(BASE, 4 * UNIT, UNIT);

	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(range_take(ranges, 1, 1), BASE + i * UNIT);
	assert_int_equal(range_take(ranges, 1, 1), 0);
	assert_int_equal(range_give(ranges, BASE + 2 * UNIT), UNIT);
	assert_int_equal(range_take(ranges, 2 * UNIT, 1), 0);
	assert_int_equal(range_take(ranges, UNIT, 1), BASE + 2 * UNIT);
	assert_int_equal(range_take(ranges, 0, 1), 0);
	assert_int_equal(range_take(ranges, ~0UL, 1), 0);
	ranges_free(ranges);
}

static void a_note_is_found_from_every_address_of_its_range(void **state)
{
	struct ranges *ranges = ranges_new(BASE, 64 * UNIT, UNIT);
	uint64_t first = range_take(ranges, 3 * UNIT, UNIT), second = range_take(ranges, 1, UNIT);
	char *note = strdup("note");

	range_attach(ranges, first, note);
	assert_ptr_equal(range_note(ranges, first), note);
	assert_ptr_equal(range_note(ranges, first + 3 * UNIT - 1), note);
	assert_null(range_note(ranges, first - 1));
	assert_null(range_note(ranges, second));
	assert_null(range_note(ranges, BASE + 64 * UNIT));
	range_attach(ranges, second, strdup("freed with the ranges"));
	range_give(ranges, first); /* frees it, says the sanitizer */
	assert_null(range_note(ranges, first));
	ranges_free(ranges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lowest_fit_is_taken_whatever_was_given_back),
		cmocka_unit_test(a_full_range_refuses_and_takes_again_what_is_given),
		cmocka_unit_test(a_note_is_found_from_every_address_of_its_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
