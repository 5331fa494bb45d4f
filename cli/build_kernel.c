// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A release's own way: make -C HEADERS M=WORK. Kbuild before Linux 6.13 writes
 * beside the sources, so WORK mirrors their directory with links to them, and
 * the results are copied out of it.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/build.h"
#include "target/target.h"

/* What is neither a source nor may be one: hidden, or made by an earlier build. */
static bool is_made(const char *name)
{
	static const char *const suffixes[] = {".o", ".ko", ".mod", ".mod.c"};
	size_t length = strlen(name), suffix;
	unsigned int i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		suffix = strlen(suffixes[i]);
		if (length > suffix && !strcmp(name + length - suffix, suffixes[i]))
			return true;
	}
	return *name == '.' || !strcmp(name, "Module.symvers") || !strcmp(name, "modules.order");
}

static int mirror(struct build *b, const char *from, const char *to);

static int mirror_entry(struct build *b, const char *from, const char *to)
{
	char known[4096];
	struct stat st;
	ssize_t length;

	if (stat(from, &st))
		return 0; /* a dangling link, no source */
	if (S_ISDIR(st.st_mode))
		return mirror(b, from, to);
	length = readlink(to, known, sizeof(known) - 1);
	if (length >= 0) {
		known[length] = '\0';
		if (!strcmp(known, from))
			return 0;
	}
	unlink(to);
	if (symlink(from, to))
		return build_error("%s: %s", to, strerror(errno));
	return 0;
}

/* Links whose source was removed would keep it alive for make's wildcards. */
static void remove_dangling(struct build *b, const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *path = build_format(b, "%s/%s", directory, entry->d_name);

		if (entry->d_type == DT_LNK && !path_exists(path))
			unlink(path);
	}
	if (dir)
		closedir(dir);
}

static int mirror(struct build *b, const char *from, const char *to)
{
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	if (make_parents(b, build_format(b, "%s/", to)))
		return EXIT_FAILURE;
	dir = opendir(from);
	if (!dir)
		return build_error("%s: %s", from, strerror(errno));
	while (!ret && (entry = readdir(dir)))
		if (!is_made(entry->d_name))
			ret = mirror_entry(b, build_format(b, "%s/%s", from, entry->d_name),
					   build_format(b, "%s/%s", to, entry->d_name));
	closedir(dir);
	remove_dangling(b, to);
	return ret;
}

static char *name_without_suffix(struct build *b, const char *path)
{
	const char *base = path_base(path), *dot = strrchr(base, '.');

	return build_format(b, "%.*s", dot ? (int)(dot - base) : (int)strlen(base), base);
}

static bool is_header(const char *name)
{
	size_t length = strlen(name);

	return length > 2 && !strcmp(name + length - 2, ".h");
}

/*
 * FILE.c...: these and the headers beside them, which srcversion covers. What
 * else their directory holds is none of our business: it may be anybody's home.
 */
static int mirror_files(struct build *b, const char *from)
{
	struct dirent *entry;
	unsigned int i;
	int ret = 0;
	DIR *dir;

	if (make_parents(b, build_format(b, "%s/", b->work)))
		return EXIT_FAILURE;
	for (i = 0; i < b->sources.count && !ret; i++) {
		const char *source = b->sources.items[i];
		char *path = realpath(source, NULL);

		if (!path)
			return build_error("%s: %s", source, strerror(errno));
		ret = mirror_entry(b, path, build_format(b, "%s/%s", b->work, path_base(source)));
		free(path);
	}
	dir = opendir(from);
	while (dir && !ret && (entry = readdir(dir)))
		if (is_header(entry->d_name) && entry->d_type != DT_DIR)
			ret = mirror_entry(b, build_format(b, "%s/%s", from, entry->d_name),
					   build_format(b, "%s/%s", b->work, entry->d_name));
	if (dir)
		closedir(dir);
	remove_dangling(b, b->work);
	return ret;
}

/* FILE.c... come without a Kbuild file: write one. */
static int write_kbuild(struct build *b)
{
	struct strings text = {};
	unsigned int i;

	if (b->name && (b->sources.count > 1 ||
			strcmp(b->name, name_without_suffix(b, b->sources.items[0])))) {
		strings_add(b, &text, build_format(b, "obj-m := %s.o\n%s-y :=", b->name, b->name));
	} else {
		strings_add(b, &text, "obj-m :=");
	}
	for (i = 0; i < b->sources.count; i++)
		strings_add(b, &text,
			    build_format(b, "%s.o", name_without_suffix(b, b->sources.items[i])));
	strings_add(b, &text, "\n");
	unlink(build_format(b, "%s/Makefile", b->work));
	unlink(build_format(b, "%s/Kbuild", b->work));
	return write_text(build_format(b, "%s/Kbuild", b->work), strings_join(b, &text));
}

static const char *work_path(struct build *b)
{
	char *path = realpath(b->work, NULL), *copy = build_format(b, "%s", path ? path : b->work);

	free(path);
	return copy;
}

static int prepare_work(struct build *b)
{
	bool is_directory = b->sources.count == 1 && !strcmp(b->sources.items[0], b->source_dir);
	char *from = realpath(b->source_dir, NULL);
	int ret;

	if (!from)
		return build_error("%s: %s", b->source_dir, strerror(errno));
	ret = is_directory ? mirror(b, from, b->work) : mirror_files(b, from);
	free(from);
	if (ret)
		return ret;
	if (strpbrk(work_path(b), " :"))
		return build_error("%s: Kbuild cannot work in a directory with spaces or colons: "
				   "name another one with -o",
				   work_path(b));
	if (!is_directory)
		return write_kbuild(b);
	if (!kbuild_file(b, b->source_dir))
		return build_error("neither Kbuild nor Makefile in %s: name the .c files instead",
				   b->source_dir);
	return 0;
}

/* Arguments of make have to name files by absolute paths: it changes its directory. */
static char *absolute_paths(struct build *b, const struct strings *paths)
{
	struct strings absolute = {};
	unsigned int i;

	for (i = 0; i < paths->count; i++) {
		char *path = realpath(paths->items[i], NULL);

		if (!path) {
			build_error("%s: %s", paths->items[i], strerror(errno));
			return NULL;
		}
		strings_add(b, &absolute, path);
		free(path);
	}
	return strings_join(b, &absolute);
}

static char *make_command(struct build *b, const char *goal)
{
	char *work = realpath(b->work, NULL), *source = realpath(b->source_dir, NULL);
	char *symvers = absolute_paths(b, &b->symvers), *command = NULL;
	const char *modpost = b->our_modpost ? find_modpost(b) : NULL;
	struct strings words = {};

	if (!work || !source || !symvers || (b->our_modpost && !modpost))
		goto out;
	strings_add(b, &words,
		    build_format(b, "make --no-print-directory -C %s", shell_quote(b, b->headers)));
	strings_add(b, &words, shell_quote(b, build_format(b, "M=%s", work)));
	strings_add(b, &words, build_format(b, "-j%u", b->jobs));
	/* pahole and vmlinux are not there; nobody reads the BTF of a module here. */
	strings_add(b, &words, "CONFIG_DEBUG_INFO_BTF_MODULES=");
	if (modpost)
		strings_add(b, &words, shell_quote(b, build_format(b, "MODPOST=%s", modpost)));
	if (b->verbose)
		strings_add(b, &words, "V=1");
	if (b->warn_unresolved)
		strings_add(b, &words, "KBUILD_MODPOST_WARN=1");
	if (b->extra_warnings)
		strings_add(b, &words, "W=1");
	if (*symvers)
		strings_add(b, &words,
			    shell_quote(b, build_format(b, "KBUILD_EXTRA_SYMBOLS=%s", symvers)));
	/* #include "../x.h" is meant from where the source really is. */
	strings_add(b, &words,
		    shell_quote(b, build_format(b, "KCFLAGS=-iquote %s %s", shell_quote(b, source),
						strings_join(b, &b->flags))));
	strings_add(b, &words, goal);
	command = strings_join(b, &words);
out:
	free(work);
	free(source);
	return command;
}

/* stdout goes to a log, which is shown if make fails; what it warns about is seen at once. */
static int run_make(struct build *b, const char *command)
{
	char *log = build_format(b, "%s/.make.log", b->work), *text;
	char *target = build_format(b, "%s", b->kernel);
	int ret;

	if (!b->verbose)
		command = build_format(b, "%s >%s", command, shell_quote(b, log));
	ret = run_command(b, "KBUILD", target, command);
	if (ret && !b->verbose && (text = read_text(b, log)))
		fputs(text, stderr);
	return ret;
}

/* modules.order names every module, as .ko or, in later releases, as .o, absolute or not. */
static int copy_results(struct build *b)
{
	char *order = read_text(b, build_format(b, "%s/modules.order", b->work));
	char *work = realpath(b->work, NULL), *line, *rest;
	const char *output = b->output ? b->output : b->source_dir;
	int ret = 0;

	if (!order || !work) {
		free(work);
		return build_error("%s names no module (obj-m)", kbuild_file(b, b->source_dir));
	}
	for (line = strtok_r(order, "\n", &rest); line && !ret;
	     line = strtok_r(NULL, "\n", &rest)) {
		size_t length = strlen(work);
		char *to;

		if (!strncmp(line, work, length) && line[length] == '/')
			line += length + 1;
		*strrchr(line, '.') = '\0';
		to = build_format(b, "%s/%s.ko", output, line);
		ret = make_parents(b, to);
		if (!ret)
			ret = copy_file(build_format(b, "%s/%s.ko", work, line), to);
	}
	if (!ret)
		ret = copy_file(build_format(b, "%s/Module.symvers", work),
				build_format(b, "%s/Module.symvers", output));
	free(work);
	return ret;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static int clean(struct build *b)
{
	char *order = read_text(b, build_format(b, "%s/modules.order", b->work));
	char *work = realpath(b->work, NULL), *line, *rest;
	const char *output = b->output ? b->output : b->source_dir;

	for (line = order && work ? strtok_r(order, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (!strncmp(line, work, strlen(work)) && line[strlen(work)] == '/')
			line += strlen(work) + 1;
		*strrchr(line, '.') = '\0';
		unlink(build_format(b, "%s/%s.ko", output, line));
	}
	if (order)
		unlink(build_format(b, "%s/Module.symvers", output));
	free(work);
	nftw(b->work, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(path_directory(b, b->work));
	return 0;
}

static int build_against(struct build *b, const struct target *target)
{
	char *command;
	int ret;

	b->headers = target_headers(target);
	ret = prepare_work(b);
	if (ret)
		return ret;
	command = make_command(b, "modules");
	if (!command)
		return EXIT_FAILURE;
	ret = run_make(b, command);
	return ret ? ret : copy_results(b);
}

int build_with_kernel(struct build *b)
{
	const struct r3_box_options options = {
		.size = sizeof(options),
		.target = b->kernel,
		.headers = b->headers,
	};
	struct target *target;
	int ret;

	if (b->clean)
		return clean(b);
	if (target_open_headers(&target, &options))
		return build_error("%s", r3_error());
	ret = build_against(b, target);
	target_close(target);
	return ret;
}
