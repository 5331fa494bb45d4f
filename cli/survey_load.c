// SPDX-License-Identifier: GPL-2.0-or-later
/* Load modules for real: a process, a box and a time limit for each. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cli/report.h"
#include "cli/survey.h"
#include "cli/unload.h"

/* What a child writes: as many of the first as it likes, then the second and a load_result. */
#define MESSAGE_ALIVE  'a'
#define MESSAGE_RESULT 'r'

struct job {
	pid_t pid;
	int fd;
	unsigned int module;
	bool late; /* was killed */
	struct timespec deadline;
	char buffer[1 + sizeof(struct load_result)];
	size_t filled;
};

/* ---- in the child ---- */

struct child {
	int fd;
	struct load_result result;
	struct r3_box *box;
	int level; /* of the line that result.message holds */
	int unload_error;
	struct module_names live; /* after unloading */
};

static void write_all(int fd, const void *data, size_t size)
{
	const char *next = data;
	ssize_t n;

	while (size > 0) {
		n = write(fd, next, size);
		if (n <= 0)
			_exit(EXIT_FAILURE);
		next += n;
		size -= n;
	}
}

static void child_progress(void *context, const char *what, unsigned int done, unsigned int total)
{
	struct child *child = context;
	char alive = MESSAGE_ALIVE;

	write_all(child->fd, &alive, 1);
}

/* The first line of the worst level says most about a failure. */
static void child_log(void *context, const struct r3_log_record *record)
{
	struct child *child = context;

	if (record->level >= child->level || memmem(record->text, record->length, "cut here", 8))
		return;
	child->level = record->level;
	snprintf(child->result.message, sizeof(child->result.message), "%.*s", (int)record->length,
		 record->text);
}

static int load_tree(struct child *child, struct judged_module *module, bool *own)
{
	unsigned int i;
	int error;

	if (module->visited)
		return 0;
	module->visited = true;
	for (i = 0; i < module->nr_dependencies; i++) {
		error = load_tree(child, module->dependencies[i].module, own);
		if (error) {
			*own = false;
			return error;
		}
	}
	*own = true;
	return r3_module_load(child->box, module->file.path, "", 0, NULL);
}

/* What a module has that the kernel asked for, and still uses, is not left behind. */
static int sum_leak(void *context, const struct r3_leak *leak)
{
	struct child *child = context;
	struct load_result *result = &child->result;

	if (module_names_have(&child->live, leak->module))
		return 0;
	if (result->leaked == 0)
		snprintf(result->message, sizeof(result->message), "%s by %s [%s]", leak->kind,
			 leak->function, leak->module);
	result->leaked += leak->bytes;
	return 0;
}

/* Of those that were loaded for the module's sake; what the kernel asked for itself may stay. */
static unsigned int count_left(const struct child *child, const struct judged_module *module)
{
	unsigned int left = module_names_have(&child->live, module->file.name);

	for (unsigned int i = 0; i < module->nr_dependencies; i++)
		left += count_left(child, module->dependencies[i].module);
	return left;
}

static void note_unload(void *context, const struct r3_module_info *info, int error)
{
	struct child *child = context;

	if (error)
		child->unload_error = error;
}

/* Modules without an exit function stay, and so does what they use. */
static bool is_permanent(const struct child *child, const struct judged_module *module)
{
	struct r3_module_info info;
	bool permanent = !r3_module_info(child->box, module->file.name, &info) && !info.has_exit;

	for (unsigned int i = 0; i < module->nr_dependencies; i++)
		permanent |= is_permanent(child, module->dependencies[i].module);
	return permanent;
}

/* "... kernel function `NAME' is not implemented ...": is that the cause? Then keep the name. */
static bool is_lacking(struct load_result *result)
{
	char *start = strchr(result->message, '`'), *end = start ? strchr(start, '\'') : NULL;

	if (!end || strncmp(end, "' is not implemented", 20))
		return false;
	memmove(result->message, start + 1, end - start - 1);
	result->message[end - start - 1] = '\0';
	return true;
}

static enum load_outcome judge(struct child *child, const struct judged_module *module)
{
	struct r3_box_report report;

	if (r3_box_report(child->box, &report))
		return LOAD_CRASH;
	if (report.oopses && is_lacking(&child->result))
		return LOAD_LACKING;
	if (report.oopses || report.panics)
		return LOAD_OOPS;
	if (report.warnings)
		return LOAD_WARNING;
	if (child->result.error)
		return LOAD_REFUSED;
	if (count_left(child, module)) {
		child->result.error = child->unload_error;
		return is_permanent(child, module) ? LOAD_PERMANENT : LOAD_STUCK;
	}
	r3_leak_each(child->box, sum_leak, child);
	return child->result.leaked ? LOAD_LEAK : LOAD_CLEAN;
}

__attribute__((noreturn)) static void child_main(int fd, const struct survey *survey,
						 const struct survey_group *group,
						 struct judged_module *module)
{
	struct child child = {.fd = fd, .level = 5};
	struct r3_box_options options = survey->options;
	char result = MESSAGE_RESULT;
	int null = open("/dev/null", O_RDWR);
	bool own = true;

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	options.size = sizeof(options);
	options.target = group->target;
	options.modules_dir = group->tree;
	options.log = child_log;
	options.progress = child_progress;
	options.context = &child;
	if (r3_box_new(&child.box, &options)) {
		child.result.outcome = LOAD_NO_BOX;
		snprintf(child.result.message, sizeof(child.result.message), "%s", r3_error());
	} else {
		child.result.error = load_tree(&child, module, &own);
		if (child.result.error && !*child.result.message)
			snprintf(child.result.message, sizeof(child.result.message), "%s",
				 r3_error());
		unload_all(child.box, note_unload, &child);
		module_names_read(&child.live, child.box);
		child.result.outcome = own ? judge(&child, module) : LOAD_DEPENDENCY;
		r3_box_free(child.box);
	}
	write_all(fd, &result, 1);
	write_all(fd, &child.result, sizeof(child.result));
	_exit(EXIT_SUCCESS);
}

/* ---- in the parent ---- */

static void set_deadline(struct job *job, unsigned int seconds)
{
	clock_gettime(CLOCK_MONOTONIC, &job->deadline);
	job->deadline.tv_sec += seconds;
}

static int milliseconds_left(const struct job *job)
{
	struct timespec now;
	long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (job->deadline.tv_sec - now.tv_sec) * 1000 +
	       (job->deadline.tv_nsec - now.tv_nsec) / 1000000;
	return left > 0 ? (int)left : 0;
}

static int start_job(struct survey *survey, struct survey_group *group, unsigned int index,
		     struct job *job)
{
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	*job = (struct job){.fd = pipe_fds[0], .module = index};
	set_deadline(job, survey->seconds);
	fflush(NULL);
	job->pid = fork();
	if (job->pid == 0) {
		setpgid(0, 0); /* a compiler that it started ends with it */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(pipe_fds[0]);
		child_main(pipe_fds[1], survey, group, group->set.modules[index]);
	}
	close(pipe_fds[1]);
	if (job->pid > 0)
		return 0;
	close(pipe_fds[0]);
	return -errno;
}

/* false: the child is through. */
static bool read_job(struct survey *survey, struct job *job)
{
	ssize_t n;

	if (job->filled == sizeof(job->buffer))
		return false;
	n = read(job->fd, job->buffer + job->filled, sizeof(job->buffer) - job->filled);
	if (n <= 0)
		return false;
	job->filled += n;
	while (job->filled && job->buffer[0] == MESSAGE_ALIVE) {
		memmove(job->buffer, job->buffer + 1, --job->filled);
		if (!job->late)
			set_deadline(job, survey->seconds);
	}
	return true;
}

static void finish_job(struct survey_group *group, struct job *job)
{
	struct load_result *result = &group->results[job->module];
	int status;

	close(job->fd);
	waitpid(job->pid, &status, 0);
	if (job->filled == sizeof(job->buffer) && !job->late) {
		memcpy(result, job->buffer + 1, sizeof(*result));
		result->message[sizeof(result->message) - 1] = '\0';
	} else if (job->late) {
		result->outcome = LOAD_TIMEOUT;
	} else {
		result->outcome = LOAD_CRASH;
		if (WIFSIGNALED(status))
			snprintf(result->message, sizeof(result->message), "%s",
				 strsignal(WTERMSIG(status)));
	}
	group->outcomes[result->outcome]++;
	job->pid = 0;
}

static void serve_jobs(struct survey *survey, struct survey_group *group, struct job *jobs,
		       unsigned int *running)
{
	struct pollfd fds[survey->jobs];
	int timeout = 1000, left;
	unsigned int i;

	for (i = 0; i < survey->jobs; i++) {
		fds[i] = (struct pollfd){.fd = jobs[i].pid ? jobs[i].fd : -1, .events = POLLIN};
		left = jobs[i].pid ? milliseconds_left(&jobs[i]) : timeout;
		if (left < timeout)
			timeout = left;
	}
	poll(fds, survey->jobs, timeout);
	for (i = 0; i < survey->jobs; i++) {
		if (!jobs[i].pid)
			continue;
		if (fds[i].revents && !read_job(survey, &jobs[i])) {
			finish_job(group, &jobs[i]);
			--*running;
		} else if (!jobs[i].late && milliseconds_left(&jobs[i]) == 0) {
			jobs[i].late = true;
			kill(-jobs[i].pid, SIGKILL);
		}
	}
}

static struct job *free_job(struct job *jobs, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!jobs[i].pid)
			return &jobs[i];
	return NULL;
}

int survey_load(struct survey *survey, struct survey_group *group)
{
	struct job *jobs = calloc(survey->jobs, sizeof(*jobs));
	unsigned int next = 0, running = 0, count = group->nr_modules;
	int error = 0;

	group->results = calloc(count, sizeof(*group->results));
	if (!jobs || !group->results) {
		free(jobs);
		return -ENOMEM;
	}
	while ((!error && next < count) || running) {
		if (!error && next < count && running < survey->jobs) {
			if (group->set.modules[next]->verdict != VERDICT_LOADS) {
				group->outcomes[LOAD_NOT_TRIED]++;
			} else {
				error = start_job(survey, group, next,
						  free_job(jobs, survey->jobs));
				running += !error;
			}
			next++;
			continue;
		}
		term_progress(&survey->term, "loading", next - running, count);
		serve_jobs(survey, group, jobs, &running);
	}
	term_progress_end(&survey->term);
	free(jobs);
	return error;
}

const char *load_outcome_word(enum load_outcome outcome)
{
	static const char *const words[] = {
		[LOAD_NOT_TRIED] = "not tried",
		[LOAD_CLEAN] = "clean",
		[LOAD_PERMANENT] = "permanent",
		[LOAD_REFUSED] = "refused",
		[LOAD_DEPENDENCY] = "dependency refused",
		[LOAD_LACKING] = "lacks a part of the kernel",
		[LOAD_OOPS] = "oops",
		[LOAD_WARNING] = "warning",
		[LOAD_LEAK] = "leak",
		[LOAD_STUCK] = "does not unload",
		[LOAD_TIMEOUT] = "timeout",
		[LOAD_CRASH] = "box died",
		[LOAD_NO_BOX] = "no box",
	};

	return words[outcome];
}

bool load_outcome_is_bad(enum load_outcome outcome)
{
	switch (outcome) {
	case LOAD_NOT_TRIED:
	case LOAD_CLEAN:
	case LOAD_PERMANENT:
	case LOAD_REFUSED:
	case LOAD_DEPENDENCY:
		return false;
	default:
		return true;
	}
}
