// SPDX-License-Identifier: GPL-2.0-or-later
/* Relocations and symbols by themselves. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "elf/elf_view.h"
#include "loader/internal.h"
#include "measure.h"

static size_t count_relocations(const struct elf_view *view)
{
	size_t count = 0;

	for (unsigned int i = 1; i < view->nr_sections; i++)
		if (view->sections[i].sh_type == SHT_RELA &&
		    view->sections[view->sections[i].sh_info].sh_flags & SHF_ALLOC)
			count += view->sections[i].sh_size / sizeof(Elf64_Rela);
	return count;
}

/* Every import of a large module gets an address, so that all else can be measured. */
static void add_dummies(struct r3_box *box, const struct elf_view *view, struct object *owner)
{
	for (size_t i = 1; i < view->nr_symbols; i++) {
		struct export *export;

		if (view->symbols[i].st_shndx != SHN_UNDEF)
			continue;
		export = calloc(1, sizeof(*export));
		export->name = strdup(elf_symbol_name(view, &view->symbols[i]));
		export->address = box->space.module_base + 4096;
		export->owner = owner;
		if (!symbol_table_find(box->exports, export->name))
			symbol_table_add(box->exports, export->name, export);
	}
}

/* The rival copies the same bytes: what no loader can do without. */
void bench_relocations(const struct target_files *target, const char *path)
{
	struct r3_box *box = new_box(target);
	struct module_image image;
	struct elf_problem problem;
	struct elf_view view;
	double ours[9], theirs[9], mine, other;
	const char *name = strrchr(path, '/');
	size_t relocations;
	char what[64];
	void *copy;

	if (image_read_file(&image, path, &problem) ||
	    elf_open(&view, image.data, image.size, &problem))
		die(path);
	relocations = count_relocations(&view);
	add_dummies(box, &view, box->objects);
	copy = malloc(image.size);
	for (int i = 0; i < 9; i++) {
		double start = now();
		int error;

		if (box_enter(box))
			die("enter");
		error = load_module(
			box, &image, "",
			R3_LOAD_DRY | R3_LOAD_IGNORE_VERMAGIC | R3_LOAD_IGNORE_MODVERSIONS, NULL);
		box_leave(box);
		if (error)
			die(path);
		ours[i] = now() - start;
		start = now();
		memcpy(copy, image.data, image.size);
		theirs[i] = now() - start;
	}
	mine = median(ours, 9);
	other = median(theirs, 9);
	snprintf(what, sizeof(what), "link %s, %.1f MB", name ? name + 1 : path,
		 image.size / 1048576.0);
	show(&(struct figure){what, "memcpy of the file", mine * 1e3, other * 1e3, "ms",
			      relocations / mine / 1e6, "%.1f million relocations a second", 0});
	free(copy);
	image_release(&image);
	r3_box_free(box);
}

#define EXPORTS 20000

/* The rival is dlsym on the C library, which has about 3,000 names. */
void bench_lookup(void)
{
	struct symbol_table *table = symbol_table_new();
	char(*names)[32] = calloc(EXPORTS, sizeof(*names));
	volatile size_t found = 0;
	double start, mine, other;

	for (int i = 0; i < EXPORTS; i++) {
		snprintf(names[i], sizeof(names[i]), "subsystem_function_%d", i * 7);
		symbol_table_add(table, names[i], names[i]);
	}
	start = now();
	for (int round = 0; round < 50; round++)
		for (int i = 0; i < EXPORTS; i++)
			found += symbol_table_find(table, names[i]) != NULL;
	mine = (now() - start) / (50.0 * EXPORTS);
	start = now();
	for (int i = 0; i < 1000000; i++)
		found += dlsym(RTLD_DEFAULT, i & 1 ? "strtoull" : "memmem") != NULL;
	other = (now() - start) / 1e6;
	if (found != 50UL * EXPORTS + 1000000)
		die("look-up");
	show(&(struct figure){"look up a symbol of 20,000", "dlsym", mine * 1e9, other * 1e9, "ns",
			      1e-6 / mine, "%.1f million a second", 0});
	symbol_table_free(table);
	free(names);
}
