// SPDX-License-Identifier: GPL-2.0-or-later
/* depmod --json: what modules need, for programs. */
#include <stdio.h>
#include <string.h>
#include "cli/json.h"
#include "tools/kmod/depmod_output.h"

static void write_infos(struct json *json, const char *key, const struct module *module,
			const char *info)
{
	const char *value;

	json_open(json, key, '[');
	for (size_t at = 0; (value = depmod_next_info(module, info, &at));)
		json_string(json, NULL, value);
	json_close(json, ']');
}

/* The files behind the colon of a line of modules.dep, the one to load first at the start. */
static void write_files(struct json *json, const char *line)
{
	const char *end = line + strlen(line), *start;

	json_open(json, "load_first", '[');
	while ((start = memrchr(line, ' ', end - line))) {
		json_string_length(json, NULL, start + 1, end - start - 1);
		end = start;
	}
	json_close(json, ']');
}

static void write_module(struct json *json, const struct module *module, const char *line)
{
	json_open(json, NULL, '{');
	json_string(json, "name", module->name);
	json_string(json, "file", module->relative);
	json_open(json, "needs", '[');
	for (size_t i = 0; i < module->nr_needs; i++)
		json_string(json, NULL, module->needs[i]->name);
	json_close(json, ']');
	write_files(json, line);
	write_infos(json, "softdeps", module, "softdep");
	write_infos(json, "weakdeps", module, "weakdep");
	write_infos(json, "aliases", module, "alias");
	json_close(json, '}');
}

void depmod_write_json(const struct depmod *depmod)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_string(&json, "release", depmod->options.release);
	json_string(&json, "directory", depmod->options.input);
	json_open(&json, "modules", '[');
	for (size_t i = 0; i < depmod->modules.count; i++)
		write_module(&json, depmod->modules.modules[i],
			     depmod->lines.data + depmod->line_starts[i]);
	json_close(&json, ']');
	json_close(&json, '}');
}
