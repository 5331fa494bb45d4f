// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of devices: MODULE_DEVICE_TABLE(pci, name) leaves a pointer to one, and the size of an
 * entry. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/depmod.h"
#include "tools/modutils/object.h"

/* A variable's bytes; NULL: there is none of that size. */
static const uint8_t *variable(const struct object *object, const char *name, uint64_t size,
			       const struct symbol **symbol)
{
	const struct section *section;

	*symbol = object_find_symbol(object, name);
	if (!*symbol || (*symbol)->place != PLACE_SECTION)
		return NULL;
	section = object->sections[(*symbol)->index];
	if (!section->contents || (*symbol)->value > section->size ||
	    size > section->size - (*symbol)->value)
		return NULL;
	return section->contents + (*symbol)->value;
}

/* What a pointer will point to; NULL: nothing. */
static const Elf64_Rela *pointer(const struct object *object, const struct symbol *symbol)
{
	const struct elf_view *view = &object->view;

	for (unsigned int i = 1; i < view->nr_sections; i++) {
		const Elf64_Rela *relas;
		size_t count;

		relas = elf_relocations(view, i, &count);
		for (size_t j = 0; j < count && view->sections[i].sh_info == symbol->index; j++)
			if (relas[j].r_offset == symbol->value &&
			    ELF64_R_TYPE(relas[j].r_info) == R_X86_64_64)
				return &relas[j];
	}
	return NULL;
}

/* include/linux/pci.h of 2.4: six words and an unsigned long; an entry may be larger. */
static int add_entry(struct dep_module *module, const uint8_t *bytes)
{
	struct dep_pci *grown =
		reallocarray(module->devices, module->nr_devices + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	module->devices = grown;
	memcpy(grown[module->nr_devices].words, bytes, sizeof(grown->words));
	memcpy(&grown[module->nr_devices].driver_data, bytes + sizeof(grown->words),
	       sizeof(grown->driver_data));
	module->nr_devices++;
	return 0;
}

static bool is_last(const uint8_t *bytes)
{
	static const uint8_t zeros[sizeof(struct dep_pci)];

	return !memcmp(bytes, zeros, sizeof(((struct dep_pci *)0)->words));
}

int dep_read_devices(const struct object *object, struct dep_module *module)
{
	const struct symbol *symbol, *table;
	const uint8_t *bytes = variable(object, "__module_pci_device_size", 8, &symbol);
	const struct section *section;
	const Elf64_Rela *rela = NULL;
	uint64_t size, offset;
	int error = 0;

	if (!bytes)
		return 0;
	memcpy(&size, bytes, sizeof(size));
	if (variable(object, "__module_pci_device_table", 8, &symbol))
		rela = pointer(object, symbol);
	table = rela ? object->by_index[ELF64_R_SYM(rela->r_info)] : NULL;
	if (!table || table->place != PLACE_SECTION || size < sizeof(struct dep_pci))
		return 0;
	section = object->sections[table->index];
	offset = table->value + rela->r_addend;
	while (!error && section->contents && offset <= section->size &&
	       size <= section->size - offset && !is_last(section->contents + offset)) {
		error = add_entry(module, section->contents + offset);
		offset += size;
	}
	return error;
}

void dep_write_devices(const struct dep *dep, FILE *out)
{
	char name[256];

	fputs("# pci module         vendor     device     subvendor  subdevice  class      "
	      "class_mask driver_data\n",
	      out);
	for (size_t i = 0; i < dep->nr_modules; i++) {
		const struct dep_module *module = &dep->modules[i];

		module_name_of(module->path, name, sizeof(name));
		for (size_t j = 0; j < module->nr_devices; j++) {
			fprintf(out, "%-20s", name);
			for (size_t k = 0; k < 6; k++)
				fprintf(out, " 0x%08x", module->devices[j].words[k]);
			fprintf(out, " 0x%016lx\n", (unsigned long)module->devices[j].driver_data);
		}
	}
}
