// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 stop: the end of a box that stays, with its report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/term.h"
#include "front/visit.h"

static const char help[] =
	"Usage: ring3 stop [--json] N\n"
	"End the box N that 'ring3 boot --name N' has made: kill what runs in it, unload its\n"
	"modules, and report what is left, as 'ring3 run' does.\n\n"
	"      --json              one JSON document: modules of the boot, log, report\n"
	"  -h, --help              this text\n\n"
	"Exit status: 0 if all is clean, 1 if not, or if there is no such box; 2 for wrong "
	"usage.\n";

static void waiting(const char *name, int pid)
{
	fprintf(stderr,
		"ring3: the box '%s' has not ended yet: a call of a module may not have returned\n"
		"       'kill -9 %d' ends it at once, without a report\n",
		name, pid);
}

int cmd_stop(int argc, char **argv)
{
	int parsed, error, status;
	bool json;
	struct term term;

	parsed = parse_json("stop", help, argc, argv, &json);
	if (parsed)
		return parsed > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	if (argc - optind != 1)
		return usage_error("stop", "it takes the name of one box");
	term_init(&term);
	error = visit_stop(argv[optind], json, term.colour, stdout, &status, waiting);
	if (!error)
		return status;
	term_error(&term, "%s", r3_error());
	if (error == -ENOENT)
		term_advice(&term, "'ring3 list' tells which boxes there are");
	return EXIT_FAILURE;
}
