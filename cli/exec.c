// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 exec and ring3 shell: a command in a box that starts without modules. */
#include <errno.h>
#include <stdlib.h>
#include "cli/commands.h"
#include "cli/run.h"
#include "front/visit.h"

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	JSON_LONG_OPTION,
	RUN_LONG_OPTIONS{"name", required_argument, NULL, OPTION_NAME},
	{0},
};

#define COMMON_HELP                                                                                \
	"\n      --name N            in the box N of 'ring3 boot', which stays; no other "         \
	"option\n" JSON_OPTION_HELP RUN_OPTIONS_HELP BOX_OPTIONS_HELP                              \
	"  -h, --help              this text\n\n"                                                  \
	"The box is of the builtin target if --kernel does not say otherwise; --modules-dir is\n"  \
	"what /lib/modules/RELEASE shows. Log and report go to stderr.\n\n"                        \
	"Exit status: the command's if it is not 0; else 1 if anything is left that should not\n"  \
	"be, or there was a warning or an oops; 2 for wrong usage, 127 if there is no such\n"      \
	"command.\n"

static const char exec_help[] =
	"Usage: ring3 exec [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"Run a command in a box of its own, in which no module is loaded: its module system\n"
	"calls, /proc/modules, /sys/module, dmesg and uname are the box's, everything else is\n"
	"the host's. insmod, rmmod, modprobe and lsmod work as they do on a machine.\n" COMMON_HELP;

static const char shell_help[] =
	"Usage: ring3 shell [OPTION]... [-- ARGUMENT...]\n"
	"Start $SHELL in a box of its own, as 'ring3 exec' runs a command.\n" COMMON_HELP;

/* 0: go on, 1: help was shown, -EINVAL: complained. */
static int parse(struct run *run, const char *help, int argc, char **argv)
{
	bool others = false;
	int option;

	/* The first word that is no option is the command: what follows is its own. */
	while ((option = getopt_long(argc, argv, "+hvk:", long_options, NULL)) != -1) {
		int status = run_option(run, help, option, optarg);

		if (status)
			return status;
		others |= option != OPTION_NAME;
	}
	if (run->box_name && others) {
		usage_error(run->name,
			    "--name means a box that is there: other options are for 'ring3 boot'");
		return -EINVAL;
	}
	return 0;
}

/* In a box that stays. */
static int visit(struct run *run, char **command)
{
	bool stopped;
	int status, error = visit_run(run->box_name, command, &status, &stopped);

	if (error) {
		term_error(&run->term, "%s", r3_error());
		if (error == -ENOENT)
			term_advice(&run->term,
				    "'ring3 list' tells which boxes there are, "
				    "'ring3 boot --name %s' makes one",
				    run->box_name);
		return EXIT_FAILURE;
	}
	if (stopped)
		term_error(&run->term, "the box '%s' has been stopped", run->box_name);
	return exit_status(status);
}

static int run_it(struct run *run, int parsed, char **command)
{
	int status;

	if (parsed) {
		status = parsed > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	} else if (run->box_name) {
		status = visit(run, command);
	} else if (recording_init(&run->recording)) {
		status = EXIT_FAILURE;
	} else {
		run->command = command;
		status = run_box(run);
	}
	run_release(run);
	return status;
}

int cmd_exec(int argc, char **argv)
{
	struct run run;
	int parsed;

	run_init(&run, "exec");
	parsed = parse(&run, exec_help, argc, argv);
	if (!parsed && optind == argc) {
		usage_error("exec", "which command?");
		parsed = -EINVAL;
	}
	return run_it(&run, parsed, argv + optind);
}

int cmd_shell(int argc, char **argv)
{
	const char *shell = getenv("SHELL");
	char **command = calloc(argc + 2, sizeof(*command));
	struct run run;
	int parsed, status;

	if (!command)
		return EXIT_FAILURE;
	run_init(&run, "shell");
	parsed = parse(&run, shell_help, argc, argv);
	command[0] = (char *)(shell && *shell ? shell : "/bin/sh");
	for (int i = optind; i < argc; i++)
		command[1 + i - optind] = argv[i];
	status = run_it(&run, parsed, command);
	free(command);
	return status;
}
