// SPDX-License-Identifier: GPL-2.0-or-later
/* Tracepoints: what CREATE_TRACE_POINTS makes of a header. */
#include <stdlib.h>
#include "target/scan.h"

static void scan_trace_text(struct scanner *s, char *text, size_t size)
{
	struct scanner header = {.text = text, .size = size, .config = s->config};
	struct token token, previous = {0}, name;

	blank_comments(text, size);
	decide_conditionals(&header);
	for (size_t at = 0; at < size;) {
		at = next_token(text, at, size, &token);
		if (!token.length)
			break;
		if (token_is(&token, "(") && (token_is(&previous, "TRACE_EVENT") ||
					      token_is(&previous, "TRACE_EVENT_CONDITION") ||
					      token_is(&previous, "TRACE_EVENT_FN") ||
					      token_is(&previous, "DECLARE_TRACE"))) {
			at = next_token(text, at, size, &name);
			report_trace_point(s, &name);
		} else if (token_is(&token, "(") && previous.length >= 12 &&
			   !strncmp(previous.at, "DEFINE_EVENT", 12)) {
			at = next_token(text, at, size, &name); /* its template */
			at = next_token(text, at, size, &name);
			at = next_token(text, at, size, &name);
			report_trace_point(s, &name);
		}
		previous = token;
	}
}

void scan_trace_header(struct scanner *s, const char *name, size_t length)
{
	char *path = NULL, *text = NULL;
	size_t size;

	if (length < 3 || !s->place)
		return;
	if (*name == '<')
		path = format_path("%s/include/%.*s", s->place->source,
				   (int)strcspn(name + 1, ">\n"), name + 1);
	else
		/* its text was blanked: a local trace header is trace.h by custom */
		path = format_path("%s/%s/trace.h", s->place->source, s->place->directory);
	if (path && !read_file(path, &text, &size))
		scan_trace_text(s, text, size);
	free(path);
	free(text);
}
