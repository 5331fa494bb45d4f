// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that make files: which are out of date, and running several at once. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/build.h"

extern char **environ;

struct task *task_add(struct build *b, struct tasks *tasks, const char *what, const char *target)
{
	struct task *task;

	if (!(tasks->count & (tasks->count - 1))) {
		unsigned int room = tasks->count ? 2 * tasks->count : 1;
		struct task *list = build_alloc(b, room * sizeof(*list));

		if (tasks->count)
			memcpy(list, tasks->list, tasks->count * sizeof(*list));
		tasks->list = list;
	}
	task = &tasks->list[tasks->count++];
	task->what = what;
	task->target = target;
	return task;
}

/* Records stay in the work directory, also those of results. */
static char *record_path(struct build *b, const struct task *task)
{
	const char *beside = task->record ? task->record : task->target;

	return build_format(b, "%s/.%s.cmd", path_directory(b, beside), path_base(beside));
}

static bool is_newer(const char *path, const struct stat *than)
{
	struct stat st;

	if (stat(path, &st))
		return true; /* gone: whoever used it has to tell */
	return st.st_mtim.tv_sec > than->st_mtim.tv_sec ||
	       (st.st_mtim.tv_sec == than->st_mtim.tv_sec &&
		st.st_mtim.tv_nsec > than->st_mtim.tv_nsec);
}

/* Is a file that the record lists newer? Its lines: "deps_x := \", then "  file \". */
static bool dependency_is_newer(char *record, const struct stat *than)
{
	bool in_list = false;
	char *line, *rest;

	for (line = strtok_r(record, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strncmp(line, "deps_", strlen("deps_"))) {
			in_list = true;
		} else if (in_list && !strncmp(line, "  ", 2)) {
			line += 2;
			line[strlen(line) - strlen(" \\")] = '\0';
			if (is_newer(line, than))
				return true;
		} else if (in_list) {
			return false;
		}
	}
	return false;
}

static bool is_up_to_date(struct build *b, const struct task *task)
{
	char *record, *expected, *end;
	struct stat st;
	unsigned int i;

	if (stat(task->target, &st))
		return false;
	if (task->source && is_newer(task->source, &st))
		return false;
	for (i = 0; i < task->inputs.count; i++)
		if (is_newer(task->inputs.items[i], &st))
			return false;
	record = read_text(b, record_path(b, task));
	if (!record)
		return false;
	expected = build_format(b, "savedcmd_%s := %s", task->target, task->command);
	end = strchr(record, '\n');
	if (!end || (size_t)(end - record) != strlen(expected) ||
	    strncmp(record, expected, strlen(expected)))
		return false;
	return !dependency_is_newer(end + 1, &st);
}

/* Take the next file name from a compiler's "x.o: a.c b.h \" rule; NULL at its end. */
static char *next_dependency(struct build *b, const char **rule)
{
	const char *c = *rule;
	char *name = build_alloc(b, strlen(c) + 1), *end = name;

	while (*c == ' ' || *c == '\t' || (*c == '\\' && c[1] == '\n'))
		c += *c == '\\' ? 2 : 1;
	for (; *c && !strchr(" \t\n", *c); c++) {
		if (*c == '\\' && c[1] == '\n')
			break;
		/* "\ " and "\#" stand for the character, "$$" for '$' */
		if ((*c == '\\' && strchr(" #", c[1])) || (*c == '$' && c[1] == '$'))
			c++;
		*end++ = *c;
	}
	*rule = c;
	return *name ? name : NULL;
}

static void read_dependencies(struct build *b, const struct task *task, struct strings *list)
{
	const char *rule = task->depfile ? read_text(b, task->depfile) : NULL;
	char *name;

	rule = rule ? strchr(rule, ':') : NULL;
	if (!rule)
		return;
	rule++;
	while ((name = next_dependency(b, &rule)))
		if (!task->source || strcmp(name, task->source))
			strings_add(b, list, name);
}

/* In Kbuild's form, for modpost reads it, too: see scripts/basic/fixdep.c. */
static int write_record(struct build *b, const struct task *task)
{
	struct strings dependencies = {};
	const char *path = record_path(b, task);
	FILE *file = fopen(path, "we");
	unsigned int i;

	if (!file)
		return build_error("%s: %s", path, strerror(errno));
	read_dependencies(b, task, &dependencies);
	fprintf(file, "savedcmd_%s := %s\n\n", task->target, task->command);
	if (task->source)
		fprintf(file, "source_%s := %s\n\n", task->target, task->source);
	fprintf(file, "deps_%s := \\\n", task->target);
	for (i = 0; i < dependencies.count; i++)
		fprintf(file, "  %s \\\n", dependencies.items[i]);
	fprintf(file, "\n%s: $(deps_%s)\n\n$(deps_%s):\n", task->target, task->target,
		task->target);
	if (fclose(file))
		return build_error("%s: %s", path, strerror(errno));
	return 0;
}

static pid_t start_command(struct build *b, const char *what, const char *target,
			   const char *command)
{
	char *argv[] = {"sh", "-c", (char *)command, NULL};
	pid_t pid;
	int error;

	if (b->verbose)
		printf("%s\n", command);
	else
		printf("  %-7s %s\n", what, target);
	fflush(stdout);
	error = posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ);
	if (error) {
		build_error("/bin/sh: %s", strerror(error));
		return -1;
	}
	return pid;
}

/* What make says about a command that failed; also removes what it may have half made. */
static int check_status(const char *target, int status)
{
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	unlink(target);
	if (WIFSIGNALED(status))
		build_error("*** [%s] %s", target, strsignal(WTERMSIG(status)));
	else
		build_error("*** [%s] Error %d", target, WEXITSTATUS(status));
	return EXIT_FAILURE;
}

int run_command(struct build *b, const char *what, const char *target, const char *command)
{
	pid_t pid = start_command(b, what, target, command);
	int status;

	if (pid < 0)
		return EXIT_FAILURE;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return build_error("waitpid: %s", strerror(errno));
	return check_status(target, status);
}

/* Wait for one of the running tasks. */
static int finish_one(struct build *b, struct tasks *tasks, pid_t *pids)
{
	int status, ret;
	unsigned int i;
	pid_t pid;

	do
		pid = waitpid(-1, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return build_error("waitpid: %s", strerror(errno));
	for (i = 0; i < tasks->count && pids[i] != pid; i++)
		;
	if (i == tasks->count)
		return 0;
	pids[i] = 0;
	ret = check_status(tasks->list[i].target, status);
	return ret ? ret : write_record(b, &tasks->list[i]);
}

int tasks_run(struct build *b, struct tasks *tasks)
{
	pid_t *pids = build_alloc(b, (tasks->count + 1) * sizeof(*pids));
	unsigned int i, running = 0;
	int ret = 0;

	for (i = 0; i < tasks->count && !ret; i++) {
		const struct task *task = &tasks->list[i];

		if (is_up_to_date(b, task))
			continue;
		if (make_parents(b, task->target))
			ret = EXIT_FAILURE;
		else if ((pids[i] = start_command(b, task->what, task->target, task->command)) < 0)
			ret = EXIT_FAILURE;
		else
			running++;
		tasks->nr_done++;
		if (running == b->jobs) {
			running--;
			if (finish_one(b, tasks, pids))
				ret = EXIT_FAILURE;
		}
	}
	for (; running; running--)
		if (finish_one(b, tasks, pids))
			ret = EXIT_FAILURE;
	return ret;
}
