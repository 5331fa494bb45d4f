// SPDX-License-Identifier: GPL-2.0-or-later
/* Module.symvers: CRC, symbol, module, kind of export and namespace, split by tabs. And nsdeps. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

enum { FIELD_CRC, FIELD_SYMBOL, FIELD_MODULE, FIELD_EXPORT, FIELD_NAMESPACE, NR_FIELDS };

/* Split a line in place. Older kernels wrote no namespace column. */
static bool split_line(char *line, char *fields[NR_FIELDS])
{
	unsigned int i;

	for (i = 0; i < NR_FIELDS; i++) {
		fields[i] = line;
		line += strcspn(line, "\t");
		if (*line)
			*line++ = '\0';
	}
	return *fields[FIELD_SYMBOL] && *fields[FIELD_MODULE];
}

static int add_line(struct modpost *mp, const char *path, unsigned int number, char *line)
{
	char *fields[NR_FIELDS], *end;
	struct mp_module *module;
	struct mp_symbol *symbol;
	unsigned long crc;
	bool gpl_only;

	if (!split_line(line, fields))
		goto malformed;
	crc = strtoul(fields[FIELD_CRC], &end, 16);
	if (end == fields[FIELD_CRC] || *end || crc > UINT32_MAX)
		goto malformed;
	gpl_only = !strcmp(fields[FIELD_EXPORT], "EXPORT_SYMBOL_GPL");
	if (!gpl_only && strcmp(fields[FIELD_EXPORT], "EXPORT_SYMBOL")) {
		mp_error(mp, "%s: unknown license %s. skip", fields[FIELD_SYMBOL],
			 fields[FIELD_EXPORT]);
		return 0;
	}
	module = mp_module_find(mp, fields[FIELD_MODULE]);
	if (!module) {
		module = mp_module_new(mp, fields[FIELD_MODULE], strlen(fields[FIELD_MODULE]));
		if (!module)
			return -ENOMEM;
		module->from_symvers = true;
	}
	symbol = mp_export_add(mp, module, fields[FIELD_SYMBOL], gpl_only, fields[FIELD_NAMESPACE]);
	if (!symbol)
		return -ENOMEM;
	symbol->crc = crc;
	symbol->has_crc =
		true; /* 0: exported by a build without versions; Linux records that, too */
	return 0;

malformed:
	mp_error(mp, "parse error in symbol dump file %s, line %u", path, number);
	return 0;
}

int modpost_read_symvers(struct modpost *mp, const char *path)
{
	unsigned int number = 0;
	char *data, *line, *end;
	size_t size;
	int ret;

	ret = file_read(path, &data, &size);
	if (ret)
		return ret;
	for (line = data; *line && !ret; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		ret = add_line(mp, path, ++number, line);
	}
	free(data);
	return ret;
}

int modpost_write_symvers(struct modpost *mp, const char *path)
{
	const struct mp_module *module;
	const struct mp_symbol *symbol;
	struct text text = {};
	int ret;

	for (module = mp->modules; module; module = module->next) {
		if (module->from_symvers)
			continue;
		for (symbol = module->exports.first; symbol; symbol = symbol->next)
			if (!mp->options.trim_exports || symbol->used)
				text_printf(&text, "0x%08x\t%s\t%s\tEXPORT_SYMBOL%s\t%s\n",
					    symbol->crc, symbol->name, module->name,
					    symbol->gpl_only ? "_GPL" : "", symbol->namespace);
	}
	ret = file_write(path, &text);
	text_release(&text);
	return ret;
}

int modpost_write_namespace_deps(struct modpost *mp, const char *path)
{
	const struct mp_module *module;
	struct text text = {};
	unsigned int i;
	int ret;

	for (module = mp->modules; module; module = module->next) {
		const struct name_list *missing = &module->missing_namespaces;

		if (!missing->count)
			continue;
		text_printf(&text, "%s.ko:", module->name);
		for (i = 0; i < missing->count; i++)
			text_printf(&text, " %s", missing->names[i]);
		text_printf(&text, "\n");
	}
	ret = file_write_if_changed(path, &text);
	text_release(&text);
	return ret;
}
