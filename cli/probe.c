// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 probe: a command in a box whose code is probed. */
#include <errno.h>
#include <stdlib.h>
#include "cli/commands.h"
#include "cli/probe_set.h"
#include "cli/run.h"

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	JSON_LONG_OPTION,
	RUN_LONG_OPTIONS{"count", no_argument, NULL, 'c'},
	{0},
};

static const char help[] =
	"Usage: ring3 probe [OPTION]... SPEC... -- COMMAND [ARGUMENT]...\n"
	"Run a command in a box of its own, as 'ring3 exec' does, and tell of each time that\n"
	"kernel code in it comes where one of the probes is. SPEC is one argument, in the words\n"
	"of Linux's kprobe_events:\n\n"
	"  'p[:NAME] [MODULE:]SYMBOL[+OFFSET] [FETCH]...'   at an instruction\n"
	"  'r[MAX][:NAME] [MODULE:]SYMBOL [FETCH]...'       when a function returns\n\n"
	"FETCH is [ARGUMENT=]WHAT[:TYPE]. WHAT: $arg1 (of a function's entry), $retval, %REGISTER\n"
	"(di, ax, ...), $stackN, $stack, $comm, @ADDRESS, @SYMBOL, \\NUMBER, or in memory\n"
	"+OFFSET(WHAT). TYPE: u8 to u64, s8 to s64, x8 to x64, char, string, ustring, symbol,\n"
	"symstr, bWIDTH@OFFSET/SIZE, each of which may be an array: TYPE[N].\n\n"
	"    ring3 probe 'p:add ledger:ledger_add amount=$arg2:s32' \\\n"
	"                'r:added ledger:ledger_add $retval:s32' -- insmod ledger.ko\n\n"
	"A probe of MODULE:SYMBOL waits for a module that is not there, and is planted before\n"
	"any of its code runs; a SYMBOL alone must be there at once.\n\n"
	"  -c, --count             tell only how often each was hit, and how often it missed "
	"one\n" JSON_OPTION_HELP RUN_OPTIONS_HELP BOX_OPTIONS_HELP
	"  -h, --help              this text\n\n"
	"Hits, log and report go to stderr. Exit status: as that of 'ring3 exec'; 1 if a probe\n"
	"cannot be where it is to be, 2 if its SPEC is none.\n";

/* 0: go on, 1: help was shown, -EINVAL: complained. */
static int parse(struct run *run, struct probe_set *set, int argc, char **argv)
{
	int status = run_parse(run, long_options, help, argc, argv);

	if (status)
		return status;
	if (!run->nr_words || !run->command) {
		usage_error("probe", run->nr_words ? "which command, after '--'?" : "which probe?");
		return -EINVAL;
	}
	*set = (struct probe_set){
		.specs = run->words,
		.nr_specs = run->nr_words,
		.count = run->count,
		.term = &run->term,
		.recording = run->json ? &run->recording : NULL,
	};
	return probe_set_check(set, "probe");
}

int cmd_probe(int argc, char **argv)
{
	struct probe_set set = {0};
	struct run run;
	int status;

	run_init(&run, "probe");
	status = parse(&run, &set, argc, argv);
	if (status) {
		status = status > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	} else if (recording_init(&run.recording)) {
		status = EXIT_FAILURE;
	} else {
		run.probes = &set;
		status = run_box(&run);
		if (status == EXIT_SUCCESS && set.incomplete)
			status = EXIT_FAILURE;
	}
	run_release(&run);
	probe_set_release(&set);
	return status;
}
