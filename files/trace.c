// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debugfs' ring3/trace: each step of the loading of modules while somebody has
 * it open, and only then, one a line: "MODULE KIND TEXT". What has come so far is
 * read from the beginning.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "files/internal.h"
#include "loader/trace.h"

struct trace {
	struct trace_listener listener;
	pthread_mutex_t lock;
	char *text;
	size_t length;
	FILE *stream;
};

static void note(void *context, const struct r3_trace_event *event)
{
	struct trace *trace = context;

	pthread_mutex_lock(&trace->lock);
	fprintf(trace->stream, "%s %s %s\n", event->module && *event->module ? event->module : "-",
		r3_trace_kind_name(event->kind), event->text ? event->text : "");
	pthread_mutex_unlock(&trace->lock);
}

static int trace_open(struct handle *handle, fuse_req_t request, int flags)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	trace->stream = open_memstream(&trace->text, &trace->length);
	if (!trace->stream) {
		free(trace);
		return -ENOMEM;
	}
	pthread_mutex_init(&trace->lock, NULL);
	trace->listener = (struct trace_listener){.event = note, .context = trace};
	handle->data = trace;
	trace_listen(handle->files->box, &trace->listener);
	return 0;
}

static void trace_release(struct handle *handle)
{
	struct trace *trace = handle->data;

	trace_leave(handle->files->box, &trace->listener);
	fclose(trace->stream);
	free(trace->text);
	pthread_mutex_destroy(&trace->lock);
	free(trace);
}

static int trace_show(struct handle *handle, FILE *text)
{
	struct trace *trace = handle->data;

	pthread_mutex_lock(&trace->lock);
	fflush(trace->stream);
	fwrite(trace->text, 1, trace->length, text);
	pthread_mutex_unlock(&trace->lock);
	return 0;
}

const struct file_class trace_class = {
	.open = trace_open,
	.release = trace_release,
	.show = trace_show,
};
