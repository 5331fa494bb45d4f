// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli/call.h"

/* Take one argument off *text and put it into *value. */
static int parse_argument(char **text, unsigned long *value)
{
	char *end;

	if (**text == '"') {
		end = strchr(*text + 1, '"');
		if (!end)
			return -EINVAL;
		*value = (unsigned long)(*text + 1);
		*end++ = '\0';
	} else {
		errno = 0;
		*value = strtoul(*text, &end, 0);
		if (errno || end == *text)
			return -EINVAL;
	}
	if (*end == ',' && end[1])
		*end++ = '\0';
	else if (*end)
		return -EINVAL;
	*text = end;
	return 0;
}

int call_parse(struct call *call, const char *text)
{
	char *next;
	int error = 0;

	*call = (struct call){.text = strdup(text), .spelled = text};
	if (!call->text)
		return -ENOMEM;
	call->function = call->text;
	next = strchr(call->text, ',');
	if (next)
		*next++ = '\0';
	if (!*call->function || (next && !*next))
		error = -EINVAL;
	while (!error && next && *next) {
		if (call->count == CALL_MAX_ARGUMENTS)
			error = -EINVAL;
		else
			error = parse_argument(&next, &call->arguments[call->count++]);
	}
	if (error)
		call_release(call);
	return error;
}

int call_make(struct call *call, struct r3_box *box)
{
	const unsigned long *a = call->arguments;
	void *function = r3_symbol(box, call->function);

	if (!function)
		call->error = -ENOENT;
	else
		call->error = r3_call(box, function, &call->result, call->count, a[0], a[1], a[2],
				      a[3], a[4], a[5]);
	call->done = true;
	return call->error;
}

void call_release(struct call *call)
{
	free(call->text);
	*call = (struct call){0};
}
