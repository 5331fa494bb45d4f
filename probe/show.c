// SPDX-License-Identifier: GPL-2.0-or-later
/* What a probe does to the code, told step by step to whoever listens (ring3 run -v). */
#include <stdio.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "loader/internal.h"
#include "probe/internal.h"

#define MAX_SHOWN 32 /* bytes, and letters of an instruction with them */

static void format_bytes(const uint8_t *bytes, size_t length, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < length && used + 4 < size; i++)
		used += snprintf(text + used, size - used, "%s%02x", i ? " " : "", bytes[i]);
}

static const char *object_name(struct r3_box *box, const struct point *point)
{
	const struct object *object = object_of_address(box, point->address);

	return object ? object->name : "";
}

/* The instructions as they were, and as they are in the slot. */
static void show_copy(struct r3_box *box, const struct point *point, const struct slot *slot,
		      unsigned int count, const char *where)
{
	const uint64_t address = slot->address + slot->copy;
	const size_t length = slot->copy_end - slot->copy;
	char before[3 * MAX_SHOWN], after[3 * MAX_SHOWN], text[128];

	for (unsigned int i = 0; i < count; i++) {
		const struct arch_instruction *from = &point->instructions[i];

		arch_instruction_format(from->code, from->length, from->address, text,
					sizeof(text));
		format_bytes(from->code, from->length, before, sizeof(before));
		trace_event(box, R3_TRACE_PROBE, object_name(box, point), where, "instruction",
			    from->address, from->length, "%s: %s is `%s'", where, before, text);
	}
	format_bytes(box_writable(box, address), length, after, sizeof(after));
	trace_event(box, R3_TRACE_PROBE, object_name(box, point), where, "copy", address, length,
		    "%s: copied to 0x%08lx: %s", where, (unsigned long)address, after);
}

void show_slot(struct r3_box *box, const struct point *point, const struct slot *slot)
{
	char where[256];

	if (!box->options.trace)
		return;
	symbol_format(box, point->address, where, sizeof(where));
	trace_event(box, R3_TRACE_PROBE, object_name(box, point), where, "detour", slot->address,
		    slot->length, "%s: detour at 0x%08lx, %u bytes", where,
		    (unsigned long)slot->address, slot->length);
	if (slot->copy_end)
		show_copy(box, point, slot, slot == &point->slots[SLOT_REGION] ? point->count : 1,
			  where);
}

void show_poke(struct r3_box *box, const struct point *point, const uint8_t *bytes, size_t length)
{
	char where[256], before[3 * MAX_SHOWN], after[3 * MAX_SHOWN], text[128];
	uint8_t old[ARCH_MAX_INSTRUCTION] = {0}, new[ARCH_MAX_INSTRUCTION];

	if (!box->options.trace)
		return;
	/* What is put back may be only the beginning of an instruction. */
	if (arch_copy_nofault(old, (uint64_t)box_writable(box, point->address), sizeof(old)))
		memcpy(old, box_writable(box, point->address), length);
	memcpy(new, old, sizeof(new));
	memcpy(new, bytes, length);
	symbol_format(box, point->address, where, sizeof(where));
	format_bytes(old, length, before, sizeof(before));
	format_bytes(bytes, length, after, sizeof(after));
	arch_instruction_format(new, sizeof(new), point->address, text, sizeof(text));
	trace_event(box, R3_TRACE_PROBE, object_name(box, point), where, "poke", point->address,
		    length, "%s: %s becomes %s (%s)", where, before, after, text);
}
