// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <cmocka.h>
#include <Zydis/Zydis.h>
#include "box_fixture.h"
#include "loader/loader.h"
#include "probe_everywhere.h"

/* Of a hundred instructions, those that may be where a probe must not: BUG(), jump labels. */
#define MOST_REFUSED 5

static unsigned int nr_addresses, nr_refused;

static uint64_t call(struct r3_box *box, const char *function, uint64_t argument)
{
	uint64_t result;

	if (r3_call(box, r3_symbol(box, function), &result, 1, argument))
		fail_msg("%s oopsed\nlog:\n%s", function, fixture.log);
	return result;
}

static void add_function(struct r3_box *box, const struct symbol *symbol)
{
	uint64_t *addresses = r3_symbol(box, "probe_everywhere_addresses");
	const unsigned int room = *(int *)r3_symbol(box, "probe_everywhere_room");
	const uint8_t *code = (const uint8_t *)symbol->address;
	ZydisDecodedInstruction instruction;
	size_t left = symbol->size;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	while (left && nr_addresses < room &&
	       ZYAN_SUCCESS(
		       ZydisDecoderDecodeInstruction(&decoder, NULL, code, left, &instruction))) {
		if (instruction.mnemonic != ZYDIS_MNEMONIC_INT3) /* behind a ret, never reached */
			addresses[nr_addresses++] = (uint64_t)code;
		code += instruction.length;
		left -= instruction.length;
	}
}

void probe_everywhere(struct r3_box *box, const char *path, const char *name)
{
	const struct object *object = module_find(box, name)->object;
	uint64_t end = 0;
	const int *errors;

	if (!module_find(box, "probe_everywhere") && r3_module_load(box, path, "", 0, NULL))
		fail_msg("%s: %s", path, r3_error());
	nr_addresses = nr_refused = 0;
	for (unsigned int i = 0; i < object->nr_symbols; i++) {
		const struct symbol *symbol = &object->symbols[i];

		if (symbol->type != STT_FUNC || symbol->part != PART_TEXT || symbol->address < end)
			continue; /* no function, or one more name of it */
		add_function(box, symbol);
		end = symbol->address + symbol->size;
	}
	call(box, "probe_everywhere_register", nr_addresses);
	errors = r3_symbol(box, "probe_everywhere_errors");
	for (unsigned int i = 0; i < nr_addresses; i++) {
		if (errors[i] && errors[i] != -EINVAL && errors[i] != -EOPNOTSUPP)
			fail_msg("a probe in %s: %d", name, errors[i]);
		nr_refused += errors[i] != 0;
	}
	print_message("%s: %u instructions, %u refused\n", name, nr_addresses, nr_refused);
	assert_true(nr_refused * 100 <= nr_addresses * MOST_REFUSED);
}

void probe_nowhere(struct r3_box *box)
{
	assert_true(call(box, "probe_everywhere_unregister", 0) > 0);
	assert_int_equal(r3_module_unload(box, "probe_everywhere", 0), 0);
}
