// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/survey.h"

/* ---- shared by text and Markdown ---- */

struct folder {
	char *name;
	unsigned int total, loads, clean;
};

struct folders {
	struct folder *list;
	unsigned int count;
};

static double percent(unsigned int part, unsigned int whole)
{
	return whole ? 100.0 * part / whole : 0;
}

/* "drivers/net" of TREE/kernel/drivers/net/mii.ko: one name for most folders, two for drivers. */
static char *folder_name(const char *dir, const char *path)
{
	const char *start = strncmp(path, dir, strlen(dir)) == 0 ? path + strlen(dir) : path;
	const char *mark = strstr(start, "/kernel/");
	const char *end;

	if (mark)
		start = mark + strlen("/kernel/");
	start += strspn(start, "/");
	end = strchr(start, '/');
	if (!end)
		return strdup(".");
	if (strncmp(start, "drivers/", 8) == 0 && strchr(end + 1, '/'))
		end = strchr(end + 1, '/');
	return strndup(start, end - start);
}

static struct folder *find_folder(struct folders *folders, char *name)
{
	struct folder *grown;
	unsigned int i;

	for (i = 0; i < folders->count; i++)
		if (strcmp(folders->list[i].name, name) == 0) {
			free(name);
			return &folders->list[i];
		}
	grown = realloc(folders->list, (folders->count + 1) * sizeof(*grown));
	if (!grown) {
		free(name);
		return NULL;
	}
	folders->list = grown;
	grown[folders->count] = (struct folder){.name = name};
	return &grown[folders->count++];
}

static int compare_folders(const void *left, const void *right)
{
	const struct folder *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static void count_folders(struct folders *folders, const struct survey *survey,
			  const struct survey_group *group)
{
	const struct judged_module *module;
	struct folder *folder;
	unsigned int i;
	char *name;

	*folders = (struct folders){0};
	for (i = 0; i < group->nr_modules; i++) {
		module = group->set.modules[i];
		name = folder_name(survey->dir, module->file.path);
		folder = name ? find_folder(folders, name) : NULL;
		if (!folder)
			continue;
		folder->total++;
		folder->loads += module->verdict == VERDICT_LOADS;
		folder->clean += group->results && (group->results[i].outcome == LOAD_CLEAN ||
						    group->results[i].outcome == LOAD_PERMANENT);
	}
	if (folders->count)
		qsort(folders->list, folders->count, sizeof(*folders->list), compare_folders);
}

static void free_folders(struct folders *folders)
{
	unsigned int i;

	for (i = 0; i < folders->count; i++)
		free(folders->list[i].name);
	free(folders->list);
}

static const char *const verdict_texts[] = {
	[VERDICT_OPEN] = "cannot be judged",
	[VERDICT_LOADS] = "would load",
	[VERDICT_BLOCKED] = "are blocked by their own imports or version",
	[VERDICT_DEPENDENCY] = "are blocked by a module they depend on",
	[VERDICT_INVALID] = "are no valid modules",
};

static const char *why(enum import_state state)
{
	switch (state) {
	case IMPORT_NOT_IMPLEMENTED:
		return "not in ring3";
	case IMPORT_NOT_EXPORTED:
		return "not exported";
	default:
		return import_state_word(state);
	}
}

static unsigned int rows(const struct survey *survey, const struct survey_group *group)
{
	return group->nr_blockers < survey->top ? group->nr_blockers : survey->top;
}

/* ---- text ---- */

static void print_blockers(struct survey *survey, const struct survey_group *group)
{
	const struct blocker *blocker;
	unsigned int i;

	if (group->nr_blockers == 0)
		return;
	term_print(&survey->term, TERM_BOLD,
		   "\n  What blocks most, of %u symbols:", group->nr_blockers);
	term_print(&survey->term, TERM_DIM, "  blocked  alone  imported by");
	for (i = 0; i < rows(survey, group); i++) {
		blocker = group->blockers[i];
		term_print(&survey->term, TERM_PLAIN, "  %7u  %5u  %11u  %s (%s)", blocker->blocked,
			   blocker->alone, blocker->importers, blocker->symbol,
			   why(blocker->state));
	}
}

static void print_outcomes(struct survey *survey, const struct survey_group *group)
{
	const struct load_result *result;
	unsigned int i;

	if (!group->results)
		return;
	term_print(&survey->term, TERM_BOLD, "\n  Really loaded, initialised and unloaded:");
	for (i = 0; i < NR_LOAD_OUTCOMES; i++)
		if (group->outcomes[i])
			term_print(&survey->term, load_outcome_is_bad(i) ? TERM_RED : TERM_PLAIN,
				   "  %7u  %s", group->outcomes[i], load_outcome_word(i));
	for (i = 0; i < group->nr_modules; i++) {
		result = &group->results[i];
		if (result->outcome == LOAD_NOT_TRIED || result->outcome == LOAD_CLEAN)
			continue;
		term_print(&survey->term, TERM_PLAIN, "    %s: %s%s%s%s%s",
			   group->set.modules[i]->file.name, load_outcome_word(result->outcome),
			   result->error ? ": " : "", result->error ? strerror(-result->error) : "",
			   *result->message ? ": " : "", result->message);
	}
}

static void print_group(struct survey *survey, const struct survey_group *group)
{
	unsigned int i, total = group->nr_modules;

	term_print(&survey->term, TERM_BOLD, "%s: %u modules in %s", group->target, total,
		   survey->dir);
	if (group->box_error)
		term_print(&survey->term, TERM_RED, "  no box: %s", group->box_error);
	for (i = VERDICT_OPEN; i <= VERDICT_INVALID; i++)
		if (group->counts[i] || i == VERDICT_LOADS)
			term_print(&survey->term, i == VERDICT_LOADS ? TERM_GREEN : TERM_PLAIN,
				   "  %7u  %5.1f %%  %s", group->counts[i],
				   percent(group->counts[i], total), verdict_texts[i]);
	print_blockers(survey, group);
	print_outcomes(survey, group);
}

void survey_print(struct survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->nr_groups; i++) {
		if (i)
			term_print(&survey->term, TERM_PLAIN, "%s", "");
		print_group(survey, &survey->groups[i]);
	}
}

/* ---- Markdown ---- */

static void markdown_folders(const struct survey *survey, const struct survey_group *group)
{
	struct folders folders;
	unsigned int i;

	count_folders(&folders, survey, group);
	printf("\n| folder | modules | would load |%s\n| --- | ---: | ---: |%s\n",
	       group->results ? " loaded and unloaded clean |" : "",
	       group->results ? " ---: |" : "");
	for (i = 0; i < folders.count; i++) {
		printf("| %s | %u | %u |", folders.list[i].name, folders.list[i].total,
		       folders.list[i].loads);
		if (group->results)
			printf(" %u |", folders.list[i].clean);
		putchar('\n');
	}
	free_folders(&folders);
}

static void markdown_blockers(const struct survey *survey, const struct survey_group *group)
{
	const struct blocker *blocker;
	unsigned int i;

	printf("\n| symbol | why | modules blocked | by it alone | imported by |\n"
	       "| --- | --- | ---: | ---: | ---: |\n");
	for (i = 0; i < rows(survey, group); i++) {
		blocker = group->blockers[i];
		printf("| `%s` | %s | %u | %u | %u |\n", blocker->symbol, why(blocker->state),
		       blocker->blocked, blocker->alone, blocker->importers);
	}
}

/* What the reader of a table wants to know of a module that did not come out clean. */
static const char *reason(const struct load_result *result)
{
	bool refused = result->outcome == LOAD_REFUSED || result->outcome == LOAD_DEPENDENCY;

	if (*result->message && !(refused && result->error))
		return result->message;
	return result->error ? strerror(-result->error) : "";
}

static void markdown_outcomes(const struct survey_group *group)
{
	const struct load_result *result;
	unsigned int i;

	printf("\n| really loaded | modules |\n| --- | ---: |\n");
	for (i = 0; i < NR_LOAD_OUTCOMES; i++)
		if (group->outcomes[i])
			printf("| %s | %u |\n", load_outcome_word(i), group->outcomes[i]);
	printf("\n| module | outcome | |\n| --- | --- | --- |\n");
	for (i = 0; i < group->nr_modules; i++) {
		result = &group->results[i];
		if (result->outcome == LOAD_NOT_TRIED || result->outcome == LOAD_CLEAN)
			continue;
		printf("| %s | %s | %s%s%s |\n", group->set.modules[i]->file.name,
		       load_outcome_word(result->outcome),
		       result->outcome == LOAD_LACKING ? "`" : "", reason(result),
		       result->outcome == LOAD_LACKING ? "`" : "");
	}
}

void survey_print_markdown(struct survey *survey)
{
	const struct survey_group *group;
	unsigned int i, v;

	for (i = 0; i < survey->nr_groups; i++) {
		group = &survey->groups[i];
		printf("## %s\n\n%u modules:\n\n| modules | share | |\n| ---: | ---: | --- |\n",
		       group->target, group->nr_modules);
		for (v = VERDICT_OPEN; v <= VERDICT_INVALID; v++)
			if (group->counts[v] || v == VERDICT_LOADS)
				printf("| %u | %.1f %% | %s |\n", group->counts[v],
				       percent(group->counts[v], group->nr_modules),
				       verdict_texts[v]);
		if (group->box_error)
			printf("\nThere was no box of it: %s\n", group->box_error);
		if (group->nr_blockers)
			markdown_blockers(survey, group);
		if (group->results)
			markdown_outcomes(group);
		markdown_folders(survey, group);
		putchar('\n');
	}
}

/* ---- JSON ---- */

static void write_result(struct json *json, const struct load_result *result)
{
	json_open(json, "load", '{');
	json_string(json, "outcome", load_outcome_word(result->outcome));
	json_number(json, "error", result->error);
	json_unsigned(json, "leaked", result->leaked);
	json_string(json, "message", result->message);
	json_close(json, '}');
}

static void write_module(struct json *json, const struct survey_group *group, unsigned int index)
{
	const struct judged_module *module = group->set.modules[index];
	unsigned int i;

	json_open(json, NULL, '{');
	json_string(json, "name", module->file.name);
	json_string(json, "file", module->file.path);
	json_string(json, "verdict", verdict_word(module->verdict));
	json_bool(json, "vermagic_matches", !module->wrong_vermagic);
	if (module->error)
		json_string(json, "message", module->problem.message);
	json_open(json, "missing", '[');
	for (i = 0; module->answers && i < module->file.nr_imports; i++)
		if (import_is_missing(module->answers[i].state))
			json_string(json, NULL, module->file.imports[i].name);
	json_close(json, ']');
	json_open(json, "depends", '[');
	for (i = 0; i < module->nr_dependencies; i++)
		json_string(json, NULL, module->dependencies[i].name);
	json_close(json, ']');
	if (group->results && group->results[index].outcome != LOAD_NOT_TRIED)
		write_result(json, &group->results[index]);
	json_close(json, '}');
}

static void write_group(struct json *json, const struct survey_group *group)
{
	const struct blocker *blocker;
	unsigned int i;

	json_open(json, NULL, '{');
	json_string(json, "target", group->target);
	json_string(json, "error", group->box_error);
	json_unsigned(json, "modules_found", group->nr_modules);
	json_open(json, "verdicts", '{');
	for (i = VERDICT_OPEN; i <= VERDICT_INVALID; i++)
		json_unsigned(json, verdict_word(i), group->counts[i]);
	json_close(json, '}');
	if (group->results) {
		json_open(json, "outcomes", '{');
		for (i = 0; i < NR_LOAD_OUTCOMES; i++)
			json_unsigned(json, load_outcome_word(i), group->outcomes[i]);
		json_close(json, '}');
	}
	json_open(json, "blockers", '[');
	for (i = 0; i < group->nr_blockers; i++) {
		blocker = group->blockers[i];
		json_open(json, NULL, '{');
		json_string(json, "symbol", blocker->symbol);
		json_string(json, "state", import_state_word(blocker->state));
		json_unsigned(json, "blocked", blocker->blocked);
		json_unsigned(json, "alone", blocker->alone);
		json_unsigned(json, "importers", blocker->importers);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_open(json, "modules", '[');
	for (i = 0; i < group->nr_modules; i++)
		write_module(json, group, i);
	json_close(json, ']');
	json_close(json, '}');
}

void survey_write_json(struct survey *survey)
{
	struct json json = {.out = stdout};
	unsigned int i;

	json_open(&json, NULL, '{');
	json_string(&json, "dir", survey->dir);
	json_open(&json, "targets", '[');
	for (i = 0; i < survey->nr_groups; i++)
		write_group(&json, &survey->groups[i]);
	json_close(&json, ']');
	json_close(&json, '}');
}
