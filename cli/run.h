/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box from boot to report: what run, exec and shell have in common. */
#ifndef RING3_RUN_H
#define RING3_RUN_H

#include <time.h>
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/load_plan.h"
#include "cli/recording.h"
#include "cli/report.h"
#include "cli/unload.h"

enum {
	OPTION_JSON = ARGUMENT_COMMAND,
	OPTION_LOGLEVEL,
	OPTION_NO_UNLOAD,
	OPTION_CALL,
	OPTION_TIME,
	OPTION_CONSOLE,
};

/* Long options of all three. */
#define RUN_LONG_OPTIONS                                                                           \
	{"verbose", no_argument, NULL, 'v'}, {"json", no_argument, NULL, OPTION_JSON},             \
		{"loglevel", required_argument, NULL, OPTION_LOGLEVEL},                            \
		{"no-unload", no_argument, NULL, OPTION_NO_UNLOAD},                                \
		{"console", required_argument, NULL, OPTION_CONSOLE},

#define RUN_OPTIONS_HELP                                                                           \
	"  -v, --verbose           tell each step of the loading; -vv: of runtime and library "    \
	"too\n"                                                                                    \
	"      --json              one JSON document on stdout: modules, log, report; with -v "    \
	"the "                                                                                     \
	"steps\n"                                                                                  \
	"      --loglevel N        show log lines of a level below N (default: all), until\n"      \
	"                          dmesg -n or /proc/sys/kernel/printk changes it\n"               \
	"      --console FILE      with a command: append log and report to FILE (default "        \
	"stderr)\n"                                                                                \
	"      --no-unload         a kernel without CONFIG_MODULE_UNLOAD\n"

struct run {
	struct term term;
	struct recording recording;
	struct r3_box_options options;
	struct load_plan plan;
	struct report report;
	const char *name; /* of the ring3 command */
	char **words;     /* modules, parameters and '+' */
	int nr_words;
	char **command;      /* what runs in the box, NULL: nothing */
	const char *console; /* the file that the log goes to with a command; NULL: stderr */
	FILE *console_file;
	struct front *front;
	struct call *calls;
	unsigned int nr_calls;
	struct timespec wait;
	char *cmdline; /* with what --loglevel says; NULL: as given */
	int loglevel;  /* that the console begins with, -1: all */
	bool json;
	unsigned int verbose; /* 1: the modules' steps, 2: the kernel's own as well */
	char *tree;
	const char *boot_error; /* why there is no box */
	struct r3_box *box;
};

void run_init(struct run *run, const char *name);
/* A value of getopt_long: 0, or -EINVAL after a message. */
int run_option(struct run *run, int option, char *value);
/* Boot, load run->plan, call, run the command, wait, unload, report: the exit status. */
int run_box(struct run *run);
void run_release(struct run *run);

/* run_client.c: the front door; 0 or -errno after a message. */
int run_open_front(struct run *run);
int run_serve_front(struct run *run);
/* The command's exit status as a shell's $?, -errno after a message. */
int run_client(struct run *run);
void run_close_front(struct run *run);

#endif
