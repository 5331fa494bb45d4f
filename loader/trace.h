/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is told of each step: the box's maker (r3_box_options.trace), and listeners that come and go.
 */
#ifndef RING3_TRACE_H
#define RING3_TRACE_H

#include "box/box.h"

struct trace_listener {
	struct trace_listener *next;
	/* Called by any thread, one at a time; it must not wait for the box. */
	void (*event)(void *context, const struct r3_trace_event *event);
	void *context;
};

void trace_listen(struct r3_box *box, struct trace_listener *listener);
/* It is not called any more once this has returned. */
void trace_leave(struct r3_box *box, struct trace_listener *listener);
/* Is it worth making the text of an event? */
static inline bool trace_is_wanted(const struct r3_box *box)
{
	return box->options.trace || __atomic_load_n(&box->trace_listeners, __ATOMIC_RELAXED);
}

#endif
