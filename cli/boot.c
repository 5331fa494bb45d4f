// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 boot: a box that stays, in a process of its own that outlives the command. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/commands.h"
#include "cli/run.h"
#include "front/background.h"
#include "front/door.h"
#include "front/place.h"

#define BOX_UMASK 022 /* of the kernel's own programs, modprobe among them */

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	RUN_LONG_OPTIONS{"name", required_argument, NULL, OPTION_NAME},
	{0},
};

static const char help[] =
	"Usage: ring3 boot --name N [OPTION]... [MODULE.ko [PARAM=VALUE]... [+ MODULE.ko "
	"[PARAM=VALUE]...]...]\n"
	"Make a box that stays, and load the modules. 'ring3 exec --name N -- COMMAND' and\n"
	"'ring3 shell --name N' run in it, any number at once; 'ring3 list' shows all such boxes,\n"
	"'ring3 stop N' ends one.\n\n"
	"      --name N            letters, digits, '.', '_' and '-'\n" RUN_OPTIONS_HELP
		BOX_OPTIONS_HELP "  -h, --help              this text\n\n"
	"The log of the box goes to the file that --console names, else to N.log beside its\n"
	"socket, in $XDG_RUNTIME_DIR/ring3, /run/user/UID/ring3 or /tmp/ring3-UID.\n\n"
	"Exit status: 0 once the box answers, 1 if there is none, 2 for wrong usage.\n";

/* A box and its door. */
struct stay {
	struct run run;
	struct door *door;
	char *log;  /* absolute path */
	int parent; /* where the command waits for its exit status */
};

/* 0: go on, 1: help was shown, -EINVAL: complained. */
static int parse(struct run *run, int argc, char **argv)
{
	int status = run_parse(run, long_options, help, argc, argv);

	if (status)
		return status;
	if (run->command) {
		usage_error("boot", "it runs no command: that is for 'ring3 exec --name'");
		return -EINVAL;
	}
	if (run->box_name && place_name_is_valid(run->box_name))
		return 0;
	if (run->box_name)
		usage_error("boot",
			    "'%s' is no name for a box: a letter or digit, then letters, digits, "
			    "'.', '_' or '-', at most %d in all",
			    run->box_name, PLACE_NAME_MAX);
	else
		usage_error("boot", "which --name is the box to have?");
	return -EINVAL;
}

/* Each client takes descriptors of the box's process. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* The name is ours by now, and so is the file that is named after it. */
static int open_log(struct stay *stay)
{
	struct run *run = &stay->run;
	struct place place;
	int error = 0;

	if (run->console) {
		run->console_file = fopen(run->console, "ae");
		stay->log = run->console_file ? realpath(run->console, NULL) : strdup(run->console);
	} else {
		error = place_open(&place, true);
		if (error)
			return error;
		if (asprintf(&stay->log, "%s/%s.log", place.path, run->box_name) < 0)
			stay->log = NULL;
		place_close(&place);
		run->console_file = stay->log ? fopen(stay->log, "we") : NULL;
	}
	if (!run->console_file || !stay->log) {
		error = -errno;
		term_error(&run->term, "%s: %s", stay->log ? stay->log : "the log",
			   strerror(errno));
		return error;
	}
	term_use(&run->term, run->console_file);
	return 0;
}

/* Paths that are needed later than the working directory is. */
static int make_absolute(struct run *run)
{
	if (!run->options.modules_dir)
		return 0;
	run->modules_dir = realpath(run->options.modules_dir, NULL);
	if (!run->modules_dir) {
		term_error(&run->term, "%s: %s", run->options.modules_dir, strerror(errno));
		return -errno;
	}
	run->options.modules_dir = run->modules_dir;
	return 0;
}

/* Nothing of the caller is left, and it hears that the box is there. */
static void leave_caller(struct stay *stay)
{
	const int status = EXIT_SUCCESS;
	struct run *run = &stay->run;

	term_progress_end(&run->term);
	printf("ring3: box '%s': %s, pid %d, log in %s\n", run->box_name, r3_box_release(run->box),
	       getpid(), stay->log);
	fflush(NULL);
	background_quiet();
	dup2(fileno(run->console_file), STDOUT_FILENO);
	dup2(fileno(run->console_file), STDERR_FILENO);
	run->term.progress_line = false;
	prctl(PR_SET_PDEATHSIG, 0);
	if (write(stay->parent, &status, sizeof(status)) < 0)
		term_error(&run->term, "who has booted the box did not wait for it");
	close(stay->parent);
}

static int add_record(void *context, const struct r3_log_record *record)
{
	recording_log(context, record);
	return 0;
}

/* As it would have been printed by `ring3 run'. */
static void write_report(struct run *run, const struct door_wish *wish, FILE *out)
{
	uint64_t sequence = 0;
	struct term term;

	if (wish->json) {
		r3_log_read(run->box, &sequence, add_record, &run->recording);
		run_write(run, out, run->report.clean);
		return;
	}
	term_init(&term);
	term.out = out;
	term.colour = wish->colour;
	report_print(&run->report, &term, &run->plan);
}

static int finish(struct stay *stay)
{
	struct run *run = &stay->run;
	struct door_wish wish;
	size_t size = 0;
	char *text = NULL;
	FILE *out;
	int status;

	door_leave(stay->door, &wish);
	run_finish(run);
	status = run->report.clean ? EXIT_SUCCESS : EXIT_FAILURE;
	out = open_memstream(&text, &size);
	if (out) {
		write_report(run, &wish, out);
		fclose(out);
		door_report(stay->door, text, size, status);
	}
	free(text);
	return status;
}

/* The box's process. */
static int stay(struct stay *stay)
{
	struct run *run = &stay->run;
	int error;

	setsid();
	signal(SIGPIPE, SIG_IGN); /* whoever reads what is said may go away */
	allow_descriptors();
	error = door_open(&stay->door, run->box_name);
	if (error) {
		term_error(&run->term, "%s", r3_error());
		if (error == -EADDRINUSE)
			term_advice(&run->term, "'ring3 stop %s' ends it", run->box_name);
		return EXIT_FAILURE;
	}
	error = open_log(stay);
	umask(BOX_UMASK);
	if (!error)
		error = make_absolute(run);
	if (!error)
		error = run_start(run);
	if (error) {
		run_finish(run);
		return EXIT_FAILURE;
	}
	leave_caller(stay);
	error = door_serve(stay->door, run->front, run->box, stay->log);
	if (error)
		term_error(&run->term, "%s", r3_error());
	return finish(stay);
}

/* What became of it: its word, or its end. */
static int wait_until_ready(pid_t child, int from)
{
	int status;

	while (read(from, &status, sizeof(status)) != sizeof(status)) {
		if (errno == EINTR)
			continue;
		if (waitpid(child, &status, 0) == child)
			return exit_status(status);
		return EXIT_FAILURE;
	}
	return status;
}

static int boot(struct stay *box)
{
	pid_t parent = getpid(), child;
	int ready[2], status;

	fflush(NULL);
	if (pipe(ready)) {
		term_error(&box->run.term, "%s", strerror(errno));
		return EXIT_FAILURE;
	}
	child = fork();
	if (child == 0) {
		/* Until the box is there it is a part of the command. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(EXIT_FAILURE);
		box->parent = background_close(ready[1]);
		return stay(box);
	}
	close(ready[1]);
	if (child < 0) {
		term_error(&box->run.term, "%s", strerror(errno));
		status = EXIT_FAILURE;
	} else {
		status = wait_until_ready(child, ready[0]);
	}
	close(ready[0]);
	return status;
}

int cmd_boot(int argc, char **argv)
{
	struct stay stay = {.door = NULL};
	struct run *run = &stay.run;
	int status;

	run_init(run, "boot");
	status = parse(run, argc, argv);
	if (status) {
		status = status > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	} else if (recording_init(&run->recording)) {
		status = EXIT_FAILURE;
	} else {
		status = run_plan(run, run->nr_words, run->words);
		if (status == EXIT_SUCCESS)
			status = boot(&stay);
	}
	door_close(stay.door);
	run_release(run);
	free(stay.log);
	return status;
}
