// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * May a jump stand for the instructions from an address on? Only if nothing
 * but the first of them is ever reached from elsewhere, and nothing else
 * changes them.
 */
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "probe/internal.h"

/* Tables of the compiler, their distances relative to the field that they stand in. */
struct jump_entry {
	int32_t code, target;
	int64_t key;
};
struct static_call_site {
	int32_t address, key;
};

struct part_of_function {
	uint64_t start, size;
	uint8_t *code;
};

static int read_function(struct r3_box *box, uint64_t start, uint64_t size,
			 struct part_of_function *part)
{
	*part = (struct part_of_function){.start = start, .size = size, .code = malloc(size)};
	if (part->code && !points_read(box, start, part->code, size))
		return 0;
	free(part->code);
	return -1;
}

static bool is_inside(const struct place *place, uint64_t target)
{
	return target > place->address && target < place->address + ARCH_JUMP_SIZE;
}

/* A thunk stands for a jump through a register where the processor's guess is not trusted. */
static bool is_thunk(struct r3_box *box, uint64_t target)
{
	static const char prefix[] = "__x86_indirect_";
	const struct object *object = object_of_address(box, target);
	const struct symbol *symbol = object ? symbol_of_address(object, target) : NULL;

	return symbol && !strncmp(object->strings + symbol->name, prefix, sizeof(prefix) - 1);
}

static bool may_lead_inside(struct r3_box *box, const struct place *place,
			    const struct arch_instruction *instruction)
{
	switch (instruction->flow) {
	case ARCH_NEXT:
	case ARCH_RETURN:
	case ARCH_CALL_REGISTER:
	case ARCH_CALL_MEMORY:
		return false;
	case ARCH_JUMP_REGISTER:
	case ARCH_JUMP_MEMORY:
		return true;
	case ARCH_JUMP:
		return is_inside(place, instruction->target) || is_thunk(box, instruction->target);
	default:
		return is_inside(place, instruction->target);
	}
}

static const char cold[] = ".cold";

/*
 * The compiler puts what is unlikely elsewhere, and jumps there and back. Is
 * target in such a part of the function? NULL: no.
 */
static const struct symbol *cold_part(const struct object *object, const struct symbol *function,
				      uint64_t target)
{
	const struct symbol *symbol;
	const char *name = object->strings + function->name, *other;
	size_t length = strlen(name);

	if (target - object->parts[function->part].address >= object->parts[function->part].size)
		return NULL;
	symbol = symbol_of_address(object, target);
	if (!symbol || symbol == function)
		return NULL;
	other = object->strings + symbol->name;
	return strncmp(other, name, length) || strncmp(other + length, cold, sizeof(cold) - 1)
		       ? NULL
		       : symbol;
}

/* Does anything in this function, or this part of one, or its unlikely ones, lead into the region?
 */
static bool part_leads_inside(struct r3_box *box, const struct place *place,
			      const struct symbol *symbol)
{
	const struct symbol *last = NULL, *other;
	struct arch_instruction instruction;
	struct part_of_function part;
	bool leads = false;

	if (read_function(box, symbol->address, symbol_extent(place->object, symbol), &part))
		return true;
	for (uint64_t at = 0; at < part.size && !leads; at += instruction.length) {
		leads = arch_instruction_decode(&instruction, part.start + at, part.code + at,
						part.size - at) ||
			may_lead_inside(box, place, &instruction);
		if (leads || (instruction.flow != ARCH_JUMP && instruction.flow != ARCH_BRANCH))
			continue;
		other = cold_part(place->object, symbol, instruction.target);
		if (other && other != last)
			leads = part_leads_inside(box, place, other);
		last = other ? other : last;
	}
	free(part.code);
	return leads;
}

/* A place in an unlikely part may be reached from all that its function has. */
static bool function_leads_inside(struct r3_box *box, const struct place *place)
{
	const struct object *object = place->object;
	const char *name = object->strings + place->symbol->name, *end = strstr(name, cold);

	if (part_leads_inside(box, place, place->symbol))
		return true;
	for (unsigned int i = 0; end && i < object->nr_symbols; i++) {
		const struct symbol *symbol = &object->symbols[i];
		const char *other = object->strings + symbol->name;

		if (symbol->part == place->symbol->part && !strncmp(other, name, end - name) &&
		    !other[end - name] && part_leads_inside(box, place, symbol))
			return true;
	}
	return false;
}

/* Branches on static keys, and static calls: they change, and the former lead somewhere. */
static bool tables_touch(struct r3_box *box, const struct place *place, uint64_t end)
{
	const struct r3_section *section = object_section(place->object, "__jump_table");
	const uint64_t delta = box->space.alias_delta, start = place->address;
	const struct static_call_site *calls;
	const struct jump_entry *jumps;

	jumps = section ? box_writable(box, section->address) : NULL;
	for (size_t i = 0; section && i < section->size / sizeof(*jumps); i++) {
		uint64_t code = (uint64_t)&jumps[i].code - delta + jumps[i].code;
		uint64_t target = (uint64_t)&jumps[i].target - delta + jumps[i].target;

		if (code - start < end - start || is_inside(place, target))
			return true;
	}
	section = object_section(place->object, ".static_call_sites");
	calls = section ? box_writable(box, section->address) : NULL;
	for (size_t i = 0; section && i < section->size / sizeof(*calls); i++)
		if ((uint64_t)&calls[i].address - delta + calls[i].address - start < end - start)
			return true;
	return false;
}

/* Instructions until there is room for a jump; false: not all of them may be replaced. */
static bool collect(struct r3_box *box, struct place *place, uint64_t end)
{
	uint8_t code[ARCH_MAX_REGION + ARCH_MAX_INSTRUCTION];
	uint64_t size = end - place->address;
	unsigned int at = 0, count = 0;

	if (size > sizeof(code))
		size = sizeof(code);
	if (size < ARCH_JUMP_SIZE || points_read(box, place->address, code, size))
		return false;
	for (; at < ARCH_JUMP_SIZE; count++) {
		struct arch_instruction *instruction = &place->instructions[count];
		uint64_t address = place->address + at;

		if (arch_instruction_decode(instruction, address, code + at, size - at) ||
		    instruction->refused || is_fentry_site(place->object, address) ||
		    arch_is_bug(box, address))
			return false;
		at += instruction->length;
		/* who is called comes back behind it */
		if ((instruction->flow == ARCH_CALL || instruction->flow == ARCH_CALL_REGISTER) &&
		    at < ARCH_JUMP_SIZE)
			return false;
	}
	place->count = count;
	place->region = at;
	return true;
}

void place_find_region(struct r3_box *box, struct place *place)
{
	uint64_t end = place->symbol->address + symbol_extent(place->object, place->symbol);

	if (collect(box, place, end) &&
	    !arch_has_fixup(box, place->address, place->address + place->region) &&
	    !tables_touch(box, place, place->address + place->region) &&
	    !function_leads_inside(box, place))
		return;
	place->count = 1;
	place->region = 0;
}
