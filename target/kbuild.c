// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiling kernel code through the release's own Kbuild, as it compiles what
 * is linked into the kernel. Each source gets a file of one #include in a work
 * directory, since Kbuild puts objects beside sources and Linux's tree may not
 * be ours to write to.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "target/internal.h"

/*
 * The directory that a unit is compiled in, below work: one level deep, so
 * that no directory of a run is inside of another one.
 */
static char *unit_directory(const struct unit *unit)
{
	const char *slash = strrchr(unit->name, '/');
	char *name = slash ? strndup(unit->name, (size_t)(slash - unit->name)) : strdup("top");

	for (char *at = name; at && *at; at++) {
		if (*at == '/')
			*at = '-';
	}
	return name;
}

static const char *unit_stem(const struct unit *unit)
{
	const char *slash = strrchr(unit->name, '/');

	return slash ? slash + 1 : unit->name;
}

static bool is_set(const char *text)
{
	return text && *text;
}

/*
 * A reference that nothing uses, so that the loader brings the other member:
 * one that Linux links in for its initcalls alone.
 */
static void write_references(FILE *file, const struct unit *unit)
{
	const char *at = unit->needs;

	if (is_set(unit->marker))
		fprintf(file, "extern const char %s;\nconst char %s = 1;\n", unit->marker,
			unit->marker);
	for (unsigned int i = 0; is_set(at); i++) {
		int length = (int)strcspn(at, " ");

		fprintf(file,
			"extern const char %.*s;\n"
			"static const char *const __attribute__((used)) r3_with_%u = &%.*s;\n",
			length, at, i, length, at);
		at += length;
		at += strspn(at, " ");
	}
}

static int write_wrapper(const struct unit *unit, const char *directory)
{
	char *path =
		format_path("%s/%s.%c", directory, unit_stem(unit), unit->assembler ? 'S' : 'c');
	FILE *file = path ? fopen(path, "we") : NULL;
	int error = 0;

	free(path);
	if (!file)
		return -errno;
	if (unit->prelude && *unit->prelude)
		fprintf(file, "#include \"%s\"\n", unit->prelude);
	fprintf(file, "#include \"%s\"\n", unit->source);
	write_references(file, unit);
	if (fclose(file))
		error = -EIO;
	return error;
}

static void write_rules(FILE *file, const struct target *target, const struct unit *unit)
{
	const char *stem = unit_stem(unit);

	if (is_set(unit->modname) && strcmp(unit->modname, stem)) {
		fprintf(file, "obj-y += %s.o\n%s-y += %s.o\n", unit->modname, unit->modname, stem);
	} else {
		fprintf(file, "obj-y += %s.o\n", stem);
	}
	/* __FILE__ as it is when the kernel itself is built */
	fprintf(file, "CFLAGS_%s.o := %s -fmacro-prefix-map=%s/=", stem,
		unit->cflags ? unit->cflags : "", target->data);
	if (target->source)
		fprintf(file, " -fmacro-prefix-map=%s/=", target->source);
	fprintf(file, "\nAFLAGS_%s.o := %s\n", stem, unit->aflags ? unit->aflags : "");
	if (is_set(unit->cflags_remove))
		fprintf(file, "CFLAGS_REMOVE_%s.o := %s\n", stem, unit->cflags_remove);
	if (is_set(unit->aflags_remove))
		fprintf(file, "AFLAGS_REMOVE_%s.o := %s\n", stem, unit->aflags_remove);
	if (unit->nonstandard)
		fprintf(file, "OBJECT_FILES_NON_STANDARD_%s.o := y\n", stem);
	if (is_set(unit->generate)) {
		fprintf(file, "ring3-source := %s\nring3-objtree := %s\n", target->source,
			target->tree);
		fprintf(file, "%s\n", unit->generate);
	}
}

static int add_unit(const struct target *target, const char *work, const struct unit *unit)
{
	char *name = unit_directory(unit), *directory = NULL, *kbuild = NULL, *top = NULL;
	int error = -ENOMEM;
	FILE *file;

	if (name)
		directory = format_path("%s/%s", work, name);
	if (directory)
		kbuild = format_path("%s/Kbuild", directory);
	top = format_path("%s/Kbuild", work);
	if (!kbuild || !top)
		goto out;
	error = mkdir(directory, 0777) && errno != EEXIST ? -errno : 0;
	if (error)
		goto out;
	if (access(kbuild, F_OK)) {
		file = fopen(top, "ae");
		if (file) {
			fprintf(file, "obj-y += %s/\n", name);
			fclose(file);
		}
	}
	error = write_wrapper(unit, directory);
	file = fopen(kbuild, "ae");
	if (!file) {
		error = -errno;
		goto out;
	}
	write_rules(file, target, unit);
	if (fclose(file))
		error = -EIO;
out:
	free(name);
	free(directory);
	free(kbuild);
	free(top);
	return error;
}

struct make_watch {
	const struct target *target;
	const char *what;
	unsigned int done, total;
};

/* "  CC      path/file.o", "  AS      path/file.o" */
static void watch_line(void *context, const char *line)
{
	struct make_watch *watch = context;

	if (strncmp(line, "  CC ", 5) && strncmp(line, "  AS ", 5))
		return;
	if (watch->done < watch->total)
		watch->done++;
	target_progress(watch->target, watch->what, watch->done, watch->total);
}

static int run_make(struct target *target, const char *what, const char *work,
		    const struct unit *units, unsigned int count, char **log)
{
	/*
	 * Not needed here, and slow: symbol versions, debug information. And
	 * objtool has to run on each object: with IBT it is left to the final
	 * link of vmlinux, except for modules of a single object.
	 */
	static const char *const fixed[] = {"make",
					    "-k",
					    "--no-print-directory",
					    "CONFIG_MODVERSIONS=",
					    "CONFIG_DEBUG_INFO=",
					    "CONFIG_DEBUG_INFO_BTF=",
					    "is-single-obj-m=y",
					    "-C"};
	unsigned int used = sizeof(fixed) / sizeof(fixed[0]), first;
	struct make_watch watch = {.target = target, .what = what, .total = count};
	const char **argv = calloc(used + count + 4, sizeof(*argv));
	struct process process = {.argv = argv,
				  .input = -1,
				  .lock = target->lock_fd,
				  .line = watch_line,
				  .context = &watch};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char *jobs = format_path("-j%ld", processors > 0 ? processors : 1);
	char *external = format_path("M=%s", work);
	int status = -ENOMEM;

	if (!argv || !jobs || !external)
		goto out;
	memcpy(argv, fixed, sizeof(fixed));
	argv[used++] = target->tree;
	argv[used++] = jobs;
	argv[used++] = external;
	first = used;
	for (unsigned int i = 0; i < count; i++) {
		char *directory = unit_directory(&units[i]);

		argv[used++] = format_path("%s/%s.o", directory, unit_stem(&units[i]));
		free(directory);
	}
	target_progress(target, what, 0, count);
	status = process_run(&process);
	for (unsigned int i = first; i < used; i++)
		free((char *)argv[i]);
	*log = process.errors;
out:
	free(argv);
	free(jobs);
	free(external);
	return status;
}

static int write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return -errno;
	fputs(text, file);
	return fclose(file) ? -EIO : 0;
}

/*
 * Make the work directory say what to compile. One that a run for the same
 * units left when it was killed is taken as it is: make knows what is finished,
 * since Kbuild writes each object's .cmd file last.
 */
static int prepare_work(const struct target *target, const char *work, const struct unit *units,
			unsigned int count)
{
	struct digest digest = digest_string(target->identity, work);
	char key[DIGEST_TEXT], *path = format_path("%s/units", work), *found = NULL;
	int error = path ? 0 : -ENOMEM;
	size_t size;

	for (unsigned int i = 0; i < count; i++)
		digest = digest_string(digest, units[i].cached);
	digest_text(digest, key);
	if (!error && !read_file(path, &found, &size) && !strcmp(found, key))
		goto out;
	remove_tree(work);
	if (!error)
		error = make_directories(work);
	for (unsigned int i = 0; i < count && !error; i++)
		error = add_unit(target, work, &units[i]);
	if (!error)
		error = write_text(path, key);
out:
	free(found);
	free(path);
	return error;
}

int kbuild_compile(struct target *target, const char *what, const char *work, struct unit *units,
		   unsigned int count, char **log)
{
	int error, status;

	*log = NULL;
	if (strpbrk(work, " :") || strpbrk(target->tree, " :"))
		return r3_fail(-EINVAL,
			       "Kbuild cannot work in a directory with a blank or colon: %s",
			       strpbrk(work, " :") ? work : target->tree);
	error = prepare_work(target, work, units, count);
	if (error)
		return r3_fail(error, "cannot write to %s: %s", work, strerror(-error));
	status = run_make(target, what, work, units, count, log);
	if (status == -ENOENT)
		return r3_fail(-ENOENT, "compiling needs make: install the packages make and gcc");
	if (status < 0)
		return r3_fail(status, "cannot run make: %s", strerror(-status));
	for (unsigned int i = 0; i < count; i++) {
		char *directory = unit_directory(&units[i]);

		units[i].object = format_path("%s/%s/%s.o", work, directory, unit_stem(&units[i]));
		free(directory);
		if (units[i].object && access(units[i].object, R_OK)) {
			free(units[i].object);
			units[i].object = NULL;
		}
	}
	return 0;
}

int kbuild_link(struct target *target, const char *output, char *const *inputs, unsigned int count)
{
	char *script = format_path("%s/scripts/module.lds", target->tree);
	const char **argv = calloc(count + 8, sizeof(*argv));
	struct process process = {.argv = argv, .input = -1};
	unsigned int used = 0;
	int status = -ENOMEM;

	if (!script || !argv)
		goto out;
	argv[used++] = "ld";
	argv[used++] = "-r";
	if (!access(script, R_OK)) {
		argv[used++] = "-T";
		argv[used++] = script;
	}
	argv[used++] = "-o";
	argv[used++] = output;
	for (unsigned int i = 0; i < count; i++)
		argv[used++] = inputs[i];
	status = process_run(&process);
	if (status) {
		r3_fail(-EIO, "cannot link %s: %.500s", output,
			status < 0       ? strerror(-status)
			: process.errors ? process.errors
					 : "");
		status = -EIO;
	}
	free(process.errors);
out:
	free(script);
	free(argv);
	return status;
}
