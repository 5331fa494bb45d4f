// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include "tools/kmod/log.h"

/* Of the thread, as errno is; see run_parallel(). */
static _Thread_local struct log_settings settings = {.level = LOG_WARNING};

static const char *priority_name(int priority)
{
	static const char *const names[] = {
		[LOG_CRIT] = "FATAL",  [LOG_ERR] = "ERROR", [LOG_WARNING] = "WARNING",
		[LOG_NOTICE] = "HINT", [LOG_INFO] = "INFO", [LOG_DEBUG] = "DEBUG",
	};

	return names[priority];
}

void log_open(bool to_syslog, int level)
{
	settings = (struct log_settings){to_syslog, level};
	if (to_syslog)
		openlog(program_invocation_short_name, LOG_CONS, LOG_DAEMON);
}

void log_close(void)
{
	if (settings.to_syslog)
		closelog();
}

struct log_settings log_settings(void)
{
	return settings;
}

void log_inherit(struct log_settings parents)
{
	settings = parents;
}

bool log_shows(int priority)
{
	return priority <= settings.level;
}

__attribute__((format(printf, 2, 0))) static void write_line(int priority, const char *format,
							     va_list arguments)
{
	char text[4096]; /* paths are cut off, should they ever be longer */
	int saved = errno;

	vsnprintf(text, sizeof(text), format, arguments);
	if (settings.to_syslog)
		syslog(priority, "%s: %s", priority_name(priority), text);
	else
		fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name,
			priority_name(priority), text);
	errno = saved;
}

void log_vmessage(int priority, const char *format, va_list arguments)
{
	if (log_shows(priority))
		write_line(priority, format, arguments);
}

void log_message(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_vmessage(priority, format, arguments);
	va_end(arguments);
}

void hint(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(LOG_NOTICE, format, arguments);
	va_end(arguments);
}
