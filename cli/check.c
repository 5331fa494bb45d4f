// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 check: would these modules load? Runs nothing of them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/arguments.h"
#include "cli/module_set.h"
#include "cli/commands.h"
#include "cli/finder.h"
#include "cli/json.h"
#include "cli/symvers.h"
#include "cli/term.h"
#include "target/target.h"

/* Of lists of symbols. */
#define LINE_WIDTH 80

enum { OPTION_JSON = ARGUMENT_COMMAND };

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	{"verbose", no_argument, NULL, 'v'},
	{"json", no_argument, NULL, OPTION_JSON},
	{0},
};

static const char help[] =
	"Usage: ring3 check [OPTION]... MODULE.ko...\n"
	"Tell whether modules would load: target, vermagic, signature, dependencies and every\n"
	"import that is missing. Nothing of a module is run.\n\n"
	"  -v, --verbose           name every import and who exports it\n"
	"      --json              the same as one JSON document\n" BOX_OPTIONS_HELP
	"  -h, --help              this text\n\n"
	"Exit status: 0 if all would load, 1 if not, 2 for wrong usage.\n";

struct check {
	struct term term;
	struct json out;
	struct r3_box_options options;
	bool json, verbose;
	bool all_load;
};

/* The modules of one target, and a box of it. */
struct group {
	struct module_set set;
	const char *target;
	char *box_error; /* why there is no box, NULL */
	struct symvers symvers;
};

static void on_progress(void *context, const char *what, unsigned int done, unsigned int total)
{
	struct check *check = context;

	term_progress(&check->term, what, done, total);
}

static bool any_readable(const struct module_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr_modules; i++)
		if (set->modules[i]->error == 0)
			return true;
	return false;
}

/* Boot a box that answers for the group's target. Without one the check goes on without imports. */
static void open_box(struct check *check, struct group *group, const char *tree)
{
	struct r3_box_options options = check->options;

	options.size = sizeof(options);
	options.target = group->target;
	options.modules_dir = tree;
	options.cpus = 1;
	options.progress = on_progress;
	options.context = check;
	if (r3_box_new(&group->set.box, &options)) {
		group->set.box = NULL;
		group->box_error = strdup(r3_error());
	} else if (target_headers(group->set.box->target)) {
		symvers_read(&group->symvers, target_headers(group->set.box->target));
	}
	term_progress_end(&check->term);
}

static void close_group(struct group *group)
{
	struct r3_box *box = group->set.box;

	module_set_release(&group->set);
	symvers_release(&group->symvers);
	free(group->box_error);
	if (box)
		r3_box_free(box);
}

static const char *signature_text(const struct judged_module *module)
{
	return module->file.is_signed ? "PKCS#7, not checked" : "none";
}

/* The module of the kernel's own tree that exports it, though no file of it was found; or NULL. */
static const char *absent_owner(const struct group *group, const struct judged_module *module,
				unsigned int import)
{
	if (module->answers[import].state != IMPORT_NOT_EXPORTED)
		return NULL;
	return symvers_owner(&group->symvers, module->file.imports[import].name);
}

/* A missing import, and what it is listed under. */
struct missing {
	const char *name;
	const char *owner; /* absent_owner() */
	enum import_state state;
};

static bool same_reason(const struct missing *a, const struct missing *b)
{
	return a->state == b->state && strcmp(a->owner ?: "", b->owner ?: "") == 0;
}

static int compare_missing(const void *left, const void *right)
{
	const struct missing *a = left, *b = right;
	int order = (int)a->state - (int)b->state;

	if (order == 0)
		order = strcmp(a->owner ?: "", b->owner ?: "");
	return order ? order : strcmp(a->name, b->name);
}

static void print_reason(struct check *check, const struct missing *missing, unsigned int count)
{
	if (missing->owner)
		term_print(&check->term, TERM_RED,
			   "  missing     %u of module %s, which was not found:", count,
			   missing->owner);
	else
		term_print(&check->term, TERM_RED, "  missing     %u that %s:", count,
			   import_state_text(missing->state));
}

/* The names of one reason, as many on a line as fit. */
static void print_names(struct check *check, const struct missing *missing, unsigned int count)
{
	char line[LINE_WIDTH + 1] = "";
	size_t length = 0;
	unsigned int i;

	for (i = 0; i < count; i++) {
		size_t more = strlen(missing[i].name) + 1;

		if (length && length + more > LINE_WIDTH) {
			term_print(&check->term, TERM_PLAIN, "               %s", line);
			length = 0;
		}
		snprintf(line + length, sizeof(line) - length, " %s", missing[i].name);
		length += more;
	}
	term_print(&check->term, TERM_PLAIN, "               %s", line);
}

static void print_missing(struct check *check, const struct group *group,
			  const struct judged_module *module)
{
	struct missing *list = calloc(module->nr_missing + 1, sizeof(*list));
	unsigned int i, from, to, count = 0;

	for (i = 0; list && i < module->file.nr_imports; i++)
		if (import_is_missing(module->answers[i].state))
			list[count++] = (struct missing){
				.name = module->file.imports[i].name,
				.owner = absent_owner(group, module, i),
				.state = module->answers[i].state,
			};
	if (count)
		qsort(list, count, sizeof(*list), compare_missing);
	for (from = 0; from < count; from = to) {
		for (to = from + 1; to < count && same_reason(&list[from], &list[to]); to++)
			;
		print_reason(check, &list[from], to - from);
		print_names(check, &list[from], to - from);
	}
	free(list);
}

static void print_imports(struct check *check, const struct group *group,
			  const struct judged_module *module)
{
	const struct module_file *file = &module->file;
	const struct import_answer *answer;
	unsigned int i;

	if (module->nr_missing)
		term_print(&check->term, TERM_PLAIN, "  imports     %u, %u of them missing",
			   file->nr_imports, module->nr_missing);
	else
		term_print(&check->term, TERM_PLAIN, "  imports     %u, all found",
			   file->nr_imports);
	print_missing(check, group, module);
	for (i = 0; check->verbose && i < file->nr_imports; i++) {
		answer = &module->answers[i];
		if (import_is_missing(answer->state))
			continue;
		term_print(&check->term, TERM_DIM, "              %s %s%s%s%s",
			   file->imports[i].name,
			   answer->state == IMPORT_WEAK ? "is weak, and stays unresolved"
			   : answer->provider           ? "from module "
							: "from the kernel",
			   answer->provider ? answer->provider->file.name : "",
			   answer->namespace ? ", namespace " : "", answer->namespace ?: "");
	}
}

static void print_dependencies(struct check *check, const struct judged_module *module)
{
	const struct judged_dependency *dependency;
	unsigned int i;

	if (module->nr_dependencies == 0)
		term_print(&check->term, TERM_PLAIN, "  depends     on no module");
	for (i = 0; i < module->nr_dependencies; i++) {
		dependency = &module->dependencies[i];
		if (!dependency->module)
			term_print(&check->term, TERM_RED, "  depends     on %s: not found",
				   dependency->name);
		else if (dependency->module->verdict == VERDICT_LOADS ||
			 dependency->module->verdict == VERDICT_OPEN)
			term_print(&check->term, TERM_PLAIN, "  depends     on %s: %s",
				   dependency->name, dependency->module->file.path);
		else
			term_print(&check->term, TERM_RED,
				   "  depends     on %s: %s, which would not load",
				   dependency->name, dependency->module->file.path);
	}
}

static void print_verdict(struct check *check, const struct group *group,
			  const struct judged_module *module)
{
	const char *path = module->file.path;

	switch (module->verdict) {
	case VERDICT_LOADS:
		term_print(&check->term, TERM_GREEN, "%s: would load", path);
		break;
	case VERDICT_INVALID:
		term_print(&check->term, TERM_BOLD_RED, "%s: would not load: %s", path,
			   module->error == -ENOEXEC ? "Invalid module format"
						     : strerror(-module->error));
		break;
	case VERDICT_OPEN:
		term_print(&check->term, TERM_BOLD_RED, "%s: cannot tell: %s", path,
			   group->box_error);
		break;
	case VERDICT_BLOCKED:
	case VERDICT_DEPENDENCY:
		term_print(&check->term, TERM_BOLD_RED, "%s: would not load", path);
		break;
	}
}

static void print_problem(struct check *check, const struct judged_module *module)
{
	const struct elf_problem *problem = &module->problem;

	if (*problem->message && !strstr(problem->message, strerror(-module->error)))
		term_print(&check->term, TERM_PLAIN, "  %s", problem->message);
	if (*problem->advice)
		term_print(&check->term, TERM_PLAIN, "  %s", problem->advice);
}

static void print_module(struct check *check, const struct group *group,
			 const struct judged_module *module)
{
	const struct module_file *file = &module->file;
	const char *kernel = module_set_vermagic(&group->set);

	print_verdict(check, group, module);
	if (module->error) {
		print_problem(check, module);
		return;
	}
	term_print(&check->term, TERM_PLAIN, "  target      %s", group->target);
	if (!file->vermagic)
		term_print(&check->term, TERM_PLAIN,
			   "  vermagic    none: loading it taints the kernel");
	else if (module->wrong_vermagic)
		term_print(&check->term, TERM_RED, "  vermagic    '%s' should be '%s'",
			   file->vermagic, kernel);
	else
		term_print(&check->term, TERM_PLAIN, "  vermagic    '%s'%s", file->vermagic,
			   kernel ? ": matches" : "");
	if (module->wrong_layout)
		term_print(&check->term, TERM_RED,
			   "  versions    module_layout differs: built for another configuration");
	term_print(&check->term, TERM_PLAIN, "  signature   %s", signature_text(module));
	term_print(&check->term, TERM_PLAIN, "  license     %s%s",
		   file->license ? file->license : "unspecified",
		   file->gpl_compatible ? ""
					: ": not GPL-compatible, loading it taints the kernel");
	print_dependencies(check, module);
	if (module->answers)
		print_imports(check, group, module);
}

static void write_imports(struct json *json, const struct group *group,
			  const struct judged_module *module, bool all)
{
	const struct module_file *file = &module->file;
	const struct import_answer *answer;
	unsigned int i;

	json_unsigned(json, "imports", file->nr_imports);
	json_open(json, all ? "symbols" : "missing", '[');
	for (i = 0; i < file->nr_imports; i++) {
		answer = &module->answers[i];
		if (!all && !import_is_missing(answer->state))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "name", file->imports[i].name);
		json_string(json, "state", import_state_word(answer->state));
		json_string(json, "module",
			    answer->provider
				    ? answer->provider->file.name
				    : symvers_owner(&group->symvers, file->imports[i].name));
		json_string(json, "namespace", answer->namespace);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_module(struct check *check, const struct group *group,
			 const struct judged_module *module)
{
	const struct module_file *file = &module->file;
	struct json *json = &check->out;
	unsigned int i;

	json_open(json, NULL, '{');
	json_string(json, "file", file->path);
	json_string(json, "verdict", verdict_word(module->verdict));
	json_string(json, "target", group->target);
	if (module->error) {
		json_number(json, "error", module->error);
		json_string(json, "message", module->problem.message);
		json_close(json, '}');
		return;
	}
	if (group->box_error)
		json_string(json, "message", group->box_error);
	json_string(json, "name", file->name);
	json_string(json, "vermagic", file->vermagic);
	json_bool(json, "vermagic_matches", !module->wrong_vermagic);
	json_bool(json, "layout_matches", !module->wrong_layout);
	json_bool(json, "signed", file->is_signed);
	json_string(json, "license", file->license);
	json_open(json, "depends", '[');
	for (i = 0; i < module->nr_dependencies; i++) {
		const struct judged_module *other = module->dependencies[i].module;

		json_open(json, NULL, '{');
		json_string(json, "name", module->dependencies[i].name);
		json_string(json, "file", other ? other->file.path : NULL);
		json_string(json, "verdict", other ? verdict_word(other->verdict) : "not-found");
		json_close(json, '}');
	}
	json_close(json, ']');
	if (module->answers)
		write_imports(json, group, module, check->verbose);
	json_close(json, '}');
}

static const char *target_of(const struct check *check, const struct judged_module *module)
{
	return check->options.target ? check->options.target : module_file_target(&module->file);
}

/* Check the modules of list from index first on that have its target; they are taken out. */
static int check_group(struct check *check, struct judged_module **list, unsigned int count,
		       unsigned int first)
{
	struct group group = {.target = target_of(check, list[first])};
	bool builtin = strcmp(group.target, "builtin") == 0;
	unsigned int i, asked = 0;
	struct finder finder;
	char *tree;
	int error = 0;

	tree = finder_tree(check->options.modules_dir, builtin ? NULL : group.target,
			   list[first]->file.path);
	finder_init(&finder, tree);
	for (i = first; !error && i < count; i++) {
		if (!list[i] || strcmp(target_of(check, list[i]), group.target))
			continue;
		error = module_set_add(&group.set, list[i]);
		if (i > first) /* its target's name is still in use */
			list[i] = NULL;
		asked++;
	}
	if (!error)
		error = module_set_add_dependencies(&group.set, &finder);
	if (!error && any_readable(&group.set))
		open_box(check, &group, tree);
	if (!error)
		error = module_set_resolve(&group.set);
	for (i = 0; !error && i < asked; i++) {
		check->all_load &= group.set.modules[i]->verdict == VERDICT_LOADS;
		if (check->json)
			write_module(check, &group, group.set.modules[i]);
		else
			print_module(check, &group, group.set.modules[i]);
	}
	list[first] = NULL;
	close_group(&group);
	finder_release(&finder);
	free(tree);
	return error;
}

static int check_files(struct check *check, unsigned int count, char **paths)
{
	struct judged_module **list = calloc(count, sizeof(struct judged_module *));
	unsigned int i;
	int error = 0;

	if (!list)
		return EXIT_FAILURE;
	for (i = 0; i < count; i++) {
		list[i] = judged_module_read(paths[i]);
		if (!list[i])
			return EXIT_FAILURE;
	}
	check->all_load = true;
	if (check->json) {
		json_open(&check->out, NULL, '{');
		json_open(&check->out, "modules", '[');
	}
	for (i = 0; !error && i < count; i++)
		if (list[i])
			error = check_group(check, list, count, i);
	if (check->json) {
		json_close(&check->out, ']');
		json_bool(&check->out, "all_load", check->all_load && !error);
		json_close(&check->out, '}');
	}
	free(list);
	if (error)
		term_error(&check->term, "%s", strerror(-error));
	return error || !check->all_load ? EXIT_FAILURE : EXIT_SUCCESS;
}

int cmd_check(int argc, char **argv)
{
	struct check check = {.out = {.out = stdout}};
	int option;

	term_init(&check.term);
	while ((option = getopt_long(argc, argv, "hvk:", long_options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(help, stdout);
			return EXIT_SUCCESS;
		case 'v':
			check.verbose = true;
			break;
		case OPTION_JSON:
			check.json = true;
			break;
		case '?':
			fputs("Try 'ring3 check --help'.\n", stderr);
			return EXIT_USAGE;
		default:
			if (box_argument("check", &check.options, option, optarg))
				return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return usage_error("check", "which module?");
	return check_files(&check, argc - optind, argv + optind);
}
