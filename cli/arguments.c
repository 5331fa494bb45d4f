// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/arguments.h"
#include "cli/commands.h"
#include "ring3/hypercall.h"

int parse_number(const char *text, unsigned long low, unsigned long high, unsigned long *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*number = strtoul(text, &end, 0);
	if (errno || *end || *number < low || *number > high)
		return -EINVAL;
	return 0;
}

int parse_json(const char *command, const char *help, int argc, char **argv, bool *json)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, ARGUMENT_COMMAND},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	*json = false;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 1;
		}
		if (option == '?') {
			fprintf(stderr, "Try 'ring3 %s --help'.\n", command);
			return -EINVAL;
		}
		*json = true;
	}
	return 0;
}

/* As the kernel's memparse: a number, and K, M or G. */
static int parse_size(const char *text, size_t *size)
{
	unsigned long number;
	unsigned int shift;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	number = strtoul(text, &end, 0);
	switch (toupper((unsigned char)*end)) {
	case '\0':
		shift = 0;
		break;
	case 'K':
		shift = 10;
		break;
	case 'M':
		shift = 20;
		break;
	case 'G':
		shift = 30;
		break;
	default:
		return -EINVAL;
	}
	if (errno || (shift && end[1]) || number == 0 || number > (SIZE_MAX >> shift))
		return -EINVAL;
	*size = number << shift;
	return 0;
}

static int parse_memory(const char *command, const char *value, size_t *memory)
{
	if (parse_size(value, memory)) {
		usage_error(command, "--memory takes a size such as 64M or 1G, not '%s'", value);
		return -EINVAL;
	}
	return 0;
}

static int parse_cpus(const char *command, const char *value, unsigned int *cpus)
{
	unsigned long number;

	if (parse_number(value, 1, R3_MAX_CPUS, &number)) {
		usage_error(command, "--cpus takes a number from 1 to %d, not '%s'", R3_MAX_CPUS,
			    value);
		return -EINVAL;
	}
	*cpus = number;
	return 0;
}

static int parse_scheme(const char *command, const char *value, struct r3_box_options *options)
{
	if (strcmp(value, "2.4") && strcmp(value, "2.6")) {
		usage_error(command, "--scheme takes 2.4 or 2.6, not '%s'", value);
		return -EINVAL;
	}
	options->flags &= ~R3_BOX_SCHEME_2_4;
	if (!strcmp(value, "2.4"))
		options->flags |= R3_BOX_SCHEME_2_4;
	return 0;
}

int box_argument(const char *command, struct r3_box_options *options, int option, char *value)
{
	switch (option) {
	case 'k':
		options->target = value;
		return 0;
	case ARGUMENT_HEADERS:
		options->headers = value;
		return 0;
	case ARGUMENT_SOURCE:
		options->source = value;
		return 0;
	case ARGUMENT_MODULES_DIR:
		options->modules_dir = value;
		return 0;
	case ARGUMENT_CMDLINE:
		options->cmdline = value;
		return 0;
	case ARGUMENT_OFFLINE:
		options->flags |= R3_BOX_OFFLINE;
		return 0;
	case ARGUMENT_SCHEME:
		return parse_scheme(command, value, options);
	case ARGUMENT_CPUS:
		return parse_cpus(command, value, &options->cpus);
	case ARGUMENT_MEMORY:
		return parse_memory(command, value, &options->memory);
	}
	return 1;
}
