// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 build: sources to NAME.ko (NAME.o of the 2.4 scheme), with the SDK or through a release's
 * Kbuild. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/build.h"
#include "cli/commands.h"

/* The directory of everything that is not a result; one for each target in it. */
#define WORK_DIRECTORY ".ring3"

static const char help_text[] =
	"Usage: ring3 build [OPTION]... DIR\n"
	"       ring3 build [OPTION]... FILE.c...\n"
	"Build kernel modules: those of the Kbuild file (or Makefile) in DIR, or one of\n"
	"each FILE.c. Without --kernel they are for ring3's own target, made with its SDK.\n\n"
	"  -k, --kernel RELEASE     build for this kernel release, through its Kbuild\n"
	"      --headers DIR        that release's headers\n"
	"      --modpost ring3      with ring3-modpost in place of that release's own (linux)\n"
	"  -o, -O, --output DIR     put NAME.ko and Module.symvers there (default: beside the\n"
	"                           sources); everything else goes to DIR/" WORK_DIRECTORY "\n"
	"      --name NAME          one module NAME of all FILE.c\n"
	"      --scheme 2.4         modules that insmod links, as up to Linux 2.4: NAME.o\n"
	"      --no-versions        with it: symbols without versions\n"
	"  -D MACRO[=VALUE], -I DIR as the compiler's\n"
	"      --symvers FILE       a Module.symvers of modules that these ones use\n"
	"  -g, --debug              leave debugging information in NAME.ko\n"
	"  -w, --warn-unresolved    undefined symbols are no error\n"
	"  -W, --extra-warnings     what Kbuild's W=1 warns about\n"
	"  -j, --jobs N             commands at a time (default: the number of processors)\n"
	"      --clean              remove what was built\n"
	"  -v, --verbose            show each command\n"
	"  -h, --help               this text\n\n"
	"Environment: CC, LD, KBUILD_EXTRA_SYMBOLS, KBUILD_MODPOST_WARN,\n"
	"RING3_SDK (directory of the SDK), RING3_MODPOST (the program ring3-modpost).\n";

enum {
	OPTION_HEADERS = 256,
	OPTION_NAME,
	OPTION_SYMVERS,
	OPTION_CLEAN,
	OPTION_MODPOST,
	OPTION_SCHEME,
	OPTION_NO_VERSIONS,
};

static const struct option long_options[] = {
	{"kernel", required_argument, NULL, 'k'},
	{"target", required_argument, NULL, 'k'},
	{"headers", required_argument, NULL, OPTION_HEADERS},
	{"output", required_argument, NULL, 'o'},
	{"modpost", required_argument, NULL, OPTION_MODPOST},
	{"name", required_argument, NULL, OPTION_NAME},
	{"symvers", required_argument, NULL, OPTION_SYMVERS},
	{"debug", no_argument, NULL, 'g'},
	{"warn-unresolved", no_argument, NULL, 'w'},
	{"extra-warnings", no_argument, NULL, 'W'},
	{"jobs", required_argument, NULL, 'j'},
	{"clean", no_argument, NULL, OPTION_CLEAN},
	{"scheme", required_argument, NULL, OPTION_SCHEME},
	{"no-versions", no_argument, NULL, OPTION_NO_VERSIONS},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* A relative -I is the user's, but Kbuild runs elsewhere. */
static void add_include(struct build *b, const char *directory)
{
	char *absolute = realpath(directory, NULL);

	strings_add(b, &b->flags,
		    build_format(b, "-I%s", shell_quote(b, absolute ? absolute : directory)));
	free(absolute);
}

static int set_scheme(struct build *b, const char *scheme)
{
	b->scheme24 = !strcmp(scheme, "2.4");
	if (!b->scheme24 && strcmp(scheme, "2.6"))
		return usage_error("build", "--scheme %s: there are 2.4 and 2.6", scheme);
	return 0;
}

/* 0, or what usage_error said. */
static int apply_option(struct build *b, int option, const char *value)
{
	char *end;

	switch (option) {
	case 'k':
		b->kernel = strcmp(value, "builtin") ? value : NULL;
		break;
	case OPTION_HEADERS:
		b->headers = value;
		break;
	case OPTION_MODPOST:
		b->our_modpost = !strcmp(value, "ring3");
		if (!b->our_modpost && strcmp(value, "linux"))
			return usage_error("build", "--modpost %s: ring3 or linux?", value);
		break;
	case 'o':
	case 'O':
		b->output = value;
		break;
	case OPTION_NAME:
		b->name = value;
		break;
	case 'D':
		strings_add(b, &b->flags, build_format(b, "-D%s", shell_quote(b, value)));
		break;
	case 'I':
		add_include(b, value);
		break;
	case OPTION_SYMVERS:
		strings_add(b, &b->symvers, value);
		break;
	case 'g':
		b->debug = true;
		break;
	case 'w':
		b->warn_unresolved = true;
		break;
	case 'W':
		b->extra_warnings = true;
		break;
	case 'j':
		b->jobs = strtoul(value, &end, 10);
		if (*end || !b->jobs || b->jobs > 4096)
			return usage_error("build", "-j %s: how many?", value);
		break;
	case OPTION_CLEAN:
		b->clean = true;
		break;
	case OPTION_SCHEME:
		return set_scheme(b, value);
	case OPTION_NO_VERSIONS:
		b->no_versions = true;
		break;
	case 'v':
		b->verbose = true;
		break;
	default:
		return usage_error("build", "what is wrong stands above");
	}
	return 0;
}

/* What an outer make has set would confuse ours; what a user may have, we take. */
static void read_environment(struct build *b)
{
	static const char *const foreign[] = {
		"MAKEFLAGS",
		"MFLAGS",
		"GNUMAKEFLAGS",
		"MAKEOVERRIDES",
		"MAKELEVEL",
		"M",
		"O",
		"V",
		"W",
		"C",
		"ARCH",
		"KCFLAGS",
		"srctree",
		"objtree",
		"sub_make_done",
		"KBUILD_EXTRA_SYMBOLS",
	};
	const char *symvers = getenv("KBUILD_EXTRA_SYMBOLS");
	unsigned int i;

	if (symvers)
		strings_add_words(b, &b->symvers, symvers);
	if (getenv("KBUILD_MODPOST_WARN") && *getenv("KBUILD_MODPOST_WARN"))
		b->warn_unresolved = true;
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		unsetenv(foreign[i]);
}

/* Where the sources are, and where we may work. */
static int find_directories(struct build *b)
{
	const char *first = b->sources.items[0];
	const char *output;
	struct stat st;

	if (stat(first, &st))
		return build_error("%s: %s", first, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		if (b->sources.count > 1)
			return usage_error("build", "one directory at a time");
		if (b->name)
			return usage_error("build", "--name is for FILE.c, %s has a Kbuild file",
					   first);
		if (strpbrk(first, " :")) /* the same refusal as Linux's Makefile */
			return build_error("%s: a directory that make reads cannot contain spaces "
					   "nor colons",
					   first);
		b->source_dir = build_format(b, "%s", first);
		while (strlen(b->source_dir) > 1 && b->source_dir[strlen(b->source_dir) - 1] == '/')
			b->source_dir[strlen(b->source_dir) - 1] = '\0';
		b->sources.items[0] = b->source_dir;
	} else {
		b->source_dir = path_directory(b, first);
	}
	output = b->output ? b->output : b->source_dir;
	b->work = build_format(b, "%s%s" WORK_DIRECTORY "/%s", strcmp(output, ".") ? output : "",
			       strcmp(output, ".") ? "/" : "",
			       b->kernel     ? b->kernel
			       : b->scheme24 ? "2.4"
					     : "builtin");
	return 0;
}

static int build_run(struct build *b, int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int option, ret;

	b->jobs = processors > 0 ? processors : 1;
	read_environment(b);
	while ((option = getopt_long(argc, argv, "k:o:O:D:I:gwWj:vh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help_text, stdout);
			return EXIT_SUCCESS;
		}
		ret = apply_option(b, option, optarg);
		if (ret)
			return ret;
	}
	if (optind == argc)
		return usage_error("build", "which DIR or FILE.c?");
	for (; optind < argc; optind++)
		strings_add(b, &b->sources, argv[optind]);
	if (b->headers && !b->kernel)
		return usage_error("build", "--headers of which --kernel?");
	if (b->our_modpost && !b->kernel)
		return usage_error("build", "--modpost in the Kbuild of which --kernel?");
	if (b->scheme24 && b->kernel)
		return usage_error("build", "--scheme 2.4 is the SDK's, not Linux %s's", b->kernel);
	if (b->no_versions && !b->scheme24)
		return usage_error("build", "--no-versions is for --scheme 2.4");
	ret = find_directories(b);
	if (ret)
		return ret;
	return b->kernel ? build_with_kernel(b) : build_with_sdk(b);
}

int cmd_build(int argc, char **argv)
{
	struct build b = {};
	int ret = build_run(&b, argc, argv);

	build_release(&b);
	return ret;
}
