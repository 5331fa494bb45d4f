// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 list: the boxes that stay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/term.h"
#include "front/visit.h"

static const char help[] =
	"Usage: ring3 list [--json]\n"
	"Show the boxes of this user that 'ring3 boot' has made: how many modules are loaded in\n"
	"each, and how many commands of 'ring3 exec --name' have a process in it.\n\n"
	"      --json              one JSON document\n"
	"  -h, --help              this text\n\n"
	"Exit status: 0, 1 if they cannot be listed, 2 for wrong usage.\n";

#define ROW "%-20s %-24s %7s %7s %7s  %s\n"

static int print_row(void *context, const struct visit_info *info)
{
	char pid[16], modules[16], clients[16], since[32];
	struct tm time;

	snprintf(pid, sizeof(pid), "%d", info->pid);
	if (!info->answers) {
		printf(ROW, info->name, "-", pid, "-", "-",
		       "does not answer: it boots, or is stuck");
		return 0;
	}
	snprintf(modules, sizeof(modules), "%u", info->modules);
	snprintf(clients, sizeof(clients), "%u", info->clients);
	strftime(since, sizeof(since), "%F %T", localtime_r(&info->since, &time));
	printf(ROW, info->name, info->release, pid, modules, clients, since);
	return 0;
}

static int write_box(void *context, const struct visit_info *info)
{
	struct json *json = context;
	struct tm time;
	char since[32];

	json_open(json, NULL, '{');
	json_string(json, "name", info->name);
	json_number(json, "pid", info->pid);
	json_bool(json, "answers", info->answers);
	if (info->answers) {
		strftime(since, sizeof(since), "%FT%TZ", gmtime_r(&info->since, &time));
		json_string(json, "release", info->release);
		json_unsigned(json, "modules", info->modules);
		json_unsigned(json, "clients", info->clients);
		json_string(json, "since", since);
		json_string(json, "log", info->log);
	}
	json_close(json, '}');
	return 0;
}

static int list_table(void)
{
	printf(ROW, "NAME", "RELEASE", "PID", "MODULES", "CLIENTS", "SINCE");
	return visit_each(print_row, NULL);
}

static int list_json(void)
{
	struct json json = {.out = stdout};
	int error;

	json_open(&json, NULL, '{');
	json_open(&json, "boxes", '[');
	error = visit_each(write_box, &json);
	json_close(&json, ']');
	json_close(&json, '}');
	return error;
}

int cmd_list(int argc, char **argv)
{
	bool json;
	struct term term;
	int parsed;

	parsed = parse_json("list", help, argc, argv, &json);
	if (parsed)
		return parsed > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	if (optind < argc)
		return usage_error("list", "it takes no argument, not '%s'", argv[optind]);
	if (json ? list_json() : list_table()) {
		term_init(&term);
		term_error(&term, "%s", r3_error());
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
