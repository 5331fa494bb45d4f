// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * May this address be probed? The questions and their order are those of
 * check_kprobe_address_safe() and arch_prepare_kprobe() of Linux.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "probe/internal.h"

#define ENDBR_SIZE 4

bool is_fentry_site(const struct object *object, uint64_t address)
{
	return object->nr_fentry_sites &&
	       bsearch(&address, object->fentry_sites, object->nr_fentry_sites, sizeof(address),
		       compare_addresses);
}

static bool is_endbr(struct r3_box *box, uint64_t address)
{
	static const uint8_t endbr64[ENDBR_SIZE] = {0xf3, 0x0f, 0x1e, 0xfa};
	uint8_t code[ENDBR_SIZE];

	return !points_read(box, address, code, sizeof(code)) &&
	       !memcmp(code, endbr64, sizeof(code));
}

static bool is_entry(struct r3_box *box, const struct place *place)
{
	uint64_t offset = place->address - place->symbol->address;

	return !offset || (offset == ENDBR_SIZE && is_endbr(box, place->symbol->address));
}

/* Landing pads before functions (CONFIG_CFI_CLANG, CONFIG_CALL_PADDING). */
static bool is_preamble(const char *name)
{
	return !strncmp(name, "__cfi_", 6) || !strncmp(name, "__pfx_", 6);
}

/* As many bytes as one may have, or as are left of its pages. */
static size_t read_instruction(struct r3_box *box, uint64_t address, uint8_t *code)
{
	size_t length = ARCH_MAX_INSTRUCTION;

	while (length && points_read(box, address, code, length))
		length--;
	return length;
}

/* Every instruction from the function's beginning on, until the one at address. */
static int find_instruction(struct r3_box *box, struct place *place)
{
	struct arch_instruction *instruction = &place->instructions[0];
	uint8_t code[ARCH_MAX_INSTRUCTION];
	uint64_t at = place->symbol->address;
	size_t size;

	for (;;) {
		size = read_instruction(box, at, code);
		if (arch_instruction_decode(instruction, at, code, size))
			return at == place->address ? -EINVAL : -EILSEQ;
		if (at == place->address)
			return instruction->refused;
		at += instruction->length;
		if (at > place->address)
			return -EILSEQ;
	}
}

int place_check(struct r3_box *box, uint64_t address, struct place *place)
{
	int error;

	*place = (struct place){.address = address,
				.object = (struct object *)object_of_address(box, address)};
	place->symbol = place->object ? symbol_of_address(place->object, address) : NULL;
	if (!place->symbol)
		return -ENOENT;
	if (!address_is_text(box, address) || blacklist_has(box, address) ||
	    arch_is_bug(box, address) || is_preamble(place->object->strings + place->symbol->name))
		return -EINVAL;
	if (is_entry(box, place))
		place->flags |= R3_POINT_ENTRY;
	if (is_fentry_site(place->object, address)) {
		place->flags |= R3_POINT_FTRACE;
		return 0;
	}
	error = find_instruction(box, place);
	if (error)
		return error;
	place->count = 1;
	place_find_region(box, place);
	return 0;
}
