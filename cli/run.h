/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box from boot to report: what run, exec, shell and boot have in common. */
#ifndef RING3_RUN_H
#define RING3_RUN_H

#include <time.h>
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/load_plan.h"
#include "cli/probe_set.h"
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
	OPTION_NAME,
};

/* Long options of all four, and of those whose report is their output. */
#define JSON_LONG_OPTION                                                                           \
	{                                                                                          \
		"json", no_argument, NULL, OPTION_JSON                                             \
	}
#define RUN_LONG_OPTIONS                                                                           \
	{"verbose", no_argument, NULL, 'v'},                                                       \
		{"loglevel", required_argument, NULL, OPTION_LOGLEVEL},                            \
		{"no-unload", no_argument, NULL, OPTION_NO_UNLOAD},                                \
		{"console", required_argument, NULL, OPTION_CONSOLE},

#define JSON_OPTION_HELP                                                                           \
	"      --json              one JSON document on stdout: modules, log, report; with -v "    \
	"the "                                                                                     \
	"steps\n"

#define RUN_OPTIONS_HELP                                                                           \
	"  -v, --verbose           tell each step of the loading; -vv: of runtime and library "    \
	"too\n"                                                                                    \
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
	const char *box_name; /* of a box that stays: clients come when it is there; NULL: none */
	struct front *front;
	struct call *calls;
	unsigned int nr_calls;
	struct timespec wait;
	char *cmdline; /* with what --loglevel says; NULL: as given */
	int loglevel;  /* that the console begins with, -1: all */
	bool json;
	bool count;               /* hits of probes */
	struct probe_set *probes; /* NULL: none */
	unsigned int verbose;     /* 1: the modules' steps, 2: the kernel's own as well */
	char *tree;               /* of modules, NULL: none */
	bool tree_named;          /* --modules-dir named it */
	char *modules_dir;        /* NULL: as in options */
	const char *boot_error;   /* why there is no box */
	struct r3_box *box;
	bool unload_refused; /* by kernel.modules_disabled, at the end */
	bool ready;          /* there is a box, and what was asked for can be done in it */
};

void run_init(struct run *run, const char *name);
/*
 * A value of getopt_long, of which 'h' shows the text. 0: go on, 1: help was shown, -EINVAL:
 * complained.
 */
int run_option(struct run *run, const char *text, int option, char *value);
/*
 * Options, which may stand anywhere before `--', words to run->words, and what follows `--' to
 * run->command. What run_option() returns.
 */
int run_parse(struct run *run, const struct option *options, const char *text, int argc,
	      char **argv);
/* Words of a command line: MODULE.ko [PARAM...] [+ MODULE.ko ...]. An exit status. */
int run_plan(struct run *run, int count, char **words);
/* Run the command in a box of its own: the exit status. */
int run_box(struct run *run);
/* The same step by step. Boot, load run->plan, call: 0 or -errno, after a message. */
int run_start(struct run *run);
/* Close the front, unload, and report, however far it came. */
void run_finish(struct run *run);
void run_release(struct run *run);

static inline bool run_is_24(const struct run *run)
{
	return run->options.flags & R3_BOX_SCHEME_2_4;
}

static inline bool run_has_clients(const struct run *run)
{
	return run->command || run->box_name;
}

/* run24.c: link a module as insmod does, messages of that included: 0 or -errno. */
int run_load24(struct run *run, struct load_item *module);

/* run_json.c: the document of --json. */
void run_write(struct run *run, FILE *out, bool clean);

/* run_client.c: the front door; 0 or -errno after a message. */
int run_open_front(struct run *run);
int run_serve_front(struct run *run);
/* The command's exit status as a shell's $?, -errno after a message. */
int run_client(struct run *run);
void run_close_front(struct run *run);
/* Of wait()'s status, as a shell's $?. */
int exit_status(int status);

#endif
