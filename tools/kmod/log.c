// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include "tools/kmod/log.h"

static bool to_syslog;
static int shown = LOG_WARNING;

static const char *priority_name(int priority)
{
	static const char *const names[] = {
		[LOG_CRIT] = "FATAL",  [LOG_ERR] = "ERROR", [LOG_WARNING] = "WARNING",
		[LOG_NOTICE] = "HINT", [LOG_INFO] = "INFO", [LOG_DEBUG] = "DEBUG",
	};

	return names[priority];
}

void log_open(bool use_syslog, int level)
{
	to_syslog = use_syslog;
	shown = level;
	if (to_syslog)
		openlog(program_invocation_short_name, LOG_CONS, LOG_DAEMON);
}

void log_close(void)
{
	if (to_syslog)
		closelog();
}

__attribute__((format(printf, 2, 0))) static void write_line(int priority, const char *format,
							     va_list arguments)
{
	char text[4096]; /* paths are cut off, should they ever be longer */
	int saved = errno;

	vsnprintf(text, sizeof(text), format, arguments);
	if (to_syslog)
		syslog(priority, "%s: %s", priority_name(priority), text);
	else
		fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name,
			priority_name(priority), text);
	errno = saved;
}

void log_message(int priority, const char *format, ...)
{
	va_list arguments;

	if (priority > shown)
		return;
	va_start(arguments, format);
	write_line(priority, format, arguments);
	va_end(arguments);
}

void hint(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(LOG_NOTICE, format, arguments);
	va_end(arguments);
}
