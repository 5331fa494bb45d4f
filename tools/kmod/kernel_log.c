// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include "tools/kmod/kernel_log.h"

#define RECORD_SIZE 8192 /* the kernel's own limit, CONSOLE_EXT_LOG_MAX */

int kernel_log_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0 && lseek(log, 0, SEEK_END) < 0) {
		close(log);
		log = -1;
	}
	return log;
}

void kernel_log_close(int log)
{
	if (log >= 0)
		close(log);
}

/* What every module out of the tree gets, and what does not stop a load. */
static bool is_usual(const char *line)
{
	return strstr(line, "taint") || strstr(line, "unknown parameter");
}

/* "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT\n" (Documentation/ABI/testing/dev-kmsg); NULL: of no use. */
static const char *find_text(char *record, const char *module)
{
	char *text = strchr(record, ';');
	size_t length = strlen(module);

	if (!text || LOG_PRI(strtoul(record, NULL, 10)) > LOG_WARNING)
		return NULL;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, module, length) || strncmp(text + length, ": ", strlen(": ")))
		return NULL;
	text += length + strlen(": ");
	return is_usual(text) ? NULL : text;
}

bool kernel_log_find(int log, const char *module, char *text, size_t size)
{
	char record[RECORD_SIZE + 1];
	const char *found = NULL;
	ssize_t got;

	while (log >= 0 && !found) {
		got = read(log, record, RECORD_SIZE);
		if (got < 0 && errno == EPIPE)
			continue; /* some were overwritten meanwhile */
		if (got <= 0)
			break;
		record[got] = '\0';
		found = find_text(record, module);
	}
	if (found)
		snprintf(text, size, "%s", found);
	return found;
}
