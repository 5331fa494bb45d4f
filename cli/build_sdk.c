// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The SDK's way, the steps of Kbuild: each source to .o, the parts of a module
 * to one NAME.o, modpost over all of them to NAME.mod.c, that to NAME.mod.o,
 * and both to NAME.ko.
 */
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/build_sdk.h"

/* The directory that this program lies in. */
static char *program_directory(struct build *b)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length < 0)
		return NULL;
	path[length] = '\0';
	return path_directory(b, path);
}

/* The first that exists, relative to the program's directory. */
static char *find_near_program(struct build *b, const char *const *candidates)
{
	char *directory = program_directory(b), *path;

	for (; directory && *candidates; candidates++) {
		path = build_format(b, "%s/%s", directory, *candidates);
		if (path_exists(path))
			return path;
	}
	return NULL;
}

/* What the builtin kernel of a build tree exports. */
static char *built_symvers(struct build *b)
{
	static const char *const places[] = {"runtime/Module.symvers", "../runtime/Module.symvers",
					     NULL};

	return find_near_program(b, places);
}

/* A program in its build tree uses the SDK that it was built with, others the installed one. */
static const char *find_sdk(struct build *b)
{
	bool is_built = built_symvers(b);
	const char *const places[] = {getenv("RING3_DATA"),
				      is_built ? R3_SOURCE_DATADIR : R3_DATADIR,
				      is_built ? R3_DATADIR : R3_SOURCE_DATADIR};
	unsigned int i;

	if (getenv("RING3_SDK"))
		return getenv("RING3_SDK");
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *path = places[i] ? build_format(b, "%s/sdk", places[i]) : NULL;

		if (path && path_exists(build_format(b, "%s/module.lds", path)))
			return path;
	}
	return build_format(b, "%s/sdk", R3_DATADIR);
}

/* Options of gcc that clang 14 has not: it records no call sites of __fentry__. */
static bool is_option_of(const char *cc, const char *option)
{
	static const char *const gcc_only[] = {"-pg", "-mfentry", "-mrecord-mcount",
					       "-mskip-rax-setup"};
	unsigned int i;

	for (i = 0; i < sizeof(gcc_only) / sizeof(gcc_only[0]); i++)
		if (strstr(cc, "clang") && !strcmp(option, gcc_only[i]))
			return false;
	return true;
}

/* The headers, then the options in SDK/flags, which is a response file of the compiler. */
static const char *read_flags(struct build *b, const char *sdk, const char *cc)
{
	char *text = read_text(b, build_format(b, "%s/flags%s", sdk, b->scheme24 ? "-2.4" : ""));
	struct strings words = {}, flags = {};
	unsigned int i;

	if (!text)
		return NULL;
	if (b->scheme24)
		strings_add(b, &flags, build_format(b, "-I%s/include-2.4", shell_quote(b, sdk)));
	strings_add(b, &flags, build_format(b, "-I%s/include", shell_quote(b, sdk)));
	strings_add_words(b, &words, text);
	for (i = 0; i < words.count; i++)
		if (is_option_of(cc, words.items[i]))
			strings_add(b, &flags, words.items[i]);
	return strings_join(b, &flags);
}

/* Was the builtin kernel built with versions? Then module_layout has one. */
static bool symvers_has_versions(struct build *b, const char *path)
{
	static const char unversioned[] = "0x00000000", symbol[] = "\tmodule_layout\t";
	const char *text = read_text(b, path);
	const char *line = text ? strstr(text, symbol) : NULL;

	return line && line - text >= (ptrdiff_t)strlen(unversioned) &&
	       strncmp(line - strlen(unversioned), unversioned, strlen(unversioned));
}

const char *find_modpost(struct build *b)
{
	static const char *const places[] = {"ring3-modpost", "tools/modpost/ring3-modpost",
					     "../tools/modpost/ring3-modpost", NULL};
	const char *path = getenv("RING3_MODPOST");
	char *absolute;

	if (!path)
		path = find_near_program(b, places);
	absolute = path ? realpath(path, NULL) : NULL; /* Kbuild runs elsewhere */
	if (!absolute)
		build_error("ring3-modpost is not beside this program (RING3_MODPOST)");
	path = absolute ? build_format(b, "%s", absolute) : NULL;
	free(absolute);
	return path;
}

static int sdk_open(struct sdk *sdk, struct build *b)
{
	char *symvers;

	sdk->b = b;
	sdk->path = find_sdk(b);
	sdk->cc = getenv("CC") ? getenv("CC") : "gcc";
	sdk->ld = getenv("LD") ? getenv("LD") : "ld";
	sdk->objcopy = getenv("OBJCOPY") ? getenv("OBJCOPY") : "objcopy";
	sdk->flags = read_flags(b, sdk->path, sdk->cc);
	if (!sdk->flags)
		return build_error("no SDK in %s (RING3_SDK): %s", sdk->path, strerror(errno));
	sdk->modpost = find_modpost(b);
	if (!sdk->modpost)
		return EXIT_FAILURE;
	symvers = build_format(b, "%s/Module.symvers", sdk->path);
	if (!path_exists(symvers))
		symvers = built_symvers(b);
	sdk->symvers = symvers;
	sdk->has_versions = symvers && !b->no_versions && symvers_has_versions(b, symvers);
	return 0;
}

char *work_path(struct sdk *sdk, const char *name, const char *suffix)
{
	return build_format(sdk->b, "%s/%s%s", sdk->b->work, name, suffix);
}

char *object_path(struct sdk *sdk, const char *name)
{
	return work_path(sdk, name, ".o");
}

char *result_path(struct sdk *sdk, const char *name)
{
	struct build *b = sdk->b;
	const char *directory = b->output ? b->output : b->source_dir;

	if (!strcmp(directory, "."))
		return build_format(b, "%s", name);
	return build_format(b, "%s/%s", directory, name);
}

/* Kbuild's name-fix-token: '-' and ',' cannot be in a C name. */
static char *c_name(struct build *b, const char *name)
{
	char *copy = build_format(b, "%s", name), *c;

	for (c = copy; *c; c++)
		if (*c == '-' || *c == ',')
			*c = '_';
	return copy;
}

/* What Kbuild defines for each file of a module: c_flags of scripts/Makefile.lib. */
static char *name_flags(struct build *b, const char *base, const char *module)
{
	module = c_name(b, module);
	return build_format(b,
			    "-DKBUILD_BASENAME='\"%s\"' -DKBUILD_MODNAME='\"%s\"' "
			    "-D__KBUILD_MODNAME=kmod_%s",
			    c_name(b, base), module, module);
}

static void add_compile(struct sdk *sdk, struct tasks *tasks, const char *what, const char *target,
			const char *source, const char *flags, const char *names)
{
	struct build *b = sdk->b;
	struct task *task = task_add(b, tasks, what, target);
	const char *user_flags = strings_join(b, &b->flags);

	task->source = source;
	task->depfile = build_format(b, "%s/.%s.d", path_directory(b, target), path_base(target));
	/* modpost makes versions of debugging information: DWARF 4, alike of any compiler. */
	task->command =
		build_format(b, "%s -MMD -MF %s %s%s%s %s -gdwarf-4 -c -o %s %s", sdk->cc,
			     shell_quote(b, task->depfile), flags, *user_flags ? " " : "",
			     user_flags, names, shell_quote(b, target), shell_quote(b, source));
}

static char *base_without_suffix(struct build *b, const char *path)
{
	const char *base = path_base(path), *dot = strrchr(base, '.');

	return build_format(b, "%.*s", dot ? (int)(dot - base) : (int)strlen(base), base);
}

static int compile_objects(struct sdk *sdk, const struct plan *plan, struct tasks *tasks)
{
	unsigned int i, j;

	for (i = 0; i < plan->count; i++) {
		for (j = 0; j < plan->modules[i].count; j++) {
			struct plan_object *object = &plan->modules[i].objects[j];
			bool is_assembly = object->source[strlen(object->source) - 1] == 'S';
			const char *names =
				name_flags(sdk->b, base_without_suffix(sdk->b, object->source),
					   object->module);

			if (is_assembly)
				names = build_format(sdk->b, "-D__ASSEMBLY__ %s", names);
			add_compile(sdk, tasks, is_assembly ? "AS [M]" : "CC [M]",
				    object_path(sdk, object->name), object->source, object->flags,
				    names);
		}
	}
	return tasks_run(sdk->b, tasks);
}

static int link_composites(struct sdk *sdk, const struct plan *plan, struct tasks *tasks)
{
	struct build *b = sdk->b;
	unsigned int i, j;

	for (i = 0; i < plan->count; i++) {
		const struct plan_module *module = &plan->modules[i];
		struct strings quoted = {};
		struct task *task;

		if (!module->composite)
			continue;
		task = task_add(b, tasks, "LD [M]", object_path(sdk, module->name));
		for (j = 0; j < module->count; j++) {
			char *object = object_path(sdk, module->objects[j].name);

			strings_add(b, &task->inputs, object);
			strings_add(b, &quoted, shell_quote(b, object));
		}
		task->command =
			build_format(b, "%s -m elf_x86_64 -z noexecstack%s%s -r -o %s %s", sdk->ld,
				     *module->ldflags ? " " : "", module->ldflags,
				     shell_quote(b, task->target), strings_join(b, &quoted));
	}
	return tasks_run(b, tasks);
}

/* NAME.mod lists the objects of a module; srcversion is made from it. */
static int write_object_lists(struct sdk *sdk, const struct plan *plan)
{
	struct build *b = sdk->b;
	unsigned int i, j;

	for (i = 0; i < plan->count; i++) {
		const struct plan_module *module = &plan->modules[i];
		struct strings list = {};
		int ret;

		for (j = 0; j < module->count; j++)
			strings_add(
				b, &list,
				build_format(b, "%s\n", object_path(sdk, module->objects[j].name)));
		ret = write_text(build_format(b, "%s/%s.mod", b->work, module->name),
				 strings_join(b, &list));
		if (ret)
			return ret;
	}
	return 0;
}

/* Every Module.symvers that the modules may build on. */
static int collect_symvers(struct sdk *sdk, const struct plan *plan, struct strings *files)
{
	const struct strings *lists[] = {&sdk->b->symvers, &plan->symvers};
	unsigned int i, j;

	if (sdk->symvers)
		strings_add(sdk->b, files, sdk->symvers);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < lists[i]->count; j++) {
			if (!path_exists(lists[i]->items[j]))
				return build_error("%s: %s", lists[i]->items[j], strerror(errno));
			strings_add(sdk->b, files, lists[i]->items[j]);
		}
	}
	return 0;
}

static int run_modpost(struct sdk *sdk, const struct plan *plan, struct tasks *tasks)
{
	struct build *b = sdk->b;
	struct strings files = {}, words = {};
	struct task *task;
	unsigned int i;

	if (write_object_lists(sdk, plan) || collect_symvers(sdk, plan, &files))
		return EXIT_FAILURE;
	if (!sdk->symvers)
		fprintf(stderr, "WARNING: Module.symvers is missing.\n"
				"         Modules may not have dependencies or modversions.\n"
				"         You may get many unresolved symbol warnings.\n");
	task = task_add(b, tasks, "MODPOST", work_path(sdk, "Module.symvers", ""));
	strings_add(b, &words, shell_quote(b, sdk->modpost));
	strings_add(b, &words,
		    b->scheme24 ? "--scheme 2.4 -e --type-versions" : "-e -M --type-versions");
	if (sdk->has_versions)
		strings_add(b, &words, "-m");
	if (b->warn_unresolved || !sdk->symvers)
		strings_add(b, &words, "-w");
	if (b->extra_warnings)
		strings_add(b, &words, "-W");
	for (i = 0; i < files.count; i++) {
		strings_add(b, &words, build_format(b, "-i %s", shell_quote(b, files.items[i])));
		/* The result may be among what it reads, and is always newer than what it writes.
		 */
		if (strcmp(files.items[i], result_path(sdk, "Module.symvers")))
			strings_add(b, &task->inputs, files.items[i]);
	}
	strings_add(b, &words, build_format(b, "-o %s", shell_quote(b, task->target)));
	for (i = 0; i < plan->count; i++) {
		char *object = object_path(sdk, plan->modules[i].name);

		strings_add(b, &words, shell_quote(b, object));
		strings_add(b, &task->inputs, object);
	}
	strings_add(b, &task->inputs, sdk->modpost);
	task->command = strings_join(b, &words);
	return tasks_run(b, tasks);
}

/* Both schemes' builds write a Module.symvers of that name: it is the last one's. */
static int publish_symvers(struct sdk *sdk)
{
	struct build *b = sdk->b;
	const char *from = work_path(sdk, "Module.symvers", "");
	const char *to = result_path(sdk, "Module.symvers");
	const char *made = read_text(b, from), *found = read_text(b, to);

	if (made && found && !strcmp(made, found))
		return 0;
	return copy_file(from, to);
}

static int compile_mod_sources(struct sdk *sdk, const struct plan *plan, struct tasks *tasks)
{
	struct build *b = sdk->b;
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		const char *name = plan->modules[i].name;

		add_compile(
			sdk, tasks, "CC [M]", build_format(b, "%s/%s.mod.o", b->work, name),
			build_format(b, "%s/%s.mod.c", b->work, name), sdk->flags,
			name_flags(b, build_format(b, "%s.mod", path_base(name)), path_base(name)));
	}
	return tasks_run(b, tasks);
}

static int link_modules(struct sdk *sdk, const struct plan *plan, struct tasks *tasks)
{
	struct build *b = sdk->b;
	char *script = build_format(b, "%s/module.lds", sdk->path);
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		const char *name = plan->modules[i].name;
		char *object = object_path(sdk, name);
		char *mod_object = build_format(b, "%s/%s.mod.o", b->work, name);
		struct task *task = task_add(b, tasks, "LD [M]",
					     result_path(sdk, build_format(b, "%s.ko", name)));

		task->record = build_format(b, "%s/%s.ko", b->work, name);
		strings_add(b, &task->inputs, script);
		strings_add(b, &task->inputs, object);
		strings_add(b, &task->inputs, mod_object);
		task->command = build_format(
			b, "%s -r -m elf_x86_64 -z noexecstack --build-id=sha1%s -T %s -o %s %s %s",
			sdk->ld, b->debug ? "" : " --strip-debug", shell_quote(b, script),
			shell_quote(b, task->target), shell_quote(b, object),
			shell_quote(b, mod_object));
	}
	return tasks_run(b, tasks);
}

static const char *result_suffix(const struct build *b)
{
	return b->scheme24 ? ".o" : ".ko";
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static int clean(struct sdk *sdk, const struct plan *plan)
{
	struct build *b = sdk->b;
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		unlink(result_path(
			sdk, build_format(b, "%s%s", plan->modules[i].name, result_suffix(b))));
	unlink(result_path(sdk, "Module.symvers"));
	nftw(b->work, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(path_directory(b, b->work)); /* unless another target's is in it */
	return 0;
}

int build_with_sdk(struct build *b)
{
	int (*const steps[])(struct sdk *, const struct plan *, struct tasks *) = {
		compile_objects,
		link_composites,
		run_modpost,
		compile_mod_sources,
		b->scheme24 ? link_modules24 : link_modules,
	};
	unsigned int i, nr_done = 0;
	struct plan plan = {};
	struct sdk sdk = {};
	int ret;

	ret = sdk_open(&sdk, b);
	if (!ret)
		ret = plan_make(b, &plan, sdk.path, sdk.flags);
	if (ret)
		return ret;
	if (b->clean)
		return clean(&sdk, &plan);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct tasks tasks = {};

		ret = steps[i](&sdk, &plan, &tasks);
		if (ret)
			return ret;
		nr_done += tasks.nr_done;
	}
	if (publish_symvers(&sdk))
		return EXIT_FAILURE;
	for (i = 0; i < plan.count && !nr_done; i++)
		printf("'%s' is up to date.\n",
		       result_path(&sdk, build_format(b, "%s%s", plan.modules[i].name,
						      result_suffix(b))));
	return 0;
}
