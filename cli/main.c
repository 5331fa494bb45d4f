// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring3 command: picks a subcommand. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/commands.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *synopsis;
	const char *purpose;
} commands[] = {
	{"run", cmd_run,
	 "[OPTION]... MODULE.ko [PARAM=VALUE]... [+ MODULE.ko ...]... "
	 "[-- COMMAND...]",
	 "load modules into a fresh box, show the kernel log, unload, report"},
	{"exec", cmd_exec, "[OPTION]... [--] COMMAND [ARGUMENT]...",
	 "run a command in a box: insmod, lsmod, dmesg, uname, ... are the box's"},
	{"shell", cmd_shell, "[OPTION]...", "an interactive shell in a box"},
	{"boot", cmd_boot, "--name N [OPTION]... [MODULE.ko [PARAM=VALUE]... [+ MODULE.ko ...]...]",
	 "a box that stays: 'exec --name N' and 'shell --name N' run in it"},
	{"list", cmd_list, "[--json]", "the boxes that stay"},
	{"stop", cmd_stop, "[--json] N", "end such a box: unload its modules, report"},
	{"probe", cmd_probe, "[OPTION]... SPEC... -- COMMAND [ARGUMENT]...",
	 "run a command in a box, and tell of each hit of the probes in its kernel code"},
	{"build", cmd_build, "[OPTION]... DIR|FILE.c...", "build a module from source"},
	{"check", cmd_check, "[OPTION]... MODULE.ko...",
	 "tell whether modules would load, running nothing"},
	{"survey", cmd_survey, "[OPTION]... DIR", "check, or load, every module of a tree"},
	{"demo", cmd_demo, "[DIR]", "a guided tour on the samples"},
	{"insmod", cmd_tool, "[OPTION]... MODULE.ko [PARAM=VALUE]...",
	 "load a module into the running kernel; in a box, the box's"},
	{"rmmod", cmd_tool, "[OPTION]... NAME...", "unload modules from it"},
	{"lsmod", cmd_tool, "[--json]", "list its modules"},
	{"modinfo", cmd_tool, "[OPTION]... NAME|MODULE.ko...",
	 "show what modules say of themselves"},
	{"modprobe", cmd_tool, "[OPTION]... NAME [PARAM=VALUE]...",
	 "load a module, or with -r unload it, and what it needs"},
	{"depmod", cmd_tool, "[OPTION]... [RELEASE [MODULE.ko...]]",
	 "make the lists of what a release's modules need and are for"},
	{"ksyms", cmd_tool, "[-ahm]", "list what its modules export (Linux 2.4)"},
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

int usage_error(const char *command, const char *format, ...)
{
	const char *space = *command ? " " : "";
	va_list args;

	fflush(stdout);
	fprintf(stderr, "ring3%s%s: ", space, command);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'ring3%s%s --help'.\n", space, command);
	return EXIT_USAGE;
}

static void print_help(void)
{
	size_t i;

	puts("Usage: ring3 COMMAND [ARGUMENT]...\n"
	     "Run Linux kernel modules in an ordinary, unprivileged process.\n");
	for (i = 0; i < NR_COMMANDS; i++)
		printf("  ring3 %s %s\n        %s\n", commands[i].name, commands[i].synopsis,
		       commands[i].purpose);
	puts("\n  ring3 COMMAND --help    tells a command's options\n"
	     "  ring3 --version\n\n"
	     "Exit status: 0 clean, 1 something failed or is not clean, 2 wrong usage; of a "
	     "command\n"
	     "in a box its own, if that is not 0.");
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return usage_error("", "which command?");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_help();
		return EXIT_SUCCESS;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("ring3 " RING3_VERSION);
		return EXIT_SUCCESS;
	}
	for (i = 0; i < NR_COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return usage_error("", "there is no command '%s'", argv[1]);
}
