// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3-modpost: the command. Options as those of Linux's modpost. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "modpost.h"

static const char usage_text[] =
	"usage: ring3-modpost [options] NAME.o...\n"
	"       ring3-modpost --symvers-from [-m] -o FILE [--export-source FILE] OBJECT.o...\n"
	"Read each module's object, check what it imports and write NAME.mod.c.\n"
	"  -i FILE   read exported symbols from this Module.symvers (repeatable)\n"
	"  -o FILE   write what the objects export\n"
	"  -T FILE   read more objects' names from FILE, one a line ('-': standard input)\n"
	"  -e        the modules are built outside of the kernel's tree\n"
	"  -m        write symbol versions (CONFIG_MODVERSIONS)\n"
	"  -a        write srcversion for every module, not only those with MODULE_VERSION\n"
	"  -w        only warn about undefined symbols\n"
	"  -N        only warn about missing namespace imports\n"
	"  -E        section mismatches are errors\n"
	"  -W        more warnings\n"
	"  -n        ignore missing files\n"
	"  --symvers-from   the objects are the kernel's own: write only what they export\n"
	"  --export-source FILE   and, as C, the versions of that (__kcrctab)\n"
	"  --help    this text\n";

struct arguments {
	struct modpost_options options;
	const char **symvers;
	unsigned int nr_symvers;
	const char *output, *list, *export_source;
	bool as_kernel;
};

enum { OPTION_SYMVERS_FROM = 256, OPTION_EXPORT_SOURCE, OPTION_HELP };

/* 0: go on, -1: help was shown, else the exit status. */
static int parse_arguments(struct arguments *arguments, int argc, char **argv)
{
	static const struct option long_options[] = {
		{"symvers-from", no_argument, NULL, OPTION_SYMVERS_FROM},
		{"export-source", required_argument, NULL, OPTION_EXPORT_SOURCE},
		{"help", no_argument, NULL, OPTION_HELP},
		{},
	};
	struct modpost_options *options = &arguments->options;
	int option;

	while ((option = getopt_long(argc, argv, "ei:o:T:mawNEWn", long_options, NULL)) != -1) {
		switch (option) {
		case 'e':
			options->external = true;
			break;
		case 'i':
			arguments->symvers[arguments->nr_symvers++] = optarg;
			break;
		case 'o':
			arguments->output = optarg;
			break;
		case 'T':
			arguments->list = optarg;
			break;
		case 'm':
			options->modversions = true;
			break;
		case 'a':
			options->all_srcversions = true;
			break;
		case 'w':
			options->warn_unresolved = true;
			break;
		case 'N':
			options->allow_missing_namespaces = true;
			break;
		case 'E':
			options->section_mismatch_is_error = true;
			break;
		case 'W':
			options->extra_warnings = true;
			break;
		case 'n':
			options->ignore_missing_files = true;
			break;
		case OPTION_SYMVERS_FROM:
			arguments->as_kernel = true;
			break;
		case OPTION_EXPORT_SOURCE:
			arguments->export_source = optarg;
			break;
		case OPTION_HELP:
			fputs(usage_text, stdout);
			return -1;
		default:
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
	int ret = modpost_write_sources(mp);

	if (ret)
		return complain("NAME.mod.c", ret);
	if (arguments->export_source) {
		ret = modpost_write_export_source(mp, arguments->export_source);
		if (ret)
			return complain(arguments->export_source, ret);
	}
	if (!arguments->output)
		return 0;
	ret = modpost_write_symvers(mp, arguments->output);
	return ret ? complain(arguments->output, ret) : 0;
}

static int run(const struct arguments *arguments, int argc, char **argv)
{
	struct modpost *mp = modpost_new(&arguments->options);
	int ret;

	if (!mp)
		return complain("modpost", -ENOMEM);
	ret = read_inputs(mp, arguments, argc, argv);
	if (!ret)
		ret = modpost_check(mp);
	if (!ret && !modpost_errors(mp))
		ret = write_outputs(mp, arguments);
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
