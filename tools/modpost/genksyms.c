// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Versions that genksyms made. NAME.mod, of the kernel .vmlinux.objs, lists the
 * objects that were linked; beside each lies .OBJECT.cmd with lines
 * "#SYMVER symbol 0xversion".
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static const char mark[] = "#SYMVER ";

static void read_line(struct modpost *mp, struct mp_module *module, char *line)
{
	char *name = line + strlen(mark), *number = strchr(name, ' '), *end;
	struct mp_symbol *symbol;
	unsigned long crc;

	if (!number || !isdigit((unsigned char)number[1]))
		return;
	*number++ = '\0';
	crc = strtoul(number, &end, 0);
	/* genksyms knows of exports that were trimmed since, too. */
	symbol = mp_export_find(mp, name);
	if (*end || !symbol || symbol->module != module)
		return;
	symbol->crc = crc;
	symbol->has_crc = true;
}

static void read_object(struct modpost *mp, struct mp_module *module, const char *object)
{
	const char *slash = strrchr(object, '/');
	int directory = slash ? slash + 1 - object : 0;
	char path[4096], *data, *line, *end;
	size_t size;

	if (snprintf(path, sizeof(path), "%.*s.%s.cmd", directory, object, object + directory) >=
	    (int)sizeof(path))
		return;
	if (file_read(path, &data, &size))
		return;
	for (line = data; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		if (!strncmp(line, mark, strlen(mark)))
			read_line(mp, module, line);
	}
	free(data);
}

void genksyms_read(struct modpost *mp, struct mp_module *module)
{
	char path[4096], *data, *object, *rest;
	size_t size;

	if (module->is_kernel)
		snprintf(path, sizeof(path), KERNEL_OBJECTS);
	else if (snprintf(path, sizeof(path), "%s.mod", module->name) >= (int)sizeof(path))
		return;
	if (file_read(path, &data, &size))
		return; /* check.c tells which exports have no version */
	for (object = strtok_r(data, "\n", &rest); object; object = strtok_r(NULL, "\n", &rest))
		read_object(mp, module, object);
	free(data);
}
