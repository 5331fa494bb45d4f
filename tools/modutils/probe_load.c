// SPDX-License-Identifier: GPL-2.0-or-later
/* modprobe loads. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/probe.h"
#include "tools/modutils/tools.h"

int probe_commands(struct probe *probe, enum conf_when when, const char *const *names, size_t count,
		   bool complains, bool *used)
{
	for (size_t i = 0; i < count; i++) {
		const char *command =
			conf_command(&probe->conf, when, probe_name_of(probe, names[i]));

		if (!command)
			continue;
		*used = true;
		if (probe->messages.is_verbose)
			tell(&probe->messages, "# %s %s:\n%s", conf_when_names[when], names[i],
			     command);
		fflush(stdout);
		if (!probe->is_dry && system(command)) {
			if (complains)
				tell_error(&probe->messages, "%s %s failed", conf_when_names[when],
					   names[i]);
			return -ECHILD;
		}
	}
	return 0;
}

/* NAME=VALUE replaces an earlier NAME=; "-o NAME" an earlier one. */
static int put_argument(struct words *arguments, size_t first, const char *argument)
{
	size_t length = strcspn(argument, "=");

	for (size_t i = first; i < arguments->count; i++) {
		char *copy;

		if (strncmp(arguments->list[i], argument, length + 1))
			continue;
		copy = strdup(argument);
		if (!copy)
			return -ENOMEM;
		free(arguments->list[i]);
		arguments->list[i] = copy;
		return 0;
	}
	return words_add(arguments, argument);
}

/* The name comes from the outermost alias that gives one. */
static int put_options(struct words *arguments, size_t first, const struct step *step)
{
	int error = 0;

	for (size_t i = 0; i < step->nr_options; i++) {
		const struct words *words = &step->options[i]->words;

		for (size_t j = 0; j < words->count && !error; j++) {
			if (!strcmp(words->list[j], "-o"))
				j++;
			else if (!strchr(words->list[j], '='))
				break;
			else
				error = put_argument(arguments, first, words->list[j]);
		}
	}
	return error;
}

static int make_arguments(struct probe *probe, const struct step *step, char *const *parameters,
			  struct words *arguments)
{
	size_t first;
	int error = words_add(arguments, "/sbin/insmod");

	if (!error && probe->conf.is_autoclean && step->is_autoclean)
		error = words_add(arguments, "-k");
	if (!error && probe->is_quiet)
		error = words_add(arguments, "-q");
	if (!error && probe->is_syslog)
		error = words_add(arguments, "-s");
	if (!error && probe->conf.insmod_options)
		error = words_expand(arguments, probe->conf.insmod_options, "", false);
	if (!error && strcmp(step->kernel_name, step->key)) {
		error = words_add(arguments, "-o");
		if (!error)
			error = words_add(arguments, step->kernel_name);
	}
	if (!error)
		error = words_add(arguments, step->line->path);
	first = arguments->count;
	if (!error)
		error = put_options(arguments, first, step);
	for (; !error && parameters && *parameters && strchr(*parameters, '='); parameters++)
		error = put_argument(arguments, first, *parameters);
	return error;
}

static void tell_arguments(struct probe *probe, const struct words *arguments)
{
	char text[2048] = "";
	size_t used = 0;

	for (size_t i = 0; i < arguments->count && used < sizeof(text); i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s", i ? " " : "",
				 arguments->list[i]);
	tell(&probe->messages, "%s", text);
}

/* insmod is a function of this program; it reads its arguments as if it were called. */
static int run_insmod(struct probe *probe, const struct step *step, char *const *parameters)
{
	struct words arguments = {};
	int error = make_arguments(probe, step, parameters, &arguments);

	if (!error && probe->messages.is_verbose)
		tell_arguments(probe, &arguments);
	if (!error && !probe->is_dry) {
		optind = 0;
		error = modutils_insmod(arguments.count, arguments.list) ? -ENOEXEC : 0;
	}
	if (error && !probe->is_quiet)
		tell_error(&probe->messages, "insmod %s failed", step->line->path);
	words_release(&arguments);
	return error;
}

int probe_load(struct probe *probe, struct step *step, char *const *parameters)
{
	bool replaced = false, ignored;
	int error;

	if (!probe->is_dry && kernel_find(&probe->kernel, step->kernel_name))
		return 0;
	error = probe_commands(probe, CONF_PRE_INSTALL, step->names, step->nr_names, true,
			       &ignored);
	if (!error)
		error = probe_commands(probe, CONF_INSTALL, step->names, step->nr_names, true,
				       &replaced);
	if (!error && !replaced)
		error = run_insmod(probe, step, parameters);
	if (!error)
		error = probe_commands(probe, CONF_POST_INSTALL, step->names, step->nr_names, true,
				       &ignored);
	step->is_new = !error;
	if (probe_read_kernel(probe) && !error)
		error = -EIO;
	return error;
}

/* One stack; if it cannot be loaded whole, it goes again. */
static int load_stack(struct probe *probe, const char *name, const struct stack *stack,
		      char *const *parameters)
{
	size_t loaded = 0;
	int status = 0;

	if (probe->is_debug)
		probe_print_stack(stack);
	for (; loaded < stack->count && !status; loaded++) {
		struct step *step = stack->steps[loaded];
		bool is_asked = !strcmp(step->names[0], name);

		/* who pulls in another goes on without it */
		if (probe_load(probe, step, is_asked ? parameters : NULL) &&
		    step->mode == STEP_NORMAL)
			status = PROBE_FAILED;
	}
	if (!status)
		return 0;
	for (size_t i = loaded - 1; i-- > 0;)
		if (stack->steps[i]->is_new)
			probe_remove_step(probe, stack->steps[i]->kernel_name, stack->steps[i],
					  false);
	return status;
}

static int load_name(struct probe *probe, const char *name, const char *path,
		     char *const *parameters, const char **unknown)
{
	struct stack stack = {};
	int status = probe_build_stack(probe, name, path, false, &stack, unknown);
	const struct conf_entry *probes = NULL;
	bool loads_all = false;
	const char *alias;

	if (!status)
		status = load_stack(probe, name, &stack, parameters);
	probe_release_stack(&stack);
	if (status != PROBE_UNKNOWN || path)
		return status;
	/* an alias may stand for a list, as /dev/sg* for /dev/sg for "probeall /dev/sg ..." */
	for (size_t i = 0; i < probe->conf.lists[CONF_ALIAS].count && !probes; i++) {
		const struct conf_entry *entry = &probe->conf.lists[CONF_ALIAS].entries[i];

		if (strcmp(entry->name, name) || !entry->words.count)
			continue;
		alias = entry->words.list[0];
		probes = conf_find(&probe->conf, CONF_PROBE, alias);
		if (!probes) {
			probes = conf_find(&probe->conf, CONF_PROBEALL, alias);
			loads_all = true;
		}
	}
	if (!probes)
		return status;
	return probe_load_list(probe, probes->words.list, probes->words.count, NULL, loads_all)
		       ? PROBE_FAILED
		       : 0;
}

/* A pattern, or any name of a type: each file that fits, until one is loaded. */
static int load_found(struct probe *probe, const char *pattern, const char *type, bool loads_all,
		      char *const *parameters, const char **unknown)
{
	char file[512];
	struct words found = {};
	int status = PROBE_UNKNOWN, last;

	snprintf(file, sizeof(file), "%s.o", pattern);
	*unknown = pattern;
	if (conf_search(&probe->conf, file, type, false, &found, &probe->messages))
		status = -ENOMEM;
	for (size_t i = 0; i < found.count; i++) {
		last = load_name(probe, probe_name_of(probe, found.list[i]), found.list[i],
				 parameters, unknown);
		if (last >= PROBE_OFF || status < PROBE_OFF)
			status = last;
		if (status >= PROBE_OFF && !loads_all)
			break;
	}
	words_release(&found);
	return status;
}

static int load_one(struct probe *probe, const char *name, const char *type, bool loads_all,
		    char *const *parameters, const char **unknown)
{
	const struct conf_entry *list = conf_find(&probe->conf, CONF_PROBE, name);
	const struct conf_entry *all = conf_find(&probe->conf, CONF_PROBEALL, name);
	const struct dep_line *line = NULL;
	int status;

	if (type || strpbrk(name, "*?["))
		return load_found(probe, name, type, loads_all, parameters, unknown);
	if (list || all) {
		const struct words *words = list ? &list->words : &all->words;

		return probe_load_list(probe, words->list, words->count, NULL, !list) ? PROBE_FAILED
										      : 0;
	}
	status = load_name(probe, name, NULL, parameters, unknown);
	/* of several files of that name another may do */
	line = probe_find_line(probe, name, NULL);
	while (status == PROBE_FAILED && line && (line = probe_find_line(probe, name, line)))
		status = load_name(probe, name, line->path, parameters, unknown);
	return status;
}

int probe_load_list(struct probe *probe, char *const *words, size_t count, const char *type,
		    bool loads_all)
{
	const char *name = "", *unknown = NULL;
	bool is_loaded = false;
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		if (strchr(words[i], '=')) /* a parameter of what stands before */
			continue;
		name = words[i];
		status = load_one(probe, name, type, loads_all,
				  i + 1 < count ? &words[i + 1] : NULL, &unknown);
		is_loaded |= status >= PROBE_OFF;
		if (is_loaded && !loads_all)
			return 0;
	}
	if (is_loaded)
		return 0;
	if (status != PROBE_UNKNOWN)
		tell_error(&probe->messages, "insmod %s failed", name);
	else if (unknown && strcmp(unknown, name))
		tell_error(&probe->messages, "Can't locate module %s which is needed for %s",
			   unknown, name);
	else if (!probe->is_quiet)
		tell_error(&probe->messages, "Can't locate module %s", name);
	return -1;
}
