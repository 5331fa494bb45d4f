// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <syslog.h>
#include "tools/modutils/messages.h"

__attribute__((format(printf, 3, 0))) static void
write_error(const struct messages *messages, const char *before, const char *format, va_list list)
{
	char text[4096]; /* paths are cut off, should they ever be longer */

	vsnprintf(text, sizeof(text), format, list);
	if (messages->out)
		fflush(messages->out); /* what came before stays before */
	if (messages->err)
		fprintf(messages->err, "%s: %s%s\n", messages->from, before, text);
	else
		syslog(LOG_ERR, "%s: %s%s", messages->from, before, text);
}

__attribute__((format(printf, 2, 0))) static void write_line(const struct messages *messages,
							     const char *format, va_list list)
{
	if (!messages->out) {
		vsyslog(LOG_INFO, format, list);
		return;
	}
	vfprintf(messages->out, format, list);
	putc('\n', messages->out);
}

void tell_error(struct messages *messages, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_error(messages, "", format, list);
	va_end(list);
	messages->errors++;
}

void tell_hint(struct messages *messages, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_error(messages, "Hint: ", format, list);
	va_end(list);
}

void tell(struct messages *messages, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_line(messages, format, list);
	va_end(list);
}

void tell_warning(struct messages *messages, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_line(messages, format, list);
	va_end(list);
	messages->warnings++;
}

void tell_step(struct messages *messages, const char *who, const char *step, const char *format,
	       ...)
{
	char text[512];
	va_list list;

	if (!messages->is_verbose)
		return;
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	tell(messages, "%-7s %-13s %s", who, step, text);
}
