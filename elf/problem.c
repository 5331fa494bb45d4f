// SPDX-License-Identifier: GPL-2.0-or-later
/* Why an object was refused. */
#include <stdarg.h>
#include <stdio.h>
#include "elf/problem.h"

int elf_refuse(struct elf_problem *problem, int error, const char *advice, const char *format, ...)
{
	va_list arguments;

	if (!problem)
		return error;
	va_start(arguments, format);
	vsnprintf(problem->message, sizeof(problem->message), format, arguments);
	va_end(arguments);
	snprintf(problem->advice, sizeof(problem->advice), "%s", advice);
	return error;
}

int elf_refuse_silently(struct elf_problem *problem, int error, const char *advice)
{
	return elf_refuse(problem, error, advice, "%s", "");
}
