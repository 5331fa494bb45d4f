// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is to be built. A Kbuild file is make's language, so make reads it: we
 * hand it a file that includes the user's and prints what came of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "cli/build.h"

char *kbuild_file(struct build *b, const char *directory)
{
	static const char *const names[] = {"Kbuild", "Makefile"};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		char *path = build_format(b, "%s/%s", directory, names[i]);

		if (path_exists(path))
			return path;
	}
	return NULL;
}

/* Kbuild's own way from obj-m to flags: scripts/Makefile.lib. Each line we want starts with '@'. */
static const char query_tail[] =
	"obj-m := $(filter-out $(obj-y),$(obj-m))\n"
	"r3-modules := $(filter %.o,$(obj-m))\n"
	"r3-members = $(strip $(foreach s,-objs -y -m,$($(1:.o=$s))))\n"
	"r3-objects := $(sort $(foreach m,$(r3-modules),$(or $(call r3-members,$m),$m)))\n"
	"r3-cflags = $(strip $(filter-out $(ccflags-remove-y) $(CFLAGS_REMOVE_$1),$(R3_FLAGS)\\\n"
	"  $(subdir-ccflags-y) $(ccflags-y) $(EXTRA_CFLAGS)) $(CFLAGS_$1))\n"
	"r3-aflags = $(strip $(filter-out $(asflags-remove-y) $(AFLAGS_REMOVE_$1),$(R3_FLAGS)\\\n"
	"  $(subdir-asflags-y) $(asflags-y) $(EXTRA_AFLAGS)) $(AFLAGS_$1))\n"
	"$(foreach m,$(r3-modules),$(info @module $m $(call r3-members,$m)))\n"
	"$(foreach o,$(r3-objects),$(info @cflags $o $(call r3-cflags,$o)))\n"
	"$(foreach o,$(r3-objects),$(info @aflags $o $(call r3-aflags,$o)))\n"
	"$(foreach d,$(sort $(filter %/,$(obj-y) $(obj-m))\\\n"
	"  $(addsuffix /,$(subdir-y) $(subdir-m))),$(info @directory $d))\n"
	"$(info @builtin $(filter %.o,$(obj-y)))\n"
	"$(info @ldflags $(ldflags-y))\n"
	"$(info @symvers $(KBUILD_EXTRA_SYMBOLS))\n"
	"r3-plan: ;\n";

/* The options that the SDK's kernel has, "#define CONFIG_X 1", as make's CONFIG_X := y. */
static char *read_config(struct build *b, const char *sdk)
{
	char *text = read_text(b, build_format(b, "%s/include/linux/kconfig.h", sdk));
	char name[128], end, *line, *rest;
	struct strings config = {};

	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "#define CONFIG_%127s 1%c", name, &end) == 1)
			strings_add(b, &config, build_format(b, "CONFIG_%s := y\n", name));
	return strings_join(b, &config);
}

static char *make_query(struct build *b, const char *file, const char *directory, const char *sdk,
			const char *flags)
{
	char *absolute = realpath(directory, NULL);
	char *text;

	text = build_format(b,
			    "src := %s\nobj := %s\nKBUILD_EXTMOD := %s\nM := %s\nPWD := %s\n"
			    "srctree := %s\nobjtree := %s\nKERNELRELEASE := ring3\n"
			    "CC ?= gcc\nMAKEFLAGS :=\nR3_FLAGS := %s\n"
			    "%s\n"
			    "r3-plan:\ninclude %s\n%s",
			    directory, directory, directory, directory,
			    absolute ? absolute : directory, sdk, sdk, flags, read_config(b, sdk),
			    file, query_tail);
	free(absolute);
	return text;
}

/* What make printed; the lines that are not ours go to the user. */
static char *ask_make(struct build *b, const char *query_path)
{
	char *command = build_format(b, "make -rR --no-print-directory -f %s r3-plan",
				     shell_quote(b, query_path));
	struct strings answer = {};
	char *line = NULL, *text;
	size_t size = 0;
	int status;
	FILE *pipe;

	fflush(stdout);
	pipe = popen(command, "re");
	if (!pipe) {
		build_error("make: %s", strerror(errno));
		return NULL;
	}
	while (getline(&line, &size, pipe) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '@')
			strings_add(b, &answer, build_format(b, "%s\n", line + 1));
		else if (!strstr(line, "'r3-plan'"))
			puts(line);
	}
	free(line);
	status = pclose(pipe);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
			build_error("a Kbuild file is read by make: install the package make");
		return NULL;
	}
	text = strings_join(b, &answer);
	return text;
}

static struct plan_module *add_module(struct build *b, struct plan *plan)
{
	if (!(plan->count & (plan->count - 1))) {
		unsigned int room = plan->count ? 2 * plan->count : 1;
		struct plan_module *modules = build_alloc(b, room * sizeof(*modules));

		if (plan->count)
			memcpy(modules, plan->modules, plan->count * sizeof(*modules));
		plan->modules = modules;
	}
	return &plan->modules[plan->count++];
}

static char *without_suffix(struct build *b, const char *name)
{
	const char *dot = strrchr(name, '.');

	return build_format(b, "%.*s", dot ? (int)(dot - name) : (int)strlen(name), name);
}

/* "x.o": x.c or x.S. */
static int find_source(struct build *b, struct plan_object *object, const char *module)
{
	static const char *const suffixes[] = {"c", "S"};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		object->source =
			build_format(b, "%s/%s.%s", b->source_dir, object->name, suffixes[i]);
		if (!strncmp(object->source, "./", 2))
			object->source += 2;
		if (path_exists(object->source))
			return 0;
	}
	return build_error("*** No rule to make target '%s.o', needed by '%s.o': neither %s.c nor "
			   "%s.S in %s",
			   object->name, module, object->name, object->name, b->source_dir);
}

/* "module a.o x.o y.o"; prefix is the directory below the source directory, "" or "sub/". */
static int read_module(struct build *b, struct plan *plan, const char *prefix, const char *text)
{
	struct plan_module *module = add_module(b, plan);
	struct strings words = {};
	unsigned int i;

	strings_add_words(b, &words, text);
	module->name = build_format(b, "%s%s", prefix, without_suffix(b, words.items[0]));
	module->ldflags = "";
	module->composite = words.count > 1;
	module->count = module->composite ? words.count - 1 : 1;
	module->objects = build_alloc(b, module->count * sizeof(*module->objects));
	for (i = 0; i < module->count; i++) {
		struct plan_object *object = &module->objects[i];

		object->name =
			build_format(b, "%s%s", prefix,
				     without_suffix(b, words.items[module->composite ? i + 1 : 0]));
		object->module = path_base(module->name);
		object->flags = "";
		if (module->composite && !strcmp(object->name, module->name))
			return build_error("*** %s.o is made of itself: give the module or its "
					   "file another name",
					   module->name);
		if (find_source(b, object, module->name))
			return EXIT_FAILURE;
	}
	return 0;
}

/* "cflags x.o -Wall ...", for C or for assembly. */
static void read_flags(struct build *b, struct plan *plan, const char *prefix, const char *text,
		       const char *suffix)
{
	size_t length = strcspn(text, " ");
	char *name = build_format(b, "%s%s", prefix,
				  without_suffix(b, build_format(b, "%.*s", (int)length, text)));
	unsigned int i, j;

	for (i = 0; i < plan->count; i++) {
		for (j = 0; j < plan->modules[i].count; j++) {
			struct plan_object *object = &plan->modules[i].objects[j];

			if (!strcmp(object->name, name) &&
			    !strcmp(strrchr(object->source, '.'), suffix))
				object->flags = text + length + strspn(text + length, " ");
		}
	}
}

static int read_kbuild(struct build *b, struct plan *plan, const char *prefix, const char *sdk,
		       const char *flags);

static int read_answer(struct build *b, struct plan *plan, const char *prefix, char *answer,
		       const char *sdk, const char *flags)
{
	unsigned int first = plan->count, i;
	char *line, *rest, *value;
	int ret = 0;

	for (line = strtok_r(answer, "\n", &rest); line && !ret;
	     line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " "); /* strings_join's */
		value = line + strcspn(line, " ");
		if (*value)
			*value++ = '\0';
		if (!strcmp(line, "module"))
			ret = read_module(b, plan, prefix, value);
		else if (!strcmp(line, "cflags"))
			read_flags(b, plan, prefix, value, ".c");
		else if (!strcmp(line, "aflags"))
			read_flags(b, plan, prefix, value, ".S");
		else if (!strcmp(line, "directory"))
			ret = read_kbuild(b, plan, build_format(b, "%s%s", prefix, value), sdk,
					  flags);
		else if (!strcmp(line, "builtin") && value[strspn(value, " ")])
			build_error("obj-y is for the kernel itself, not for modules: ignored: %s",
				    value);
		else if (!strcmp(line, "ldflags"))
			for (i = first; i < plan->count; i++)
				plan->modules[i].ldflags = value;
		else if (!strcmp(line, "symvers"))
			strings_add_words(b, &plan->symvers, value);
	}
	return ret;
}

static int read_kbuild(struct build *b, struct plan *plan, const char *prefix, const char *sdk,
		       const char *flags)
{
	char *directory = build_format(b, "%s%s%s", b->source_dir, *prefix ? "/" : "", prefix);
	char *file, *answer, *query;

	if (*prefix)
		directory[strlen(directory) - 1] = '\0'; /* the slash */
	file = kbuild_file(b, directory);
	if (!file)
		return build_error("neither Kbuild nor Makefile in %s: name the .c files instead",
				   directory);
	query = build_format(b, "%s/.plan.mk", b->work);
	if (make_parents(b, query) || write_text(query, make_query(b, file, directory, sdk, flags)))
		return EXIT_FAILURE;
	answer = ask_make(b, query);
	if (!answer)
		return build_error("%s cannot be read", file);
	return read_answer(b, plan, prefix, answer, sdk, flags);
}

/* FILE.c...: a module each, or all of them the module --name. */
static int plan_files(struct build *b, struct plan *plan, const char *flags)
{
	struct plan_module *module = NULL;
	struct plan_object *object;
	unsigned int i, j;

	for (i = 0; i < b->sources.count; i++) {
		const char *source = b->sources.items[i];

		if (!path_exists(source))
			return build_error("%s: %s", source, strerror(errno));
		if (!b->name || !module) {
			module = add_module(b, plan);
			module->name = b->name ? b->name : without_suffix(b, path_base(source));
			module->ldflags = "";
			module->composite = b->name && b->sources.count > 1;
			module->objects = build_alloc(b, b->sources.count * sizeof(*object));
		}
		object = &module->objects[module->count++];
		object->name = without_suffix(b, path_base(source));
		object->source = source;
		object->module = module->name;
		object->flags = flags;
		if (b->name && !module->composite)
			object->name = b->name;
	}
	for (i = 0; module && module->composite && i < module->count; i++) {
		if (!strcmp(module->objects[i].name, module->name))
			return build_error("*** %s.o is made of itself: give the module or its "
					   "file another name",
					   module->name);
		for (j = 0; j < i; j++)
			if (!strcmp(module->objects[i].name, module->objects[j].name))
				return build_error("two sources are named %s",
						   module->objects[i].name);
	}
	return 0;
}

int plan_make(struct build *b, struct plan *plan, const char *sdk, const char *flags)
{
	int ret;

	if (b->sources.count == 1 && !strcmp(b->sources.items[0], b->source_dir))
		ret = read_kbuild(b, plan, "", sdk, flags);
	else
		ret = plan_files(b, plan, flags);
	if (!ret && !plan->count)
		return build_error("%s names no module (obj-m)", kbuild_file(b, b->source_dir));
	return ret;
}
