// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/report.h"
#include "cli/unload.h"
#include "tools/kmod/insert_error.h"

const char *load_error_text(int error)
{
	return error == -R3_EOOPS ? "it oopsed" : insert_error(error);
}

const char *unload_error_text(int error)
{
	switch (-error) {
	case EAGAIN:
		return "Module is in use";
	case ENOENT:
		return "Module is not currently loaded";
	case R3_EOOPS:
		return "it oopsed";
	}
	return strerror(-error);
}

struct collection {
	struct report *report;
	const struct load_plan *plan;
	struct module_names live;
};

static bool still_loaded(const struct load_plan *plan, const char *name)
{
	const struct load_item *module = load_plan_find(plan, name);

	return module && module->loaded && !module->unloaded;
}

/* What a module has that the kernel asked for, and still uses, is not left behind. */
static bool is_in_use(const struct collection *collection, const char *module)
{
	if (!load_plan_find(collection->plan, module))
		return module_names_have(&collection->live, module);
	return collection->report->kept && still_loaded(collection->plan, module);
}

static int add_leak(void *context, const struct r3_leak *leak)
{
	struct collection *collection = context;
	struct report *report = collection->report;
	struct report_leak *grown;

	if (is_in_use(collection, leak->module))
		return 0;
	grown = realloc(report->leaks, (report->nr_leaks + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	report->leaks = grown;
	grown[report->nr_leaks++] = (struct report_leak){
		.module = strdup(leak->module),
		.function = strdup(leak->function),
		.kind = strdup(leak->kind),
		.count = leak->count,
		.bytes = leak->bytes,
	};
	return 0;
}

int report_collect(struct report *report, struct r3_box *box, const struct load_plan *plan,
		   const char *kept)
{
	struct collection collection = {report, plan, {0}};
	const struct load_item *module;
	unsigned int i;
	int error;

	*report = (struct report){.kept = kept};
	module_names_read(&collection.live, box);
	error = r3_leak_each(box, add_leak, &collection);
	module_names_release(&collection.live);
	if (!error)
		error = r3_box_report(box, &report->totals);
	report->clean = !error && report->nr_leaks == 0 && report->totals.warnings == 0 &&
			report->totals.oopses == 0 && report->totals.panics == 0;
	for (i = 0; i < plan->nr_order; i++) {
		module = plan->order[i];
		report->loaded += module->loaded;
		report->stuck += module->loaded && !module->unloaded;
		report->referenced += module->loaded && module->refcount > 0;
		if (!module->loaded || (!module->unloaded && !kept) || module->refcount > 0)
			report->clean = false;
	}
	return error;
}

struct strangers {
	struct report *report;
	const struct load_plan *plan;
};

static int add_stranger(void *context, const struct r3_module_info *info)
{
	struct strangers *strangers = context;
	struct report *report = strangers->report;
	char **grown;

	if (load_plan_find(strangers->plan, info->name))
		return 0;
	if (report->kept) {
		report->stuck++;
		return 0;
	}
	/* What a library's own initcall asked for is in use by nobody's fault. */
	if (!*info->users && !info->refcount)
		return 0;
	grown = realloc(report->strangers, (report->nr_strangers + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	report->strangers = grown;
	grown[report->nr_strangers++] = strdup(info->name);
	report->clean = false;
	return 0;
}

void report_strangers(struct report *report, struct r3_box *box, const struct load_plan *plan)
{
	struct strangers strangers = {report, plan};

	r3_module_each(box, add_stranger, &strangers);
	/* Clients have loaded others, and some perhaps more than once. */
	if (report->totals.modules > report->loaded)
		report->loaded = report->totals.modules;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* What is registered and not allocated: it has no size. */
static bool is_registration(const struct report_leak *leak)
{
	return !strcmp(leak->kind, "kprobe") || !strcmp(leak->kind, "kretprobe");
}

static void print_registration(struct term *term, const struct report_leak *leak, bool in_use)
{
	term_print(term, TERM_PLAIN, "  %s: %" PRIu64 " %s%s %s, registered by %s", leak->module,
		   leak->count, leak->kind, plural(leak->count),
		   in_use ? "still in use" : "never unregistered", leak->function);
}

static void print_leaks(const struct report *report, struct term *term,
			const struct load_plan *plan)
{
	const struct report_leak *leak;
	unsigned int i;

	for (i = 0; i < report->nr_leaks; i++) {
		leak = &report->leaks[i];
		if (is_registration(leak)) {
			print_registration(term, leak, still_loaded(plan, leak->module));
			continue;
		}
		term_print(term, TERM_PLAIN,
			   "  %s: %" PRIu64 " byte%s in %" PRIu64
			   " piece%s (%s) %s, allocated by %s",
			   leak->module, leak->bytes, plural(leak->bytes), leak->count,
			   plural(leak->count), leak->kind,
			   still_loaded(plan, leak->module) ? "still in use" : "never freed",
			   leak->function);
	}
}

static void print_modules(struct term *term, const struct load_plan *plan)
{
	const struct load_item *module;
	unsigned int i;

	for (i = 0; i < plan->nr_order; i++) {
		module = plan->order[i];
		if (module->refcount > 0 && module->loaded)
			term_print(term, TERM_PLAIN, "  %s: %d reference%s left", module->file.name,
				   module->refcount, plural(module->refcount));
		if (module->load_error)
			term_print(term, TERM_PLAIN, "  %s: not loaded: %s", module->file.name,
				   load_error_text(module->load_error));
		else if (!module->loaded)
			term_print(term, TERM_PLAIN, "  %s: not tried", module->file.name);
		else if (!module->unloaded)
			term_print(term, TERM_PLAIN, "  %s: not unloaded: %s", module->file.name,
				   unload_error_text(module->unload_error));
	}
}

void report_print(const struct report *report, struct term *term, const struct load_plan *plan)
{
	const struct r3_box_report *totals = &report->totals;

	if (report->clean && report->stuck == 0)
		term_print(term, TERM_GREEN,
			   "ring3: clean: %u module%s loaded and unloaded; no memory left, "
			   "no references, no warnings, no oopses",
			   report->loaded, plural(report->loaded));
	else if (report->clean)
		term_print(term, TERM_GREEN,
			   "ring3: clean: %u module%s loaded, %u left, since %s; no warnings, no "
			   "oopses",
			   report->loaded, plural(report->loaded), report->stuck, report->kept);
	else
		term_print(term, TERM_BOLD_RED, "ring3: not clean:");
	print_modules(term, plan);
	for (unsigned int i = 0; i < report->nr_strangers; i++)
		term_print(term, TERM_PLAIN, "  %s: not unloaded: it is in use",
			   report->strangers[i]);
	print_leaks(report, term, plan);
	if (totals->warnings)
		term_print(term, TERM_PLAIN, "  %u warning%s", totals->warnings,
			   plural(totals->warnings));
	if (totals->oopses)
		term_print(term, TERM_PLAIN, "  %u oops%s", totals->oopses,
			   totals->oopses == 1 ? "" : "es");
	if (totals->panics)
		term_print(term, TERM_PLAIN, "  the kernel panicked");
}

void report_write(const struct report *report, struct json *json)
{
	unsigned int i;

	json_open(json, "report", '{');
	json_bool(json, "clean", report->clean);
	json_unsigned(json, "warnings", report->totals.warnings);
	json_unsigned(json, "oopses", report->totals.oopses);
	json_unsigned(json, "panics", report->totals.panics);
	json_unsigned(json, "taint", report->totals.taint);
	json_unsigned(json, "memory_used", report->totals.memory_used);
	json_open(json, "leaks", '[');
	for (i = 0; i < report->nr_leaks; i++) {
		json_open(json, NULL, '{');
		json_string(json, "module", report->leaks[i].module);
		json_string(json, "function", report->leaks[i].function);
		json_string(json, "kind", report->leaks[i].kind);
		json_unsigned(json, "count", report->leaks[i].count);
		json_unsigned(json, "bytes", report->leaks[i].bytes);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

void report_release(struct report *report)
{
	unsigned int i;

	for (i = 0; i < report->nr_leaks; i++) {
		free(report->leaks[i].module);
		free(report->leaks[i].function);
		free(report->leaks[i].kind);
	}
	free(report->leaks);
	for (i = 0; i < report->nr_strangers; i++)
		free(report->strangers[i]);
	free(report->strangers);
	*report = (struct report){0};
}
