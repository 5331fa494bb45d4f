// SPDX-License-Identifier: GPL-2.0-or-later
/* .modinfo, and what makes an object a module. */
#include <errno.h>
#include <string.h>
#include "elf/problem.h"

/* struct module's name follows its state and a list_head, in every release and configuration. */
#define THIS_MODULE_NAME_OFFSET 24

/* The first string at or after text, NULL at the end. The section ends in NUL. */
static const char *skip_padding(const char *text, const char *end)
{
	while (text < end && !*text)
		text++;
	return text < end ? text : NULL;
}

const char *elf_modinfo_next(const struct elf_view *view, const char *tag, const char *previous)
{
	const char *text = elf_section_data(view, view->modinfo), *end;
	size_t length = strlen(tag);

	if (!text)
		return NULL;
	end = text + view->sections[view->modinfo].sh_size;
	if (previous)
		text = previous + strlen(previous);
	while ((text = skip_padding(text, end))) {
		if (!strncmp(text, tag, length) && text[length] == '=')
			return text + length + 1;
		text += strlen(text);
	}
	return NULL;
}

const char *elf_module_name(const struct elf_view *view)
{
	const char *name = elf_modinfo(view, "name");
	const char *module = elf_section_data(view, view->this_module);

	if (name)
		return name;
	if (!module ||
	    view->sections[view->this_module].sh_size < THIS_MODULE_NAME_OFFSET + MODULE_NAME_LEN)
		return NULL;
	name = module + THIS_MODULE_NAME_OFFSET;
	return memchr(name, 0, MODULE_NAME_LEN) ? name : NULL;
}

int elf_check_module(const struct elf_view *view, struct elf_problem *problem)
{
	const char *name = elf_modinfo(view, "name");

	if (!name)
		name = "(missing .modinfo section or name field)";
	if (!view->symtab)
		return elf_refuse(problem, -ENOEXEC,
				  "Build the module again; strip it with --strip-debug at most.",
				  "%s: module has no symbols (stripped?)", name);
	if (!view->this_module)
		return elf_refuse(
			problem, -ENOEXEC,
			"Name the .ko file that the module's build made, not one of its objects.",
			"%s: No module found in object", name);
	return 0;
}

bool license_is_gpl_compatible(const char *license)
{
	/* include/linux/license.h */
	static const char *const compatible[] = {
		"GPL",          "GPL v2",       "GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};

	for (size_t i = 0; i < sizeof(compatible) / sizeof(compatible[0]); i++)
		if (!strcmp(license, compatible[i]))
			return true;
	return false;
}
