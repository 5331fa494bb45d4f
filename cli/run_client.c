// SPDX-License-Identifier: GPL-2.0-or-later
/* A command in the box: the front door opened before the box is there, closed before it goes. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/run.h"
#include "cli/tool.h"
#include "front/front.h"

static int open_console(struct run *run)
{
	if (run->console) {
		run->console_file = fopen(run->console, "ae");
		if (!run->console_file) {
			term_error(&run->term, "%s: %s", run->console, strerror(errno));
			return -errno;
		}
	}
	term_use(&run->term, run->console_file ? run->console_file : stderr);
	return 0;
}

int run_open_front(struct run *run)
{
	int error;

	if (!run_has_clients(run))
		return 0;
	error = run->command ? open_console(run) : 0;
	if (!error) {
		error = front_open(&run->front, run->command);
		if (error)
			term_error(&run->term, "no command can run in a box here: %s", r3_error());
	}
	return error;
}

/* modprobe reads depmod's files, and says of a tree without them that there is no such module. */
static void check_tree(struct run *run)
{
	char path[4096];

	if (!run->tree || !run->tree_named)
		return;
	snprintf(path, sizeof(path), "%s/modules.dep.bin", run->tree);
	if (access(path, F_OK))
		term_error(&run->term,
			   "%s has no modules.dep: modprobe will find nothing there before depmod "
			   "has read it",
			   run->tree);
}

int run_serve_front(struct run *run)
{
	char tools[PATH_MAX];
	bool replaces_tools;
	int error;

	if (!run->front)
		return 0;
	check_tree(run);
	/* kmod cannot talk to such a kernel, as on a machine that has it */
	replaces_tools = run_is_24(run) && tool_find(tools);
	error = front_serve(run->front, run->box, run->tree, replaces_tools ? tools : NULL);
	if (error)
		term_error(&run->term, "no command can run in a box here: %s", r3_error());
	return error;
}

int exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int run_client(struct run *run)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction interrupt, quit;
	int status, error;

	/* They are the command's, as with system(3). */
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	error = front_run(run->front, &status);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (error) {
		term_error(&run->term, "%s: %s", run->command[0], r3_error());
		return error;
	}
	return exit_status(status);
}

void run_close_front(struct run *run)
{
	front_close(run->front);
	run->front = NULL;
}
