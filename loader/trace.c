// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include "loader/internal.h"
#include "loader/trace.h"

const char *r3_trace_kind_name(enum r3_trace_kind kind)
{
	static const char *const words[] = {
		[R3_TRACE_TARGET] = "target",         [R3_TRACE_VERIFY] = "verify",
		[R3_TRACE_SECTION] = "section",       [R3_TRACE_SYMBOL] = "symbol",
		[R3_TRACE_RELOCATION] = "relocation", [R3_TRACE_PATCH] = "patch",
		[R3_TRACE_PROTECT] = "protect",       [R3_TRACE_PARAMETER] = "parameter",
		[R3_TRACE_STATE] = "state",           [R3_TRACE_INIT] = "init",
		[R3_TRACE_PROBE] = "probe",
	};

	if ((unsigned int)kind >= sizeof(words) / sizeof(words[0]))
		return "step";
	return words[kind];
}

void trace_listen(struct r3_box *box, struct trace_listener *listener)
{
	pthread_mutex_lock(&box->trace_lock);
	listener->next = box->trace_listeners;
	__atomic_store_n(&box->trace_listeners, listener, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&box->trace_lock);
}

void trace_leave(struct r3_box *box, struct trace_listener *listener)
{
	struct trace_listener **link = &box->trace_listeners;

	pthread_mutex_lock(&box->trace_lock);
	while (*link != listener)
		link = &(*link)->next;
	__atomic_store_n(link, listener->next, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&box->trace_lock);
}

void trace_event(struct r3_box *box, enum r3_trace_kind kind, const char *module,
		 const char *subject, const char *object, uint64_t address, uint64_t size,
		 const char *format, ...)
{
	struct r3_trace_event event = {.kind = kind,
				       .module = module,
				       .subject = subject,
				       .object = object,
				       .address = address,
				       .size = size};
	struct trace_listener *listener;
	char text[512];
	va_list arguments;

	if (!trace_is_wanted(box))
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	event.text = text;
	if (box->options.trace)
		box->options.trace(box->options.context, &event);
	pthread_mutex_lock(&box->trace_lock);
	for (listener = box->trace_listeners; listener; listener = listener->next)
		listener->event(listener->context, &event);
	pthread_mutex_unlock(&box->trace_lock);
}
