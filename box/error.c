// SPDX-License-Identifier: GPL-2.0-or-later
/* The sentence behind the last negative errno, one a thread. */
#include <stdarg.h>
#include <stdio.h>
#include "box/box.h"

static __thread char last_error[1024];

int r3_fail(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(last_error, sizeof(last_error), format, arguments);
	va_end(arguments);
	return error;
}

const char *r3_error(void)
{
	return last_error;
}
