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

/* Does anything in this function, or this part of one, lead into the region? */
static bool part_leads_inside(struct r3_box *box, const struct place *place,
			      const struct symbol *symbol)
{
	struct arch_instruction instruction;
	struct part_of_function part;
	bool leads = false;

	if (read_function(box, symbol->address, symbol_extent(place->object, symbol), &part))
		return true;
	for (uint64_t at = 0; at < part.size && !leads; at += instruction.length)
		leads = arch_instruction_decode(&instruction, part.start + at, part.code + at,
						part.size - at) ||
			may_lead_inside(box, place, &instruction);
	free(part.code);
	return leads;
}

static const char cold_suffix[] = ".cold";

static const char *cold_of(const struct object *object, const struct symbol *symbol)
{
	return strstr(object->strings + symbol->name, cold_suffix);
}

/* Which of the object's symbols are parts of functions that the compiler thinks unlikely. */
struct cold_parts {
	unsigned int count;
	unsigned int symbols[];
};

static const struct cold_parts *cold_parts(struct object *object)
{
	unsigned int count = 0;

	if (object->cold)
		return object->cold;
	for (unsigned int i = 0; i < object->nr_symbols; i++)
		count += cold_of(object, &object->symbols[i]) != NULL;
	object->cold = malloc(sizeof(*object->cold) + count * sizeof(*object->cold->symbols));
	if (!object->cold)
		return NULL;
	object->cold->count = 0;
	for (unsigned int i = 0; i < object->nr_symbols; i++)
		if (cold_of(object, &object->symbols[i]))
			object->cold->symbols[object->cold->count++] = i;
	return object->cold;
}

/* Another part of the place's function: its name is the same, but for the suffix. */
static bool is_part(const struct place *place, const struct symbol *symbol)
{
	const char *strings = place->object->strings;
	const char *name = strings + place->symbol->name, *other = strings + symbol->name;
	const char *end = strstr(name, cold_suffix), *other_end = strstr(other, cold_suffix);
	size_t length = end ? (size_t)(end - name) : strlen(name);

	return symbol != place->symbol && !strncmp(name, other, length) &&
	       (other_end ? other_end == other + length : !other[length]);
}

/* The compiler puts what is unlikely elsewhere, and jumps there and back. */
static bool function_leads_inside(struct r3_box *box, const struct place *place)
{
	const struct object *object = place->object;
	const struct cold_parts *cold = cold_parts(place->object);
	bool leads = !cold || part_leads_inside(box, place, place->symbol);

	for (unsigned int i = 0; !leads && i < cold->count; i++) {
		const struct symbol *symbol = &object->symbols[cold->symbols[i]];

		leads = is_part(place, symbol) && part_leads_inside(box, place, symbol);
	}
	/* from such a part, to the function itself */
	for (unsigned int i = 0; !leads && cold_of(object, place->symbol) && i < object->nr_symbols;
	     i++) {
		const struct symbol *symbol = &object->symbols[i];

		leads = !cold_of(object, symbol) && is_part(place, symbol) &&
			part_leads_inside(box, place, symbol);
	}
	return leads;
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
