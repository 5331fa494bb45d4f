// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3-modpost: the command. Options as those of Linux's modpost. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "modpost.h"

#define EXPORT_SOURCE ".vmlinux.export.c"

static const char usage_text[] =
	"usage: ring3-modpost [options] NAME.o...\n"
	"       ring3-modpost --symvers-from [-m] -o FILE [--export-source FILE] OBJECT.o...\n"
	"       ring3-modpost --finish NAME.o\n"
	"Read each module's object, check what it imports and write NAME.mod.c; of vmlinux.o\n"
	"write " EXPORT_SOURCE ". To be used by Linux's Kbuild: make MODPOST=ring3-modpost\n"
	"  -i FILE   read exported symbols from this Module.symvers (repeatable)\n"
	"  -o FILE   write what the objects export\n"
	"  -T FILE   read more objects' names from FILE, one a line ('-': standard input)\n"
	"  -e        the modules are built outside of the kernel's tree\n"
	"  -M        the rules and words of Linux 6.12 (Kbuild passes it since 6.6), not 6.1's\n"
	"  -m        write symbol versions (CONFIG_MODVERSIONS)\n"
	"  -a        write srcversion for every module, not only those with MODULE_VERSION\n"
	"  -w        only warn about undefined symbols\n"
	"  -N        only warn about missing namespace imports\n"
	"  -d FILE   write there which module ought to import which namespaces\n"
	"  -t        leave out exports that no module here imports (CONFIG_TRIM_UNUSED_KSYMS)\n"
	"  -u FILE   but not those that FILE lists\n"
	"  -E        section mismatches are errors\n"
	"  -W        more warnings\n"
	"  -n        ignore missing files\n"
	"  --type-versions  make versions that genksyms has not made, of debugging information\n"
	"  --symvers-from   the objects are the kernel's own: write only what they export;\n"
	"                   with --type-versions\n"
	"  --export-source FILE   and, as C, the versions of that (__kcrctab)\n"
	"  --scheme 2.4   modules that insmod links, as up to Linux 2.4; writes NAME.versions, "
	"too\n"
	"  --finish       the linked module of that scheme: make it what that insmod can relocate\n"
	"  --help    this text\n";

struct arguments {
	struct modpost_options options;
	const char **symvers;
	unsigned int nr_symvers;
	const char *output, *list, *export_source, *namespace_deps;
	bool as_kernel, finish;
};

enum {
	OPTION_SYMVERS_FROM = 256,
	OPTION_EXPORT_SOURCE,
	OPTION_TYPE_VERSIONS,
	OPTION_SCHEME,
	OPTION_FINISH,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{"symvers-from", no_argument, NULL, OPTION_SYMVERS_FROM},
	{"export-source", required_argument, NULL, OPTION_EXPORT_SOURCE},
	{"type-versions", no_argument, NULL, OPTION_TYPE_VERSIONS},
	{"scheme", required_argument, NULL, OPTION_SCHEME},
	{"finish", no_argument, NULL, OPTION_FINISH},
	{"help", no_argument, NULL, OPTION_HELP},
	{},
};

/* The option's switch in the options, NULL if it takes a value or is none. */
static bool *find_switch(struct modpost_options *options, int option)
{
	switch (option) {
	case 'e':
		return &options->external;
	case 'M':
		return &options->since_6_6;
	case 'm':
		return &options->modversions;
	case 'a':
		return &options->all_srcversions;
	case 'w':
		return &options->warn_unresolved;
	case 'N':
		return &options->allow_missing_namespaces;
	case 'E':
		return &options->section_mismatch_is_error;
	case 'W':
		return &options->extra_warnings;
	case 'n':
		return &options->ignore_missing_files;
	case 't':
		return &options->trim_exports;
	case OPTION_TYPE_VERSIONS:
		return &options->type_versions;
	default:
		return NULL;
	}
}

/* false: no such option. */
static bool apply_option(struct arguments *arguments, int option, const char *value)
{
	bool *on = find_switch(&arguments->options, option);

	if (on) {
		*on = true;
		return true;
	}
	switch (option) {
	case 'i':
		arguments->symvers[arguments->nr_symvers++] = value;
		return true;
	case 'o':
		arguments->output = value;
		return true;
	case 'T':
		arguments->list = value;
		return true;
	case 'd':
		arguments->namespace_deps = value;
		return true;
	case 'u':
		arguments->options.kept_exports = value;
		return true;
	case OPTION_SYMVERS_FROM:
		arguments->as_kernel = true;
		arguments->options.type_versions = true;
		return true;
	case OPTION_EXPORT_SOURCE:
		arguments->export_source = value;
		return true;
	case OPTION_SCHEME:
		arguments->options.scheme24 = !strcmp(value, "2.4");
		return true;
	case OPTION_FINISH:
		arguments->finish = true;
		return true;
	default:
		return false;
	}
}

/* 0: go on, -1: help was shown, else the exit status. */
static int parse_arguments(struct arguments *arguments, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "ei:o:T:MmawNEWnd:tu:", long_options, NULL)) !=
	       -1) {
		if (option == OPTION_HELP) {
			fputs(usage_text, stdout);
			return -1;
		}
		if (!apply_option(arguments, option, optarg)) {
			fputs(usage_text, stderr);
			return 2;
		}
	}
	if ((optind == argc && !arguments->list) || (arguments->as_kernel && !arguments->output)) {
		fputs(usage_text, stderr);
		return 2;
	}
	return 0;
}

static int complain(const char *path, int error)
{
	fprintf(stderr, "ERROR: modpost: %s: %s\n", path, strerror(-error));
	return error;
}

static int read_list(struct modpost *mp, const struct arguments *arguments)
{
	bool is_stdin = !strcmp(arguments->list, "-");
	FILE *file = is_stdin ? stdin : fopen(arguments->list, "re");
	char line[4096];
	int ret = 0;

	if (!file)
		return complain(arguments->list, -errno);
	while (!ret && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		ret = modpost_read_object(mp, line, arguments->as_kernel);
		if (ret)
			complain(line, ret);
	}
	if (!is_stdin)
		fclose(file);
	return ret;
}

static int read_inputs(struct modpost *mp, const struct arguments *arguments, int argc, char **argv)
{
	unsigned int i;
	int arg, ret;

	for (i = 0; i < arguments->nr_symvers; i++) {
		ret = modpost_read_symvers(mp, arguments->symvers[i]);
		if (ret)
			return complain(arguments->symvers[i], ret);
	}
	for (arg = optind; arg < argc; arg++) {
		ret = modpost_read_object(mp, argv[arg], arguments->as_kernel);
		if (ret)
			return complain(argv[arg], ret);
	}
	return arguments->list ? read_list(mp, arguments) : 0;
}

static int write_outputs(struct modpost *mp, const struct arguments *arguments)
{
	const char *export_source = arguments->export_source;
	int ret = modpost_write_sources(mp);

	if (ret)
		return complain("NAME.mod.c", ret);
	if (!export_source && !arguments->as_kernel && modpost_has_kernel(mp))
		export_source = EXPORT_SOURCE;
	if (export_source) {
		ret = modpost_write_export_source(mp, export_source);
		if (ret)
			return complain(export_source, ret);
	}
	if (arguments->namespace_deps) {
		ret = modpost_write_namespace_deps(mp, arguments->namespace_deps);
		if (ret)
			return complain(arguments->namespace_deps, ret);
	}
	if (!arguments->output)
		return 0;
	ret = modpost_write_symvers(mp, arguments->output);
	return ret ? complain(arguments->output, ret) : 0;
}

static int make_sources(struct modpost *mp, const struct arguments *arguments, int argc,
			char **argv)
{
	int ret = read_inputs(mp, arguments, argc, argv);

	if (!ret)
		ret = modpost_check(mp);
	if (!ret && !modpost_errors(mp))
		ret = write_outputs(mp, arguments);
	return ret;
}

static int finish(struct modpost *mp, int argc, char **argv)
{
	int arg, ret = 0;

	for (arg = optind; arg < argc && !ret; arg++) {
		ret = modpost_finish24(mp, argv[arg]);
		if (ret)
			complain(argv[arg], ret);
	}
	return ret;
}

static int run(const struct arguments *arguments, int argc, char **argv)
{
	struct modpost *mp = modpost_new(&arguments->options);
	int ret;

	if (!mp)
		return complain("modpost", -ENOMEM);
	ret = arguments->finish ? finish(mp, argc, argv) : make_sources(mp, arguments, argc, argv);
	if (modpost_errors(mp))
		ret = -EINVAL;
	modpost_free(mp);
	return ret;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.symvers = calloc(argc, sizeof(char *))};
	int ret;

	if (!arguments.symvers)
		return EXIT_FAILURE;
	ret = parse_arguments(&arguments, argc, argv);
	if (!ret)
		ret = run(&arguments, argc, argv) ? EXIT_FAILURE : EXIT_SUCCESS;
	else if (ret < 0)
		ret = EXIT_SUCCESS;
	free(arguments.symvers);
	return ret;
}
