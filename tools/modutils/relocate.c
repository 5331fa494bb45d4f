// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses are written to where they are wanted. */
#include <errno.h>
#include <string.h>
#include "arch/x86_64/relocation.h"
#include "tools/modutils/link.h"

/* The narrow types, which modutils knew and Linux's own loader does not (psABI x86-64, table 4.9).
 */
static int relocate_narrow(unsigned int type, uint8_t *place, uint64_t address, uint64_t value,
			   uint64_t size_left)
{
	bool is_relative = type == R_X86_64_PC8 || type == R_X86_64_PC16;
	size_t size = type == R_X86_64_8 || type == R_X86_64_PC8 ? 1 : 2;
	int64_t limit = 1L << (8 * size), number = value - (is_relative ? address : 0);

	if (size > size_left)
		return -EFAULT;
	memcpy(place, &number, size);
	return number >= -limit / 2 && number < limit ? 0 : -ERANGE;
}

static int relocate_place(unsigned int type, uint8_t *place, uint64_t address, uint64_t value,
			  uint64_t size_left)
{
	int64_t distance = value - address;
	int error;

	switch (type) {
	case R_X86_64_8:
	case R_X86_64_PC8:
	case R_X86_64_16:
	case R_X86_64_PC16:
		return relocate_narrow(type, place, address, value, size_left);
	default:
		error = arch_relocate(type, place, address, value, size_left, false);
	}
	/* Linux knows that its modules are near enough; this kernel is asked for any address */
	if (!error && (type == R_X86_64_PC32 || type == R_X86_64_PLT32) &&
	    distance != (int32_t)distance)
		return -ERANGE;
	return error;
}

static int refuse(struct link *link, const struct section *section, unsigned int type,
		  const char *name, int error)
{
	struct messages *messages = link->messages;
	const char *what = error == -ERANGE ? "Relocation overflow" : "Unhandled relocation";

	if (error == -EFAULT)
		tell_error(messages, "relocation of type %u crosses the end of %s", type,
			   section->name);
	else if (*name)
		tell_error(messages, "%s of type %u for %s", what, type, name);
	else
		tell_error(messages, "%s of type %u", what, type);
	if (messages->errors > 1)
		return -ENOEXEC;
	if (error == -ERANGE)
		tell_hint(messages, "the module was compiled without -mcmodel=kernel; "
				    "build it with: ring3 build --scheme 2.4");
	else if (error == -EINVAL)
		tell_hint(messages, "position independent code cannot be linked to a kernel; "
				    "build it with: ring3 build --scheme 2.4");
	return -ENOEXEC;
}

/* The symbol that an entry means: by its index if it is local, else what the name stands for. */
static const struct symbol *wanted_symbol(const struct object *object, uint64_t index)
{
	const struct symbol *symbol = object->by_index[index];

	return symbol && symbol->bind != STB_LOCAL ? object_find_symbol(object, symbol->name)
						   : symbol;
}

static int relocate_one(struct link *link, struct section *section, const Elf64_Rela *rela)
{
	struct object *object = &link->object;
	uint64_t index = ELF64_R_SYM(rela->r_info), offset = rela->r_offset;
	unsigned int type = ELF64_R_TYPE(rela->r_info);
	const struct symbol *symbol = wanted_symbol(object, index);
	uint64_t value = object_symbol_address(object, symbol) + rela->r_addend;
	uint8_t *place;
	int error;

	if (type == R_X86_64_NONE)
		return 0;
	if (symbol &&
	    (symbol->place == PLACE_UNDEFINED ||
	     (symbol->place == PLACE_SECTION && !object->sections[symbol->index]->is_loaded))) {
		tell_error(link->messages, "relocation of type %u for %s, which is not loaded",
			   type, symbol->name);
		return -ENOEXEC;
	}
	place = object_bytes(object, section, offset, 0);
	if (!place)
		return object->failed ? -ENOMEM : -ENOEXEC;
	error = relocate_place(type, place, section->address + offset, value,
			       section->size - offset);
	return error ? refuse(link, section, type, symbol ? symbol->name : "", error) : 0;
}

#define NR_TYPES 64u

static void tell_types(struct link *link, const struct section *section, size_t count,
		       const unsigned int counts[NR_TYPES])
{
	char text[256] = "";
	size_t used = 0;

	for (unsigned int type = 0; type < NR_TYPES && used < sizeof(text); type++)
		if (counts[type])
			used += snprintf(text + used, sizeof(text) - used, "%s%u %s",
					 used ? ", " : "", counts[type],
					 arch_relocation_name(type));
	tell_step(link->messages, "insmod", "relocate", "%-15s %zu places: %s", section->name,
		  count, text);
}

static int relocate_section(struct link *link, unsigned int index)
{
	struct object *object = &link->object;
	struct section *section;
	unsigned int counts[NR_TYPES] = {};
	const Elf64_Rela *relas;
	size_t count;
	int error = 0;

	relas = elf_relocations(&object->view, index, &count);
	if (!count)
		return 0;
	section = object->sections[object->view.sections[index].sh_info];
	if (!section->is_loaded)
		return 0;
	for (size_t i = 0; i < count; i++) { /* all of them, to tell of all that is wrong */
		int failed = relocate_one(link, section, &relas[i]);

		if (failed)
			error = failed;
		counts[ELF64_R_TYPE(relas[i].r_info) % NR_TYPES]++;
	}
	tell_types(link, section, count, counts);
	return error;
}

/* What was left for when addresses are known. */
static void apply_patches(struct object *object)
{
	for (size_t i = 0; i < object->nr_patches; i++) {
		const struct patch *patch = &object->patches[i];
		uint64_t value = patch->symbol ? object_symbol_address(object, patch->symbol)
					       : object->strings->address + patch->string;
		uint8_t *place = object_bytes(object, patch->section, patch->offset, sizeof(value));

		if (place)
			memcpy(place, &value, sizeof(value));
	}
}

int relocate_object(struct link *link)
{
	struct object *object = &link->object;
	int error = 0;

	for (unsigned int i = 1; i < object->view.nr_sections; i++) {
		int failed = 0;

		if (object->view.sections[i].sh_type == SHT_REL &&
		    object->view.sections[i].sh_size) {
			tell_error(link->messages,
				   "REL relocations not supported on this architecture");
			failed = -ENOEXEC;
		} else {
			failed = relocate_section(link, i);
		}
		if (failed)
			error = failed;
	}
	if (!error)
		apply_patches(object);
	return object->failed ? -ENOMEM : error;
}
