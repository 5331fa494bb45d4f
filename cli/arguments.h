/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that every command with a box has. */
#ifndef RING3_ARGUMENTS_H
#define RING3_ARGUMENTS_H

#include <getopt.h>
#include <stdbool.h>
#include <ring3/ring3.h>

/* Values of getopt_long for long-only options; the commands' own start at ARGUMENT_COMMAND. */
enum {
	ARGUMENT_HEADERS = 256,
	ARGUMENT_SOURCE,
	ARGUMENT_MODULES_DIR,
	ARGUMENT_CPUS,
	ARGUMENT_MEMORY,
	ARGUMENT_CMDLINE,
	ARGUMENT_OFFLINE,
	ARGUMENT_SCHEME,
	ARGUMENT_COMMAND,
};

/* Long options shared by all, to be put into a command's table. */
#define BOX_LONG_OPTIONS                                                                           \
	{"kernel", required_argument, NULL, 'k'}, {"target", required_argument, NULL, 'k'},        \
		{"headers", required_argument, NULL, ARGUMENT_HEADERS},                            \
		{"source", required_argument, NULL, ARGUMENT_SOURCE},                              \
		{"modules-dir", required_argument, NULL, ARGUMENT_MODULES_DIR},                    \
		{"cpus", required_argument, NULL, ARGUMENT_CPUS},                                  \
		{"memory", required_argument, NULL, ARGUMENT_MEMORY},                              \
		{"cmdline", required_argument, NULL, ARGUMENT_CMDLINE},                            \
		{"scheme", required_argument, NULL, ARGUMENT_SCHEME},                              \
		{"offline", no_argument, NULL, ARGUMENT_OFFLINE},                                  \
	{                                                                                          \
		"help", no_argument, NULL, 'h'                                                     \
	}

#define BOX_OPTIONS_HELP                                                                           \
	"  -k, --kernel RELEASE    box of this kernel release, or 'builtin'; also --target\n"      \
	"                          (default: what the module was built for)\n"                     \
	"      --headers DIR       that release's headers\n"                                       \
	"      --source PATH       Linux's source tree or tarball\n"                               \
	"      --modules-dir DIR   where modules that others depend on are found\n"                \
	"      --cpus N            virtual CPUs (default 2)\n"                                     \
	"      --memory SIZE       memory of the box, as 64M or 1G (default 256M)\n"               \
	"      --cmdline STRING    kernel command line (module.param=value, loglevel=4, ...)\n"    \
	"      --scheme 2.4|2.6    how modules are loaded: since Linux 2.6 the kernel links\n"     \
	"                          them (default), up to 2.4 insmod did\n"                         \
	"      --offline           never start a compiler\n"

/*
 * Apply one option: 0; 1 if it is none of these; -EINVAL, after a message, if
 * its value is bad.
 */
int box_argument(const char *command, struct r3_box_options *options, int option, char *value);

/*
 * The options of a command that has --json and --help only: 0, 1: help was shown, -EINVAL:
 * complained. optind is where its words begin.
 */
int parse_json(const char *command, const char *help, int argc, char **argv, bool *json);

/* A whole number from low to high; -EINVAL. */
int parse_number(const char *text, unsigned long low, unsigned long high, unsigned long *number);

#endif
