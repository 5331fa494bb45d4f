// SPDX-License-Identifier: GPL-2.0-or-later
/* depmod --json: what modules need, for programs. */
#include <stdio.h>
#include <stdlib.h>
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

/* What is to be loaded before the module, in that order: what nothing else needs comes last. */
static void write_files(struct json *json, const struct needs *needs)
{
	json_open(json, "load_first", '[');
	for (size_t i = needs->count; i; i--)
		json_string(json, NULL, needs->list[i - 1]->relative);
	json_close(json, ']');
}

static void write_module(struct json *json, const struct module *module, const struct needs *needs)
{
	json_open(json, NULL, '{');
	json_string(json, "name", module->name);
	json_string(json, "file", module->relative);
	json_open(json, "needs", '[');
	for (size_t i = 0; i < module->nr_needs; i++)
		json_string(json, NULL, module->needs[i]->name);
	json_close(json, ']');
	write_files(json, needs);
	write_infos(json, "softdeps", module, "softdep");
	write_infos(json, "weakdeps", module, "weakdep");
	write_infos(json, "aliases", module, "alias");
	json_close(json, '}');
}

int depmod_write_json(const struct depmod *depmod)
{
	struct json json = {.out = stdout};
	struct needs needs = {0};
	int error = 0;

	json_open(&json, NULL, '{');
	json_string(&json, "release", depmod->options.release);
	json_string(&json, "directory", depmod->options.input);
	json_open(&json, "modules", '[');
	for (size_t i = 0; i < depmod->modules.count && !error; i++) {
		error = depmod_all_needs(depmod->modules.modules[i], &needs);
		if (!error)
			write_module(&json, depmod->modules.modules[i], &needs);
	}
	json_close(&json, ']');
	json_close(&json, '}');
	free(needs.list);
	return error;
}
