// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 survey: options, and the story from a folder to the groups that are printed. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/finder.h"
#include "cli/survey.h"

#define MAX_JOBS        64
#define DEFAULT_SECONDS 60
#define DEFAULT_ROWS    25

enum {
	OPTION_JSON = ARGUMENT_COMMAND,
	OPTION_MARKDOWN,
	OPTION_LOAD,
	OPTION_TIMEOUT,
	OPTION_TOP,
};

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	{"json", no_argument, NULL, OPTION_JSON},
	{"markdown", no_argument, NULL, OPTION_MARKDOWN},
	{"load", no_argument, NULL, OPTION_LOAD},
	{"jobs", required_argument, NULL, 'j'},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"top", required_argument, NULL, OPTION_TOP},
	{0},
};

static const char help[] =
	"Usage: ring3 survey [OPTION]... DIR\n"
	"Tell how many of the modules under DIR would load, and which missing symbols block\n"
	"most of them.\n\n"
	"      --load              load, initialise and unload each that would load, in a fresh\n"
	"                          box of its own\n"
	"  -j, --jobs N            work on N modules at once (default: one a processor)\n"
	"      --timeout SECONDS   time that a module has with --load (default 60)\n"
	"      --top N             rows of the table of symbols (default 25)\n"
	"      --json              one JSON document, with every module\n"
	"      --markdown          tables in Markdown\n" BOX_OPTIONS_HELP
	"  -h, --help              this text\n\n"
	"Exit status: 0, or 1 if the tree cannot be judged or a module that was loaded\n"
	"oopsed, warned, leaked, hung or did not unload; 2 for wrong usage.\n";

static void on_progress(void *context, const char *what, unsigned int done, unsigned int total)
{
	struct survey *survey = context;

	term_progress(&survey->term, what, done, total);
}

/* ---- reading, by several threads ---- */

struct reading {
	struct survey *survey;
	const struct finder *finder;
	struct judged_module **modules; /* one for each of the finder's entries */
	atomic_uint next;
	atomic_bool failed;
};

static void *read_modules(void *context)
{
	struct reading *reading = context;
	unsigned int count = reading->finder->nr_entries, i;
	struct judged_module *module;

	while ((i = atomic_fetch_add(&reading->next, 1)) < count) {
		module = judged_module_read(reading->finder->entries[i].path);
		if (!module) {
			reading->failed = true;
			break;
		}
		reading->modules[i] = module;
		if (i % 32 == 0)
			term_progress(&reading->survey->term, "reading modules", i, count);
	}
	return NULL;
}

static int read_tree(struct survey *survey, const struct finder *finder,
		     struct judged_module **modules)
{
	struct reading reading = {.survey = survey, .finder = finder, .modules = modules};
	pthread_t threads[MAX_JOBS];
	unsigned int i, started = 0;

	for (i = 1; i < survey->jobs; i++)
		if (pthread_create(&threads[started], NULL, read_modules, &reading) == 0)
			started++;
	read_modules(&reading);
	for (i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	term_progress_end(&survey->term);
	return reading.failed ? -ENOMEM : 0;
}

/* ---- grouping and judging ---- */

static struct survey_group *group_of(struct survey *survey, const struct judged_module *module)
{
	const char *target =
		survey->options.target ? survey->options.target : module_file_target(&module->file);
	struct survey_group *grown;
	unsigned int i;

	for (i = 0; i < survey->nr_groups; i++)
		if (strcmp(survey->groups[i].target, target) == 0)
			return &survey->groups[i];
	grown = realloc(survey->groups, (survey->nr_groups + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	survey->groups = grown;
	grown[survey->nr_groups] = (struct survey_group){.target = target};
	return &grown[survey->nr_groups++];
}

/* What is no module at all says nothing of its target: it goes with the others. */
static int group_modules(struct survey *survey, struct judged_module **modules, unsigned int count)
{
	struct survey_group *group;
	unsigned int i, pass;
	int error = 0;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; !error && i < count; i++) {
			if ((modules[i]->error != 0) != pass)
				continue;
			group = pass && survey->nr_groups ? &survey->groups[0]
							  : group_of(survey, modules[i]);
			error = group ? module_set_add(&group->set, modules[i]) : -ENOMEM;
		}
	return error;
}

/* A tree is often surveyed in part: what its modules depend on may be elsewhere in the whole. */
static int add_outside(struct survey *survey, struct survey_group *group)
{
	bool builtin = strcmp(group->target, "builtin") == 0;
	struct finder finder;
	int error;

	group->nr_modules = group->set.nr_modules;
	group->tree = finder_tree(survey->options.modules_dir, builtin ? NULL : group->target,
				  group->set.modules[0]->file.path);
	finder_init(&finder, group->tree);
	error = module_set_add_dependencies(&group->set, &finder);
	finder_release(&finder);
	return error;
}

static int judge_group(struct survey *survey, struct survey_group *group)
{
	struct r3_box_options options = survey->options;
	struct r3_box *box;
	int error = add_outside(survey, group);

	if (error)
		return error;
	options.size = sizeof(options);
	options.target = group->target;
	options.cpus = 1;
	options.progress = on_progress;
	options.context = survey;
	if (r3_box_new(&box, &options)) {
		box = NULL;
		group->box_error = strdup(r3_error());
	}
	term_progress_end(&survey->term);
	group->set.box = box;
	error = module_set_resolve(&group->set);
	if (!error)
		error = survey_count(group);
	group->set.box = NULL;
	if (box) /* the processes that load need its place, and a process without threads */
		r3_box_free(box);
	if (!error && survey->load)
		error = survey_load(survey, group);
	return error;
}

static bool is_fine(const struct survey *survey)
{
	const struct survey_group *group;
	unsigned int i, k;

	for (i = 0; i < survey->nr_groups; i++) {
		group = &survey->groups[i];
		if (group->box_error)
			return false;
		for (k = 0; k < NR_LOAD_OUTCOMES; k++)
			if (group->outcomes[k] && load_outcome_is_bad(k))
				return false;
	}
	return true;
}

static int survey_tree(struct survey *survey, struct finder *finder)
{
	struct judged_module **modules;
	unsigned int i, count;
	int error = finder_read_tree(finder);

	count = finder->nr_entries;
	if (!error && count == 0)
		error = -ENOENT;
	modules = calloc(count + 1, sizeof(struct judged_module *));
	if (!error)
		error = modules ? read_tree(survey, finder, modules) : -ENOMEM;
	if (!error)
		error = group_modules(survey, modules, count);
	free(modules);
	for (i = 0; !error && i < survey->nr_groups; i++)
		error = judge_group(survey, &survey->groups[i]);
	if (error) {
		term_error(&survey->term, "%s: %s", survey->dir,
			   count == 0 ? "there are no modules" : strerror(-error));
		return EXIT_FAILURE;
	}
	if (survey->json)
		survey_write_json(survey);
	else if (survey->markdown)
		survey_print_markdown(survey);
	else
		survey_print(survey);
	return is_fine(survey) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void release(struct survey *survey)
{
	struct survey_group *group;
	unsigned int i, k;

	for (i = 0; i < survey->nr_groups; i++) {
		group = &survey->groups[i];
		for (k = 0; k < group->nr_blockers; k++)
			free(group->blockers[k]);
		free(group->blockers);
		free(group->results);
		free(group->box_error);
		free(group->tree);
		module_set_release(&group->set);
	}
	free(survey->groups);
}

static int parse_count(const char *option, const char *value, unsigned long high,
		       unsigned int *result)
{
	unsigned long number;

	if (parse_number(value, 1, high, &number)) {
		usage_error("survey", "--%s takes a number from 1 to %lu, not '%s'", option, high,
			    value);
		return -EINVAL;
	}
	*result = number;
	return 0;
}

static int parse_option(struct survey *survey, int option, char *value)
{
	switch (option) {
	case OPTION_JSON:
		survey->json = true;
		return 0;
	case OPTION_MARKDOWN:
		survey->markdown = true;
		return 0;
	case OPTION_LOAD:
		survey->load = true;
		return 0;
	case 'j':
		return parse_count("jobs", value, MAX_JOBS, &survey->jobs);
	case OPTION_TIMEOUT:
		return parse_count("timeout", value, 86400, &survey->seconds);
	case OPTION_TOP:
		return parse_count("top", value, 1000000, &survey->top);
	}
	return box_argument("survey", &survey->options, option, value);
}

int cmd_survey(int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct survey survey = {
		.jobs = processors < 1          ? 1
			: processors > MAX_JOBS ? MAX_JOBS
						: processors,
		.seconds = DEFAULT_SECONDS,
		.top = DEFAULT_ROWS,
	};
	struct finder finder;
	struct stat st;
	int option, status;

	term_init(&survey.term);
	while ((option = getopt_long(argc, argv, "hj:k:", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return EXIT_SUCCESS;
		}
		if (option == '?') {
			fputs("Try 'ring3 survey --help'.\n", stderr);
			return EXIT_USAGE;
		}
		if (parse_option(&survey, option, optarg))
			return EXIT_USAGE;
	}
	if (argc - optind != 1)
		return usage_error("survey", "exactly one folder must be named");
	survey.dir = argv[optind];
	if (stat(survey.dir, &st) || !S_ISDIR(st.st_mode)) {
		term_error(&survey.term, "%s: %s", survey.dir, strerror(errno ? errno : ENOTDIR));
		return EXIT_FAILURE;
	}
	finder_init(&finder, survey.dir);
	status = survey_tree(&survey, &finder);
	release(&survey);
	finder_release(&finder);
	return status;
}
