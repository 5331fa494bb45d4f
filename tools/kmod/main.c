// SPDX-License-Identifier: GPL-2.0-or-later
/* One program, many tools: the name it is called by picks one, or else its first word. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"
#include "tools/modutils/tools.h"

static int print_help(int argc, char **argv);

static const struct tool {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *purpose;
	int (*run_24)(int argc, char **argv); /* where modules are those of Linux 2.4 */
} commands[] =
	{
		{"help", print_help, "show this help", NULL},
		{"list", kmod_lsmod, "list the modules that are loaded", modutils_lsmod},
		{"static-nodes", kmod_static_nodes,
		 "print the device nodes of the running kernel's modules", NULL},
},
  links[] = {
	  {"insmod", kmod_insmod, "load a module file", modutils_insmod},
	  {"rmmod", kmod_rmmod, "unload modules", modutils_rmmod},
	  {"lsmod", kmod_lsmod, "list the modules that are loaded", modutils_lsmod},
	  {"modinfo", kmod_modinfo, "show what a module says of itself", modutils_modinfo},
	  {"modprobe", kmod_modprobe, "load and unload modules with what they need",
	   modutils_modprobe},
	  {"depmod", kmod_depmod, "make the lists of what modules need and are for",
	   modutils_depmod},
	  {"ksyms", modutils_ksyms, "list what modules export (Linux 2.4)", modutils_ksyms},
};

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void print_tools(const struct tool *tools, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("  %-12s %s\n", tools[i].name, tools[i].purpose);
}

static int print_help(int argc, char **argv)
{
	printf("kmod - load, unload and list kernel modules\n"
	       "Usage:\n"
	       "\t%s [options] command [command_options]\n\n"
	       "Options:\n"
	       "\t    --scheme=2.4  the tools of Linux 2.4 (default: those of the running kernel)\n"
	       "\t-V, --version     show version\n"
	       "\t-h, --help        show this help\n\n"
	       "Commands:\n",
	       program_invocation_short_name);
	print_tools(commands, NR(commands));
	puts("\nCommands that also work as the name of a link to this program:");
	print_tools(links, NR(links));
	return EXIT_SUCCESS;
}

static const struct tool *find(const struct tool *tools, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(tools[i].name, name))
			return &tools[i];
	return NULL;
}

static int refuse(const char *what, const char *word)
{
	fprintf(stderr, "%s%s%s%s\n", what, *word ? " '" : "", word, *word ? "'" : "");
	print_help(0, NULL);
	return EXIT_FAILURE;
}

static int run(const struct tool *tool, int argc, char **argv, bool is_24)
{
	return is_24 && tool->run_24 ? tool->run_24(argc, argv) : tool->run(argc, argv);
}

static int run_command(int argc, char **argv, bool is_24)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {}};
	const struct tool *tool;
	int option;

	while ((option = getopt_long(argc, argv, "+hV", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return print_help(0, NULL);
		case 'V':
			kmod_print_version();
			return EXIT_SUCCESS;
		default:
			return EXIT_FAILURE;
		}
	}
	if (optind >= argc)
		return refuse("missing command", "");
	argc -= optind;
	argv += optind;
	optind = 0; /* getopt starts anew */
	tool = find(commands, NR(commands), argv[0]);
	if (tool)
		return run(tool, argc, argv, is_24);
	tool = find(links, NR(links), argv[0]);
	if (!tool)
		return refuse("invalid command", argv[0]);
	program_invocation_short_name = argv[0]; /* whom messages are from */
	return run(tool, argc, argv, is_24);
}

int main(int argc, char **argv)
{
	const struct tool *tool = find(links, NR(links), program_invocation_short_name);
	int is_24 = modutils_is_wanted(&argc, argv), status;

	if (is_24 < 0)
		return EXIT_FAILURE;
	status = tool ? run(tool, argc, argv, is_24) : run_command(argc, argv, is_24);
	if (fflush(stdout) || ferror(stdout)) {
		error("cannot write the output: %m");
		status = EXIT_FAILURE;
	}
	return status;
}
