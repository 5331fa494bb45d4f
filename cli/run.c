// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 run: boot, load, call, wait, unload, report. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/commands.h"
#include "cli/run.h"

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	JSON_LONG_OPTION,
	RUN_LONG_OPTIONS{"call", required_argument, NULL, OPTION_CALL},
	{"time", required_argument, NULL, OPTION_TIME},
	{0},
};

static const char help[] =
	"Usage: ring3 run [OPTION]... MODULE.ko [PARAM=VALUE]... [+ MODULE.ko "
	"[PARAM=VALUE]...]... [-- COMMAND [ARGUMENT]...]\n"
	"Boot a box, load the modules in order, each after the modules it depends on, show\n"
	"the kernel log, unload in reverse order and report what is left.\n\n"
	"      --call FUNCTION[,ARGUMENT]...\n"
	"                          call a function when all is loaded; an argument is a number\n"
	"                          or a \"string\" in quotes; may be repeated. What it\n"
	"                          returned is shown as an int, and in brackets as the whole\n"
	"                          register, of which only as much counts as its type has\n"
	"      --time SECONDS      keep running that long before unloading\n" JSON_OPTION_HELP
		RUN_OPTIONS_HELP BOX_OPTIONS_HELP "  -h, --help              this text\n\n"
	"'--' before the first module ends the options. After it comes a command to run in the\n"
	"box when all is loaded: its module system calls, /proc/modules, /sys/module, dmesg and\n"
	"uname are the box's; log and report go to stderr then.\n\n"
	"Exit status: the command's, if there is one and its is not 0. Else 0 if every module\n"
	"was loaded and unloaded, no memory or reference is left and there was no warning and\n"
	"no oops; 1 if not; 2 for wrong usage.\n";

static int parse_time(const char *text, struct timespec *wait)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds >= 0 && seconds <= 1e6))
		return -EINVAL;
	wait->tv_sec = (time_t)seconds;
	wait->tv_nsec = (long)((seconds - (double)wait->tv_sec) * 1e9);
	return 0;
}

static int add_call(struct run *run, const char *text)
{
	struct call *calls = realloc(run->calls, (run->nr_calls + 1) * sizeof(*calls));

	if (!calls)
		return -ENOMEM;
	run->calls = calls;
	if (call_parse(&calls[run->nr_calls], text)) {
		usage_error(run->name, "--call takes FUNCTION[,ARGUMENT]..., at most %d, not '%s'",
			    CALL_MAX_ARGUMENTS, text);
		return -EINVAL;
	}
	run->nr_calls++;
	return 0;
}

int run_option(struct run *run, const char *text, int option, char *value)
{
	unsigned long number;

	switch (option) {
	case 'h':
		fputs(text, stdout);
		return 1;
	case '?':
		fprintf(stderr, "Try 'ring3 %s --help'.\n", run->name);
		return -EINVAL;
	case 'v':
		run->verbose++;
		return 0;
	case 'c':
		run->count = true;
		return 0;
	case OPTION_JSON:
		run->json = true;
		return 0;
	case OPTION_NO_UNLOAD:
		run->options.flags |= R3_BOX_NO_UNLOAD;
		return 0;
	case OPTION_CONSOLE:
		run->console = value;
		return 0;
	case OPTION_NAME:
		run->box_name = value;
		return 0;
	case OPTION_CALL:
		return add_call(run, value);
	case OPTION_LOGLEVEL:
		if (parse_number(value, 0, 8, &number)) {
			usage_error(run->name, "--loglevel takes a number from 0 to 8, not '%s'",
				    value);
			return -EINVAL;
		}
		run->loglevel = (int)number;
		return 0;
	case OPTION_TIME:
		if (parse_time(value, &run->wait)) {
			usage_error(run->name, "--time takes a number of seconds, not '%s'", value);
			return -EINVAL;
		}
		return 0;
	}
	return box_argument(run->name, &run->options, option, value);
}

static int take_command(struct run *run, char **words)
{
	if (!*words) {
		usage_error(run->name, "which command, after '--'?");
		return -EINVAL;
	}
	run->command = words;
	return 0;
}

/* Those of the table that have a letter, and are not there yet. */
static void short_options(const struct option *options, char *text)
{
	char *end = text;

	*end++ = '-'; /* getopt is to hand out the other words in order, and `--' be seen */
	for (; options->name; options++) {
		if (!isascii(options->val) || memchr(text, options->val, end - text))
			continue;
		*end++ = (char)options->val;
		if (options->has_arg)
			*end++ = ':';
	}
	*end = '\0';
}

int run_parse(struct run *run, const struct option *options, const char *text, int argc,
	      char **argv)
{
	int option, status, before = optind;
	char shorts[64];

	run->words = calloc(argc + 1, sizeof(*run->words));
	if (!run->words)
		return -ENOMEM;
	short_options(options, shorts);
	while ((option = getopt_long(argc, argv, shorts, options, NULL)) != -1) {
		before = optind;
		if (option == 1) {
			run->words[run->nr_words++] = optarg;
			continue;
		}
		status = run_option(run, text, option, optarg);
		if (status)
			return status;
	}
	if (optind != before && run->nr_words) /* it has just taken a `--' */
		return take_command(run, argv + optind);
	for (; optind < argc; optind++) {
		if (!strcmp(argv[optind], "--"))
			return take_command(run, argv + optind + 1);
		run->words[run->nr_words++] = argv[optind];
	}
	return 0;
}

int run_plan(struct run *run, int count, char **words)
{
	int from = 0, to, error;

	while (from < count) {
		for (to = from; to < count && strcmp(words[to], "+"); to++)
			;
		if (to == from || to == count - 1)
			return usage_error(run->name, "a module file must stand %s '+'",
					   to == from ? "before" : "after");
		error = load_plan_add(&run->plan, &run->term, words[from], words + from + 1,
				      to - from - 1);
		if (error)
			return EXIT_FAILURE;
		from = to + 1;
	}
	return EXIT_SUCCESS;
}

int cmd_run(int argc, char **argv)
{
	struct run run;
	int status;

	run_init(&run, "run");
	status = run_parse(&run, long_options, help, argc, argv);
	if (status) {
		status = status > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	} else if (recording_init(&run.recording)) {
		status = EXIT_FAILURE;
	} else {
		status = run.nr_words ? run_plan(&run, run.nr_words, run.words)
				      : usage_error("run", "which module?");
		if (status == EXIT_SUCCESS)
			status = run_box(&run);
	}
	run_release(&run);
	return status;
}
