// SPDX-License-Identifier: GPL-2.0-or-later
/* The document of --json. */
#include "cli/run.h"

static void write_module(struct json *json, const struct load_item *module)
{
	json_open(json, NULL, '{');
	json_string(json, "name", module->file.name);
	json_string(json, "file", module->file.path);
	json_string(json, "parameters", module->parameters);
	json_bool(json, "dependency", module->dependency);
	json_bool(json, "loaded", module->loaded);
	json_number(json, "load_result", module->load_error);
	if (module->load_error) {
		json_string(json, "load_error", load_error_text(module->load_error));
		json_string(json, "message", module->message);
	}
	if (module->loaded) {
		json_address(json, "address", module->address);
		json_unsigned(json, "core_size", module->core_size);
		json_unsigned(json, "init_size", module->init_size);
		json_string(json, "taints", module->taints);
		json_bool(json, "unloaded", module->unloaded);
		json_number(json, "unload_result", module->unload_error);
		json_number(json, "references_left", module->refcount);
	}
	json_close(json, '}');
}

void run_write(struct run *run, FILE *out, bool clean)
{
	struct json json = {.out = out};
	unsigned int i;

	json_open(&json, NULL, '{');
	json_string(&json, "target", run->options.target);
	json_string(&json, "release", run->box ? r3_box_release(run->box) : NULL);
	if (run->boot_error)
		json_string(&json, "error", run->boot_error);
	json_bool(&json, "clean", clean);
	json_open(&json, "modules", '[');
	for (i = 0; i < run->plan.nr_order; i++)
		write_module(&json, run->plan.order[i]);
	json_close(&json, ']');
	json_open(&json, "calls", '[');
	for (i = 0; i < run->nr_calls && run->calls[i].done; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "call", run->calls[i].spelled);
		json_number(&json, "error", run->calls[i].error);
		json_number(&json, "returned", (int)run->calls[i].result);
		json_address(&json, "register", run->calls[i].result);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	if (run->probes)
		probe_set_write(run->probes, &json);
	report_write(&run->report, &json);
	recording_write(&run->recording, &json);
	json_close(&json, '}');
}
