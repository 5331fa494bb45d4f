// SPDX-License-Identifier: GPL-2.0-or-later
/* From a name to modules in the order in which they are loaded. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/probe.h"

#define MAX_ALIASES 1000 /* modutils': more are a loop */
#define MAX_DEPTH   128
#define MAX_STEPS   100000 /* ways through what needs what; nobody has so many */

struct builder {
	struct probe *probe;
	struct stack *stack;
	bool removes;
	const struct step *pulled_by; /* what "above" is being followed of */
	unsigned int depth, steps;
	const char **unknown;
};

/* Names of devices may be patterns. */
static const char *alias_of(struct probe *probe, const char *name)
{
	const struct conf_entry *entry;

	if (*name != '/') {
		entry = conf_find(&probe->conf, CONF_ALIAS, probe_name_of(probe, name));
		return entry && entry->words.count ? entry->words.list[0] : NULL;
	}
	for (size_t i = 0; i < probe->conf.lists[CONF_ALIAS].count; i++) {
		entry = &probe->conf.lists[CONF_ALIAS].entries[i];
		if (entry->words.count && !fnmatch(entry->name, name, 0))
			return strcmp(name, entry->words.list[0]) ? entry->words.list[0] : NULL;
	}
	return NULL;
}

static void release_step(struct step *step)
{
	if (!step)
		return;
	free(step->names);
	free(step->options);
	free(step);
}

void probe_release_stack(struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		release_step(stack->steps[i]);
	for (size_t i = 0; i < stack->nr_moved; i++)
		release_step(stack->moved[i]);
	free(stack->steps);
	free(stack->moved);
	*stack = (struct stack){};
}

/* The name that "-o NAME" among options gives to the module. */
static const char *option_name(const struct conf_entry *options)
{
	for (size_t i = 0; i + 1 < options->words.count; i++)
		if (!strcmp(options->words.list[i], "-o"))
			return options->words.list[i + 1];
	return NULL;
}

static bool take_options(struct probe *probe, struct step *step, const char *name)
{
	const struct conf_entry *options = conf_find(
		&probe->conf, CONF_OPTIONS, *name == '/' ? name : probe_name_of(probe, name));
	const struct conf_entry **grown;

	if (!options)
		return true;
	grown = reallocarray(step->options, step->nr_options + 1, sizeof(*grown));
	if (!grown)
		return false;
	memmove(grown + 1, grown, step->nr_options * sizeof(*grown));
	grown[0] = options;
	step->options = grown;
	step->nr_options++;
	step->is_autoclean &= !options->stays;
	if (!step->kernel_name)
		step->kernel_name = option_name(options);
	return true;
}

/* Follow the aliases of a name. NULL: no memory. */
static struct step *make_step(struct probe *probe, const char *name, const struct dep_line *line,
			      bool follows_aliases)
{
	struct step *step = calloc(1, sizeof(*step));
	const char **grown;

	if (!step)
		return NULL;
	step->line = line;
	step->is_autoclean = true;
	for (; name; name = follows_aliases ? alias_of(probe, name) : NULL) {
		step->key = NULL;
		if (!strcmp(name, "off"))
			break;
		grown = reallocarray(step->names, step->nr_names + 1, sizeof(*grown));
		if (grown)
			step->names = grown;
		if (!grown || !take_options(probe, step, name)) {
			release_step(step);
			return NULL;
		}
		step->names[step->nr_names++] = step->key = name;
		if (step->nr_names > MAX_ALIASES) {
			fprintf(stderr, "modprobe: alias loop detected on %s\n", step->names[0]);
			break;
		}
	}
	if (!step->key)
		step->kernel_name = NULL;
	else if (!step->kernel_name)
		step->kernel_name = step->key;
	if (!line && step->key)
		step->line = probe_find_line(probe, step->key, NULL);
	return step;
}

static int push(struct builder *builder, struct step *step)
{
	struct stack *stack = builder->stack;
	struct step **grown = reallocarray(stack->steps, stack->count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	stack->steps = grown;
	if (builder->removes) {
		grown[stack->count] = step;
	} else {
		memmove(grown + 1, grown, stack->count * sizeof(*grown));
		grown[0] = step;
	}
	stack->count++;
	return 0;
}

static struct step *find_step(const struct stack *stack, const char *kernel_name)
{
	for (size_t i = 0; i < stack->count; i++)
		if (!strcmp(stack->steps[i]->kernel_name, kernel_name))
			return stack->steps[i];
	return NULL;
}

/* Who is building around it may still look at it. */
static int take_out(struct stack *stack, struct step *step)
{
	struct step **grown = reallocarray(stack->moved, stack->nr_moved + 1, sizeof(*grown));
	size_t i = 0;

	if (!grown)
		return -ENOMEM;
	stack->moved = grown;
	grown[stack->nr_moved++] = step;
	while (stack->steps[i] != step)
		i++;
	memmove(&stack->steps[i], &stack->steps[i + 1],
		(--stack->count - i) * sizeof(*stack->steps));
	return 0;
}

static int build(struct builder *builder, const char *name, const struct dep_line *line,
		 enum step_mode mode, bool follows_aliases);

/* What "above" or "below" says of any of a step's names. */
static int build_extra(struct builder *builder, const struct step *step, enum conf_list list,
		       enum step_mode mode)
{
	const struct step *pulled_by = builder->pulled_by;
	int result = 0;

	if (mode == STEP_ABOVE && !pulled_by)
		builder->pulled_by = step;
	for (size_t i = 0; i < step->nr_names && !result; i++) {
		const struct conf_entry *entry = conf_find(
			&builder->probe->conf, list, probe_name_of(builder->probe, step->names[i]));

		for (size_t j = 0; entry && j < entry->words.count && !result; j++) {
			const char *extra = entry->words.list[j];

			if (mode != STEP_ABOVE || !find_step(builder->stack, extra))
				result = build(builder, extra, NULL, mode, true);
		}
	}
	builder->pulled_by = pulled_by;
	return result;
}

/* What modules.dep says: files, which have no aliases. */
static int build_needs(struct builder *builder, const struct dep_line *line)
{
	struct probe *probe = builder->probe;
	int result = 0;

	for (size_t i = 0; i < line->needs.count && !result; i++) {
		const char *path = line->needs.list[i];
		const struct dep_line *needed = NULL;
		const char *name = probe_name_of(probe, path);

		while ((needed = probe_find_line(probe, name, needed)))
			if (!strcmp(needed->path, path))
				break;
		if (needed) {
			result = build(builder, name, needed, STEP_NORMAL, false);
		} else {
			*builder->unknown = name;
			result = PROBE_UNKNOWN;
		}
	}
	return result;
}

static int build_around(struct builder *builder, struct step *step)
{
	struct stack *stack = builder->stack;
	struct step *known;
	int result;

	if (builder->depth >= MAX_DEPTH || ++builder->steps > MAX_STEPS) {
		tell_error(&builder->probe->messages,
			   "Too deep recursion in module dependencies! Circular dependency?");
		release_step(step);
		return PROBE_FAILED;
	}
	builder->depth++;
	result = build_extra(builder, step, CONF_ABOVE, STEP_ABOVE);
	known = result ? NULL : find_step(stack, step->kernel_name);
	if (known && known == builder->pulled_by) {
		builder->depth--;
		release_step(step);
		return 0;
	}
	if (known) /* it has to come earlier than we thought */
		result = take_out(stack, known);
	if (!result)
		result = push(builder, step);
	if (result)
		release_step(step);
	if (!result)
		result = build_extra(builder, step, CONF_BELOW, STEP_BELOW);
	if (!result)
		result = build_needs(builder, step->line);
	builder->depth--;
	return result;
}

static int build(struct builder *builder, const char *name, const struct dep_line *line,
		 enum step_mode mode, bool follows_aliases)
{
	struct step *step = make_step(builder->probe, name, line, follows_aliases);
	int result = 0;

	*builder->unknown = name;
	if (!step)
		return -ENOMEM;
	step->mode = mode;
	if (!step->kernel_name)
		result = PROBE_OFF;
	else if (!step->line && strcmp(step->key, "null"))
		result = PROBE_UNKNOWN;
	else if (builder->pulled_by && !strcmp(builder->pulled_by->kernel_name, step->kernel_name))
		goto out; /* it is what all this is for */
	else if (step->line)
		return build_around(builder, step);
out:
	release_step(step);
	return result;
}

int probe_build_stack(struct probe *probe, const char *name, const char *path, bool removes,
		      struct stack *stack, const char **unknown)
{
	struct builder builder = {
		.probe = probe, .stack = stack, .removes = removes, .unknown = unknown};
	const struct dep_line *line = NULL;

	if (path)
		while ((line = probe_find_line(probe, name, line)))
			if (!strcmp(line->path, path))
				break;
	*unknown = name;
	if (path && !line)
		return PROBE_UNKNOWN;
	return build(&builder, name, line, STEP_NORMAL, true);
}

void probe_print_stack(const struct stack *stack)
{
	static const char *const modes[] = {"NORMAL", "ABOVE", "BELOW"};

	for (size_t i = 0; i < stack->count; i++) {
		const struct step *step = stack->steps[i];

		printf("Module %s\nkname %s\nobjkey %s\nnames:", step->names[0], step->kernel_name,
		       step->key);
		for (size_t j = 0; j < step->nr_names; j++)
			printf(" %s", step->names[j]);
		for (size_t j = 0; j < step->nr_options; j++) {
			fputs(j ? "" : "\noptions:", stdout);
			for (size_t k = 0; k < step->options[j]->words.count; k++)
				printf(" %s", step->options[j]->words.list[k]);
		}
		printf("\nmode: %s\nModule matching %s: %s\n\n", modes[step->mode], step->key,
		       step->line ? step->line->path : "<none>");
	}
}
