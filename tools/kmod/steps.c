// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tools/kmod/steps.h"

/* Each step of any load while it is open, a line each: "MODULE KIND TEXT". */
#define TRACE "/sys/kernel/debug/ring3/trace"

int steps_open(void)
{
	return open(TRACE, O_RDONLY | O_CLOEXEC);
}

static void tell(const char *who, const char *step, const char *text)
{
	printf("%-7s %-13s %s\n", who, step, text);
}

void steps_tell_call(int steps, const char *path, const char *parameters)
{
	struct stat status = {0};
	char text[512];

	if (steps < 0)
		return;
	stat(path, &status);
	snprintf(text, sizeof(text), "%s, %ld bytes, as it is; parameters '%s'", path,
		 (long)status.st_size, parameters);
	tell("insmod", "finit_module", text);
	fflush(stdout);
}

/* The module's name is not said again: it is the one that was loaded. */
static void tell_line(char *line)
{
	char *rest, *module = strtok_r(line, " ", &rest), *kind = strtok_r(NULL, " ", &rest);

	if (module && kind)
		tell("kernel", kind, rest);
}

void steps_close(int steps, int result)
{
	FILE *trace = steps < 0 ? NULL : fdopen(steps, "r");
	char *line = NULL, text[64];
	size_t size = 0;

	if (!trace)
		return;
	while (getline(&line, &size, trace) > 0) {
		line[strcspn(line, "\n")] = '\0';
		tell_line(line);
	}
	snprintf(text, sizeof(text), "%s", result ? strerror(-result) : "0");
	tell("kernel", "returned", text);
	free(line);
	fclose(trace);
}
