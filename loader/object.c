// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps that every object takes, be it a module or a part of the kernel. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "box/account.h"
#include "box/vmalloc.h"
#include "loader/internal.h"
#include "target/target.h"

struct object *object_new(struct r3_box *box, const char *name)
{
	struct object *object = calloc(1, sizeof(*object));

	if (!object)
		return NULL;
	object->box = box;
	object->name = strdup(name);
	if (!object->name) {
		free(object);
		return NULL;
	}
	return object;
}

const char *object_string(const struct object *object, uint64_t address)
{
	uint64_t offset = address - object->core_base;
	const char *text;

	if (offset >= object->core_size)
		return NULL;
	text = box_writable(object->box, address);
	return memchr(text, '\0', object->core_size - offset) ? text : NULL;
}

/* Out of sight first, so that no call trace looks into what is freed. */
static void unlink_object(struct object *object)
{
	if (!object->link)
		return;
	*object->link = object->next;
	if (object->next)
		object->next->link = object->link;
}

static void release(struct object *object)
{
	if (!object)
		return;
	for (unsigned int i = 0; i < object->nr_sections; i++)
		free((char *)object->sections[i].name);
	free(object->sections);
	free(object->symbols);
	free(object->strings);
	free(object->exports);
	free(object->fentry_sites);
	free(object->orc);
	free(object->cold);
	free(object->name);
	free(object);
}

/* Call traces and signal handlers look without a lock: what they found lives on for a while. */
static void bury(struct object *object)
{
	struct r3_box *box = object->box;
	struct object **grave = &box->graveyard[box->next_grave++ % R3_GRAVES];

	release(*grave);
	*grave = object;
}

void objects_release(struct r3_box *box)
{
	for (unsigned int i = 0; i < R3_GRAVES; i++) {
		release(box->graveyard[i]);
		box->graveyard[i] = NULL;
	}
}

void object_free(struct object *object)
{
	if (!object)
		return;
	unlink_object(object);
	free_init(object);
	free_core(object);
	if (object->percpu)
		range_give(object->box->percpu_ranges, object->percpu);
	bury(object);
}

void object_drop_init(struct object *object)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < object->nr_symbols; i++)
		if (object->symbols[i].part < PART_INIT_TEXT || object->symbols[i].part == NO_PART)
			object->symbols[kept++] = object->symbols[i];
	object->nr_symbols = kept;
	free(object->cold); /* it has numbers of symbols */
	object->cold = NULL;
	free_init(object);
}

static int allocate_info(struct load_info *info)
{
	unsigned int sections = info->view.nr_sections;

	info->address = calloc(sections, sizeof(*info->address));
	info->offset = calloc(sections, sizeof(*info->offset));
	info->part = malloc(sections);
	info->value = calloc(info->view.nr_symbols + 1, sizeof(*info->value));
	if (!info->address || !info->offset || !info->part || !info->value)
		return -ENOMEM;
	memset(info->part, NO_PART, sections);
	return 0;
}

void load_info_release(struct load_info *info)
{
	free(info->address);
	free(info->offset);
	free(info->part);
	free(info->value);
	free(info->uses);
}

void object_list(struct object *object)
{
	struct r3_box *box = object->box;

	object->next = box->objects;
	object->link = &box->objects;
	if (object->next)
		object->next->link = &object->next;
	box->objects = object;
	set_pages_of(box, object->core_base, object->core_size, object);
	set_pages_of(box, object->init_base, object->init_size, object);
}

/* Memory for every section, contents copied, the object's own symbols known. */
int object_place(struct load_info *info)
{
	struct object *object = info->object;
	int error = allocate_info(info);

	if (error)
		return error;
	error = layout_sections(info);
	if (!error)
		error = copy_sections(info);
	if (!error)
		error = allocate_percpu(info);
	if (!error)
		error = collect_symbols(info);
	if (error)
		return error;
	object->view = (struct r3_object){.name = object->name,
					  .module = NULL,
					  .sections = object->sections,
					  .nr_sections = object->nr_sections};
	object->view.text[0].address = object->parts[PART_TEXT].address;
	object->view.text[0].size = object->parts[PART_TEXT].size;
	object->view.text[1].address = object->parts[PART_INIT_TEXT].address;
	object->view.text[1].size = object->parts[PART_INIT_TEXT].size;
	object_list(object);
	return 0;
}

/* Values of all symbols are known: make the code runnable. */
int object_link(struct load_info *info)
{
	int error = apply_relocations(info);

	if (!error)
		error = patch_fentry_sites(info);
	return error ? error : protect_object(info);
}

static int call_with_object(struct object *object, uint64_t entry)
{
	uint64_t result = 0;
	int error =
		entry ? call_runtime(object->box, entry, &result, 1, (uint64_t)&object->view) : 0;

	if (!error && (int)result == -ENOEXEC)
		error = r3_fail(-ENOEXEC,
				"a table of %s says to patch what is not its code (the log says "
				"which): the file is damaged, build the module again",
				object->name);
	return error ? error : (int)result;
}

/*
 * The runtime patches it through the writable view: alternatives, static
 * calls. That comes last, since the runtime may itself need what is just being
 * loaded (string functions of the library).
 */
int object_prepare(struct object *object)
{
	return call_with_object(object, object->box->entries.object_prepare);
}

/* It may run now: its static keys and messages are known from here on. */
int object_added(struct object *object)
{
	return call_with_object(object, object->box->entries.object_added);
}

/* One run of the compiler for all members that the object needs and the cache lacks. */
int prepare_library(struct load_info *info)
{
	const char **names;
	unsigned int count = 0;

	if (!info->box->target || target_is_builtin(info->box->target))
		return 0;
	names = calloc(info->view.nr_symbols + 1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	for (size_t i = 1; i < info->view.nr_symbols; i++) {
		const Elf64_Sym *symbol = &info->view.symbols[i];
		const char *name = elf_symbol_name(&info->view, symbol);

		if (symbol->st_shndx == SHN_UNDEF && !symbol_table_find(info->box->kernel, name))
			names[count++] = name;
	}
	if (count) /* what does not compile is told of where it is needed */
		target_library_prepare(info->box->target, names, count);
	free(names);
	return 0;
}

int simplify_symbols(struct load_info *info,
		     int (*resolve)(struct load_info *info, const char *name,
				    const Elf64_Sym *symbol, uint64_t *value))
{
	int result = 0;

	for (size_t i = 1; i < info->view.nr_symbols; i++) {
		const Elf64_Sym *symbol = &info->view.symbols[i];
		const char *name = elf_symbol_name(&info->view, symbol);
		int error = 0;

		switch (symbol->st_shndx) {
		case SHN_UNDEF:
			error = resolve(info, name, symbol, &info->value[i]);
			if (error)
				result = error; /* all are reported, the last one counts */
			break;
		case SHN_ABS:
		case 0xff20: /* SHN_LIVEPATCH */
			info->value[i] = symbol->st_value;
			break;
		case SHN_COMMON:
			if (!strncmp(name, "__gnu_lto", 9))
				break;
			box_printk(info->box, 4, "%s: please compile with -fno-common", info->name);
			result = -ENOEXEC;
			break;
		default:
			if (symbol->st_shndx >= info->view.nr_sections) {
				box_printk(info->box, 3,
					   "%s: Symbol %s has an invalid section index %u (max %u)",
					   info->name, name, symbol->st_shndx,
					   info->view.nr_sections - 1);
				result = -ENOEXEC;
				break;
			}
			info->value[i] = info->address[symbol->st_shndx] + symbol->st_value;
		}
	}
	return result;
}
